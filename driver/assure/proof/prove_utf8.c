/*
 * prove_utf8.c - drives Eva through utf8.c: names of any units, of a few lengths and of the longest that a UNICODE_STRING
 * has, into every room up to CAPACITY bytes and into what an event has for a name. Each name and each room ends where its
 * memory does.
 */
#include "../../include/ringview/events.h"
#include "../../kernel/utf8.h"

#include "arbitrary.h"

#define LONGEST_NAME 32767u
#define LARGEST_ROOM RV_EVENT_NAME_BYTES

static uint16_t from[LONGEST_NAME];
static char to[LARGEST_ROOM];

static void convert(uint32_t units, uint32_t capacity)
{
    uint32_t bytes = rv_utf8_tail(to + LARGEST_ROOM - capacity, capacity, from + LONGEST_NAME - units, units);
    //@ assert fits: bytes <= capacity;
}

static void convert_into(uint32_t capacity)
{
    //@ loop unroll 5;
    for (uint32_t units = 0; units < 5; units++) {
        convert(units, capacity);
    }
    convert(LONGEST_NAME, capacity);
}

int main(void)
{
    any_bytes(from, sizeof from);
    //@ loop unroll 260;
    for (uint32_t capacity = 0; capacity <= CAPACITY; capacity++) {
        convert_into(capacity);
    }
    convert_into(LARGEST_ROOM);
    Frama_C_show_each_end_of_main();
    return 0;
}
