/*
 * trace.c - runs the ring through the few situations whose order matters and prints every access to shared memory, in
 * program order, one a line: situation, kind (R W U L F, M: final content), order, place, value read, value written.
 *
 * Values are those of the run; `U` is a read-modify-write that succeeded, `L` one that only interrupts of the same CPU
 * compete with (local.h); one that failed is an `R`.
 */
#define RV_TRACE_SELF
#include "trace_atomics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/ringview/log.h"

#define RING_BYTES 4096u

static struct {
    rv_session_page session;
    rv_producer_page producer;
    rv_consumer_page consumer;
    rv_ring ring;
    _Alignas(8) uint8_t data[RING_BYTES];
    rv_log log;
    rv_log_slot slots[RV_MAX_NESTING];
} world;

static const char *situation; /* NULL: not writing down */
static uint64_t clock_now;

static const char *order_name(int order)
{
    switch (order) {
    case __ATOMIC_RELAXED:
        return "relaxed";
    case __ATOMIC_CONSUME:
    case __ATOMIC_ACQUIRE:
        return "acquire";
    case __ATOMIC_RELEASE:
        return "release";
    case __ATOMIC_ACQ_REL:
        return "acq_rel";
    default:
        return "seq_cst";
    }
}

typedef struct place {
    const void *at;
    const char *name;
} place;

static void print_place(const void *p)
{
    const place places[] = {
        {&world.session.next_index, "next_index"},
        {&world.session.magic, "magic"},
        {&world.session.state, "state"},
        {&world.producer.reserved, "reserved"},
        {&world.producer.nesting, "nesting"},
        {&world.producer.published, "published"},
        {&world.producer.tail, "tail"},
        {&world.producer.sequence, "sequence"},
        {&world.producer.written, "written"},
        {&world.producer.written_bytes, "written_bytes"},
        {&world.producer.lost, "lost"},
        {&world.producer.lost_full, "lost_full"},
        {&world.producer.overwritten, "overwritten"},
        {&world.producer.wrapped, "wrapped"},
        {&world.producer.bad_consumer, "bad_consumer"},
        {&world.producer.index_holes, "index_holes"},
        {&world.consumer.consumed, "consumed"},
        {&world.ring.accepted, "accepted"},
        {&clock_now, "clock"},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i].at == p) {
            printf("%s", places[i].name);
            return;
        }
    }
    const uint8_t *byte = p;
    if (byte >= world.data && byte < world.data + RING_BYTES) {
        printf("data+%u", (unsigned)(byte - world.data));
    } else if (byte >= (const uint8_t *)&world && byte < (const uint8_t *)(&world + 1)) {
        printf("world+%u", (unsigned)(byte - (const uint8_t *)&world));
    } else {
        printf("attached"); /* log.c's pointer, the only shared thing that is not ours */
    }
}

static void note(char kind, int order, const void *p, uint64_t read, uint64_t written)
{
    if (situation != NULL) {
        printf("%s %c %s ", situation, kind, order_name(order));
        if (p == NULL) {
            printf("-");
        } else {
            print_place(p);
        }
        printf(" %" PRIu64 " %" PRIu64 "\n", read, written);
    }
}

static uint64_t get(const void *p, size_t bytes)
{
    uint64_t value = 0;
    memcpy(&value, p, bytes);
    return value;
}

uint64_t trace_load(const void *p, size_t bytes, int order)
{
    uint64_t value = get(p, bytes);
    note('R', order, p, value, 0);
    return value;
}

void trace_store(void *p, size_t bytes, uint64_t value, int order)
{
    note('W', order, p, 0, value);
    memcpy(p, &value, bytes);
}

static uint64_t add(char kind, void *p, size_t bytes, uint64_t value, int order)
{
    uint64_t before = get(p, bytes);
    uint64_t after = before + value;
    note(kind, order, p, before, after);
    memcpy(p, &after, bytes);
    return before;
}

static bool exchange(char kind, void *p, size_t bytes, uint64_t expected, uint64_t desired, int order)
{
    uint64_t before = get(p, bytes);
    if (before != expected) {
        note('R', order, p, before, 0);
        return false;
    }
    note(kind, order, p, before, desired);
    memcpy(p, &desired, bytes);
    return true;
}

uint64_t trace_fetch_add(void *p, size_t bytes, uint64_t value, int order)
{
    return add('U', p, bytes, value, order);
}

bool trace_exchange(void *p, size_t bytes, void *expected, uint64_t desired, int order)
{
    return exchange('U', p, bytes, get(expected, bytes), desired, order);
}

bool trace_exchange_local(uint64_t *p, uint64_t expected, uint64_t desired)
{
    return exchange('L', p, sizeof *p, expected, desired, __ATOMIC_ACQ_REL);
}

void trace_add_local(uint64_t *p, uint64_t value)
{
    (void)add('L', p, sizeof *p, value, __ATOMIC_ACQ_REL);
}

void trace_fence(int order)
{
    note('F', order, NULL, 0, 0);
}

/* ---- the platform ---- */

uint64_t rv_clock(void)
{
    note('R', __ATOMIC_RELAXED, &clock_now, clock_now, 0);
    return clock_now;
}

uint32_t rv_pid(void)
{
    return 1;
}

uint32_t rv_tid(void)
{
    return 1;
}

bool rv_may_page(void)
{
    return false;
}

typedef struct rv_pin {
    uint32_t cpu;
    uint8_t irql;
} rv_pin;

rv_pin rv_pin_cpu(void);
void rv_unpin_cpu(rv_pin pin);

/* No record here carries a stack. */
uint32_t rv_capture_stack(uint64_t *frames, uint32_t count)
{
    (void)frames;
    (void)count;
    return 0;
}

rv_pin rv_pin_cpu(void)
{
    return (rv_pin){0};
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)pin;
}

/* ---- the situations ---- */

static void set_up(uint32_t mode, uint32_t order)
{
    memset(&world, 0, sizeof world);
    clock_now = 0;
    rv_session_config config = {
        .cpu_count = 1, .ring_mode = mode, .order_mode = order, .ring_bytes = RING_BYTES, .qpc_frequency = 1};
    if (rv_session_init(&world.session, &config) != RV_OK) {
        abort();
    }
    rv_ring_init(&world.ring, &world.session, &world.producer, &world.consumer, world.data, 0);
}

/* Payloads are all ones, so that every word of a record differs from memory that was never written. */
static void write_record(uint32_t length)
{
    uint8_t payload[RING_BYTES / 4];
    rv_record_info info = {.level = RV_LEVEL_TRACE, .type = 1, .remarks = 1};
    memset(payload, 0xff, sizeof payload);
    (void)rv_ring_write(&world.ring, &info, payload, length);
}

static void fill_ring(void)
{
    /* 64 bytes a record: 64 of them. */
    for (uint32_t i = 0; i < RING_BYTES / 64u; i++) {
        write_record(8);
    }
}

/* Prints the final words of the record: each must have been stored by an access that was traced. */
static void print_memory(uint32_t bytes)
{
    for (uint32_t at = 0; at < bytes; at += 8) {
        note('M', __ATOMIC_RELAXED, world.data + at, get(world.data + at, 8), 0);
    }
}

int main(void)
{
    set_up(RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    situation = "write-by-index";
    write_record(8);
    print_memory(64);
    situation = NULL;

    set_up(RV_MODE_DROP_NEW, RV_ORDER_CLOCK);
    situation = "write-by-clock";
    write_record(8);
    situation = NULL;

    /* A full ring of which one record was consumed; the next write takes its place. */
    set_up(RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    fill_ring();
    world.consumer.consumed = 64;
    memset(world.data, 0, 64);
    situation = "write-after-consumed";
    write_record(8);
    situation = NULL;

    /* A full ring whose consumer stores a false position, which is refused, so that the record is lost. */
    set_up(RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    fill_ring();
    world.consumer.consumed = 5;
    situation = "write-lost";
    write_record(8);
    situation = NULL;

    set_up(RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX);
    fill_ring();
    situation = "write-over-old";
    write_record(8);
    situation = NULL;

    set_up(RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    situation = "publish-session";
    note('W', __ATOMIC_RELAXED, &world.session.session_id, 0, 1); /* rv_session_init fills the page with plain stores */
    rv_session_publish(&world.session);
    situation = "write-and-stop";
    write_record(8);
    rv_session_stop(&world.session);
    situation = NULL;

    set_up(RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    if (rv_log_init(&world.log, &world.ring, 1, world.slots) != RV_OK) {
        return 1;
    }
    situation = "attach-log";
    note('W', __ATOMIC_RELAXED, &world.log.rings, 0, 1); /* rv_log_init does too */
    rv_log_attach(&world.log);
    situation = "find-log";
    (void)SendData(1, 0, "x", 1);
    return 0;
}
