/*
 * utf8.c - converts UTF-16 to UTF-8 and keeps the end of the text.
 */
#include "utf8.h"

#include <string.h>

static uint32_t encoded_bytes(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static void encode(char *to, uint32_t c, uint32_t bytes)
{
    static const uint8_t lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (uint32_t i = bytes - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    to[0] = (char)(lead[bytes] | c);
}

/* The character that ends before unit `end`; `*begin` is where it begins. */
static uint32_t character_before(const uint16_t *from, uint32_t end, uint32_t *begin)
{
    uint32_t low = from[end - 1];
    *begin = end - 1;
    if (low < 0xd800 || low > 0xdfff) {
        return low;
    }
    if (low >= 0xdc00 && end >= 2 && from[end - 2] >= 0xd800 && from[end - 2] < 0xdc00) {
        *begin = end - 2;
        return 0x10000 + ((uint32_t)(from[end - 2] - 0xd800) << 10) + (low - 0xdc00);
    }
    return 0xfffd;
}

uint32_t rv_utf8_end(char *to, uint32_t capacity, const uint16_t *from, uint32_t units, bool *cut)
{
    /* In one pass, from the end of the text and the end of the room: what is measured is what is written, also when the
     * text changes meanwhile. The proof (assure/proof) looks at each value of what it is told to split. */
    uint32_t at = capacity;
    for (uint32_t end = units; end > 0;) {
        uint32_t begin;
        uint32_t c = character_before(from, end, &begin);
        uint32_t need = encoded_bytes(c);
        //@ split need;
        if (need > at) {
            *cut = true;
            break;
        }
        at -= need;
        encode(to + at, c, need);
        end = begin;
    }
    if (at < capacity) {
        //@ split at;
        memmove(to, to + at, capacity - at);
    }
    return capacity - at;
}

uint32_t rv_utf8_tail(char *to, uint32_t capacity, const uint16_t *from, uint32_t units)
{
    bool cut = false;
    return rv_utf8_end(to, capacity, from, units, &cut);
}
