/*
 * stress.c - writers that are interrupted all the time, up to three deep, against a reader that checks every record.
 *
 * A thread stands for a CPU. It is interrupted in two ways: by signals from timers, at any instruction, and at the test
 * points of the ring by calls that behave like interrupts, far more often than signals can be. Both write records
 * themselves and may be interrupted in turn. With --hostile a client scribbles over the consumer pages instead of reading.
 *
 * Checked: each record's checksum, its CPU, its header; that sequence, index and clock rise on a CPU; that a watermark
 * gives one order that never goes back; that attempts = read + lost to the last one. One line of JSON says what was done.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../include/ringview/ring.h"
#include "../../ring/points.h"
#include "../../test/reader.h"
#include "../lib/plain_platform.h"

#define MAX_CPUS 8
#define LEVELS 3
#define MAX_PAYLOAD 1024

typedef struct options {
    uint32_t cpus, mode, order, hostile;
    uint64_t ring_bytes, attempts, signal_ns, point_mask, seed;
} options;

typedef struct writer {
    rv_ring *ring;
    uint32_t cpu;
    pthread_t thread;
    uint64_t quota;
    uint64_t random;
    uint64_t attempts; /* counted by every level */
    uint64_t signals, injected;
    uint32_t inside; /* interrupts running now, of both kinds */
    uint64_t deepest;
    uint64_t bad_status;
} writer;

typedef struct key_queue {
    uint64_t *keys;
    uint64_t first, end, capacity;
} key_queue;

static options opt = {.cpus = 2,
                      .mode = RV_MODE_DROP_NEW,
                      .order = RV_ORDER_INDEX,
                      .ring_bytes = 16384,
                      .attempts = 1000000,
                      .signal_ns = 20000,
                      .point_mask = 63,
                      .seed = 1};
static writer writers[MAX_CPUS];
static rv_ring rings[MAX_CPUS];
static reader_ring readers[MAX_CPUS];
static key_queue queues[MAX_CPUS];
static uint8_t *image;
static uint32_t running;
static uint64_t failures;
static __thread writer *self;

static struct {
    uint32_t cpu;
    uint64_t last_index[MAX_CPUS], last_timestamp[MAX_CPUS], last_key[MAX_CPUS];
    uint64_t nested, emitted, last_emitted, polls;
} seen;

static void fail(const char *what, uint64_t a, uint64_t b)
{
    if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 10) {
        fprintf(stderr, "%s: %" PRIu64 ", %" PRIu64 "\n", what, a, b);
    }
}

#define EXPECT(condition, what, a, b)                                                                                  \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fail(what, (uint64_t)(a), (uint64_t)(b));                                                                  \
        }                                                                                                              \
    } while (0)

/* ---- the platform ---- */

uint64_t rv_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- writing ---- */

static uint64_t next_random(writer *w)
{
    /* Interrupts draw from the same state; a draw that is repeated is as good as another. */
    uint64_t x = rv_load(&w->random);
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    rv_store(&w->random, x);
    return x * 0x2545f4914f6cdd1dull;
}

static uint32_t checksum(const uint8_t *bytes, uint32_t length)
{
    uint64_t hash = 0xcbf29ce484222325ull ^ length;
    for (; length >= 8; length -= 8, bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
        hash ^= hash >> 29;
    }
    for (; length > 0; length--) {
        hash = (hash ^ *bytes++) * 0x100000001b3ull;
    }
    return (uint32_t)(hash ^ hash >> 32);
}

static rv_status attempt(writer *w)
{
    uint64_t random = next_random(w);
    uint8_t payload[MAX_PAYLOAD];
    /* Mostly short; sometimes the longest and what must be refused. */
    uint32_t length = 1 + (uint32_t)(random >> 8) % 48;
    const void *data = payload;
    switch (random & 0xff) {
    case 0:
        length = 0;
        break;
    case 1:
        data = NULL;
        break;
    case 2:
        length = w->ring->max_length + 1;
        break;
    case 3:
        length = w->ring->max_length < MAX_PAYLOAD ? w->ring->max_length : MAX_PAYLOAD;
        break;
    default:
        break;
    }
    if (data != NULL && length <= MAX_PAYLOAD) {
        uint64_t filler = random;
        for (uint32_t i = 0; i < length; i++) {
            if (i % 8 == 0) {
                filler = filler * 6364136223846793005ull + 1442695040888963407ull;
            }
            payload[i] = (uint8_t)(filler >> (8 * (i % 8)));
        }
    }
    rv_record_info info = {.level = (uint8_t)w->cpu, .type = (uint16_t)(1 + w->cpu)};
    if (data != NULL && length <= MAX_PAYLOAD) {
        info.remarks = checksum(payload, length);
    }
    rv_fetch_add(&w->attempts, 1);
    rv_status status = rv_ring_write(w->ring, &info, data, length);
    if (status == RV_OK                  ? length == 0 || data == NULL || length > w->ring->max_length
        : status == RV_LOST_ZERO_LENGTH  ? length != 0
        : status == RV_LOST_MISSING_DATA ? data != NULL
        : status == RV_LOST_TOO_BIG      ? length <= w->ring->max_length
                                         : status != RV_LOST_FULL && status != RV_LOST_NESTING) {
        rv_fetch_add(&w->bad_status, 1);
    }
    return status;
}

static void interrupt(writer *w)
{
    uint32_t depth = rv_load32(&w->inside) + 1;
    rv_store32(&w->inside, depth);
    if (depth > rv_load(&w->deepest)) {
        rv_store(&w->deepest, depth);
    }
    (void)attempt(w);
    rv_store32(&w->inside, depth - 1);
}

void rv_test_point(struct rv_ring *ring, rv_point point)
{
    writer *w = self;
    (void)point;
    if (w == NULL) {
        return;
    }
    /*
     * Whatever a client says, at every step: what is reserved and not published fits the ring, and none of it is given
     * away. `published` is loaded last, as a signal may land in between and move all of them.
     */
    uint64_t reserved = rv_load(&ring->producer->reserved);
    uint64_t accepted = rv_load(&ring->accepted);
    uint64_t tail = rv_load(&ring->producer->tail);
    uint64_t published = rv_load(&ring->producer->published);
    EXPECT(published >= reserved || reserved - published <= opt.ring_bytes, "unpublished records overlap", reserved,
           published);
    EXPECT(accepted <= published && tail <= published, "unpublished records are free", accepted, published);
    if (opt.hostile && (next_random(w) >> 40 & 7) == 0) {
        /* The lies that could do harm depend on where a writer stands just now: no other thread would hit that. */
        rv_store(&readers[w->cpu].consumer->consumed, rv_load(&ring->producer->reserved));
    }
    if (opt.point_mask != 0 && rv_load32(&w->inside) < LEVELS && (next_random(w) >> 20 & opt.point_mask) == 0) {
        rv_fetch_add(&w->injected, 1);
        interrupt(w);
    }
}

static void on_signal(int number)
{
    int code = errno;
    (void)number;
    if (self != NULL) {
        rv_fetch_add(&self->signals, 1);
        interrupt(self);
    }
    errno = code;
}

static void start_timers(timer_t *timers)
{
    for (int i = 0; i < LEVELS; i++) {
        struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + i};
        event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
        if (timer_create(CLOCK_MONOTONIC, &event, &timers[i]) != 0) {
            fail("timer_create", (uint64_t)errno, 0);
            exit(1);
        }
        /* Not multiples of one another, so that they meet at every distance. */
        long period = (long)opt.signal_ns * (i == 0 ? 10 : i == 1 ? 13 : 17) / 10;
        struct itimerspec every = {{0, period}, {0, period}};
        timer_settime(timers[i], 0, &every, NULL);
    }
}

static void *run_writer(void *context)
{
    writer *w = context;
    timer_t timers[LEVELS];
    self = w;
    if (opt.signal_ns != 0) {
        start_timers(timers);
    }
    while (rv_load(&w->attempts) < w->quota) {
        if (attempt(w) == RV_LOST_FULL && !opt.hostile) {
            sched_yield();
        }
    }
    if (opt.signal_ns != 0) {
        for (int i = 0; i < LEVELS; i++) {
            timer_delete(timers[i]);
        }
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, NULL);
    }
    self = NULL;
    __atomic_fetch_sub(&running, 1, __ATOMIC_RELEASE);
    return NULL;
}

/* ---- reading ---- */

static void sink(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                 uint64_t lost_before)
{
    (void)context;
    (void)position;
    (void)lost_before;
    uint32_t cpu = seen.cpu;
    EXPECT(header->cpu == cpu && header->level == cpu && header->type == 1 + cpu && header->pid == PLAIN_PID,
           "foreign header", header->cpu, cpu);
    EXPECT(header->length <= MAX_PAYLOAD && checksum(payload, header->length) == header->remarks, "torn record",
           header->sequence, header->length);
    uint64_t filled = header->length;
    for (; filled % 8 != 0; filled++) {
        EXPECT(payload[filled] == 0, "padding not zero", header->sequence, payload[filled]);
    }
    EXPECT(opt.order == RV_ORDER_CLOCK ? header->index == 0 : header->index > seen.last_index[cpu], "index",
           header->index, seen.last_index[cpu]);
    EXPECT(header->timestamp >= seen.last_timestamp[cpu], "clock", header->timestamp, seen.last_timestamp[cpu]);
    seen.last_index[cpu] = header->index;
    seen.last_timestamp[cpu] = header->timestamp;
    seen.nested += (header->flags & RV_FLAG_NESTED) != 0;
    uint64_t key = opt.order == RV_ORDER_CLOCK ? header->timestamp : header->index;
    seen.last_key[cpu] = key;

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
        seen.emitted++;
        EXPECT(best_key >= seen.last_emitted, "global order", best_key, seen.last_emitted);
        seen.last_emitted = best_key;
    }
}

static void poll_all(void)
{
    const rv_session_page *session = (const rv_session_page *)(void *)image;
    bool by_clock = opt.order == RV_ORDER_CLOCK;
    uint64_t safe = by_clock ? rv_clock() : rv_load_acquire(&session->next_index);
    rv_fence_full();
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        reader_watch watch = reader_look(&readers[cpu]);
        seen.cpu = cpu;
        reader_poll(&readers[cpu], watch.published, true, sink, NULL);
        if (!watch.quiet) {
            uint64_t own = by_clock ? seen.last_key[cpu] : seen.last_key[cpu] + 1;
            safe = own < safe ? own : safe;
        }
    }
    emit_below(safe);
    seen.polls++;
}

static void *scribble(void *context)
{
    (void)context;
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
    return NULL;
}

/* ---- the run ---- */

static uint64_t number(const char *text)
{
    return strtoull(text, NULL, 10);
}

static void parse(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        if (strcmp(name, "--cpus") == 0) {
            opt.cpus = (uint32_t)number(value);
        } else if (strcmp(name, "--mode") == 0) {
            opt.mode = strcmp(value, "overwrite") == 0 ? RV_MODE_OVERWRITE_OLD : RV_MODE_DROP_NEW;
        } else if (strcmp(name, "--order") == 0) {
            opt.order = strcmp(value, "clock") == 0 ? RV_ORDER_CLOCK : RV_ORDER_INDEX;
        } else if (strcmp(name, "--ring-bytes") == 0) {
            opt.ring_bytes = number(value);
        } else if (strcmp(name, "--attempts") == 0) {
            opt.attempts = number(value);
        } else if (strcmp(name, "--signal-ns") == 0) {
            opt.signal_ns = number(value);
        } else if (strcmp(name, "--point-mask") == 0) {
            opt.point_mask = number(value);
        } else if (strcmp(name, "--seed") == 0) {
            opt.seed = number(value);
        } else if (strcmp(name, "--hostile") == 0) {
            opt.hostile = (uint32_t)number(value);
        } else {
            fprintf(stderr, "there is no option %s\n", name);
            exit(2);
        }
    }
    if (opt.cpus < 1 || opt.cpus > MAX_CPUS) {
        exit(2);
    }
}

static void check_cpu(uint32_t cpu, uint64_t *lost)
{
    const rv_producer_page *p = rings[cpu].producer;
    const writer *w = &writers[cpu];
    EXPECT(p->nesting == 0 && p->published == p->reserved, "left unpublished", p->published, p->reserved);
    EXPECT(p->written + p->lost == w->attempts, "attempts not accounted for", p->written + p->lost, w->attempts);
    EXPECT(p->lost == p->lost_full + p->lost_too_big + p->lost_zero_length + p->lost_missing_data + p->lost_nesting,
           "causes do not add up", p->lost, 0);
    EXPECT(w->bad_status == 0, "status does not fit its argument", w->bad_status, 0);
    EXPECT(p->published - rings[cpu].accepted <= opt.ring_bytes || opt.mode == RV_MODE_OVERWRITE_OLD, "overlap",
           p->published, rings[cpu].accepted);
    if (opt.hostile) {
        EXPECT(rings[cpu].accepted <= p->published, "accepted a lie", rings[cpu].accepted, p->published);
        return;
    }
    uint64_t trailing = reader_trailing_losses(&readers[cpu]);
    EXPECT(readers[cpu].read + readers[cpu].lost + trailing == w->attempts, "not every attempt was read or lost",
           readers[cpu].read + readers[cpu].lost + trailing, w->attempts);
    EXPECT(readers[cpu].corrupt == 0, "corrupt", readers[cpu].corrupt, 0);
    EXPECT(p->bad_consumer == 0, "an honest position was refused", p->bad_consumer, 0);
    if (opt.mode == RV_MODE_DROP_NEW) {
        EXPECT(readers[cpu].read == p->written && p->overwritten == 0 && p->tail == 0, "drop-new lost a written record",
               readers[cpu].read, p->written);
    } else {
        /* An unread record may be reclaimed and still have been copied in time, so this is a bound. */
        EXPECT(p->written - readers[cpu].read <= p->overwritten, "overwritten records not counted",
               p->written - readers[cpu].read, p->overwritten);
    }
    *lost += readers[cpu].lost + trailing;
}

int main(int argc, char **argv)
{
    parse(argc, argv);
    rv_session_config config = {.cpu_count = opt.cpus,
                                .ring_mode = opt.mode,
                                .order_mode = opt.order,
                                .ring_bytes = opt.ring_bytes,
                                .qpc_frequency = 1000000000};
    rv_geometry geometry;
    if (rv_session_geometry(&config, &geometry) != RV_OK) {
        fprintf(stderr, "no such session\n");
        return 2;
    }
    image = aligned_alloc(RV_PAGE, geometry.image_bytes);
    memset(image, 0, geometry.image_bytes);
    if (rv_image_init(image, geometry.image_bytes, &config, rings) != RV_OK) {
        return 2;
    }
    rv_session_publish((rv_session_page *)(void *)image);
    for (int i = 0; i < LEVELS; i++) {
        /* A higher level interrupts a lower one and never the other way: last in, first out. */
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        for (int lower = 0; lower <= i; lower++) {
            sigaddset(&action.sa_mask, SIGRTMIN + lower);
        }
        sigaction(SIGRTMIN + i, &action, NULL);
    }
    running = opt.cpus;
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        if (!reader_open(&readers[cpu], image, geometry.image_bytes, cpu)) {
            return 2;
        }
        writers[cpu] = (writer){.ring = &rings[cpu],
                                .cpu = cpu,
                                .quota = opt.attempts / opt.cpus,
                                .random = opt.seed * 0x9e3779b97f4a7c15ull + cpu + 1};
    }
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        if (pthread_create(&writers[cpu].thread, NULL, run_writer, &writers[cpu]) != 0) {
            return 2;
        }
    }
    if (opt.hostile) {
        scribble(NULL);
    } else {
        while (__atomic_load_n(&running, __ATOMIC_ACQUIRE) != 0) {
            poll_all();
        }
    }
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        pthread_join(writers[cpu].thread, NULL);
    }
    if (!opt.hostile) {
        poll_all();
    }

    uint64_t attempts = 0, read = 0, lost = 0, signals = 0, injected = 0, deepest = 0, holes = 0, refused = 0;
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        check_cpu(cpu, &lost);
        attempts += writers[cpu].attempts;
        read += readers[cpu].read;
        signals += writers[cpu].signals;
        injected += writers[cpu].injected;
        holes += rings[cpu].producer->index_holes;
        refused += rings[cpu].producer->bad_consumer;
        deepest = writers[cpu].deepest > deepest ? writers[cpu].deepest : deepest;
    }
    EXPECT(opt.hostile || seen.emitted == read, "not everything was emitted", seen.emitted, read);
    printf("{\"attempts\":%" PRIu64 ",\"read\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"nested\":%" PRIu64
           ",\"signals\":%" PRIu64 ",\"injected\":%" PRIu64 ",\"deepest\":%" PRIu64 ",\"holes\":%" PRIu64
           ",\"refused\":%" PRIu64 ",\"polls\":%" PRIu64 ",\"failures\":%" PRIu64 "}\n",
           attempts, read, lost, seen.nested, signals, injected, deepest, holes, refused, seen.polls, failures);
    return failures == 0 ? 0 : 1;
}
