/*
 * masked.c CALLS REPEATS - what a logging call costs that a mask has switched off, beside a call of a function that does
 * nothing with the same arguments. In turn, a line of JSON each round.
 */
#include "../host/platform_host.h"
#include "../include/ringview/log.h"
#include "bench.h"
#include "session.h"

#define RING_BYTES (1u << 20)

/* The compiler must not find out that it does nothing. */
RV_NOINLINE static rv_status bare(const char *format, ...)
{
    __asm__ volatile("" : : "r"(format) : "memory");
    return RV_MASKED;
}

#define MEASURE(function)                                                                                              \
    uint64_t start = bench_thread_ns();                                                                                \
    uint64_t off = 0;                                                                                                  \
    for (uint64_t i = 0; i < calls; i++) {                                                                             \
        off += function("request %u of %s done, status 0x%08x", (unsigned)i, "\\Device\\Example0", 0u) == RV_MASKED;   \
    }                                                                                                                  \
    if (off != calls) {                                                                                                \
        fprintf(stderr, "a call was not off\n");                                                                       \
        exit(1);                                                                                                       \
    }                                                                                                                  \
    return (double)(bench_thread_ns() - start) / (double)calls

static double measure_masked(uint64_t calls)
{
    MEASURE(LogMessage);
}

static double measure_bare(uint64_t calls)
{
    MEASURE(bare);
}

int main(int argc, char **argv)
{
    uint64_t calls = bench_number(argc, argv, 1);
    uint64_t repeats = bench_number(argc, argv, 2);
    static rv_log_slot slots[RV_MAX_NESTING];
    rv_ring ring;
    rv_log log;

    rv_host_start();
    rv_host_bind(0);
    bench_session(&ring, 1, RING_BYTES, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_log_init(&log, &ring, 1, slots);
    rv_log_attach(&log);
    rv_log_mask(rv_mask_level(RV_LEVEL_INFO));
    /* Round 0 warms up. */
    for (uint64_t round = 0; round <= repeats; round++) {
        double masked = measure_masked(calls);
        double call = measure_bare(calls);
        if (round > 0) {
            printf("{\"masked\":%.3f,\"call\":%.3f}\n", masked, call);
        }
    }
    return 0;
}
