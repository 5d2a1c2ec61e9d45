/*
 * ring.c - the writer's side of one per-CPU ring: enter, reserve, commit, leave.
 *
 * The only concurrency among writers is nesting: an interrupt runs a whole write between two instructions of another
 * one, on the same CPU. So a read-modify-write of anything a nested writer changes too must be one that no interrupt can
 * come within (local.h: `reserved`, `tail`, `accepted`, the loss counters), while what only the outermost writer changes after it has won the right to
 * publish may be plain (`published`, `sequence`, `written`, `written_bytes`). `nesting` is plain as well: an interrupt
 * puts back the value it found.
 *
 * Barriers, and the reader's half of each:
 *
 *   A  nesting := n+1   before  index or clock is taken    reader: take next_index or clock, then load nesting
 *   B  records          before  published                  reader: load published (acquire), then copy
 *   C  published        before  nesting := 0               reader: load nesting (acquire), reserved (acquire), published
 *   D  load consumed    before  the room is overwritten    reader: copy, then store consumed (release)
 *   E  tail             before  the room is overwritten    reader: copy, fence (acquire), then load tail again
 *   F  session pages    before  magic                      (session.c)
 *   G  last records     before  state STOPPED              (session.c)
 *   H  rings            before  the log's target           (log.c)
 *   I  data, header     before  kind RECORD                whoever looks at the ring after a crash
 */
#include <stddef.h>

#include "../include/ringview/ring.h"
#include "copy.h"
#include "platform.h"
#include "points.h"
#include "room.h"

RV_STATIC_ASSERT(sizeof(rv_ring) == 128, "two rings in an array share no cache line pair");

/* The first word of a record or PAD: length, cpu, kind, level. Little-endian, as the layout is. `length` has 32 bits. */
static inline uint64_t first_word(uint64_t length, uint32_t cpu, uint8_t kind, uint8_t level)
{
    return length | (uint64_t)(uint16_t)cpu << 32 | (uint64_t)kind << 48 | (uint64_t)level << 56;
}

static RV_FORCEINLINE uint32_t enter(rv_ring *ring)
{
    rv_producer_page *producer = ring->producer;
    uint32_t depth = rv_load32(&producer->nesting);
    RV_POINT(ring, RV_POINT_NESTING_LOADED);
    if (depth >= RV_MAX_NESTING) {
        count_loss(ring, RV_LOST_NESTING);
        return 0;
    }
    rv_store32(&producer->nesting, depth + 1);
    /*
     * Barrier A. In index order, the release half of taking the index is enough: a reader that saw the index taken also
     * sees that we are inside. Reading a clock releases nothing, so in clock order the store must be made visible
     * before the clock is read.
     */
    if (ring->order == RV_ORDER_CLOCK) {
        rv_fence_full();
    } else {
        rv_fence_interrupt();
    }
    RV_POINT(ring, RV_POINT_ENTERED);
    return depth + 1;
}

/* `last`: whether an attempt that finds no room is lost; otherwise its writer tries again with less. */
static RV_FORCEINLINE rv_status reserve(rv_ring *ring, uint32_t depth, const void *data, uint64_t length, bool last,
                                        rv_reservation *reservation)
{
    rv_status bad = length == 0                 ? RV_LOST_ZERO_LENGTH
                    : data == NULL              ? RV_LOST_MISSING_DATA
                    : length > ring->max_length ? RV_LOST_TOO_BIG
                                                : RV_OK;
    if (bad != RV_OK) {
        count_loss(ring, bad);
        return bad;
    }

    uint64_t bytes = rv_record_bytes((uint32_t)length);
    uint64_t begin, index, timestamp;

    for (;;) {
        begin = rv_load(&ring->producer->reserved);
        RV_POINT(ring, RV_POINT_RESERVED_LOADED);
        uint64_t end = begin + place_at(ring, begin, bytes).pad + bytes;
        bool room =
            ring->mode == RV_MODE_OVERWRITE_OLD ? room_by_reclaiming(ring, end) : room_behind_consumer(ring, end);
        if (!room) {
            if (last) {
                count_loss(ring, RV_LOST_FULL);
            }
            return RV_LOST_FULL;
        }
        RV_POINT(ring, RV_POINT_ROOM_FOUND);

        /*
         * Index and clock are taken between the load of `reserved` and the exchange. The exchange succeeds only if no
         * interrupt reserved in between. So on one CPU, the orders by position, by index and by time are the same.
         */
        index = ring->order == RV_ORDER_INDEX ? rv_fetch_add(&ring->session->next_index, 1) : 0;
        RV_POINT(ring, RV_POINT_INDEX_TAKEN);
        fetch_lines(ring, begin, end);
        timestamp = rv_clock();
        RV_POINT(ring, RV_POINT_CLOCK_READ);
        if (rv_cas_local(&ring->producer->reserved, begin, end)) {
            break;
        }
        /* Each further turn means that an interrupt has written its record, so the system as a whole has made
         * progress. */
        if (ring->order == RV_ORDER_INDEX) {
            rv_add_local(&ring->producer->index_holes, 1);
        }
    }
    RV_POINT(ring, RV_POINT_RESERVED);

    /* Found anew rather than kept over the call of the clock, for which there are not registers enough. */
    place own = place_at(ring, begin, bytes);
    uint64_t *header = (uint64_t *)(void *)(ring->data + own.at);

    /* Barrier E: the new tail is visible before any byte below it changes. */
    rv_fence_release();
    if (own.pad != 0) {
        rv_store(word_at(ring, begin), first_word(own.pad - RV_PAD_HEADER_BYTES, ring->cpu, RV_KIND_PAD, 0));
        rv_add_local(&ring->producer->wrapped, 1);
    }
    /* Until commit, the reservation is a PAD of its whole size, so that the ring can be walked whatever becomes of
     * this writer. */
    rv_store(header, first_word(bytes - RV_PAD_HEADER_BYTES, ring->cpu, RV_KIND_PAD, 0));
    RV_POINT(ring, RV_POINT_MARKED);

    reservation->payload = (uint8_t *)(void *)header + RV_RECORD_HEADER_BYTES;
    reservation->length = (uint32_t)length;
    reservation->depth = depth;
    reservation->timestamp = timestamp;
    reservation->index = index;
    return RV_OK;
}

static inline uint64_t *header_of(const rv_reservation *reservation)
{
    return (uint64_t *)(void *)(reservation->payload - RV_RECORD_HEADER_BYTES);
}

/*
 * The header is built as the words in which it is stored, and never as a structure in memory: the processor would have
 * to wait for the narrow stores of its fields before it could load them as words, which took as long as all the rest of
 * a write. Those of `info` are done by now: on x64 the taking of the index, or the fence before the clock, waits for them.
 */
static RV_FORCEINLINE void commit(rv_ring *ring, const rv_reservation *reservation, const rv_record_info *info,
                                  uint32_t frames)
{
    uint64_t *header = header_of(reservation);
    rv_store(header + offsetof(rv_record, timestamp) / 8, reservation->timestamp);
    rv_store(header + offsetof(rv_record, index) / 8, reservation->index);
    rv_store(header + offsetof(rv_record, sequence) / 8, 0); /* stamped before it is published */

    uint64_t nested = reservation->depth > 1 ? RV_FLAG_NESTED : 0;
    uint32_t pid, tid;
    if (info->thread_given) {
        pid = info->pid;
        tid = info->tid;
    } else {
        pid = rv_pid();
        tid = rv_tid();
    }
    rv_store(header + offsetof(rv_record, pid) / 8,
             (uint64_t)pid | (uint64_t)info->type << 32 | (uint64_t)info->origin << 48);
    rv_store(header + offsetof(rv_record, remarks) / 8,
             (uint64_t)info->remarks | (uint64_t)info->flags << 32 | (uint64_t)info->delay_ms << 48 | nested << 32);
    rv_store(header + offsetof(rv_record, tid) / 8,
             (uint64_t)tid | (uint64_t)info->irql << 32 | (uint64_t)frames << 40);
    RV_POINT(ring, RV_POINT_DESCRIBED);
    /* Last, so that after a crash, when nobody publishes any more, what is no PAD is a whole record (barrier I). */
    rv_store_release(header + offsetof(rv_record, length) / 8,
                     first_word(reservation->length, ring->cpu, RV_KIND_RECORD, info->level));
    RV_POINT(ring, RV_POINT_COMMITTED);
}

/* Numbers a record and counts it as written; `number_word` is where its number goes. */
static RV_FORCEINLINE void number(rv_ring *ring, uint64_t *number_word, uint64_t bytes)
{
    rv_producer_page *producer = ring->producer;
    uint64_t written = rv_load(&producer->written) + 1;
    /* Both terms only grow, the first one by one for each record. So sequences increase, and skip as many numbers as
     * there were losses. */
    uint64_t sequence = written + rv_load(&producer->lost);

    rv_store(number_word, sequence);
    rv_store(&producer->written, written);
    rv_store(&producer->written_bytes, rv_load(&producer->written_bytes) + bytes);
    rv_store(&producer->sequence, sequence);
}

/*
 * Numbers and counts all records from `position` up to `end`. Not inlined, as go_on: a writer nearly never gets here, and
 * what is inlined takes registers from all.
 */
static RV_NOINLINE void number_all(rv_ring *ring, uint64_t position, uint64_t end)
{
    while (position < end) {
        uint8_t kind;
        uint64_t bytes = span_at(ring, position, end, &kind);
        if (bytes == 0) {
            break; /* damaged by a stray write: the rest cannot be numbered, but writers must go on */
        }
        if (kind == RV_KIND_RECORD) {
            /* Masked as a position of its own: inside the ring whatever the damage. */
            number(ring, word_at(ring, position + offsetof(rv_record, sequence)), bytes);
        }
        position += bytes;
    }
}

/*
 * Numbers, counts and publishes everything up to `end`. Only the outermost writer gets here. `own` is the header of what it
 * has just committed and not published yet, a record of `own_bytes`; or NULL. Since it is not published, it lies entirely
 * between `published` and `end`; so if exactly its size is waiting, nothing else is.
 */
static RV_FORCEINLINE void publish(rv_ring *ring, uint64_t end, uint64_t *own, uint64_t own_bytes)
{
    rv_producer_page *producer = ring->producer;
    uint64_t position = rv_load(&producer->published);

    /* Nearly always nothing else is waiting; then what is known of the own record need not be read back. */
    if (own != NULL && end - position == own_bytes) {
        number(ring, own + offsetof(rv_record, sequence) / 8, own_bytes);
    } else {
        number_all(ring, position, end);
    }
    RV_POINT(ring, RV_POINT_STAMPED);
    /* Barrier B. */
    rv_store_release(&producer->published, end);
}

/*
 * Publishes, and lets go of the ring. `own` and `own_bytes`: as of publish. Returns whether nothing was reserved meanwhile.
 *
 * An interrupt that came after `end` was loaded, but while nesting was 1, considered itself nested and left its record to
 * us. One that comes after nesting is 0 publishes its record itself.
 */
static RV_FORCEINLINE bool go_quiet(rv_ring *ring, uint64_t *own, uint64_t own_bytes)
{
    rv_producer_page *producer = ring->producer;
    uint64_t end = rv_load(&producer->reserved);
    RV_POINT(ring, RV_POINT_END_LOADED);
    publish(ring, end, own, own_bytes);
    RV_POINT(ring, RV_POINT_PUBLISHED);
    /* Barrier C. */
    rv_store32_release(&producer->nesting, 0);
    rv_fence_interrupt();
    RV_POINT(ring, RV_POINT_QUIET);
    return rv_load(&producer->reserved) == end;
}

/* Publishes what interrupts have left. They may have written records of the same length as the own one and even, a lap
 * later, at the same place; so nothing is known here of what waits. */
static RV_NOINLINE void go_on(rv_ring *ring)
{
    do {
        rv_store32(&ring->producer->nesting, 1);
        rv_fence_interrupt();
        RV_POINT(ring, RV_POINT_RESUMED);
    } while (!go_quiet(ring, NULL, 0));
}

/*
 * `own`: the header of the record that was committed last, of `own_bytes`, and is not published; NULL if it is not at hand.
 * Not the reservation, whose address would keep all of it in memory.
 */
static RV_FORCEINLINE void leave(rv_ring *ring, uint64_t *own, uint64_t own_bytes)
{
    rv_producer_page *producer = ring->producer;
    uint32_t depth = rv_load32(&producer->nesting);
    RV_POINT(ring, RV_POINT_DEPTH_LOADED);
    if (depth > 1) {
        rv_store32_release(&producer->nesting, depth - 1);
    } else if (!go_quiet(ring, own, own_bytes)) {
        go_on(ring);
    }
}

uint32_t rv_ring_enter(rv_ring *ring)
{
    return enter(ring);
}

rv_status rv_ring_reserve(rv_ring *ring, uint32_t depth, const void *data, uint64_t length, rv_reservation *reservation)
{
    rv_status status = reserve(ring, depth, data, length, true, reservation);
    if (status == RV_OK) {
        /* The last word of the payload: the part that the caller does not fill is padding, and must be zero. Where the ring
         * copies by itself, that stores the whole word. */
        rv_store(header_of(reservation) + rv_record_bytes(reservation->length) / RV_ALIGN - 1, 0);
    }
    return status;
}

void rv_ring_copy(uint8_t *to, const void *from, uint32_t length)
{
    copy(to, from, length);
}

void rv_ring_commit(rv_ring *ring, const rv_reservation *reservation, const rv_record_info *info)
{
    commit(ring, reservation, info, 0);
}

void rv_ring_leave(rv_ring *ring)
{
    leave(ring, NULL, 0);
}

rv_status rv_ring_write(rv_ring *ring, const rv_record_info *info, const void *data, uint64_t length)
{
    uint32_t depth = enter(ring);
    if (depth == 0) {
        return RV_LOST_NESTING;
    }
    rv_reservation reservation;
    rv_status status = reserve(ring, depth, data, length, true, &reservation);
    if (status == RV_OK) {
        copy(reservation.payload, data, reservation.length);
        RV_POINT(ring, RV_POINT_COPIED);
        commit(ring, &reservation, info, 0);
        leave(ring, header_of(&reservation), rv_record_bytes(reservation.length));
        return status;
    }
    leave(ring, NULL, 0);
    return status;
}

/* Return addresses that go with a record of this length. */
static uint32_t frames_with(const rv_ring *ring, const rv_stack *stack, const void *data, uint64_t length)
{
    bool has = stack->count <= RV_MAX_FRAMES && data != NULL && length != 0 && length <= ring->max_length;
    return has && stack->count * RV_ALIGN <= ring->max_length - length ? stack->count : 0;
}

/* Reserves, copies and commits with `frames` return addresses. */
static rv_status put(rv_ring *ring, uint32_t depth, const rv_record_info *info, const uint64_t *stack, uint32_t frames,
                     const void *data, uint64_t length)
{
    rv_reservation reservation;
    uint32_t before = frames * RV_ALIGN;
    rv_status status = reserve(ring, depth, data, length + before, frames == 0, &reservation);
    if (status == RV_OK) {
        copy(reservation.payload, stack, before);
        copy(reservation.payload + before, data, (uint32_t)length);
        RV_POINT(ring, RV_POINT_COPIED);
        commit(ring, &reservation, info, frames);
    }
    return status;
}

rv_status rv_ring_put(rv_ring *ring, uint32_t depth, const rv_record_info *info, const rv_stack *stack,
                      const void *data, uint64_t length)
{
    uint32_t frames = frames_with(ring, stack, data, length);
    if (frames != 0 && put(ring, depth, info, stack->frames, frames, data, length) == RV_OK) {
        return RV_OK;
    }
    return put(ring, depth, info, stack->frames, 0, data, length);
}

rv_status rv_ring_write_stack(rv_ring *ring, const rv_record_info *info, const rv_stack *stack, const void *data,
                              uint64_t length)
{
    uint32_t depth = enter(ring);
    if (depth == 0) {
        return RV_LOST_NESTING;
    }
    rv_status status = rv_ring_put(ring, depth, info, stack, data, length);
    leave(ring, NULL, 0);
    return status;
}

rv_status rv_ring_refuse(rv_ring *ring)
{
    if (enter(ring) == 0) {
        return RV_LOST_NESTING;
    }
    count_loss(ring, RV_LOST_QUOTA);
    leave(ring, NULL, 0);
    return RV_LOST_QUOTA;
}

uint64_t rv_ring_passed(rv_ring *ring)
{
    uint64_t tail = rv_load(&ring->producer->tail);
    uint64_t consumed = accept_consumer(ring);
    return consumed > tail ? consumed : tail;
}

uint64_t rv_ring_need(const rv_ring *ring, uint32_t length)
{
    uint64_t bytes = (uint64_t)rv_record_bytes(length);
    uint64_t to_end = ring->mask + 1 - (rv_load(&ring->producer->reserved) & ring->mask);
    return bytes <= to_end ? bytes : bytes + to_end;
}

uint64_t rv_ring_end(const rv_ring *ring)
{
    return rv_load(&ring->producer->reserved);
}
