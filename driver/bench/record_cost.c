/*
 * record_cost.c - what a record costs its writer, by mode, by order and by the number of CPUs that share the global index:
 * the table of driver/README.md. ring_write.c holds one of these figures against a floor.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/ringview/log.h"
#include "session.h"

#define RECORDS 4000000u
#define PAYLOAD 64u
#define RING_BYTES (1u << 20)
#define CPUS_MAX 4

static rv_log_slot slots[CPUS_MAX * RV_MAX_NESTING];

typedef struct bench {
    rv_ring *ring;
    uint32_t cpu;
    bool text;
    uint64_t ns;
} bench;

static void *run(void *context)
{
    bench *b = context;
    rv_record_info info = {.level = RV_LEVEL_INFO};
    uint8_t payload[PAYLOAD] = {1};

    rv_host_bind(b->cpu);
    uint64_t start = rv_clock();
    for (uint32_t i = 0; i < RECORDS; i++) {
        if (b->text) {
            LogMessage("request %u of %s done, status 0x%08x", i, "\\Device\\Example0", 0u);
        } else {
            rv_ring_write(b->ring, &info, payload, sizeof payload);
        }
        if (i % 1024 == 0) {
            bench_make_room(b->ring);
        }
    }
    b->ns = rv_clock() - start;
    bench_none_lost(b->ring);
    return NULL;
}

static double measure(uint32_t mode, uint32_t order, uint32_t cpus, bool text)
{
    rv_ring rings[CPUS_MAX];
    rv_log log;
    bench benches[CPUS_MAX];
    pthread_t threads[CPUS_MAX];

    void *image = bench_session(rings, cpus, RING_BYTES, mode, order);
    rv_log_init(&log, rings, cpus, slots);
    rv_log_attach(&log);
    for (uint32_t i = 0; i < cpus; i++) {
        benches[i] = (bench){&rings[i], i, text, 0};
        pthread_create(&threads[i], NULL, run, &benches[i]);
    }
    double sum = 0;
    for (uint32_t i = 0; i < cpus; i++) {
        pthread_join(threads[i], NULL);
        sum += (double)benches[i].ns / RECORDS;
    }
    rv_log_detach();
    free(image);
    return sum / cpus;
}

static void *run_clock(void *context)
{
    uint64_t start = rv_clock(), last = start;
    for (uint32_t i = 0; i < RECORDS; i++) {
        last = rv_clock();
    }
    *(double *)context = (double)(last - start) / RECORDS;
    return NULL;
}

int main(void)
{
    static const char *const names[] = {"", "drop-new", "overwrite-old"};
    double clock_ns;
    rv_host_start();
    run_clock(&clock_ns);
    printf("ns a record, %u bytes of data; reading the clock alone: %.0f ns\n\n", PAYLOAD, clock_ns);
    printf("%-15s %5s %12s %12s\n", "", "CPUs", "index order", "clock order");
    for (uint32_t mode = RV_MODE_DROP_NEW; mode <= RV_MODE_OVERWRITE_OLD; mode++) {
        for (uint32_t cpus = 1; cpus <= 2; cpus++) {
            printf("%-15s %5u %12.0f %12.0f\n", names[mode], cpus, measure(mode, RV_ORDER_INDEX, cpus, false),
                   measure(mode, RV_ORDER_CLOCK, cpus, false));
        }
    }
    printf("%-15s %5u %12.0f %12.0f\n", "LogMessage", 1, measure(RV_MODE_DROP_NEW, RV_ORDER_INDEX, 1, true),
           measure(RV_MODE_DROP_NEW, RV_ORDER_CLOCK, 1, true));
    return 0;
}
