/*
 * writers.c - threads that stand for CPUs and write, and the interrupts that land on them: signals of timers, at any
 * instruction, and calls at the test points of the ring, far more often than signals can be.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../ring/points.h"
#include "stress.h"

/* Attempts beyond its quota that a writer makes until a lie has been noticed. */
#define LONGEST_PATIENCE 200000000u

static __thread writer *self;

/* ---- the platform: a thread stays on its CPU ---- */

uint64_t rv_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint32_t rv_pid(void)
{
    return STRESS_PID;
}

uint32_t rv_tid(void)
{
    return self != NULL ? self->cpu : 0;
}

/* Interrupts may not: their texts are formatted in a slot. */
bool rv_may_page(void)
{
    return self != NULL && rv_load32(&self->inside) == 0;
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
    return (rv_pin){.cpu = self != NULL ? self->cpu : 0,
                    .irql = self != NULL && rv_load32(&self->inside) != 0 ? RV_IRQL_BORROWED : 0};
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)pin;
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

uint32_t checksum(const uint8_t *bytes, uint32_t length)
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

/* A text that carries its own checksum. Formatted on the stack or, by an interrupt, in the slot of its depth. */
static rv_status attempt_text(writer *w, uint64_t random)
{
    char text[64];
    int length = snprintf(text, sizeof text, "cpu %u draws %016" PRIx64, w->cpu, random);
    rv_fetch_add(&w->attempts, 1);
    rv_status status = LogMessageLevel((uint8_t)w->cpu, "%.*s #%08x", length - (int)(random & 15), text,
                                       checksum((const uint8_t *)text, (uint32_t)length - (uint32_t)(random & 15)));
    if (status != RV_OK && status != RV_LOST_FULL && status != RV_LOST_NESTING) {
        rv_fetch_add(&w->bad_status, 1);
    }
    return status;
}

static rv_status attempt(writer *w)
{
    uint64_t random = next_random(w);
    if (opt.texts != 0 && (random >> 33) % opt.texts == 0) {
        return attempt_text(w, random);
    }
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
    rv_record_info info = {.level = (uint8_t)w->cpu, .type = (uint16_t)(1 + w->cpu), .irql = rv_pin_cpu().irql};
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

/* A hostile client may not have had its turn yet, on a machine that has other things to do: the writer waits for it by going on. */
static bool unnoticed(const writer *w)
{
    return opt.hostile && rv_load(&w->ring->producer->bad_consumer) == 0 &&
           rv_load(&w->attempts) < w->quota + LONGEST_PATIENCE;
}

void *run_writer(void *context)
{
    writer *w = context;
    timer_t timers[LEVELS];
    self = w;
    if (opt.signal_ns != 0) {
        start_timers(timers);
    }
    while (rv_load(&w->attempts) < w->quota || unnoticed(w)) {
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

void handle_signals(void)
{
    for (int i = 0; i < LEVELS; i++) {
        /* A higher level interrupts a lower one and never the other way: last in, first out. */
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        for (int lower = 0; lower <= i; lower++) {
            sigaddset(&action.sa_mask, SIGRTMIN + lower);
        }
        sigaction(SIGRTMIN + i, &action, NULL);
    }
}
