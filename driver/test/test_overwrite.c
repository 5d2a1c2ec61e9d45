/*
 * test_overwrite.c - overwrite-old: the tail, lapping a reader, and the room of an unfinished writer.
 */
#include <string.h>

#include "fixture.h"
#include "test.h"

static void moves_the_tail_over_whole_records(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    for (uint32_t i = 0; i < 32; i++) {
        CHECK_EQUAL(fixture_write(ring, 72, i), RV_OK);
    }
    CHECK_EQUAL(ring->producer->tail, 0);
    CHECK_EQUAL(fixture_write(ring, 1, 32), RV_OK); /* 64 bytes, but records of 128 go */
    CHECK_EQUAL(ring->producer->tail, 128);
    CHECK_EQUAL(ring->producer->overwritten, 1);
    CHECK_EQUAL(fixture_write(ring, 292, 33), RV_OK); /* 352 bytes: 416 in all, so 4 records of 128 */
    CHECK_EQUAL(ring->producer->tail, 512);
    CHECK_EQUAL(ring->producer->overwritten, 4);
    CHECK_EQUAL(ring->producer->lost, 0);

    reader_ring reader;
    seen s = {0};
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
    fixture_drain(&reader, seen_sink, &s);
    CHECK_EQUAL(reader.read, 30);
    CHECK_EQUAL(reader.lost, 4);
    CHECK_EQUAL(reader.lapped, 512);
    CHECK_EQUAL(s.bad, 0);
    CHECK_EQUAL(reader_trailing_losses(&reader), 0);
    reader_close(&reader);
    fixture_free(&f);
}

static void does_not_count_what_was_read(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    for (uint32_t i = 0; i < 32; i++) {
        fixture_write(ring, 72, i);
    }
    fixture_consumer(ring)->consumed = 256; /* two of them */
    for (uint32_t i = 0; i < 3; i++) {
        CHECK_EQUAL(fixture_write(ring, 72, i), RV_OK);
    }
    CHECK_EQUAL(ring->producer->tail, 384);
    CHECK_EQUAL(ring->producer->overwritten, 1);
    CHECK_EQUAL(ring->producer->bad_consumer, 0);
    fixture_free(&f);
}

static void reclaims_pads_without_counting_them(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    for (uint32_t i = 0; i < 1000; i++) {
        CHECK_EQUAL(fixture_write(ring, 692, i), RV_OK); /* 752 bytes: five, then a PAD of 336 */
    }
    CHECK_EQUAL(ring->producer->written, 1000);
    CHECK_EQUAL(ring->producer->wrapped, 199);
    uint64_t kept = 1000 - ring->producer->overwritten;
    CHECK(kept == 4 || kept == 5);
    fixture_free(&f);
}

typedef struct lap {
    rv_ring *ring;
    uint32_t records;
} lap;

static void writer_laps(void *context)
{
    lap *l = context;
    for (uint32_t i = 0; i < l->records; i++) {
        fixture_write(l->ring, 72, 1000 + i);
    }
}

/* The writer goes on between the reader's copy and its recheck: none, some, all and more than all is lapped. */
static void a_lapped_copy_is_thrown_away(void)
{
    static const uint32_t laps[] = {0, 1, 7, 31, 32, 33, 100};
    for (size_t i = 0; i < sizeof laps / sizeof *laps; i++) {
        fixture f = fixture_make(1, 4096, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
        rv_ring *ring = &f.rings[0];
        for (uint32_t j = 0; j < 32; j++) {
            fixture_write(ring, 72, j);
        }
        reader_ring reader;
        seen s = {0};
        CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
        lap l = {ring, laps[i]};
        reader.copied = writer_laps;
        reader.copied_context = &l;
        fixture_drain(&reader, seen_sink, &s);
        uint32_t left = laps[i] < 32 ? 32 - laps[i] : 0;
        CHECK_EQUAL(reader.read, left);
        CHECK_EQUAL(s.bad, 0);
        CHECK_EQUAL(reader.corrupt, 0);

        reader.copied = NULL;
        fixture_drain(&reader, seen_sink, &s);
        CHECK_EQUAL(reader.read + reader.lost, 32 + laps[i]);
        CHECK_EQUAL(reader_trailing_losses(&reader), 0);
        CHECK_EQUAL(s.bad, 0);
        CHECK_EQUAL(ring->producer->bad_consumer, 0);
        reader_close(&reader);
        fixture_free(&f);
    }
}

/* Interrupts fill the ring while a writer has not finished: its record and everything after it stays. */
static void spares_an_unfinished_writer(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    reader_ring reader;
    seen s = {0};
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
    for (uint32_t i = 0; i < 10; i++) {
        fixture_write(ring, 72, i);
    }
    rv_reservation r;
    uint32_t depth = rv_ring_enter(ring);
    CHECK_EQUAL(rv_ring_reserve(ring, depth, "", 92, &r), RV_OK);
    uint32_t written = 0;
    for (uint32_t i = 0; i < 50; i++) {
        written += fixture_write(ring, 72, i) == RV_OK;
        CHECK(ring->producer->tail <= 1280);
    }
    CHECK_EQUAL(ring->producer->tail, 1280); /* all that was published, and no more */
    CHECK_EQUAL(written, 30);                /* of 128 bytes beside the one of 152: no 31st fits */
    CHECK_EQUAL(ring->producer->lost_full, 20);
    payload_fill(r.payload, 92, 5);
    rv_record_info info = {.level = RV_LEVEL_WARNING, .type = 7, .remarks = 5};
    rv_ring_commit(ring, &r, &info);
    rv_ring_leave(ring);
    fixture_drain(&reader, seen_sink, &s);
    CHECK_EQUAL(reader.read, 31);
    CHECK_EQUAL(s.bad, 0);
    CHECK_EQUAL(reader.read + reader.lost + reader_trailing_losses(&reader), 61);
    reader_close(&reader);
    fixture_free(&f);
}

/* What cannot succeed reclaims nothing. */
static void does_not_reclaim_in_vain(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    CHECK_EQUAL(fixture_write(ring, 72, 1), RV_OK);
    rv_reservation r;
    CHECK_EQUAL(rv_ring_reserve(ring, rv_ring_enter(ring), "", 8, &r), RV_OK);
    for (uint32_t i = 0; i < 3; i++) {
        CHECK_EQUAL(fixture_write(ring, 968, i), RV_OK);
    }
    CHECK_EQUAL(ring->producer->tail, 0);
    CHECK_EQUAL(fixture_write(ring, 968, 3), RV_LOST_FULL); /* with the PAD it would reach the unfinished one */
    CHECK_EQUAL(ring->producer->tail, 0);
    CHECK_EQUAL(ring->producer->overwritten, 0);
    rv_record_info info = {0};
    rv_ring_commit(ring, &r, &info);
    rv_ring_leave(ring);
    fixture_free(&f);
}

/* Stray writes into the ring by other code: no hang, no fault, and writers go on. */
static void survives_damage(void)
{
    static const uint64_t damages[] = {
        0,                          /* no kind */
        0xffffffffull | 1ull << 48, /* a record of 4 GiB */
        969ull | 1ull << 48,        /* one byte too long for any */
        0xfffffff8ull | 2ull << 48, /* a PAD of 4 GiB */
        3ull | 2ull << 48,          /* a PAD that is no multiple of 8 */
        9ull << 48,                 /* an unknown kind */
        UINT64_MAX,
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        fixture f = fixture_make(1, 4096, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
        rv_ring *ring = &f.rings[0];
        for (uint32_t j = 0; j < 32; j++) {
            fixture_write(ring, 72, j);
        }
        memcpy(ring->data + 128, &damages[i], 8); /* the second oldest */
        CHECK_EQUAL(fixture_write(ring, 72, 1), RV_OK);
        CHECK_EQUAL(ring->producer->tail, 128);
        CHECK_EQUAL(fixture_write(ring, 72, 2), RV_OK);
        CHECK_EQUAL(ring->producer->tail, 4096 + 128); /* everything that was published when it came upon the damage */
        for (uint32_t j = 0; j < 100; j++) {
            CHECK_EQUAL(fixture_write(ring, 72, j), RV_OK);
        }

        /* Damage between commit and publish. */
        rv_reservation r;
        rv_record_info info = {0};
        CHECK_EQUAL(rv_ring_reserve(ring, rv_ring_enter(ring), "", 32, &r), RV_OK);
        rv_ring_commit(ring, &r, &info);
        memcpy(r.payload - 56, &damages[i], 8);
        rv_ring_leave(ring);
        CHECK_EQUAL(ring->producer->published, ring->producer->reserved);
        for (uint32_t j = 0; j < 100; j++) {
            CHECK_EQUAL(fixture_write(ring, 72, j), RV_OK);
        }
        fixture_free(&f);
    }
}

/*
 * A PAD whose length is no multiple of 8 is damage, also where it leads on to what looks like a whole PAD: positions
 * between words would make every later load of a header cross two of them.
 */
static void a_pad_off_the_grid_is_damage(void)
{
    for (uint32_t length = 8; length < 24; length++) {
        fixture f = fixture_make(1, 4096, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
        rv_ring *ring = &f.rings[0];
        for (uint32_t j = 0; j < 32; j++) {
            fixture_write(ring, 72, j);
        }
        /* The oldest record becomes two PADs, which end where it ended. */
        uint64_t first = length | 2ull << 48, second = (112 - length) | 2ull << 48;
        memcpy(ring->data, &first, 8);
        memcpy(ring->data + 8 + length, &second, 8);
        CHECK_EQUAL(fixture_write(ring, 72, 1), RV_OK);
        CHECK_EQUAL(ring->producer->tail, length % 8 == 0 ? 128 : 4096);
        CHECK_EQUAL(ring->producer->overwritten, 0);

        /* The same in the walk that numbers: behind such a PAD nothing is taken for a record. */
        rv_reservation r;
        rv_record_info info = {0};
        CHECK_EQUAL(rv_ring_reserve(ring, rv_ring_enter(ring), "", 72, &r), RV_OK);
        rv_ring_commit(ring, &r, &info);
        uint64_t written = ring->producer->written, record = ((64 - length) / 8 * 8) | 1ull << 48;
        memcpy(r.payload - 56, &first, 8);
        memcpy(r.payload - 56 + 8 + length, &record, 8);
        rv_ring_leave(ring);
        CHECK_EQUAL(ring->producer->written, written + (length % 8 == 0));
        CHECK_EQUAL(ring->producer->published, ring->producer->reserved);
        fixture_free(&f);
    }
}

int main(void)
{
    RUN(moves_the_tail_over_whole_records);
    RUN(does_not_count_what_was_read);
    RUN(reclaims_pads_without_counting_them);
    RUN(a_lapped_copy_is_thrown_away);
    RUN(spares_an_unfinished_writer);
    RUN(does_not_reclaim_in_vain);
    RUN(survives_damage);
    RUN(a_pad_off_the_grid_is_damage);
    return REPORT();
}
