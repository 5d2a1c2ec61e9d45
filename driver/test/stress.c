/*
 * stress.c - writers on threads, interrupted by signals that log too, against a reader that runs all the while: the
 * whole protocol under real concurrency, in both modes and both orders.
 *
 * Checked: every text's own checksum; every attempt is read or lost, exactly; records come out in one order that a
 * watermark makes final. One run lets a hostile client scribble over the consumer pages instead.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../host/fnv1a.h"
#include "../host/options.h"
#include "../host/platform_host.h"
#include "../host/workload.h"
#include "../include/ringview/log.h"
#include "../ring/platform.h"
#include "reader.h"
#include "test.h"

#define CPUS 2

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define ATTEMPTS 60000
#endif
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 300000
#endif

/* Keys of records that were read and wait for the watermark. */
typedef struct key_queue {
    uint64_t *keys;
    uint64_t first, end, capacity;
} key_queue;

typedef struct stress {
    host_options options;
    workload load;
    rv_ring rings[CPUS];
    uint8_t *image;
    uint64_t image_bytes;
    rv_log log;
    rv_log_slot slots[CPUS * RV_MAX_NESTING];

    reader_ring readers[CPUS];
    key_queue queues[CPUS];
    uint32_t reading; /* the CPU being read, for the sink */
    uint64_t last_key[CPUS];
    uint64_t bad_texts;
    uint64_t texts;
    uint64_t nested;
    uint64_t out_of_order; /* within a CPU */
    uint64_t emitted;
    uint64_t last_emitted; /* key */
    uint32_t last_emitted_cpu;
    uint64_t broken_order; /* over all CPUs */
    uint64_t polls;
} stress;

static bool text_is_whole(const uint8_t *payload, uint32_t length)
{
    char sum[16];
    if (length < 11) {
        return false;
    }
    snprintf(sum, sizeof sum, " #%08x", fnv1a32(payload, length - 10));
    return memcmp(payload + length - 10, sum, 10) == 0;
}

static void sink(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                 uint64_t lost_before)
{
    (void)position;
    (void)lost_before;
    stress *s = context;
    uint32_t cpu = s->reading;
    uint64_t key = s->options.order_mode == RV_ORDER_CLOCK ? header->timestamp : header->index;

    s->out_of_order += key < s->last_key[cpu] || header->cpu != cpu;
    s->last_key[cpu] = key;
    s->nested += (header->flags & RV_FLAG_NESTED) != 0;
    if (header->type == RV_TYPE_TEXT) {
        s->texts++;
        s->bad_texts += !text_is_whole(payload, header->length);
    }

    key_queue *queue = &s->queues[cpu];
    if (queue->end == queue->capacity) {
        queue->capacity = queue->capacity == 0 ? 4096 : queue->capacity * 2;
        queue->keys = realloc(queue->keys, queue->capacity * sizeof *queue->keys);
        if (queue->keys == NULL) {
            abort();
        }
    }
    queue->keys[queue->end++] = key;
}

/* Emits what lies below `safe` in order of (key, cpu), and checks that this order never goes back. */
static void emit_below(stress *s, uint64_t safe)
{
    for (;;) {
        uint32_t best = CPUS;
        uint64_t best_key = safe;
        for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
            key_queue *queue = &s->queues[cpu];
            if (queue->first < queue->end && queue->keys[queue->first] < best_key) {
                best = cpu;
                best_key = queue->keys[queue->first];
            }
        }
        if (best == CPUS) {
            return;
        }
        s->queues[best].first++;
        s->emitted++;
        s->broken_order += best_key < s->last_emitted || (best_key == s->last_emitted && best < s->last_emitted_cpu);
        s->last_emitted = best_key;
        s->last_emitted_cpu = best;
    }
}

static void poll_all(stress *s)
{
    const rv_session_page *session = (const rv_session_page *)(void *)s->image;
    bool by_clock = s->options.order_mode == RV_ORDER_CLOCK;
    uint64_t safe = by_clock ? rv_clock() : rv_load_acquire(&session->next_index);
    rv_fence_full();
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        reader_watch watch = reader_look(&s->readers[cpu]);
        s->reading = cpu;
        reader_poll(&s->readers[cpu], watch.published, true, sink, s);
        if (!watch.quiet) {
            /* Equal ticks may still come in clock order; an index is never taken twice. */
            uint64_t own = by_clock ? s->last_key[cpu] : s->last_key[cpu] + 1;
            safe = own < safe ? own : safe;
        }
    }
    emit_below(s, safe);
    s->polls++;
}

static void *scribble(void *context)
{
    stress *s = context;
    uint64_t random = 0x9e3779b97f4a7c15ull;
    while (workload_running(&s->load)) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        reader_ring *reader = &s->readers[random % CPUS];
        uint64_t published = rv_load(&reader->producer->published);
        uint64_t lies[4] = {random, published, published + 8, published - (random & 0xff8)};
        rv_store(&reader->consumer->consumed, lies[random >> 62]);
    }
    return NULL;
}

static void check_counters(stress *s, uint32_t cpu)
{
    const rv_producer_page *p = s->rings[cpu].producer;
    CHECK_EQUAL(p->nesting, 0);
    CHECK_EQUAL(p->published, p->reserved);
    CHECK_EQUAL(s->load.cpus[cpu].attempted, ATTEMPTS / CPUS);
    CHECK_EQUAL(p->written + p->lost, ATTEMPTS / CPUS);
    CHECK_EQUAL(p->lost, p->lost_full + p->lost_too_big + p->lost_zero_length + p->lost_missing_data + p->lost_nesting);
    CHECK(p->lost_too_big > 0 && p->lost_zero_length > 0 && p->lost_missing_data > 0);
}

static void check_reading(stress *s, uint32_t cpu)
{
    const rv_producer_page *p = s->rings[cpu].producer;
    const reader_ring *reader = &s->readers[cpu];
    CHECK_EQUAL(reader->read + reader->lost + reader_trailing_losses(reader), ATTEMPTS / CPUS);
    CHECK_EQUAL(reader->corrupt, 0);
    CHECK_EQUAL(p->bad_consumer, 0);
    if (s->options.ring_mode == RV_MODE_DROP_NEW) {
        CHECK_EQUAL(reader->read, p->written);
        CHECK_EQUAL(reader->lapped, 0);
        CHECK_EQUAL(p->overwritten, 0);
    }
}

static void set_up(stress *s)
{
    rv_session_config config = {.cpu_count = CPUS,
                                .ring_mode = s->options.ring_mode,
                                .order_mode = s->options.order_mode,
                                .ring_bytes = s->options.ring_bytes,
                                .qpc_frequency = RV_HOST_CLOCK_FREQUENCY};
    rv_geometry geometry;
    CHECK_EQUAL(rv_session_geometry(&config, &geometry), RV_OK);
    s->image_bytes = geometry.image_bytes;
    s->image = aligned_alloc(RV_PAGE, s->image_bytes);
    memset(s->image, 0, s->image_bytes);
    CHECK_EQUAL(rv_image_init(s->image, s->image_bytes, &config, s->rings), RV_OK);
    CHECK_EQUAL(rv_log_init(&s->log, s->rings, CPUS, s->slots), RV_OK);
    rv_session_publish((rv_session_page *)(void *)s->image);
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        CHECK(reader_open(&s->readers[cpu], s->image, s->image_bytes, cpu));
    }
    rv_log_attach(&s->log);
}

static void tear_down(stress *s)
{
    rv_log_detach();
    workload_free(&s->load);
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        reader_close(&s->readers[cpu]);
        free(s->queues[cpu].keys);
    }
    free(s->image);
}

static void run(uint32_t mode, uint32_t order, uint64_t ring_bytes, uint64_t rate, bool hostile)
{
    static stress s;
    memset(&s, 0, sizeof s);
    s.options = (host_options){.cpus = CPUS,
                               .count = ATTEMPTS,
                               .rate = rate,
                               .ring_bytes = ring_bytes,
                               .ring_mode = mode,
                               .order_mode = order,
                               .binary = 11,
                               .faults = 101,
                               .signals = true,
                               .checksum = true};
    set_up(&s);
    char error[256];
    bool started = workload_start(&s.load, &s.options, error, sizeof error);
    CHECK(started);
    pthread_t scribbler;
    if (hostile) {
        CHECK_EQUAL(pthread_create(&scribbler, NULL, scribble, &s), 0);
    }
    while (workload_running(&s.load)) {
        if (!hostile) {
            poll_all(&s);
        }
    }
    workload_join(&s.load);
    if (hostile) {
        pthread_join(scribbler, NULL);
    } else {
        poll_all(&s);
    }

    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        check_counters(&s, cpu);
        if (hostile) {
            CHECK(s.rings[cpu].producer->bad_consumer > 0);
            const rv_producer_page *p = s.rings[cpu].producer;
            CHECK(p->reserved - (mode == RV_MODE_DROP_NEW ? s.rings[cpu].accepted : p->tail) <= ring_bytes);
        } else {
            check_reading(&s, cpu);
        }
    }
    if (!hostile) {
        CHECK_EQUAL(s.emitted, s.readers[0].read + s.readers[1].read);
        CHECK_EQUAL(s.bad_texts, 0);
        CHECK_EQUAL(s.out_of_order, 0);
        CHECK_EQUAL(s.broken_order, 0);
        CHECK(s.texts > 0);
        printf("%s, %s order, %7llu bytes: %llu attempts, %llu read, %llu nested, %llu holes, %llu bytes lapped, "
               "%llu polls\n",
               mode == RV_MODE_DROP_NEW ? "drop-new" : "overwrite-old", order == RV_ORDER_INDEX ? "index" : "clock",
               (unsigned long long)ring_bytes, (unsigned long long)ATTEMPTS,
               (unsigned long long)(s.readers[0].read + s.readers[1].read), (unsigned long long)s.nested,
               (unsigned long long)(s.rings[0].producer->index_holes + s.rings[1].producer->index_holes),
               (unsigned long long)(s.readers[0].lapped + s.readers[1].lapped), (unsigned long long)s.polls);
    }
    tear_down(&s);
}

static void drop_new(void)
{
    run(RV_MODE_DROP_NEW, RV_ORDER_INDEX, 4096, 0, false);
    run(RV_MODE_DROP_NEW, RV_ORDER_CLOCK, 65536, 0, false);
    run(RV_MODE_DROP_NEW, RV_ORDER_INDEX, 1048576, 1000000, false);
}

static void overwrite_old(void)
{
    run(RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX, 4096, 0, false);
    run(RV_MODE_OVERWRITE_OLD, RV_ORDER_CLOCK, 65536, 0, false);
    run(RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX, 1048576, 1000000, false);
}

static void hostile_consumer(void)
{
    run(RV_MODE_DROP_NEW, RV_ORDER_INDEX, 4096, 0, true);
    run(RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX, 4096, 0, true);
}

int main(void)
{
    rv_host_start();
    RUN(drop_new);
    RUN(overwrite_old);
    RUN(hostile_consumer);
    return REPORT();
}
