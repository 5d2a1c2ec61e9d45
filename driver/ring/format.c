/*
 * format.c - the formatter behind LogMessage.
 *
 * The system's own cannot be used: the kernel's converts wide text to the ANSI code page by tables that may be paged
 * out, so it is limited to PASSIVE_LEVEL, and a host's may lock or allocate, so it cannot be called in signal handlers.
 * This one has no state, accesses only its arguments, and its work is bounded by the capacity. Host tests compare it
 * with snprintf.
 */
#include "format.h"

#include "format_text.h"

/* A struct around va_list, so that its address can be passed on whatever type va_list is. */
typedef struct arguments {
    va_list list;
} arguments;

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

static void put_number(sink *out, const spec *s, bool negative, uint64_t magnitude, unsigned base)
{
    const char *alphabet = s->conversion == 'X' || s->conversion == 'p' ? "0123456789ABCDEF" : "0123456789abcdef";
    bool is_signed = s->conversion == 'd' || s->conversion == 'i';
    /* 2^64 in octal. Zeroed, as `prefix` is, so that nothing of the stack could get into a record. */
    char digits[22] = {0};
    int count = 0;

    for (uint64_t rest = magnitude; rest != 0; rest /= base) {
        digits[count++] = alphabet[rest % base];
    }

    char prefix[2] = {0};
    int prefix_length = 0;
    if (negative) {
        prefix[prefix_length++] = '-';
    } else if (is_signed && (s->plus || s->space)) {
        prefix[prefix_length++] = s->plus ? '+' : ' ';
    } else if (s->alternative && base == 16 && magnitude != 0) {
        prefix[prefix_length++] = '0';
        prefix[prefix_length++] = s->conversion;
    }

    int zeros = (s->precision < 0 ? 1 : s->precision) - count;
    if (zeros < 0) {
        zeros = 0;
    }
    if (s->alternative && base == 8 && zeros == 0) {
        zeros = 1;
    }
    int fill = s->width - prefix_length - zeros - count;
    if (s->zero && !s->left && s->precision < 0 && fill > 0) {
        zeros += fill;
        fill = 0;
    }

    if (!s->left) {
        put_repeated(out, ' ', fill);
    }
    for (int i = 0; i < prefix_length; i++) {
        put(out, prefix[i]);
    }
    put_repeated(out, '0', zeros);
    while (count > 0) {
        put(out, digits[--count]);
    }
    if (s->left) {
        put_repeated(out, ' ', fill);
    }
}

static int64_t next_signed(arguments *a, length_modifier length)
{
    switch (length) {
    case LENGTH_CHAR:
        return (signed char)va_arg(a->list, int);
    case LENGTH_SHORT:
        return (short)va_arg(a->list, int);
    case LENGTH_LONG:
        return va_arg(a->list, long);
    case LENGTH_LONG_LONG:
    case LENGTH_64:
        return va_arg(a->list, long long);
    case LENGTH_SIZE:
        return va_arg(a->list, ptrdiff_t);
    default:
        return va_arg(a->list, int);
    }
}

static uint64_t next_unsigned(arguments *a, length_modifier length)
{
    switch (length) {
    case LENGTH_CHAR:
        return (unsigned char)va_arg(a->list, unsigned);
    case LENGTH_SHORT:
        return (unsigned short)va_arg(a->list, unsigned);
    case LENGTH_LONG:
        return va_arg(a->list, unsigned long);
    case LENGTH_LONG_LONG:
    case LENGTH_64:
        return va_arg(a->list, unsigned long long);
    case LENGTH_SIZE:
        return va_arg(a->list, size_t);
    default:
        return va_arg(a->list, unsigned);
    }
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

static void put_string(sink *out, const spec *s, arguments *a, bool wide)
{
    source from = {va_arg(a->list, const void *), wide ? (int)sizeof(wchar_t) : 1, FIELD_LIMIT, true};
    if (from.at == NULL) {
        from = (source){"(null)", 1, FIELD_LIMIT, true};
    }
    rv_put_text(out, s, from);
}

static void put_counted(sink *out, const spec *s, arguments *a, bool wide)
{
    const rv_counted_string *string = va_arg(a->list, const rv_counted_string *);
    source from = {"(null)", 1, FIELD_LIMIT, true};
    if (string != NULL && (string->buffer != NULL || string->length == 0)) {
        int unit_bytes = wide ? 2 : 1;
        from = (source){string->buffer, unit_bytes, string->length / unit_bytes, false};
    }
    rv_put_text(out, s, from);
}

static void put_character(sink *out, const spec *s, arguments *a, bool wide)
{
    uint32_t unit = wide ? va_arg(a->list, unsigned) : (unsigned char)va_arg(a->list, int);
    spec one = *s;
    one.precision = -1;
    rv_put_text(out, &one, (source){&unit, wide ? 4 : 1, 1, false});
}

/* ---- the format ------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads a number from the format, or an argument for `*`. */
static int parse_field(const char **format, arguments *a)
{
    int value = 0;
    if (**format == '*') {
        ++*format;
        value = va_arg(a->list, int);
        return value > FIELD_LIMIT ? FIELD_LIMIT : value < -FIELD_LIMIT ? -FIELD_LIMIT : value;
    }
    while (is_digit(**format)) {
        value = value * 10 + (*(*format)++ - '0');
        if (value > FIELD_LIMIT) {
            value = FIELD_LIMIT;
        }
    }
    return value;
}

static length_modifier parse_length(const char **format)
{
    const char *f = *format;
    switch (f[0]) {
    case 'h':
        *format += f[1] == 'h' ? 2 : 1;
        return f[1] == 'h' ? LENGTH_CHAR : LENGTH_SHORT;
    case 'l':
        *format += f[1] == 'l' ? 2 : 1;
        return f[1] == 'l' ? LENGTH_LONG_LONG : LENGTH_LONG;
    case 'j':
        *format += 1;
        return LENGTH_64;
    case 'z':
    case 't':
        *format += 1;
        return LENGTH_SIZE;
    case 'w':
        *format += 1;
        return LENGTH_WIDE;
    case 'I':
        if (f[1] == '6' && f[2] == '4') {
            *format += 3;
            return LENGTH_64;
        }
        if (f[1] == '3' && f[2] == '2') {
            *format += 3;
            return LENGTH_32;
        }
        *format += 1;
        return LENGTH_SIZE;
    default:
        return LENGTH_NONE;
    }
}

static spec parse_spec(const char **format, arguments *a)
{
    spec s = {.precision = -1};
    for (bool more = true; more;) {
        switch (**format) {
        case '-':
            s.left = true;
            break;
        case '+':
            s.plus = true;
            break;
        case ' ':
            s.space = true;
            break;
        case '#':
            s.alternative = true;
            break;
        case '0':
            s.zero = true;
            break;
        default:
            more = false;
            continue;
        }
        ++*format;
    }
    s.width = parse_field(format, a);
    if (s.width < 0) {
        s.left = true;
        s.width = -s.width;
    }
    if (**format == '.') {
        ++*format;
        s.precision = parse_field(format, a);
        if (s.precision < 0) {
            s.precision = -1;
        }
    }
    s.length = parse_length(format);
    s.conversion = **format;
    return s;
}

/*
 * Returns whether the conversion is known.
 *
 * The contract is for the proof (assure/proof), which takes it for this function where rv_format calls it and shows that the
 * function keeps it: whatever is converted, the output stays in its buffer, and the end of the format is no conversion, so
 * nobody goes on behind it.
 */
/*@ requires room: out->length <= out->capacity;
    assigns out->length, out->cut, out->text[0 .. out->capacity - 1], a->list;
    ensures fits: out->length <= out->capacity;
    ensures cut: out->cut == 0 || out->cut == 1;
    ensures known: \result == 0 || \result == 1;
    ensures end: s->conversion == 0 ==> \result == 0; */
static bool put_conversion(sink *out, const spec *s, arguments *a)
{
    bool wide = s->length == LENGTH_LONG || s->length == LENGTH_WIDE;
    switch (s->conversion) {
    case '%':
        put(out, '%');
        return true;
    case 'd':
    case 'i': {
        int64_t value = next_signed(a, s->length);
        put_number(out, s, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10);
        return true;
    }
    case 'u':
        put_number(out, s, false, next_unsigned(a, s->length), 10);
        return true;
    case 'o':
        put_number(out, s, false, next_unsigned(a, s->length), 8);
        return true;
    case 'x':
    case 'X':
        put_number(out, s, false, next_unsigned(a, s->length), 16);
        return true;
    case 'p': {
        spec pointer = *s;
        pointer.precision = 2 * (int)sizeof(void *);
        pointer.alternative = false;
        put_number(out, &pointer, false, (uint64_t)(uintptr_t)va_arg(a->list, void *), 16);
        return true;
    }
    case 'c':
        put_character(out, s, a, wide);
        return true;
    case 'C':
        put_character(out, s, a, s->length != LENGTH_SHORT);
        return true;
    case 's':
        put_string(out, s, a, wide);
        return true;
    case 'S':
        put_string(out, s, a, s->length != LENGTH_SHORT);
        return true;
    case 'Z':
        put_counted(out, s, a, wide);
        return true;
    default:
        return false;
    }
}

/* Removes an incomplete UTF-8 sequence, whose rest did not fit. */
static void trim_partial_sequence(sink *out)
{
    uint32_t back = 0;
    while (back < 3 && back < out->length && ((uint8_t)out->text[out->length - 1 - back] & 0xc0) == 0x80) {
        back++;
    }
    if (back == out->length) {
        return;
    }
    uint8_t lead = (uint8_t)out->text[out->length - 1 - back];
    uint32_t following = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (following > back) {
        out->length -= back + 1;
    }
}

uint32_t rv_format(char *text, uint32_t capacity, bool *truncated, const char *format, va_list list)
{
    sink out = {text, capacity, 0, false};
    arguments a;
    va_copy(a.list, list);

    while (*format != '\0' && !out.cut) {
        if (*format != '%') {
            put(&out, *format++);
            continue;
        }
        const char *begin = format++;
        spec s = parse_spec(&format, &a);
        if (put_conversion(&out, &s, &a)) {
            format++;
            continue;
        }
        /* The type of its argument is unknown, and so is where the next argument is. Therefore the rest of the format
         * is copied unchanged. */
        for (format = begin; *format != '\0' && !out.cut;) {
            put(&out, *format++);
        }
    }
    va_end(a.list);
    if (out.cut) {
        trim_partial_sequence(&out);
    }
    *truncated = out.cut;
    return out.length;
}
