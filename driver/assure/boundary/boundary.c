/*
 * boundary.c - every offset of the smallest ring with every length, in both modes, below and above 2^32 and up to 2^63;
 * and sessions of 1, 2, 64, 65, 256 and 2048 CPUs, one of which begins to write late.
 *
 * What the host tests (driver/test) check by example is gone through here without gaps.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../../include/ringview/ring.h"
#include "../lib/plain_platform.h"

static uint64_t failures, cases, clock_now;

static void fail(const char *what, uint64_t a, uint64_t b, uint64_t c)
{
    if (failures++ < 10) {
        fprintf(stderr, "%s: %" PRIu64 ", %" PRIu64 ", %" PRIu64 "\n", what, a, b, c);
    }
}

#define EXPECT(condition, what, a, b, c)                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fail(what, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c));                                                   \
        }                                                                                                              \
    } while (0)

uint64_t rv_clock(void)
{
    return ++clock_now;
}

/* ---- offsets and lengths ---- */

#define RING_BYTES 4096u
#define GUARD 64u

static struct {
    rv_session_page session;
    rv_producer_page producer;
    rv_consumer_page consumer;
    rv_ring ring;
    /* Guards around the ring, whose contents must not change. */
    _Alignas(RV_PAGE) uint8_t before[GUARD];
    _Alignas(8) uint8_t data[RING_BYTES];
    uint8_t after[GUARD];
} one;

static void move_to(uint32_t mode, uint64_t position)
{
    rv_session_config config = {
        .cpu_count = 1, .ring_mode = mode, .order_mode = RV_ORDER_INDEX, .ring_bytes = RING_BYTES, .qpc_frequency = 1};
    if (rv_session_init(&one.session, &config) != RV_OK) {
        abort();
    }
    rv_ring_init(&one.ring, &one.session, &one.producer, &one.consumer, one.data, 0);
    one.producer.reserved = one.producer.published = position;
    one.producer.tail = mode == RV_MODE_OVERWRITE_OLD ? position : 0;
    one.ring.accepted = one.consumer.consumed = position;
    memset(one.data, 0xee, sizeof one.data);
}

static void write_and_check(uint64_t position, uint32_t length, const uint8_t *payload)
{
    rv_record_info info = {.level = 3, .type = 9, .remarks = length};
    uint64_t to_end = RING_BYTES - position % RING_BYTES;
    uint32_t bytes = (56 + length + 7) / 8 * 8;
    uint64_t pad = to_end < bytes ? to_end : 0;

    rv_status status = rv_ring_write(&one.ring, &info, payload, length);
    cases++;
    EXPECT(status == RV_OK, "refused", position, length, status);
    EXPECT(one.producer.published == position + pad + bytes, "published", position, length, one.producer.published);
    EXPECT(one.producer.wrapped == (pad != 0), "wrapped", position, length, one.producer.wrapped);
    if (pad != 0) {
        uint32_t pad_length;
        const uint8_t *at = one.data + position % RING_BYTES;
        memcpy(&pad_length, at, 4);
        EXPECT(at[6] == RV_KIND_PAD && pad_length + 8 == pad, "pad", position, length, pad_length);
    }
    const uint8_t *record = one.data + (position + pad) % RING_BYTES;
    rv_record header;
    memcpy(&header, record, sizeof header);
    EXPECT(header.length == length && header.kind == RV_KIND_RECORD && header.cpu == 0 && header.sequence == 1 &&
               header.index == 1 && header.remarks == length && header.type == 9 && header.level == 3 &&
               header.pid == PLAIN_PID && header.tid == PLAIN_TID && header.irql == 0 && header.frames == 0 &&
               header.reserved == 0 && header.flags == 0 && header.delay_ms == 0,
           "header", position, length, header.length);
    EXPECT(memcmp(record + 56, payload, length) == 0, "payload", position, length, 0);
    for (uint32_t i = 56 + length; i < bytes; i++) {
        EXPECT(record[i] == 0, "padding", position, length, i);
    }
    /* Nothing else has changed. */
    uint64_t touched = pad + bytes;
    for (uint64_t i = touched; i < RING_BYTES; i += 8) {
        EXPECT(one.data[(position + i) % RING_BYTES] == 0xee, "byte outside the record", position, length, i);
    }
}

static void every_offset_and_length(uint32_t mode, uint64_t base, uint32_t length_step)
{
    uint8_t payload[RING_BYTES];
    for (uint32_t i = 0; i < sizeof payload; i++) {
        payload[i] = (uint8_t)(i * 37 + 11) | 1;
    }
    memset(one.before, 0x55, GUARD);
    memset(one.after, 0x55, GUARD);
    const uint32_t longest = RING_BYTES / 4 - 56;
    for (uint32_t offset = 0; offset < RING_BYTES; offset += RV_ALIGN) {
        for (uint32_t length = 1; length <= longest; length += length < 18 || length > longest - 18 ? 1 : length_step) {
            move_to(mode, base + offset);
            write_and_check(base + offset, length, payload + offset % 7);
        }
        move_to(mode, base + offset);
        rv_record_info info = {0};
        EXPECT(rv_ring_write(&one.ring, &info, payload, 0) == RV_LOST_ZERO_LENGTH, "length 0", offset, 0, 0);
        EXPECT(rv_ring_write(&one.ring, &info, payload, longest + 1) == RV_LOST_TOO_BIG, "max + 1", offset, 0, 0);
        EXPECT(rv_ring_write(&one.ring, &info, payload, UINT64_MAX) == RV_LOST_TOO_BIG, "2^64 - 1", offset, 0, 0);
        EXPECT(rv_ring_write(&one.ring, &info, payload, 1ull << 32) == RV_LOST_TOO_BIG, "2^32", offset, 0, 0);
        EXPECT(rv_ring_write(&one.ring, &info, NULL, 1) == RV_LOST_MISSING_DATA, "NULL", offset, 0, 0);
        EXPECT(one.producer.lost == 5 && one.producer.reserved == base + offset, "losses", one.producer.lost, 0, 0);
        cases += 5;
    }
    for (uint32_t i = 0; i < GUARD; i++) {
        EXPECT(one.before[i] == 0x55 && one.after[i] == 0x55, "memory around the ring", i, 0, 0);
    }
}

/* A ring filled to its last byte: exactly so much fits, and not one byte more. */
static void exact_room(uint32_t mode, uint64_t base)
{
    uint8_t payload[RING_BYTES] = {1};
    rv_record_info info = {0};
    for (uint32_t offset = 0; offset < RING_BYTES; offset += RV_ALIGN) {
        for (uint32_t bytes = 64; bytes <= RING_BYTES / 4; bytes += 8) {
            move_to(mode, base + offset);
            uint64_t end = base + offset, accepted = 0;
            for (;;) {
                uint64_t to_end = RING_BYTES - end % RING_BYTES;
                uint64_t next = end + (to_end < bytes ? to_end : 0) + bytes;
                if (next - (base + offset) > RING_BYTES) {
                    break;
                }
                end = next;
                accepted++;
                EXPECT(rv_ring_write(&one.ring, &info, payload, bytes - 56) == RV_OK, "room", offset, bytes, end);
            }
            cases += accepted + 1;
            rv_status status = rv_ring_write(&one.ring, &info, payload, bytes - 56);
            if (mode == RV_MODE_DROP_NEW) {
                EXPECT(status == RV_LOST_FULL && one.producer.reserved == end, "no room", offset, bytes, status);
            } else {
                EXPECT(status == RV_OK && one.producer.published - one.producer.tail <= RING_BYTES &&
                           one.producer.tail > base + offset,
                       "reclaims", offset, bytes, one.producer.tail);
            }
        }
    }
}

/*
 * Damage by stray writes: what stands at the tail cannot be a record that ends by `published` and inside the ring. The
 * walk must end, and the writer must set the tail to `published`.
 */
static void damage(void)
{
    const uint64_t words[] = {0,
                              UINT64_MAX,
                              1ull << 48 | 4080,         /* a record that ends past `published` */
                              1ull << 48 | 0xfffffff0u,  /* whose size wraps 32 bits */
                              1ull << 48 | 969,          /* longer than the longest */
                              2ull << 48 | 4092,         /* a PAD of odd size */
                              2ull << 48 | 0xfffffff8u,  /* a PAD of 4 GiB */
                              2ull << 48 | (RING_BYTES), /* a PAD that ends past `published` */
                              3ull << 48 | 8};
    uint8_t payload[RING_BYTES] = {1};
    rv_record_info info = {0};
    for (uint32_t offset = 0; offset < RING_BYTES; offset += 64) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            move_to(RV_MODE_OVERWRITE_OLD, offset);
            for (uint32_t n = 0; n < RING_BYTES / 64; n++) {
                (void)rv_ring_write(&one.ring, &info, payload, 8);
            }
            uint64_t published = one.producer.published;
            memcpy(one.data + offset, &words[i], 8);
            EXPECT(rv_ring_write(&one.ring, &info, payload, 8) == RV_OK, "damage", offset, i, 0);
            EXPECT(one.producer.tail == published, "starts over", offset, i, one.producer.tail);
            cases++;

            /* A PAD that ends by `published` but not inside the ring: offset + 4096 - 64 is past the end unless offset is 0. */
            move_to(RV_MODE_OVERWRITE_OLD, offset);
            for (uint32_t n = 0; n < RING_BYTES / 64; n++) {
                (void)rv_ring_write(&one.ring, &info, payload, 8);
            }
            uint64_t across = 2ull << 48 | (RING_BYTES - 64 - 8);
            memcpy(one.data + offset, &across, 8);
            (void)rv_ring_write(&one.ring, &info, payload, 8);
            EXPECT(one.producer.tail == (offset <= 64 ? offset + RING_BYTES - 64 : published), "across the end", offset,
                   i, one.producer.tail);
        }
    }
}

/* The same damage in what is about to be published: a record that would end beyond it is neither numbered nor counted.
 */
static void damage_before_publishing(void)
{
    for (uint32_t offset = 0; offset + 1024 <= RING_BYTES; offset += RV_ALIGN) {
        rv_reservation reservation;
        rv_record_info info = {0};
        move_to(RV_MODE_DROP_NEW, offset);
        uint32_t depth = rv_ring_enter(&one.ring);
        EXPECT(rv_ring_reserve(&one.ring, depth, &info, 8, &reservation) == RV_OK, "reserve", offset, 0, 0);
        memset(reservation.payload, 1, 8);
        rv_ring_commit(&one.ring, &reservation, &info);
        uint64_t longer = 1ull << 48 | 9;
        memcpy(one.data + offset, &longer, 8);
        rv_ring_leave(&one.ring);
        EXPECT(one.producer.written == 0 && one.producer.sequence == 0, "counted", offset, one.producer.written, 0);
        EXPECT(one.producer.published == offset + 64 && one.producer.nesting == 0, "goes on", offset,
               one.producer.published, 0);
        cases++;
    }
}

/* ---- many CPUs ---- */

static void session_of(uint32_t cpus)
{
    rv_session_config config = {.cpu_count = cpus,
                                .ring_mode = RV_MODE_DROP_NEW,
                                .order_mode = RV_ORDER_INDEX,
                                .ring_bytes = RV_MIN_RING_BYTES,
                                .qpc_frequency = 1};
    rv_geometry geometry;
    if (rv_session_geometry(&config, &geometry) != RV_OK) {
        fail("geometry", cpus, 0, 0);
        return;
    }
    uint8_t *image = mmap(NULL, geometry.image_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    rv_ring *rings = calloc(cpus, sizeof *rings);
    if (image == MAP_FAILED || rings == NULL || rv_image_init(image, geometry.image_bytes, &config, rings) != RV_OK) {
        fail("session", cpus, 0, 0);
        return;
    }
    rv_session_publish((rv_session_page *)(void *)image);

    /* The last CPU begins late: it has a ring from the beginning, but writes nothing for three rounds. */
    uint64_t index = 1;
    for (uint32_t round = 0; round < 5; round++) {
        for (uint32_t cpu = 0; cpu < cpus; cpu++) {
            if (cpu == cpus - 1 && cpus > 1 && round < 3) {
                EXPECT(rings[cpu].producer->nesting == 0 && rings[cpu].producer->published == 0, "a CPU to come", cpu,
                       round, 0);
                continue;
            }
            uint64_t at = rings[cpu].producer->published;
            uint64_t text = (uint64_t)cpu << 32 | round;
            rv_record_info info = {.remarks = cpu};
            EXPECT(rv_ring_write(&rings[cpu], &info, &text, sizeof text) == RV_OK, "write", cpus, cpu, round);
            rv_record header;
            const uint8_t *record = image + geometry.rings_offset + cpu * geometry.ring_stride + RV_PAGE + at;
            memcpy(&header, record, sizeof header);
            EXPECT(header.index == index && header.cpu == cpu && header.remarks == cpu &&
                       memcmp(record + 56, &text, sizeof text) == 0,
                   "record", cpus, cpu, header.index);
            index++;
            cases++;
        }
    }
    EXPECT(((rv_session_page *)(void *)image)->next_index == index, "next index", cpus, index, 0);
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
        const rv_consumer_page *page =
            (const rv_consumer_page *)(void *)(image + geometry.consumer_offset + (uint64_t)cpu * RV_PAGE);
        EXPECT(rings[cpu].consumer == page && page->cpu == cpu && page->magic == RV_MAGIC_CONSUMER &&
                   rings[cpu].producer->cpu == cpu && rings[cpu].producer->magic == RV_MAGIC_PRODUCER,
               "pages", cpus, cpu, 0);
    }
    munmap(image, geometry.image_bytes);
    free(rings);
}

int main(int argc, char **argv)
{
    uint32_t step = argc > 1 ? (uint32_t)atoi(argv[1]) : 1;
    const uint64_t bases[] = {0, (1ull << 32) - RING_BYTES, 1ull << 32, (1ull << 53) - RING_BYTES,
                              (1ull << 63) - 2 * RING_BYTES};
    for (uint32_t mode = RV_MODE_DROP_NEW; mode <= RV_MODE_OVERWRITE_OLD; mode++) {
        for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
            every_offset_and_length(mode, bases[i], step);
        }
        exact_room(mode, 0);
        exact_room(mode, (1ull << 32) - RING_BYTES / 2);
    }
    damage();
    damage_before_publishing();
    const uint32_t counts[] = {1, 2, 64, 65, 256, 2048};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        session_of(counts[i]);
    }
    printf("{\"cases\":%" PRIu64 ",\"failures\":%" PRIu64 "}\n", cases, failures);
    return failures == 0 ? 0 : 1;
}
