/*
 * test_write.c - one writer, no interrupts: sizes, headers, wrapping at every offset, positions of every size.
 */
#include <string.h>

#include "fixture.h"
#include "test.h"

/* Who hands on what another thread said names that one, and its IRQL. Also process 0, which is there. */
static void a_record_may_be_another_thread_s(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    static const uint32_t pids[] = {0x12345678, 0};
    rv_record record;
    for (uint32_t i = 0; i < 2; i++) {
        rv_record_info info = {.thread_given = true, .irql = 2, .pid = pids[i], .tid = pids[i] + 4};
        CHECK_EQUAL(rv_ring_write(&f.rings[0], &info, "x", 1), RV_OK);
        memcpy(&record, f.rings[0].data + 64 * i, sizeof record);
        CHECK_EQUAL(record.pid, pids[i]);
        CHECK_EQUAL(record.tid, pids[i] + 4);
        CHECK_EQUAL(record.irql, 2);
    }
    fixture_free(&f);
}

static void writes_a_whole_header(void)
{
    fixture f = fixture_make(2, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[1];
    rv_record_info info = {.level = 200,
                           .origin = RV_ORIGIN_DBGPRINT,
                           .type = 65535,
                           .remarks = 0xdeadbeef,
                           .flags = RV_FLAG_TRUNCATED,
                           .delay_ms = 60001,
                           .irql = 15};
    CHECK_EQUAL(rv_ring_write(ring, &info, "hello", 5), RV_OK);

    rv_record record;
    memcpy(&record, ring->data, sizeof record);
    CHECK_EQUAL(record.length, 5);
    CHECK_EQUAL(record.cpu, 1);
    CHECK_EQUAL(record.kind, RV_KIND_RECORD);
    CHECK_EQUAL(record.level, 200);
    CHECK_EQUAL(record.timestamp, FIXTURE_CLOCK + 10);
    CHECK_EQUAL(record.index, 1);
    CHECK_EQUAL(record.sequence, 1);
    CHECK_EQUAL(record.pid, FIXTURE_PID);
    CHECK_EQUAL(record.type, 65535);
    CHECK_EQUAL(record.origin, RV_ORIGIN_DBGPRINT);
    CHECK_EQUAL(record.remarks, 0xdeadbeef);
    CHECK_EQUAL(record.flags, RV_FLAG_TRUNCATED);
    CHECK_EQUAL(record.delay_ms, 60001);
    CHECK_EQUAL(record.tid, FIXTURE_TID);
    CHECK_EQUAL(record.irql, 15);
    CHECK_EQUAL(record.frames, 0);
    CHECK_EQUAL(record.reserved, 0);
    CHECK(memcmp(ring->data + 56, "hello\0\0\0", 8) == 0);

    const rv_producer_page *p = ring->producer;
    CHECK_EQUAL(p->reserved, 64);
    CHECK_EQUAL(p->published, 64);
    CHECK_EQUAL(p->nesting, 0);
    CHECK_EQUAL(p->sequence, 1);
    CHECK_EQUAL(p->written, 1);
    CHECK_EQUAL(p->written_bytes, 64);
    CHECK_EQUAL(p->lost, 0);
    CHECK_EQUAL(p->wrapped, 0);
    CHECK_EQUAL(p->index_holes, 0);
    CHECK_EQUAL(p->tail, 0);
    fixture_free(&f);
}

static void reserves_fills_and_commits(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    memset(ring->data, 0xee, 4096); /* what earlier records may have left */

    rv_reservation r;
    uint32_t depth = rv_ring_enter(ring);
    CHECK_EQUAL(depth, 1);
    CHECK_EQUAL(ring->producer->nesting, 1);
    CHECK_EQUAL(rv_ring_reserve(ring, depth, "", 13, &r), RV_OK);
    CHECK_EQUAL(ring->producer->reserved, 72);
    CHECK_EQUAL(ring->producer->published, 0);
    CHECK_EQUAL(r.length, 13);
    CHECK(r.payload == ring->data + 56);
    memcpy(r.payload, "thirteen byte", 13);
    rv_record_info info = {.level = RV_LEVEL_INFO};
    rv_ring_commit(ring, &r, &info);
    CHECK_EQUAL(ring->producer->published, 0);
    rv_ring_leave(ring);
    CHECK_EQUAL(ring->producer->published, 72);
    CHECK_EQUAL(ring->producer->nesting, 0);
    CHECK(memcmp(ring->data + 56, "thirteen byte\0\0\0", 16) == 0);
    fixture_free(&f);
}

static void skips_what_was_not_committed(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    reader_ring reader;
    seen s = {0};
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
    CHECK_EQUAL(fixture_write(ring, 2, 1), RV_OK);
    rv_reservation r;
    CHECK_EQUAL(rv_ring_reserve(ring, rv_ring_enter(ring), "", 100, &r), RV_OK);
    rv_ring_leave(ring);
    CHECK_EQUAL(fixture_write(ring, 2, 2), RV_OK);
    fixture_drain(&reader, seen_sink, &s);
    CHECK_EQUAL(s.count, 2);
    CHECK_EQUAL(s.bad, 0);
    CHECK_EQUAL(reader.corrupt, 0);
    CHECK_EQUAL(reader.lost, 0);
    CHECK_EQUAL(ring->producer->written, 2);
    reader_close(&reader);
    fixture_free(&f);
}

static void checks_sizes(void)
{
    fixture f = fixture_make(1, 65536, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    uint32_t max = ring->max_length;
    rv_record_info info = {0};
    reader_ring reader;
    seen s = {0};
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));

    CHECK_EQUAL(fixture_write(ring, 0, 1), RV_LOST_ZERO_LENGTH);
    CHECK_EQUAL(rv_ring_write(ring, &info, NULL, 0), RV_LOST_ZERO_LENGTH);
    CHECK_EQUAL(rv_ring_write(ring, &info, NULL, 1), RV_LOST_MISSING_DATA);
    CHECK_EQUAL(rv_ring_write(ring, &info, NULL, UINT64_MAX), RV_LOST_MISSING_DATA);
    CHECK_EQUAL(fixture_write(ring, 1, 2), RV_OK);
    CHECK_EQUAL(fixture_write(ring, max, 3), RV_OK);
    CHECK_EQUAL(fixture_write(ring, max + 1, 4), RV_LOST_TOO_BIG);
    CHECK_EQUAL(rv_ring_write(ring, &info, "", UINT32_MAX), RV_LOST_TOO_BIG);
    CHECK_EQUAL(rv_ring_write(ring, &info, "", UINT64_MAX - 47), RV_LOST_TOO_BIG);
    CHECK_EQUAL(rv_ring_write(ring, &info, "", 1ull << 32 | 8), RV_LOST_TOO_BIG);

    const rv_producer_page *p = ring->producer;
    CHECK_EQUAL(p->lost_zero_length, 2);
    CHECK_EQUAL(p->lost_missing_data, 2);
    CHECK_EQUAL(p->lost_too_big, 4);
    CHECK_EQUAL(p->lost, 8);
    CHECK_EQUAL(p->written, 2);
    CHECK_EQUAL(p->sequence, 6); /* four losses before the first record, none between the two */
    CHECK_EQUAL(f.rings[0].session->next_index, 3);
    fixture_drain(&reader, seen_sink, &s);
    CHECK_EQUAL(s.count, 2);
    CHECK_EQUAL(s.bad, 0);
    CHECK_EQUAL(reader.lost, 4);
    CHECK_EQUAL(reader_trailing_losses(&reader), 4);
    reader_close(&reader);
    fixture_free(&f);
}

/* Every multiple of 8 as a starting point, every size class of record that does or does not fit before the end. */
static void wraps_at_every_offset(void)
{
    static const uint32_t lengths[] = {1, 8, 9, 16, 92, 968};
    uint64_t pads[4096 / 8 + 1] = {0};
    for (uint32_t start = 0; start < 4096; start += 8) {
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            fixture f = fixture_make(1, 4096, i % 2 == 0 ? RV_MODE_DROP_NEW : RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
            rv_ring *ring = &f.rings[0];
            fixture_move(ring, start);
            reader_ring reader;
            seen s = {0};
            CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
            CHECK_EQUAL(fixture_write(ring, lengths[i], 1), RV_OK);
            CHECK_EQUAL(fixture_write(ring, 5, 2), RV_OK);

            uint32_t bytes = rv_record_bytes(lengths[i]);
            uint64_t pad = start + bytes > 4096 ? 4096 - start : 0;
            if (pad != 0) {
                CHECK_EQUAL(ring->producer->wrapped, 1);
                rv_record header = {0};
                memcpy(&header, ring->data + start, 8);
                CHECK_EQUAL(header.kind, RV_KIND_PAD);
                CHECK_EQUAL(header.length, pad - 8);
                CHECK_EQUAL(header.cpu, 0);
                pads[pad / 8]++;
            }
            uint64_t second = start + pad + bytes;
            uint64_t second_pad = 4096 - second % 4096 < 64 ? 4096 - second % 4096 : 0;
            CHECK_EQUAL(ring->producer->reserved, second + second_pad + 64);
            CHECK_EQUAL(ring->producer->published, ring->producer->reserved);
            CHECK_EQUAL(ring->producer->written_bytes, bytes + 64);
            CHECK_EQUAL(ring->producer->wrapped, (pad != 0) + (second_pad != 0));
            fixture_drain(&reader, seen_sink, &s);
            CHECK_EQUAL(s.count, 2);
            CHECK_EQUAL(s.bad, 0);
            CHECK_EQUAL(reader.corrupt, 0);
            CHECK_EQUAL(reader.position, ring->producer->reserved);
            reader_close(&reader);
            fixture_free(&f);
        }
    }
    for (uint32_t pad = 8; pad < 1024; pad += 8) {
        CHECK(pads[pad / 8] > 0);
    }
}

static void runs_long(uint64_t base, uint32_t mode, uint32_t order)
{
    fixture f = fixture_make(1, 4096, mode, order);
    rv_ring *ring = &f.rings[0];
    fixture_move(ring, base);
    reader_ring reader;
    seen s = {0};
    CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
    for (uint32_t i = 0; i < 2000; i++) {
        CHECK_EQUAL(fixture_write(ring, 1 + i * 13 % 968, i), RV_OK);
        if (i % 2 == 1) {
            fixture_drain(&reader, seen_sink, &s);
        }
    }
    CHECK_EQUAL(s.count, 2000);
    CHECK_EQUAL(s.bad, 0);
    CHECK_EQUAL(reader.corrupt, 0);
    CHECK_EQUAL(reader.lost, 0);
    CHECK_EQUAL(ring->producer->lost, 0);
    CHECK_EQUAL(ring->producer->bad_consumer, 0);
    CHECK_EQUAL(ring->producer->overwritten, 0);
    CHECK(ring->producer->wrapped > 200);
    CHECK(ring->producer->reserved - base > 1000000);
    reader_close(&reader);
    fixture_free(&f);
}

static void passes_the_great_powers(void)
{
    static const uint64_t bases[] = {0, (1ull << 32) - 2048, (1ull << 53) - 4096, (1ull << 63) - 8192 - 8};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        for (uint32_t mode = RV_MODE_DROP_NEW; mode <= RV_MODE_OVERWRITE_OLD; mode++) {
            for (uint32_t order = RV_ORDER_INDEX; order <= RV_ORDER_CLOCK; order++) {
                runs_long(bases[i], mode, order);
            }
        }
    }
}

static void takes_no_index_in_clock_order(void)
{
    fixture f = fixture_make(2, 4096, RV_MODE_DROP_NEW, RV_ORDER_CLOCK);
    CHECK_EQUAL(fixture_write(&f.rings[0], 8, 1), RV_OK);
    CHECK_EQUAL(fixture_write(&f.rings[1], 8, 1), RV_OK);
    rv_record record;
    memcpy(&record, f.rings[1].data, sizeof record);
    CHECK_EQUAL(record.index, 0);
    CHECK_EQUAL(record.timestamp, FIXTURE_CLOCK + 20);
    CHECK_EQUAL(f.rings[0].session->next_index, 1);
    fixture_free(&f);
}

static void shares_one_index(void)
{
    fixture f = fixture_make(2, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_record record;
    for (uint32_t i = 0; i < 20; i++) {
        rv_ring *ring = &f.rings[i % 2];
        CHECK_EQUAL(fixture_write(ring, 8, i), RV_OK);
        memcpy(&record, ring->data + i / 2 * 64, sizeof record);
        CHECK_EQUAL(record.index, i + 1);
        CHECK_EQUAL(record.sequence, i / 2 + 1);
        CHECK_EQUAL(record.cpu, i % 2);
    }
    fixture_free(&f);
}

int main(void)
{
    RUN(writes_a_whole_header);
    RUN(a_record_may_be_another_thread_s);
    RUN(reserves_fills_and_commits);
    RUN(skips_what_was_not_committed);
    RUN(checks_sizes);
    RUN(wraps_at_every_offset);
    RUN(passes_the_great_powers);
    RUN(takes_no_index_in_clock_order);
    RUN(shares_one_index);
    return REPORT();
}
