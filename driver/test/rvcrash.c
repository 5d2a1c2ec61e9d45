/*
 * rvcrash.c - makes the image of a ring session as a crash leaves it: writers of several CPUs, and interrupts upon them,
 * each stopped for ever at any labelled instruction. It is a platform of its own, so that it rules every one of them.
 *
 *   rvcrash SEED IMAGE TRUTH
 *
 * IMAGE gets the session's memory. TRUTH gets a line `attempts CPU NUMBER` for each CPU, which counts those that were
 * lost or committed, and for each record that is whole and was not reclaimed a line `record CPU SEED LENGTH POSITION`;
 * the payload follows from the seed, which is also the record's remarks.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/ringview/ring.h"
#include "../ring/platform.h"
#include "../ring/points.h"

#define CPUS 4
#define MOST_RECORDS 8192
#define MOST_LENGTH RV_MAX_RECORD_BYTES
/* Attempts that wait in one another: a writer and the interrupts upon it, and one that is refused. */
#define MOST_DEPTH (RV_MAX_NESTING + 1)

typedef struct whole {
    uint32_t seed, length;
    uint64_t end;
} whole;

/* An attempt that has begun. */
typedef struct open_attempt {
    uint32_t seed, length;
    uint64_t end; /* of its reservation; 0 until it has one */
    uint8_t payload[MOST_LENGTH + 16];
} open_attempt;

typedef struct cpu_truth {
    uint64_t committed;
    whole records[MOST_RECORDS];
    uint32_t count;
    open_attempt open[MOST_DEPTH];
    uint32_t depth;
} cpu_truth;

static cpu_truth truths[CPUS];
static rv_ring rings[CPUS];
static uint64_t clock_now = 1000000;
static uint64_t state;
static uint32_t seeds;
static uint32_t current;
static jmp_buf crash;
static uint32_t until_crash;     /* points; 0: none comes */
static uint32_t until_interrupt; /* points; 0: none comes */

uint64_t rv_clock(void)
{
    return clock_now += 10;
}

uint32_t rv_pid(void)
{
    return 4242;
}

uint32_t rv_tid(void)
{
    return 4248;
}

bool rv_may_page(void)
{
    return true;
}

/* No record here carries a stack. */
uint32_t rv_capture_stack(uint64_t *frames, uint32_t count)
{
    (void)frames;
    (void)count;
    return 0;
}

rv_pin rv_pin_cpu(void)
{
    return (rv_pin){.cpu = current, .irql = 0};
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)pin;
}

static uint32_t roll(uint32_t sides)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state * 0x2545f4914f6cdd1dull) >> 33) % sides;
}

static void note_whole(cpu_truth *truth, const open_attempt *mine)
{
    if (truth->count == MOST_RECORDS) {
        fprintf(stderr, "rvcrash: more records than there is room for\n");
        exit(2);
    }
    truth->records[truth->count++] = (whole){.seed = mine->seed, .length = mine->length, .end = mine->end};
}

/* One attempt to log, of any kind. */
static void attempt(rv_ring *ring)
{
    cpu_truth *truth = &truths[ring->cpu];
    if (truth->depth == MOST_DEPTH) {
        return;
    }
    open_attempt *mine = &truth->open[truth->depth++];
    mine->seed = ++seeds;
    mine->length = roll(4) == 0 ? 1 + roll(ring->max_length) : 1 + roll(120);
    mine->end = 0;
    uint32_t kind = roll(24);
    if (kind == 0) {
        mine->length = 0;
    } else if (kind == 1) {
        mine->length = ring->max_length + 1 + roll(9);
    }
    for (uint32_t i = 0; i < mine->length; i++) {
        mine->payload[i] = (uint8_t)(mine->seed * 31 + i * 7 + 1);
    }
    rv_record_info info = {.level = RV_LEVEL_WARNING, .type = 7, .remarks = mine->seed};
    (void)rv_ring_write(ring, &info, mine->payload, mine->length);
    truth->depth--;
}

void rv_test_point(struct rv_ring *ring, rv_point point)
{
    cpu_truth *truth = &truths[ring->cpu];
    open_attempt *mine = &truth->open[truth->depth - 1];
    if (point == RV_POINT_RESERVED) {
        mine->end = ring->producer->reserved;
    } else if (point == RV_POINT_COMMITTED) {
        truth->committed++;
        note_whole(truth, mine);
    }
    if (until_crash != 0 && --until_crash == 0) {
        longjmp(crash, 1);
    }
    if (until_interrupt != 0 && --until_interrupt == 0) {
        until_interrupt = roll(3) == 0 ? 1 + roll(20) : 0;
        attempt(ring);
    }
}

/* A reader takes what is published, or some of it, as far as records go. */
static void read_some(rv_ring *ring)
{
    rv_consumer_page *consumer = (rv_consumer_page *)(uintptr_t)ring->consumer;
    uint64_t end = ring->producer->published;
    uint64_t position = consumer->consumed < ring->producer->tail ? ring->producer->tail : consumer->consumed;
    for (uint32_t most = roll(200); position < end && most > 0; most--) {
        const uint8_t *at = ring->data + (position & ring->mask);
        rv_record record;
        memcpy(&record, at, RV_PAD_HEADER_BYTES);
        if (record.kind == RV_KIND_PAD) {
            position += RV_PAD_HEADER_BYTES + record.length;
            continue;
        }
        memcpy(&record, at, sizeof record);
        consumer->consumed_sequence = record.sequence;
        consumer->read++;
        position += rv_record_bytes(record.length);
    }
    consumer->consumed = position;
}

/* Lets one CPU log, and stops it in the middle where `stops`. */
static void run_cpu(rv_ring *ring, bool stops)
{
    current = ring->cpu;
    until_interrupt = roll(2) == 0 ? 1 + roll(40) : 0;
    until_crash = stops ? 1 + roll(60) : 0;
    if (setjmp(crash) == 0) {
        do {
            attempt(ring);
        } while (stops);
    }
    until_crash = until_interrupt = 0;
    truths[ring->cpu].depth = 0;
}

static void write_truth(FILE *file)
{
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        const cpu_truth *truth = &truths[cpu];
        const rv_producer_page *p = rings[cpu].producer;
        uint64_t ring_bytes = rings[cpu].mask + 1;
        uint64_t first = p->reserved > ring_bytes ? p->reserved - ring_bytes : 0;
        if (rings[cpu].mode == RV_MODE_OVERWRITE_OLD && p->tail > first) {
            first = p->tail;
        }
        fprintf(file, "attempts %u %llu\n", cpu, (unsigned long long)(truth->committed + p->lost));
        for (uint32_t n = 0; n < truth->count; n++) {
            const whole *record = &truth->records[n];
            uint64_t begin = record->end - rv_record_bytes(record->length);
            if (begin >= first) {
                fprintf(file, "record %u %u %u %llu\n", cpu, record->seed, record->length, (unsigned long long)begin);
            }
        }
    }
}

static bool save(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    bool done = fwrite(bytes, 1, size, file) == size;
    return fclose(file) == 0 && done;
}

int main(int count, char **arguments)
{
    if (count != 4) {
        fprintf(stderr, "rvcrash SEED IMAGE TRUTH\n");
        return 2;
    }
    state = strtoull(arguments[1], NULL, 10) * 0x9e3779b97f4a7c15ull + 0x1234567;
    (void)roll(2);
    rv_session_config config = {.cpu_count = CPUS,
                                .ring_mode = roll(2) == 0 ? RV_MODE_DROP_NEW : RV_MODE_OVERWRITE_OLD,
                                .order_mode = roll(3) == 0 ? RV_ORDER_CLOCK : RV_ORDER_INDEX,
                                .ring_bytes = 4096u << roll(4),
                                .session_id = 0x5e5510f1d0000000ull + strtoull(arguments[1], NULL, 10),
                                .qpc_frequency = 10000000,
                                .start_qpc = clock_now,
                                .start_filetime = 133500000000000000ull,
                                .producer = "ringview.sys"};
    rv_geometry geometry;
    if (rv_session_geometry(&config, &geometry) != RV_OK) {
        return 1;
    }
    uint8_t *image = aligned_alloc(RV_PAGE, geometry.image_bytes);
    if (image == NULL) {
        return 1;
    }
    memset(image, 0, geometry.image_bytes);
    if (rv_image_init(image, geometry.image_bytes, &config, rings) != RV_OK) {
        return 1;
    }
    rv_session_publish((rv_session_page *)(void *)image);

    for (uint32_t steps = roll(600); steps > 0; steps--) {
        rv_ring *ring = &rings[roll(CPUS)];
        if (roll(8) == 0) {
            read_some(ring);
        } else {
            run_cpu(ring, false);
        }
    }
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        if (roll(3) != 0) {
            run_cpu(&rings[cpu], true);
        }
    }

    FILE *truth = fopen(arguments[3], "w");
    if (truth == NULL) {
        perror(arguments[3]);
        return 1;
    }
    write_truth(truth);
    return fclose(truth) == 0 && save(arguments[2], image, geometry.image_bytes) ? 0 : 1;
}
