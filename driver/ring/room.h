/*
 * room.h - where a record may go: whether there is room behind the consumer or by giving up the oldest records, what
 * lies at a position, and how an attempt without room is counted.
 *
 * This is a header rather than a source file so that it is compiled into ring.c: it runs in every write, and a call
 * would cost as much as the code itself. Nothing else includes it. The barriers are those of ring.c.
 */
#ifndef RINGVIEW_ROOM_H
#define RINGVIEW_ROOM_H

#include "../include/ringview/ring.h"
#include "platform.h"
#include "points.h"

static uint64_t *word_at(const rv_ring *ring, uint64_t position)
{
    return (uint64_t *)(void *)(ring->data + (size_t)(position & ring->mask));
}

/* Where in the data a record lies, and the bytes of the PAD before it. */
typedef struct place {
    uint64_t at;
    uint64_t pad;
} place;

/*
 * The place of a record of `bytes` that is reserved at `begin`: it ends by the end of the ring, or begins behind a PAD at
 * the ring's begin. This form, which leaves `at` at or below ring_bytes - bytes, is one that the proof can follow.
 */
static RV_FORCEINLINE place place_at(const rv_ring *ring, uint64_t begin, uint64_t bytes)
{
    uint64_t ring_bytes = ring->mask + 1;
    place found = {.at = begin & ring->mask, .pad = 0};
    if (found.at > ring_bytes - bytes) {
        found.pad = ring_bytes - found.at;
        found.at = 0;
    }
    return found;
}

/*
 * Bytes from the record or PAD at `position` to the next one, and its kind; 0 if what lies there cannot be one that
 * ends by `limit`. Clients cannot write to the ring, so this guards against a stray write of other kernel code: a walk
 * through the ring must always end.
 */
static RV_FORCEINLINE uint64_t span_at(const rv_ring *ring, uint64_t position, uint64_t limit, uint8_t *kind)
{
    uint64_t word = rv_load(word_at(ring, position));
    uint32_t length = (uint32_t)word;
    uint64_t bytes = 0;

    *kind = (uint8_t)(word >> 48);
    if (*kind == RV_KIND_RECORD && length <= ring->max_length) {
        bytes = rv_record_bytes(length);
    } else if (*kind == RV_KIND_PAD && length % RV_ALIGN == 0) {
        bytes = (uint64_t)RV_PAD_HEADER_BYTES + length;
    }

    uint64_t to_end = ring->mask + 1 - (position & ring->mask);
    return bytes <= limit - position && bytes <= to_end ? bytes : 0;
}

static void count_loss(rv_ring *ring, rv_status cause)
{
    rv_producer_page *producer = ring->producer;
    uint64_t *counter = NULL;

    switch (cause) {
    case RV_LOST_FULL:
        counter = &producer->lost_full;
        break;
    case RV_LOST_TOO_BIG:
        counter = &producer->lost_too_big;
        break;
    case RV_LOST_ZERO_LENGTH:
        counter = &producer->lost_zero_length;
        break;
    case RV_LOST_MISSING_DATA:
        counter = &producer->lost_missing_data;
        break;
    case RV_LOST_NESTING:
        counter = &producer->lost_nesting;
        break;
    case RV_LOST_QUOTA:
        counter = &producer->lost_quota;
        break;
    default:
        return;
    }
    rv_add_local(counter, 1);
    rv_add_local(&producer->lost, 1);
}

/*
 * Reads the consumer position once and accepts it if it is possible. Whatever a client stores there, the accepted
 * position only grows and stays at or below `published`, so no client can make reservations overlap unpublished
 * records. A client that stores a false position only loses its own records.
 */
static uint64_t accept_consumer(rv_ring *ring)
{
    /* Loaded before `consumed`: otherwise an interrupt that accepts a newer position in between would make ours look
     * like a false one. */
    uint64_t accepted = rv_load(&ring->accepted);
    RV_POINT(ring, RV_POINT_ACCEPTED_LOADED);
    /* Barrier D. */
    uint64_t consumed = rv_load_acquire(&ring->consumer->consumed);
    RV_POINT(ring, RV_POINT_CONSUMED_LOADED);

    if (consumed == accepted) {
        return accepted;
    }
    /* `published` does not change here: only an outermost writer changes it, and that is this one or one that it has
     * interrupted. */
    if (consumed % RV_ALIGN != 0 || consumed < accepted || consumed > rv_load(&ring->producer->published)) {
        rv_add_local(&ring->producer->bad_consumer, 1);
        return accepted;
    }
    if (rv_cas_local(&ring->accepted, accepted, consumed)) {
        return consumed;
    }
    return rv_load(&ring->accepted);
}

/* Drop-new: whether everything up to `end` may be written. */
static bool room_behind_consumer(rv_ring *ring, uint64_t end)
{
    uint64_t ring_bytes = ring->mask + 1;

    /* The consumer's cache line is accessed only if the room known so far does not suffice. */
    if (end - rv_load(&ring->accepted) <= ring_bytes) {
        return true;
    }
    return end - accept_consumer(ring) <= ring_bytes;
}

/* Overwrite-old: moves the tail over whole published records until everything up to `end` may be written. */
static bool room_by_reclaiming(rv_ring *ring, uint64_t end)
{
    rv_producer_page *producer = ring->producer;
    uint64_t ring_bytes = ring->mask + 1;
    uint64_t published = rv_load(&producer->published);

    /* Even an empty ring would not suffice, because the rest belongs to the writer that this one has interrupted. So
     * nothing is reclaimed. */
    if (end - published > ring_bytes) {
        return false;
    }

    uint64_t tail = rv_load(&producer->tail);
    if (end - tail <= ring_bytes) {
        return true;
    }
    uint64_t consumed = accept_consumer(ring);
    do {
        RV_POINT(ring, RV_POINT_TAIL_LOADED);
        uint8_t kind;
        uint64_t bytes = span_at(ring, tail, published, &kind);
        RV_POINT(ring, RV_POINT_TAIL_SIZED);
        /*
         * An interrupt may have reclaimed this record and written over it before its size was read; then the tail has
         * moved and the exchange fails. If the tail has not moved, an impossible size means damage, and the tail is set
         * to `published`.
         */
        if (rv_cas_local(&producer->tail, tail, bytes != 0 ? tail + bytes : published)) {
            RV_POINT(ring, RV_POINT_TAIL_MOVED);
            if (kind == RV_KIND_RECORD && tail >= consumed) {
                rv_add_local(&producer->overwritten, 1);
            }
        }
        tail = rv_load(&producer->tail);
    } while (end - tail > ring_bytes);
    return true;
}

#endif
