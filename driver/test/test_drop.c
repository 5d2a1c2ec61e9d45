/*
 * test_drop.c - drop-new: room, its exact limits, and what an honest or a lying consumer can do to it.
 */
#include <string.h>

#include "fixture.h"
#include "test.h"

static void fills_to_the_last_byte(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    for (uint32_t i = 0; i < 32; i++) {
        CHECK_EQUAL(fixture_write(ring, 72, i), RV_OK); /* 128 bytes each */
    }
    CHECK_EQUAL(ring->producer->reserved, 4096);
    CHECK_EQUAL(fixture_write(ring, 1, 32), RV_LOST_FULL);
    CHECK_EQUAL(ring->producer->lost_full, 1);
    CHECK_EQUAL(ring->producer->reserved, 4096);
    CHECK_EQUAL(ring->producer->wrapped, 0);
    CHECK_EQUAL(ring->session->next_index, 33); /* a refused record takes no index */

    fixture_consumer(ring)->consumed = 56; /* room for nothing: the shortest record has 64 bytes */
    CHECK_EQUAL(fixture_write(ring, 1, 32), RV_LOST_FULL);
    fixture_consumer(ring)->consumed = 64;
    CHECK_EQUAL(fixture_write(ring, 8, 32), RV_OK);
    CHECK_EQUAL(ring->producer->reserved, 4096 + 64);
    CHECK_EQUAL(ring->producer->sequence, 35);
    CHECK_EQUAL(ring->producer->bad_consumer, 0);
    CHECK_EQUAL(ring->producer->tail, 0);
    fixture_free(&f);
}

/* A PAD needs room as well: a record that would fit after it is refused when both do not fit. */
static void counts_the_pad(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    fixture_move(ring, 4096 - 64);
    for (uint32_t i = 0; i < 3; i++) {
        CHECK_EQUAL(fixture_write(ring, 968, i), RV_OK);
    }
    CHECK_EQUAL(ring->producer->reserved, 4096 + 3 * 1024);
    CHECK_EQUAL(fixture_write(ring, 968, 3), RV_LOST_FULL);
    CHECK_EQUAL(fixture_write(ring, 968 - 64, 3), RV_OK);
    CHECK_EQUAL(ring->producer->reserved, 4096 - 64 + 4096);
    fixture_free(&f);
}

static void accounts_for_every_attempt(void)
{
    fixture f = fixture_make(1, 8192, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    reader_ring reader;
    seen s = {0};
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
    uint32_t attempts = 0;
    for (uint32_t round = 0; round < 300; round++) {
        for (uint32_t i = 0; i < round % 60; i++) {
            fixture_write(ring, (attempts * 37) % 2200, attempts);
            attempts++;
        }
        fixture_drain(&reader, seen_sink, &s);
    }
    CHECK_EQUAL(reader.read + reader.lost + reader_trailing_losses(&reader), attempts);
    CHECK_EQUAL(reader.read, ring->producer->written);
    CHECK_EQUAL(reader.lost + reader_trailing_losses(&reader), ring->producer->lost);
    CHECK_EQUAL(s.bad, 0);
    CHECK_EQUAL(reader.corrupt, 0);
    CHECK(ring->producer->lost_full > 100);
    CHECK(ring->producer->lost_too_big > 100);
    reader_close(&reader);
    fixture_free(&f);
}

static void a_second_reader_resumes(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    reader_ring reader;
    seen s = {0};
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
    fixture_write(ring, 2, 1);
    fixture_write(ring, 0, 2);
    fixture_drain(&reader, seen_sink, &s);
    CHECK_EQUAL(reader.read, 1);
    reader_close(&reader);

    fixture_write(ring, 2, 3);
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
    fixture_drain(&reader, seen_sink, &s);
    CHECK_EQUAL(reader.read, 1);
    CHECK_EQUAL(reader.lost, 1);
    CHECK_EQUAL(s.last_seed, 3);
    CHECK_EQUAL(s.count, 2);
    reader_close(&reader);
    fixture_free(&f);
}

static void refuses_lies_and_counts_them(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    for (uint32_t i = 0; i < 32; i++) {
        fixture_write(ring, 72, i);
    }
    fixture_consumer(ring)->consumed = 1280;
    CHECK_EQUAL(fixture_write(ring, 968, 32), RV_OK);
    CHECK_EQUAL(ring->accepted, 1280);

    static const uint64_t lies[] = {0,    8,          1272,       1279,       1281,          4096 + 1032,
                                    5121, 1ull << 32, 1ull << 63, UINT64_MAX, UINT64_MAX - 7};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        fixture_consumer(ring)->consumed = lies[i];
        CHECK_EQUAL(fixture_write(ring, 968, 33), RV_LOST_FULL);
        CHECK_EQUAL(ring->producer->bad_consumer, i + 1);
        CHECK_EQUAL(ring->accepted, 1280);
    }
    fixture_consumer(ring)->consumed = 2048 + 256;
    CHECK_EQUAL(fixture_write(ring, 968, 33), RV_OK);
    fixture_free(&f);
}

/* Not asked for while there is room without: neither its cache line nor its lies matter then. */
static void does_not_ask_without_need(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    fixture_consumer(&f.rings[0])->consumed = 12345;
    CHECK_EQUAL(fixture_write(&f.rings[0], 72, 1), RV_OK);
    CHECK_EQUAL(f.rings[0].producer->bad_consumer, 0);
    CHECK_EQUAL(point_count(RV_POINT_CONSUMED_LOADED), 0);
    fixture_free(&f);
}

typedef struct advance {
    uint64_t consumed;
    uint32_t length;
    rv_status status;
} advance;

static void interrupt_advances(rv_ring *ring, void *context)
{
    advance *a = context;
    fixture_consumer(ring)->consumed = a->consumed;
    a->status = fixture_write(ring, a->length, 77);
}

/* An interrupt accepts a newer position than the writer it landed on has loaded: no lie, and no step back. */
static void accepts_the_newest_position(void)
{
    static const rv_point points[] = {RV_POINT_ACCEPTED_LOADED, RV_POINT_CONSUMED_LOADED};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
        rv_ring *ring = &f.rings[0];
        for (uint32_t j = 0; j < 32; j++) {
            fixture_write(ring, 72, j);
        }
        fixture_consumer(ring)->consumed = 128;
        advance a = {512, 72, RV_OK};
        interrupt_at(points[i], 0, interrupt_advances, &a);
        CHECK_EQUAL(fixture_write(ring, 72, 33), RV_OK);
        CHECK(interrupts_ran());
        CHECK_EQUAL(a.status, RV_OK);
        CHECK_EQUAL(ring->accepted, 512);
        CHECK_EQUAL(positions_gone_back(), 0);
        CHECK_EQUAL(ring->producer->bad_consumer, 0);
        CHECK_EQUAL(ring->producer->reserved, 4096 + 256);
        fixture_free(&f);
    }
}

/*
 * A client that writes anything into its page between any two writes: everything between the accepted position and
 * `published` stays whole, however it lies.
 */
static void survives_a_hostile_consumer(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    rv_consumer_page *consumer = fixture_consumer(ring);
    uint64_t random = 88172645463325252ull;
    uint32_t attempts = 0;
    for (int i = 0; i < 200000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        switch (random >> 60) {
        case 0:
            memset(consumer, (int)(random & 0xff), sizeof *consumer);
            break;
        case 1:
            consumer->consumed = random;
            break;
        case 2:
            consumer->consumed = ring->producer->published + (random & 0x3ff);
            break;
        case 3:
            consumer->consumed = ring->accepted - (random & 0x3ff);
            break;
        case 4:
        case 5:
            /* Within the valid range, but in the middle of a record. */
            consumer->consumed = ring->accepted + (random & (ring->producer->published - ring->accepted) & ~7ull);
            break;
        default:
            consumer->consumed = ring->producer->published;
        }
        rv_status status = fixture_write(ring, 1 + (uint32_t)(random >> 20) % 968, attempts++);
        CHECK(status == RV_OK || status == RV_LOST_FULL);
        CHECK(ring->producer->reserved - ring->accepted <= 4096);
        CHECK(ring->accepted <= ring->producer->published);

        /* The last record must be whole, whatever room it was given. */
        if (status == RV_OK) {
            rv_record record;
            uint64_t last = ring->producer->published;
            uint64_t bytes = rv_record_bytes(1 + (uint32_t)(random >> 20) % 968);
            memcpy(&record, ring->data + ((last - bytes) & 4095), sizeof record);
            CHECK_EQUAL(record.kind, RV_KIND_RECORD);
            CHECK_EQUAL(record.remarks, attempts - 1);
            CHECK(payload_check(ring->data + ((last - bytes) & 4095) + 56, record.length, record.remarks));
        }
    }
    CHECK_EQUAL(ring->producer->written + ring->producer->lost, attempts);
    CHECK(ring->producer->bad_consumer > 1000);
    CHECK(ring->producer->written > 10000);

    /* An honest reader that comes next gets on. */
    consumer->magic = RV_MAGIC_CONSUMER;
    consumer->cpu = 0;
    consumer->consumed = ring->producer->published;
    consumer->consumed_sequence = ring->producer->sequence;
    reader_ring reader;
    seen s = {0};
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
    for (uint32_t i = 0; i < 100; i++) {
        CHECK_EQUAL(fixture_write(ring, 492, i), RV_OK);
        fixture_drain(&reader, seen_sink, &s);
    }
    CHECK_EQUAL(s.count, 100);
    CHECK_EQUAL(s.bad, 0);
    reader_close(&reader);
    fixture_free(&f);
}

int main(void)
{
    RUN(fills_to_the_last_byte);
    RUN(counts_the_pad);
    RUN(accounts_for_every_attempt);
    RUN(a_second_reader_resumes);
    RUN(refuses_lies_and_counts_them);
    RUN(does_not_ask_without_need);
    RUN(accepts_the_newest_position);
    RUN(survives_a_hostile_consumer);
    return REPORT();
}
