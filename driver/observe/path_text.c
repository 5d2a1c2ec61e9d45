/*
 * path_text.c - path_text.h.
 */
#include "path_text.h"

#include "../kernel/utf8.h"

static bool is_high(uint16_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(uint16_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/* Whether all of it fits. A unit takes three bytes at most: only long paths have to be measured. */
static bool fits(uint32_t capacity, const uint16_t *from, uint32_t units)
{
    if (units <= capacity / 3u) {
        return true;
    }
    uint32_t bytes = 0;
    for (uint32_t i = 0; i < units && bytes <= capacity; i++) {
        if (is_high(from[i]) && i + 1 < units && is_low(from[i + 1])) {
            bytes += 4;
            i++;
        } else {
            bytes += from[i] < 0x80 ? 1 : from[i] < 0x800 ? 2 : 3;
        }
    }
    return bytes <= capacity;
}

uint32_t rv_path_utf8(char *to, uint32_t capacity, const uint16_t *from, uint32_t units, bool *cut)
{
    *cut = !fits(capacity, from, units);
    return rv_utf8_tail(to, capacity, from, units);
}
