/*
 * format_text.h - what the parts of the formatter share: the destination of the output, one conversion of the format,
 * and a string of one of three character widths that is converted to UTF-8.
 */
#ifndef RINGVIEW_FORMAT_TEXT_H
#define RINGVIEW_FORMAT_TEXT_H

#include "format.h"

/* Widths and precisions are limited to this value; no text is that long. */
#define FIELD_LIMIT 65535

typedef struct sink {
    char *text;
    uint32_t capacity;
    uint32_t length;
    bool cut;
} sink;

typedef enum length_modifier {
    LENGTH_NONE,
    LENGTH_CHAR,
    LENGTH_SHORT,
    LENGTH_LONG,
    LENGTH_LONG_LONG,
    LENGTH_SIZE,
    LENGTH_32,
    LENGTH_64,
    LENGTH_WIDE,
} length_modifier;

typedef struct spec {
    bool left, plus, space, alternative, zero;
    int width;
    int precision; /* -1: none */
    length_modifier length;
    char conversion;
} spec;

static inline void put(sink *out, char c)
{
    if (out->length < out->capacity) {
        out->text[out->length++] = c;
    } else {
        out->cut = true;
    }
}

static inline void put_repeated(sink *out, char c, int count)
{
    for (; count > 0 && !out->cut; count--) {
        put(out, c);
    }
}

/* A string of units of 1, 2 or 4 bytes. It ends at `units`, or earlier at a zero if `terminated`. */
typedef struct source {
    const void *at;
    int unit_bytes;
    int units;
    bool terminated;
} source;

/* The precision counts the string's own units, the width counts bytes of output. */
void rv_put_text(sink *out, const spec *s, source from);

#endif
