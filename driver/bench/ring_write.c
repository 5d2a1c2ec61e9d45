/*
 * ring_write.c RECORDS REPEATS - what a 64-byte record costs its writer on one CPU, beside a floor that does only what
 * cannot be left out: one clock, one locked operation for the index, the reservation and the accounting without a lock, one
 * copy of a record that lies ready, one release store; and the clock alone. All are measured in turn, a line of JSON each round.
 */
#include <stdbool.h>
#include <string.h>

#include "../host/platform_host.h"
#include "../include/ringview/ring.h"
#include "../ring/platform.h"
#include "bench.h"
#include "session.h"

#define PAYLOAD 64u
#define RING_BYTES (1u << 20)
#define RECORD (RV_RECORD_HEADER_BYTES + PAYLOAD)

typedef struct floor_ring {
    uint64_t next_index;
    uint8_t pad0[120];
    uint64_t reserved;
    uint8_t pad1[120];
    uint64_t published;
    uint64_t written;
    uint8_t pad2[112];
    uint8_t *data; /* RING_BYTES and room for one record more */
} floor_ring;

/* Not inlined, as rv_ring_write is not. */
RV_NOINLINE static void floor_write(floor_ring *ring, const uint8_t *record)
{
    uint64_t index = rv_fetch_add(&ring->next_index, 1);
    uint64_t timestamp = rv_clock();
    uint64_t begin = rv_load(&ring->reserved);

    if (!rv_cas_local(&ring->reserved, begin, begin + RECORD)) {
        return;
    }
    rv_record *target = (rv_record *)(void *)(ring->data + (begin & (RING_BYTES - 1)));
    memcpy(target, record, RECORD);
    target->timestamp = timestamp;
    target->index = index;
    rv_add_local(&ring->written, 1);
    rv_store_release(&ring->published, begin + RECORD);
}

/* What the clock alone costs, which every way to write pays. */
static double measure_clock(uint64_t records)
{
    static volatile uint64_t last;
    uint64_t start = bench_thread_ns();
    for (uint64_t i = 0; i < records; i++) {
        last = rv_clock();
    }
    return (double)(bench_thread_ns() - start) / (double)records;
}

static double measure_floor(floor_ring *ring, const uint8_t *record, uint64_t records)
{
    uint64_t start = bench_thread_ns();
    for (uint64_t i = 0; i < records; i++) {
        floor_write(ring, record);
    }
    return (double)(bench_thread_ns() - start) / (double)records;
}

static double measure_ring(rv_ring *ring, const uint8_t *payload, uint64_t records)
{
    rv_record_info info = {.level = RV_LEVEL_INFO};
    uint64_t start = bench_thread_ns();

    for (uint64_t i = 0; i < records; i++) {
        rv_ring_write(ring, &info, payload, PAYLOAD);
        if (i % 1024 == 0) {
            bench_make_room(ring);
        }
    }
    double ns = (double)(bench_thread_ns() - start) / (double)records;
    bench_make_room(ring);
    bench_none_lost(ring);
    return ns;
}

int main(int argc, char **argv)
{
    uint64_t records = bench_number(argc, argv, 1);
    uint64_t repeats = bench_number(argc, argv, 2);
    static uint8_t payload[PAYLOAD] = {1};
    static uint8_t record[RECORD] = {PAYLOAD};
    static floor_ring lowest;
    rv_ring by_index;
    rv_ring by_clock;

    rv_host_start();
    rv_host_bind(0);
    bench_session(&by_index, 1, RING_BYTES, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    bench_session(&by_clock, 1, RING_BYTES, RV_MODE_DROP_NEW, RV_ORDER_CLOCK);
    lowest.data = calloc(1, RING_BYTES + RECORD);
    if (lowest.data == NULL) {
        return 1;
    }
    /* Round 0 warms caches and page tables up. */
    for (uint64_t round = 0; round <= repeats; round++) {
        double index_ns = measure_ring(&by_index, payload, records);
        double floor_ns = measure_floor(&lowest, record, records);
        double clock_ns = measure_ring(&by_clock, payload, records);
        double read_ns = measure_clock(records);
        if (round > 0) {
            printf("{\"index\":%.3f,\"clock\":%.3f,\"floor\":%.3f,\"read\":%.3f}\n", index_ns, clock_ns, floor_ns,
                   read_ns);
        }
    }
    return 0;
}
