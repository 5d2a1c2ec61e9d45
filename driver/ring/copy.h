/*
 * copy.h - how data gets into a record.
 *
 * This is a header rather than a source file so that it is compiled into ring.c: it runs in every write, and a call
 * would cost as much as the code itself. Nothing else includes it.
 *
 * Data is copied in whole words, each by one atomic store, because in overwrite-old mode a reader may be copying the same
 * words. The reader notices by the tail and discards them, but the language must still define such a race.
 *
 * RV_PLAIN_COPY copies one word a turn and fetches nothing before, for a benchmark to say what this saves.
 */
#ifndef RINGVIEW_COPY_H
#define RINGVIEW_COPY_H

#include <string.h>

#include "../include/ringview/ring.h"
#include "platform.h"

/* Bytes that a turn of the loop copies. */
#define RV_COPY_STEP (4 * RV_ALIGN)

/*
 * Has the cache lines fetched to which a short record will be written that is reserved from `begin` to `end`: where its data
 * begins, and where it ends. The line of its header holds the end of the record before. No other line is touched, since a
 * reader may be at work there.
 *
 * Called before the clock is read, so that they come meanwhile. The next writer's taking of the index waits on x64 until all
 * earlier stores are done; of these none then has to wait for its line.
 */
static RV_FORCEINLINE void fetch_lines(const rv_ring *ring, uint64_t begin, uint64_t end)
{
#ifdef RV_PLAIN_COPY
    (void)ring, (void)begin, (void)end;
#else
    rv_prefetch_write(ring->data + (size_t)((begin + RV_RECORD_HEADER_BYTES) & ring->mask));
    rv_prefetch_write(ring->data + (size_t)((end - RV_ALIGN) & ring->mask));
#endif
}

static RV_FORCEINLINE void store_word(uint8_t *to, const uint8_t *from)
{
    uint64_t word;
    memcpy(&word, from, sizeof word);
    rv_store((uint64_t *)(void *)to, word);
}

/*
 * The last word of the data, of which `rest` bytes, 1 to 7, are data; the others are zero. Little-endian, as the layout is.
 *
 * The bytes are shifted to their places and not gathered in memory: the processor would have to wait for their narrow stores
 * before it could load them as a word, which made a write a third longer. Nothing behind the data is read; where there is
 * as much before it, the word that ends with the data is.
 */
static RV_FORCEINLINE uint64_t last_word(const uint8_t *source, uint32_t length, uint32_t rest)
{
    uint64_t word = 0;
    if (length >= RV_ALIGN) {
        memcpy(&word, source + length - RV_ALIGN, sizeof word);
        return word >> (RV_ALIGN - rest) * 8;
    }
    for (uint32_t at = 0; at < length; at++) {
        word |= (uint64_t)source[at] << at * 8;
    }
    return word;
}

/* `to` is 8-byte aligned and has room for `length` rounded up to 8. The bytes after `length` in the last word become zero. */
static RV_FORCEINLINE void copy(uint8_t *to, const void *from, uint32_t length)
{
    const uint8_t *source = from;
    uint32_t whole = length & ~(RV_ALIGN - 1u);
    uint32_t rest = length & (RV_ALIGN - 1u);
    uint32_t at = 0;

#ifndef RV_PLAIN_COPY
    uint32_t steps = length & ~(RV_COPY_STEP - 1u);
    for (; at < steps; at += RV_COPY_STEP) {
        store_word(to + at, source + at);
        store_word(to + at + RV_ALIGN, source + at + RV_ALIGN);
        store_word(to + at + 2 * RV_ALIGN, source + at + 2 * RV_ALIGN);
        store_word(to + at + 3 * RV_ALIGN, source + at + 3 * RV_ALIGN);
    }
#endif
    for (; at < whole; at += RV_ALIGN) {
        store_word(to + at, source + at);
    }
    if (rest != 0) {
        rv_store((uint64_t *)(void *)(to + whole), last_word(source, length, rest));
    }
}

#endif
