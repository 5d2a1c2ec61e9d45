/*
 * prove_format.c - drives Eva through the formatter (format.c, format_text.c): formats of every length up to FORMAT_BYTES, of
 * any characters, and beyond that any conversion that a format could ask for, with any arguments of its type; strings end
 * where their memory does. Whatever is formatted stays inside its buffer.
 */
#include "../../ring/format.c"

#include "arbitrary.h"

#define CAPACITY 16u

static char text[CAPACITY];
static char format[FORMAT_BYTES + 1];

/* Strings that end with a zero, of whichever width their units are. */
static union {
    uint8_t bytes[8];
    uint32_t units[2];
} string;
/* What counted strings point at; each ends where this does. */
static uint16_t units[3];
static rv_counted_string counted[] = {
    {0, 0, NULL}, {1, 0, (char *)units + 5}, {4, 0, &units[1]}, {5, 0, (char *)units + 1}};

static const void *strings[] = {NULL, &string};
static const rv_counted_string *counted_strings[] = {NULL, &counted[0], &counted[1], &counted[2], &counted[3]};

static void any_strings(void)
{
    any_bytes(&string, sizeof string);
    string.units[1] = 0;
    any_bytes(units, sizeof units);
    //@ loop unroll 4;
    for (uint32_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
        counted[i].maximum_length = (uint16_t)any32();
    }
}

/* It changes nothing itself, so that what is seen to change is what the formatter changed. */
void *proof_argument(const char *type)
{
    if (type[0] != 'c') {
        return (void *)&proof_anything;
    }
    if (type[6] == 'v') {
        return any_bool() ? &strings[0] : &strings[1];
    }
    return any_bool()   ? &counted_strings[0]
           : any_bool() ? &counted_strings[1]
           : any_bool() ? &counted_strings[2]
           : any_bool() ? &counted_strings[3]
                        : &counted_strings[4];
}

/* Any conversion but those of text, which are gone through one by one. */
static char any_of_a_number(void)
{
    char conversion = (char)any32();
    if (conversion == 's' || conversion == 'S' || conversion == 'c' || conversion == 'C' || conversion == 'Z') {
        return 'd';
    }
    return conversion;
}

static void convert_any(length_modifier length, char conversion)
{
    sink out = {text, CAPACITY, (uint32_t)any_between(0, CAPACITY), any_bool()};
    arguments none;
    spec s;

    s.left = any_bool();
    s.plus = any_bool();
    s.space = any_bool();
    s.alternative = any_bool();
    s.zero = any_bool();
    s.width = Frama_C_interval(0, FIELD_LIMIT);
    s.precision = Frama_C_interval(-1, FIELD_LIMIT);
    s.length = length;
    s.conversion = conversion;
    (void)put_conversion(&out, &s, &none);
    //@ assert fits: out.length <= CAPACITY;
}

/* What a format holds behind its width, and a width: longer than the formats that are gone through whole. */
static void parse_any(void)
{
    static char modifier[4];
    static char digits[8];
    const char *at = modifier;
    arguments none;

    any_bytes(modifier, sizeof modifier - 1);
    (void)parse_length(&at);
    any_bytes(digits, sizeof digits - 1);
    at = digits;
    int width = parse_field(&at, &none);
    //@ assert limited: -65535 <= width <= 65535;
}

static void format_any(uint32_t length)
{
    va_list list;
    bool truncated;
    uint32_t bytes;

    any_bytes(&list, sizeof list);
    bytes = rv_format(text, CAPACITY, &truncated, format + sizeof format - 1 - length, list);
    //@ assert fits: bytes <= CAPACITY;
}

int main(void)
{
    any_bytes(format, FORMAT_BYTES);
    any_strings();
#ifdef CONVERSIONS
    parse_any();
    //@ loop unroll 20;
    for (length_modifier length = LENGTH_NONE; length <= CONVERSIONS; length++) {
        convert_any(length, any_of_a_number());
        convert_any(length, 's');
        convert_any(length, 'S');
        convert_any(length, 'c');
        convert_any(length, 'C');
        convert_any(length, 'Z');
    }
#else
    //@ loop unroll 20;
    for (uint32_t length = 0; length <= FORMAT_BYTES; length++) {
        format_any(length);
    }
#endif
    Frama_C_show_each_end_of_main();
    return 0;
}
