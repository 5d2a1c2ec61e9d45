/*
 * reading.c - the other side of the stress: a reader that checks every record and puts all CPUs in one order by a
 * watermark, or a hostile client.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress.h"

/* Keys of records that were read and wait for the watermark. */
typedef struct key_queue {
    uint64_t *keys;
    uint64_t first, end, capacity;
} key_queue;

static key_queue queues[MAX_CPUS];
static seen all;

/* Of the CPU being read, and what was emitted last. */
static struct {
    uint32_t cpu, emitted_cpu;
    uint64_t index[MAX_CPUS], timestamp[MAX_CPUS], key[MAX_CPUS];
    uint64_t emitted;
} last;

seen seen_so_far(void)
{
    return all;
}

static bool text_is_whole(const uint8_t *payload, uint32_t length)
{
    char sum[16];
    if (length < 11) {
        return false;
    }
    snprintf(sum, sizeof sum, " #%08x", checksum(payload, length - 10));
    return memcmp(payload + length - 10, sum, 10) == 0;
}

static void sink(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                 uint64_t lost_before)
{
    (void)context;
    (void)position;
    (void)lost_before;
    uint32_t cpu = last.cpu;
    EXPECT(header->cpu == cpu && header->level == cpu && header->pid == STRESS_PID && header->tid == cpu,
           "foreign header", header->cpu, cpu);
    /* Whoever landed on a writer is an interrupt, and says so. */
    EXPECT((header->flags & RV_FLAG_NESTED) == 0 || header->irql >= RV_IRQL_BORROWED, "irql", header->irql,
           header->flags);
    EXPECT(header->frames == 0 && header->reserved == 0, "foreign bits", header->frames, header->reserved);
    if (header->type == RV_TYPE_TEXT) {
        EXPECT(text_is_whole(payload, header->length), "torn text", header->sequence, header->length);
        all.texts++;
    } else {
        EXPECT(header->type == 1 + cpu, "foreign type", header->type, cpu);
        EXPECT(header->length <= MAX_PAYLOAD && checksum(payload, header->length) == header->remarks, "torn record",
               header->sequence, header->length);
    }
    uint64_t filled = header->length;
    for (; filled % 8 != 0; filled++) {
        EXPECT(payload[filled] == 0, "padding not zero", header->sequence, payload[filled]);
    }
    EXPECT(opt.order == RV_ORDER_CLOCK ? header->index == 0 : header->index > last.index[cpu], "index", header->index,
           last.index[cpu]);
    EXPECT(header->timestamp >= last.timestamp[cpu], "clock", header->timestamp, last.timestamp[cpu]);
    last.index[cpu] = header->index;
    last.timestamp[cpu] = header->timestamp;
    all.nested += (header->flags & RV_FLAG_NESTED) != 0;
    uint64_t key = opt.order == RV_ORDER_CLOCK ? header->timestamp : header->index;
    last.key[cpu] = key;

    key_queue *queue = &queues[cpu];
    if (queue->first == queue->end) {
        queue->first = queue->end = 0;
    }
    if (queue->end == queue->capacity) {
        queue->capacity = queue->capacity == 0 ? 4096 : queue->capacity * 2;
        queue->keys = realloc(queue->keys, queue->capacity * sizeof *queue->keys);
        if (queue->keys == NULL) {
            abort();
        }
    }
    queue->keys[queue->end++] = key;
}

static void emit_below(uint64_t safe)
{
    for (;;) {
        uint32_t best = opt.cpus;
        uint64_t best_key = safe;
        for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
            key_queue *queue = &queues[cpu];
            if (queue->first < queue->end && queue->keys[queue->first] < best_key) {
                best = cpu;
                best_key = queue->keys[queue->first];
            }
        }
        if (best == opt.cpus) {
            return;
        }
        queues[best].first++;
        all.emitted++;
        EXPECT(best_key > last.emitted || (best_key == last.emitted && best >= last.emitted_cpu), "global order",
               best_key, last.emitted);
        last.emitted = best_key;
        last.emitted_cpu = best;
    }
}

void poll_all(void)
{
    const rv_session_page *session = (const rv_session_page *)(void *)image;
    bool by_clock = opt.order == RV_ORDER_CLOCK;
    uint64_t safe = by_clock ? rv_clock() : rv_load_acquire(&session->next_index);
    rv_fence_full();
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        reader_watch watch = reader_look(&readers[cpu]);
        last.cpu = cpu;
        reader_poll(&readers[cpu], watch.published, true, sink, NULL);
        if (!watch.quiet) {
            uint64_t own = by_clock ? last.key[cpu] : last.key[cpu] + 1;
            safe = own < safe ? own : safe;
        }
    }
    emit_below(safe);
    all.polls++;
}

void scribble(void)
{
    uint64_t random = opt.seed * 0x9e3779b97f4a7c15ull | 1;
    while (__atomic_load_n(&running, __ATOMIC_ACQUIRE) != 0) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        reader_ring *reader = &readers[random % opt.cpus];
        uint64_t published = rv_load(&reader->producer->published);
        uint64_t lies[8] = {random,        published,     published + 8, published - (random & 0xfff8),
                            published - 8, published + 1, UINT64_MAX,    rv_load(&reader->producer->reserved)};
        rv_store(&reader->consumer->consumed, lies[random >> 61]);
    }
}
