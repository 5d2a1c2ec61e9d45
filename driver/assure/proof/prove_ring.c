/*
 * prove_ring.c - drives Eva through a write into a ring (ring.c, copy.h, room.h), whole and by its steps.
 *
 * Nothing is known of the content of the ring, of the consumer page, the counters, the clock and the caller's data; each
 * look at a shared word finds anything, as if interrupts had written any number of records since the last look, so
 * that nesting at every instruction is among what is explored. What the writers of one CPU rely on is one thing: the
 * positions `reserved`, `published`, `tail` and `accepted` are multiples of RV_ALIGN. It is checked of every store that
 * this writer makes to them, and all writers run this code.
 *
 * That a record stays inside the ring follows from its place and its size together, of which Eva keeps no relation. So
 * sizes are gone through one by one: RECORD_BYTES_FIRST to RECORD_BYTES_LAST.
 */
#include "../../include/ringview/ring.h"
#include "../../ring/platform.h"

#include "arbitrary.h"

#define RING_BYTES (1ull << RING_LOG2)
#define QUARTER (RING_BYTES / 4)
#define MAX_RECORD (QUARTER < RV_MAX_RECORD_BYTES ? QUARTER : RV_MAX_RECORD_BYTES)

static rv_session_page session;
static rv_producer_page producer;
/* What a client can write. Constant here, because no writer may store into it: a store is an alarm. */
static const rv_consumer_page consumer;
static rv_ring ring;
static uint8_t data[RING_BYTES];
/* What is written. It ends where the record's data ends, so that a byte read beyond is an alarm. */
static uint8_t payload[RV_MAX_RECORD_BYTES];

static bool is_position(const void *p)
{
    return p == &producer.reserved || p == &producer.published || p == &producer.tail || p == &ring.accepted;
}

/* Eight times anything up to 2^59: at 10 GB a second a ring takes 29 years to get there. */
static uint64_t any_position(void)
{
    return any_between(0, 1ull << 59) * RV_ALIGN;
}

/* Shared words are these and those of the ring's data; of what a client can write it is `consumed` alone. */
static void check_place(const void *p)
{
    //@ assert inside: \valid_read((uint64_t *)p) && \offset((char *)p) % 8 == 0;
    if (p == &consumer.consumed || p == &session.next_index || p == &ring.accepted) {
        return;
    }
    /*@ assert known: \base_addr((char *)p) == \base_addr((char *)data) ||
                      ((char *)&producer.reserved <= (char *)p <= (char *)&producer.lost_quota); */
}

uint64_t proof_load(const void *p, uint64_t bytes)
{
    if (bytes == sizeof(uint32_t)) {
        //@ assert load_known: p == &producer.nesting;
        return any32();
    }
    check_place(p);
    return is_position(p) ? any_position() : any64();
}

static void check_store(void *p, uint64_t value)
{
    check_place(p);
    //@ assert not_of_the_client: \valid((uint64_t *)p);
    if (is_position(p)) {
        //@ assert store_aligned: value % 8 == 0;
    }
}

void proof_store(void *p, uint64_t bytes, uint64_t value)
{
    if (bytes == sizeof(uint32_t)) {
        //@ assert store_known: p == &producer.nesting;
        //@ assert nesting_bounded: value <= 0xffffffff;
        return;
    }
    check_store(p, value);
}

bool proof_exchange(void *p, uint64_t desired)
{
    check_store(p, desired);
    return any_bool();
}

uint64_t rv_clock(void)
{
    return any64();
}

uint32_t rv_pid(void)
{
    return any32();
}

uint32_t rv_tid(void)
{
    return any32();
}

/* What a caller may say of its data: a buffer that ends with it, none, or any number of bytes, which is then too long. */
static void write_any(const rv_record_info *info, uint64_t least, uint64_t most)
{
    (void)rv_ring_write(&ring, info, payload + sizeof payload - most, any_between(least, most));
}

static void refuse_any(const rv_record_info *info)
{
    (void)rv_ring_write(&ring, info, payload, any_between(ring.max_length + 1ull, UINT64_MAX));
    (void)rv_ring_write(&ring, info, payload, 0);
    (void)rv_ring_write(&ring, info, NULL, any64());
}

/* Data of the first size with every number of return addresses, and one more than there can be. */
static void stack_any(const rv_record_info *info)
{
    rv_stack stack;
    uint32_t length = RECORD_BYTES_FIRST - RV_RECORD_HEADER_BYTES;
    any_bytes(&stack, sizeof stack);
    //@ loop unroll 18;
    for (uint32_t count = 0; count <= RV_MAX_FRAMES + 1; count++) {
        stack.count = count;
        (void)rv_ring_write_stack(&ring, info, &stack, payload + sizeof payload - length, length);
    }
    /* Data with which it would be too long; and what is none. */
    stack.count = 1;
    (void)rv_ring_write_stack(&ring, info, &stack, payload + sizeof payload - ring.max_length, ring.max_length);
    (void)rv_ring_write_stack(&ring, info, &stack, payload, any_between(ring.max_length + 1ull, UINT64_MAX));
    (void)rv_ring_write_stack(&ring, info, &stack, payload, 0);
    (void)rv_ring_write_stack(&ring, info, &stack, NULL, any64());
}

/* What a caller asks who bounds what is in the ring, and an attempt that it does not let in. */
static void bound_any(void)
{
    uint64_t need = rv_ring_need(&ring, (uint32_t)any_between(0, RV_MAX_RECORD_BYTES));
    //@ assert need_bounded: 0 < need <= 1073741824 + 65536 + 64;
    (void)rv_ring_passed(&ring);
    (void)rv_ring_end(&ring);
    (void)rv_ring_refuse(&ring);
}

/* The steps one by one, as log.c takes them; a reservation that is never committed is one way to go. */
static void step_any(const rv_record_info *info)
{
    rv_reservation reservation = {0};
    uint32_t depth = rv_ring_enter(&ring);
    if (depth == 0) {
        return;
    }
    //@ assert depth_bounded: 1 <= depth <= 8;
    uint32_t length = RECORD_BYTES_FIRST - RV_RECORD_HEADER_BYTES;
    if (rv_ring_reserve(&ring, depth, payload, length, &reservation) == RV_OK && any_bool()) {
        rv_ring_copy(reservation.payload, payload + sizeof payload - length, length);
        rv_ring_commit(&ring, &reservation, info);
    }
    rv_ring_leave(&ring);
}

int main(void)
{
    rv_record_info info;

    ring.session = &session;
    ring.producer = &producer;
    ring.consumer = &consumer;
    ring.data = data;
    ring.mask = RING_BYTES - 1;
    ring.cpu = any32();
    ring.mode = any32();
    ring.order = any32();
    ring.max_length = (uint32_t)MAX_RECORD - RV_RECORD_HEADER_BYTES;
    any_bytes(payload, sizeof payload);
    any_bytes(&info, sizeof info);
    info.thread_given = any_bool();

    refuse_any(&info);
    bound_any();
    step_any(&info);
    stack_any(&info);
    /* Of the first size each length by itself, so that not one byte more is read than was given. */
    //@ loop unroll 8;
    for (uint64_t length = RECORD_BYTES_FIRST - RV_RECORD_HEADER_BYTES - 7;
         length <= RECORD_BYTES_FIRST - RV_RECORD_HEADER_BYTES; length++) {
        write_any(&info, length, length);
    }
    //@ loop unroll 10000;
    for (uint32_t bytes = RECORD_BYTES_FIRST; bytes <= RECORD_BYTES_LAST; bytes += RV_ALIGN) {
        /* Data that leaves something of the last word, and data that fills it. */
        write_any(&info, bytes - RV_RECORD_HEADER_BYTES - 7, bytes - RV_RECORD_HEADER_BYTES - 1);
        write_any(&info, bytes - RV_RECORD_HEADER_BYTES, bytes - RV_RECORD_HEADER_BYTES);
    }
    Frama_C_show_each_end_of_main();
    return 0;
}
