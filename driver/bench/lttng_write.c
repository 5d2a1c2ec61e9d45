/*
 * lttng_write.c RECORDS REPEATS - what an LTTng-UST event with 64 bytes costs its writer, in the session that is active
 * while it runs. A line of JSON each round; fails if nobody records the event.
 */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng_provider.h"

#include "bench.h"

int main(int argc, char **argv)
{
    uint64_t records = bench_number(argc, argv, 1);
    uint64_t repeats = bench_number(argc, argv, 2);
    static uint8_t payload[64] = {1};

    if (!lttng_ust_tracepoint_enabled(ringview_bench, record)) {
        fprintf(stderr, "no session records ringview_bench:record\n");
        return 1;
    }
    for (uint64_t round = 0; round <= repeats; round++) {
        uint64_t start = bench_thread_ns();
        for (uint64_t i = 0; i < records; i++) {
            lttng_ust_tracepoint(ringview_bench, record, payload);
        }
        if (round > 0) {
            printf("{\"lttng\":%.3f}\n", (double)(bench_thread_ns() - start) / (double)records);
        }
    }
    return 0;
}
