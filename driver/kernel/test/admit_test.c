/*
 * admit_test.c - host tests of how a batch goes into a ring: the longest records wherever in the ring they fall, and a session
 * that ends, or gives way to another one, between two records of a batch.
 */
#include <stdlib.h>
#include <string.h>

#include "host_test.h"
#include "../admit.h"
#include "../batch.h"

static uint64_t now;

uint64_t rv_clock(void)
{
    return ++now;
}

uint32_t rv_pid(void)
{
    return 1;
}

uint32_t rv_tid(void)
{
    return 2;
}

/* What stands for the log of the driver: one CPU, and the ring that is attached at the n-th record. */
static rv_ring *attached;
static rv_ring *later;
static uint32_t calls, switch_at;

rv_status rv_log_with_ring(rv_log_use *use, void *context)
{
    if (calls++ == switch_at) {
        attached = later;
    }
    return attached == NULL ? RV_NOT_ATTACHED : use(context, attached, 0);
}

typedef struct session {
    rv_ring ring;
    void *image;
} session;

static session make(uint64_t ring_bytes, uint64_t id)
{
    session made;
    rv_session_config config = {.cpu_count = 1,
                                .ring_mode = RV_MODE_DROP_NEW,
                                .order_mode = RV_ORDER_INDEX,
                                .ring_bytes = ring_bytes,
                                .session_id = id,
                                .qpc_frequency = 1000};
    rv_geometry geometry;
    check(rv_session_geometry(&config, &geometry) == RV_OK, "a geometry");
    made.image = aligned_alloc(RV_PAGE, (size_t)geometry.image_bytes);
    memset(made.image, 0, (size_t)geometry.image_bytes);
    check(rv_image_init(made.image, geometry.image_bytes, &config, &made.ring) == RV_OK, "a session");
    return made;
}

/* As a reader does, whose page that is. */
static void read_all(rv_ring *ring)
{
    ((rv_consumer_page *)(uintptr_t)ring->consumer)->consumed = ring->producer->published;
}

static _Alignas(8) uint8_t batch[RV_WRITE_BYTES];

static uint32_t fill(uint32_t count, uint32_t length)
{
    uint32_t at = sizeof(rv_write_header);
    memset(batch, 'p', sizeof batch);
    memcpy(batch, &(rv_write_header){RV_WRITE_VERSION, count}, at);
    for (uint32_t n = 0; n < count; n++) {
        memcpy(batch + at, &(rv_write_record){.length = length, .type = 5}, sizeof(rv_write_record));
        at += rv_write_record_bytes(length);
    }
    check(rv_batch_check(batch, at), "a batch");
    return at;
}

/* A ring that is read at once, in which records of drivers of all lengths lie between. */
static void test_longest(void)
{
    for (uint64_t ring_bytes = 4096; ring_bytes <= 262144; ring_bytes *= 4) {
        session one = make(ring_bytes, 1);
        rv_share own = {0}, all = {0};
        rv_shares shares = {&own, &all, 1};
        /* As long as a batch can carry it, which in larger rings is less than the longest. */
        uint32_t room = RV_WRITE_BYTES - sizeof(rv_write_header) - sizeof(rv_write_record);
        uint32_t longest = one.ring.max_length < room ? one.ring.max_length : room;
        uint32_t bytes = fill(1, longest), let_in = 0, wrapped = 0;
        rv_write_answer answer;
        attached = &one.ring;
        switch_at = ~0u;
        for (uint32_t round = 0; round < 500; round++) {
            static const uint8_t some[64];
            rv_record_info info = {0};
            (void)rv_ring_write(&one.ring, &info, some, 1 + round % 64);
            read_all(&one.ring);
            wrapped += rv_ring_need(&one.ring, longest) > rv_record_bytes(longest);
            let_in += rv_admit_batch(batch, bytes, &shares, 0, &answer) == RV_OK && answer.written == 1;
            read_all(&one.ring);
        }
        check(let_in == 500, "the longest record is let in, wherever the ring is");
        check(wrapped > 50, "also where it does not fit before its end");
        free(one.image);
    }
}

static void test_end_of_session(void)
{
    session one = make(65536, 1);
    rv_share own = {0}, all = {0};
    rv_shares shares = {&own, &all, 1};
    uint32_t bytes = fill(100, 40), wrong = 0;
    for (uint32_t end = 0; end <= 100; end++) {
        rv_write_answer answer;
        const rv_producer_page *page = one.ring.producer;
        uint64_t before = page->written + page->lost;
        attached = &one.ring;
        later = NULL;
        calls = 0;
        switch_at = end;
        read_all(&one.ring);
        rv_status status = rv_admit_batch(batch, bytes, &shares, 0, &answer);
        uint64_t numbered = page->written + page->lost - before;
        if (end == 0) {
            wrong += status != RV_NOT_ATTACHED || numbered != 0 || answer.written + answer.lost != 0;
            continue;
        }
        /* What the ring has not numbered is in the answer all the same: the four add up. */
        wrong += status != RV_OK || numbered != end || answer.written != end || answer.lost != 100 - end ||
                 answer.refused + answer.masked != 0;
    }
    check(wrong == 0, "a batch into which a session ends: each record is in the ring or counted for the program");
    free(one.image);
}

/* The old session is full of what the program holds; of the new one it holds nothing. */
static void test_next_session(void)
{
    session one = make(65536, 1), two = make(65536, 2);
    rv_share own = {0}, all = {0};
    rv_shares shares = {&own, &all, 1};
    rv_write_answer answer;
    uint32_t bytes = fill(400, 40); /* 96 bytes each: a quarter is 170 of them */
    attached = &one.ring;
    later = &two.ring;
    calls = 0;
    switch_at = 200;
    check(rv_admit_batch(batch, bytes, &shares, 0, &answer) == RV_OK && answer.written == 170 + 170 &&
              answer.refused == 30 + 30 && answer.lost == 0,
          "a new session begins within a batch: each counts what it holds itself");
    check(one.ring.producer->lost_quota == 30 && two.ring.producer->lost_quota == 30 && one.ring.producer->lost == 30 &&
              two.ring.producer->written == 170,
          "and numbers what it refused");
    free(one.image);
    free(two.image);
}

int main(void)
{
    test_longest();
    test_end_of_session();
    test_next_session();
    return report();
}
