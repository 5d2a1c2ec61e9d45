/*
 * test_stack.c - records that carry a stack: where it lies, when it is left out, and that interrupts keep theirs.
 */
#include <string.h>

#include "fixture.h"
#include "test.h"

static rv_stack stack_of(uint32_t count)
{
    rv_stack stack = {.count = count};
    for (uint32_t i = 0; i < RV_MAX_FRAMES; i++) {
        stack.frames[i] = 0xfffff80012340000ull + i;
    }
    return stack;
}

static void writes_a_stack_before_the_data(void)
{
    static const uint32_t counts[] = {0, 1, 8, RV_MAX_FRAMES, RV_MAX_FRAMES + 1};
    rv_record_info info = {.level = RV_LEVEL_INFO, .irql = 1};
    for (uint32_t n = 0; n < sizeof counts / sizeof *counts; n++) {
        for (uint32_t length = 1; length <= 9; length++) {
            fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
            rv_ring *ring = &f.rings[0];
            rv_stack stack = stack_of(counts[n]);
            uint32_t frames = counts[n] <= RV_MAX_FRAMES ? counts[n] : 0;
            memset(ring->data, 0xee, 512);
            CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, "123456789", length), RV_OK);
            rv_record record;
            memcpy(&record, ring->data, sizeof record);
            CHECK_EQUAL(record.frames, frames);
            CHECK_EQUAL(record.length, frames * 8 + length);
            CHECK_EQUAL(record.irql, 1);
            CHECK_EQUAL(record.tid, FIXTURE_TID);
            CHECK_EQUAL(record.reserved, 0);
            CHECK_EQUAL(record.sequence, 1);
            CHECK(memcmp(ring->data + 56, stack.frames, frames * 8) == 0);
            char data[16] = {0};
            memcpy(data, "123456789", length);
            CHECK(memcmp(ring->data + 56 + frames * 8, data, (length + 7) / 8 * 8) == 0);
            CHECK_EQUAL(ring->data[rv_record_bytes(record.length)], 0xee);
            CHECK_EQUAL(ring->producer->published, rv_record_bytes(record.length));
            CHECK_EQUAL(ring->producer->written_bytes, rv_record_bytes(record.length));
            CHECK_EQUAL(ring->producer->lost, 0);
            fixture_free(&f);
        }
    }
}

static uint32_t frames_at(const rv_ring *ring, uint64_t position)
{
    rv_record record;
    memcpy(&record, ring->data + position, sizeof record);
    return record.kind == RV_KIND_RECORD ? record.frames : 255u;
}

/* Rather without its stack than not at all; and nothing is counted that would not be counted without. */
static void leaves_out_a_stack_that_does_not_fit(void)
{
    static const uint8_t bytes[RV_MAX_RECORD_BYTES] = {1};
    rv_stack stack = stack_of(4);
    rv_record_info info = {0};
    for (uint32_t mode = RV_MODE_DROP_NEW; mode <= RV_MODE_OVERWRITE_OLD; mode++) {
        fixture f = fixture_make(1, 4096, mode, RV_ORDER_INDEX);
        rv_ring *ring = &f.rings[0];
        const rv_producer_page *p = ring->producer;
        /* The longest record, and what is by one byte too long with its stack. */
        CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, bytes, 968), RV_OK);
        CHECK_EQUAL(frames_at(ring, 0), 0);
        CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, bytes, 968 - 31), RV_OK);
        CHECK_EQUAL(frames_at(ring, 1024), 0);
        CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, bytes, 968 - 32), RV_OK);
        CHECK_EQUAL(frames_at(ring, 1024 + 1000), 4);
        CHECK_EQUAL(p->lost, 0);
        CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, bytes, 969), RV_LOST_TOO_BIG);
        CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, bytes, UINT64_MAX), RV_LOST_TOO_BIG);
        CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, NULL, 8), RV_LOST_MISSING_DATA);
        CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, bytes, 0), RV_LOST_ZERO_LENGTH);
        CHECK_EQUAL(p->lost_too_big, 2);
        CHECK_EQUAL(p->lost_missing_data, 1);
        CHECK_EQUAL(p->lost_zero_length, 1);
        CHECK_EQUAL(p->lost, 4);
        CHECK_EQUAL(p->index_holes, 0);
        fixture_free(&f);
    }
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    for (uint32_t i = 0; i < 63; i++) {
        CHECK_EQUAL(rv_ring_write(ring, &info, bytes, 8), RV_OK);
    }
    /* 64 bytes are left: a record of 8 bytes, without its stack. */
    CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, bytes, 8), RV_OK);
    CHECK_EQUAL(frames_at(ring, 63 * 64), 0);
    CHECK_EQUAL(ring->producer->lost, 0);
    CHECK_EQUAL(ring->producer->wrapped, 0);
    CHECK_EQUAL(rv_ring_write_stack(ring, &info, &stack, bytes, 8), RV_LOST_FULL);
    CHECK_EQUAL(ring->producer->lost_full, 1);
    CHECK_EQUAL(ring->producer->lost, 1);
    CHECK_EQUAL(ring->producer->index_holes, 0);
    CHECK_EQUAL(((rv_session_page *)(void *)f.image)->next_index, 65);
    fixture_free(&f);
}

static void interrupt_with_a_stack(rv_ring *ring, void *context)
{
    rv_stack stack = stack_of(2);
    rv_record_info info = {.irql = 5};
    *(uint32_t *)context += rv_ring_write_stack(ring, &info, &stack, "inner", 5) == RV_OK;
}

static void sees_whole_stacks(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                              uint64_t lost_before)
{
    (void)position;
    rv_stack stack = stack_of(3);
    uint32_t frames = header->irql == 5 ? 2 : 3;
    const char *text = frames == 2 ? "inner" : "outer";
    bool whole = header->frames == frames && header->length == frames * 8 + 5 && lost_before == 0 &&
                 memcmp(payload, stack.frames, frames * 8) == 0 && memcmp(payload + frames * 8, text, 5) == 0;
    *(uint32_t *)context += whole;
}

/* An interrupt at each point of a write with a stack, in a ring that wraps meanwhile. */
static void keeps_stacks_apart(void)
{
    for (uint32_t mode = RV_MODE_DROP_NEW; mode <= RV_MODE_OVERWRITE_OLD; mode++) {
        fixture f = fixture_make(1, 4096, mode, RV_ORDER_INDEX);
        rv_ring *ring = &f.rings[0];
        rv_stack stack = stack_of(3);
        rv_record_info info = {0};
        reader_ring reader;
        CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
        uint32_t interrupts = 0, whole = 0, written = 0;
        for (uint32_t round = 0; round < 10; round++) {
            for (int point = 0; point < RV_POINT_COUNT; point++) {
                interrupt_at((rv_point)point, 0, interrupt_with_a_stack, &interrupts);
                written += rv_ring_write_stack(ring, &info, &stack, "outer", 5) == RV_OK;
                interrupts_ran();
                fixture_drain(&reader, sees_whole_stacks, &whole);
            }
        }
        CHECK_EQUAL(written, 10 * RV_POINT_COUNT);
        CHECK(interrupts > 10 * 12);
        CHECK_EQUAL(whole, written + interrupts);
        CHECK_EQUAL(reader.corrupt, 0);
        CHECK_EQUAL(ring->producer->lost, 0);
        CHECK(ring->producer->wrapped > 3);
        reader_close(&reader);
        fixture_free(&f);
    }
}

int main(void)
{
    RUN(writes_a_stack_before_the_data);
    RUN(leaves_out_a_stack_that_does_not_fit);
    RUN(keeps_stacks_apart);
    return REPORT();
}
