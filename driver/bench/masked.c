/*
 * masked.c CALLS REPEATS - what a logging call costs that a mask has switched off, beside a call of a function that does
 * nothing with the same arguments; what a record of 64 bytes costs on its way from a program's batch into its ring, without
 * the request to the kernel that carries some 800 of them; and what a text costs with a stack of FRAMES return addresses, and
 * without. In turn, a line of JSON each round.
 */
#include "../host/platform_host.h"
#include "../include/ringview/log.h"
#include "../kernel/admit.h"
#include "../kernel/batch.h"
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

#define PAYLOAD 64u

/* Fills batches as a program does, and takes them as the driver does. */
static double measure_user(rv_ring *ring, uint64_t calls)
{
    static uint64_t batch[RV_WRITE_BYTES / 8];
    static rv_share own, all;
    static const uint8_t payload[PAYLOAD] = {1};
    const uint32_t bytes = rv_write_record_bytes(PAYLOAD);
    rv_shares shares = {.own = &own, .all = &all, .count = 1};
    uint64_t start = bench_thread_ns(), written = 0;

    while (written < calls) {
        uint32_t at = sizeof(rv_write_header), count = 0;
        for (; at + bytes <= RV_WRITE_BYTES; at += bytes, count++) {
            rv_write_record record = {.length = PAYLOAD, .level = RV_LEVEL_TRACE, .type = 9, .remarks = count};
            memcpy((uint8_t *)batch + at, &record, sizeof record);
            memcpy((uint8_t *)batch + at + sizeof record, payload, PAYLOAD);
        }
        memcpy(batch, &(rv_write_header){RV_WRITE_VERSION, count}, sizeof(rv_write_header));
        rv_write_answer answer;
        if (!rv_batch_check((const uint8_t *)batch, at) ||
            rv_admit_batch((const uint8_t *)batch, at, &shares, 0, &answer) != RV_OK || answer.written != count) {
            fprintf(stderr, "a batch was not taken\n");
            exit(1);
        }
        written += count;
        bench_make_room(ring);
    }
    return (double)(bench_thread_ns() - start) / (double)written;
}

#define FRAMES 8u

/* One more caller, so that there is a stack of FRAMES. */
RV_NOINLINE static rv_status log_below(uint32_t depth, uint32_t number)
{
    rv_status status = depth > 0 ? log_below(depth - 1, number)
                                 : LogMessage("request %u of %s done, status 0x%08x", number, "\\Device\\Example0", 0u);
    __asm__ volatile("" : : : "memory");
    return status;
}

static double measure_text(rv_ring *ring, uint64_t calls)
{
    uint64_t start = bench_thread_ns();
    for (uint64_t i = 0; i < calls; i++) {
        if (log_below(FRAMES, (uint32_t)i) != RV_OK) {
            fprintf(stderr, "a text was not taken\n");
            exit(1);
        }
        if (i % 1024 == 0) {
            bench_make_room(ring);
        }
    }
    bench_make_room(ring);
    return (double)(bench_thread_ns() - start) / (double)calls;
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
        double user = measure_user(&ring, calls);
        rv_log_mask(0);
        double text = measure_text(&ring, calls / 10);
        rv_log_stack(FRAMES);
        double stack = measure_text(&ring, calls / 10);
        rv_log_stack(0);
        rv_log_mask(rv_mask_level(RV_LEVEL_INFO));
        if (round > 0) {
            printf("{\"masked\":%.3f,\"call\":%.3f,\"user\":%.3f,\"text\":%.3f,\"stack\":%.3f}\n", masked, call, user,
                   text, stack);
        }
    }
    return 0;
}
