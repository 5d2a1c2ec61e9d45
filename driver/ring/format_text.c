/*
 * format_text.c - the formatter's strings: bytes, UTF-16 or UTF-32, counted or terminated, are converted to UTF-8 and
 * padded to a width.
 */
#include "format_text.h"

static int utf8_encode(uint32_t code, char bytes[4])
{
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        code = 0xfffd;
    }
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        bytes[0] = (char)(0xc0 | code >> 6);
        bytes[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        bytes[0] = (char)(0xe0 | code >> 12);
        bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
        bytes[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    bytes[0] = (char)(0xf0 | code >> 18);
    bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
    bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
    bytes[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* Read byte by byte, because a counted buffer need not be aligned. */
static uint32_t unit_at(const source *from, int index)
{
    const uint8_t *byte = (const uint8_t *)from->at + (size_t)index * (size_t)from->unit_bytes;
    uint32_t unit = 0;
    for (int i = 0; i < from->unit_bytes; i++) {
        unit |= (uint32_t)byte[i] << (8 * i);
    }
    return unit;
}

/* Writes the next piece of output of `from` to `bytes` and returns its length, or 0 at the end. Narrow text is assumed
 * to be UTF-8 and is copied byte by byte. */
static int next_piece(const source *from, int *index, char bytes[4])
{
    if (*index >= from->units) {
        return 0;
    }
    uint32_t unit = unit_at(from, *index);
    if (from->terminated && unit == 0) {
        return 0;
    }
    ++*index;
    if (from->unit_bytes == 1) {
        bytes[0] = (char)unit;
        return 1;
    }
    if (from->unit_bytes == 2 && unit >= 0xd800 && unit <= 0xdbff && *index < from->units) {
        uint32_t low = unit_at(from, *index);
        if (low >= 0xdc00 && low <= 0xdfff) {
            ++*index;
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return utf8_encode(unit, bytes);
}

/* Bytes of output of `from`; not counted further than to `enough`, so that a string without an end is not followed. */
static int output_bytes(const source *from, int enough)
{
    char bytes[4];
    int length = 0;
    int index = 0;
    for (int n; length < enough && (n = next_piece(from, &index, bytes)) != 0;) {
        length += n;
    }
    return length;
}

void rv_put_text(sink *out, const spec *s, source from)
{
    /* Zeroed, so that nothing of the stack could get into a record. */
    char bytes[4] = {0};
    int index = 0;

    if (s->precision >= 0 && s->precision < from.units) {
        from.units = s->precision;
    }

    /* Beyond the width no padding is needed, so the length need not be known. */
    int fill = s->width > 0 ? s->width - output_bytes(&from, s->width) : 0;

    if (!s->left) {
        put_repeated(out, ' ', fill);
    }
    for (int n; !out->cut && (n = next_piece(&from, &index, bytes)) != 0;) {
        for (int i = 0; i < n; i++) {
            put(out, bytes[i]);
        }
    }
    if (s->left) {
        put_repeated(out, ' ', fill);
    }
}
