/*
 * stress.h - what the parts of the stress share: the options of the run, the writers, and how a broken promise is told.
 */
#ifndef RINGVIEW_STRESS_H
#define RINGVIEW_STRESS_H

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "../../include/ringview/log.h"
#include "../../ring/platform.h"
#include "../reader.h"

#define MAX_CPUS 8
#define LEVELS 3
#define MAX_PAYLOAD 1024

/* What every record names as its writer's process. */
#define STRESS_PID 7u

typedef struct options {
    uint32_t cpus, mode, order, hostile;
    uint64_t ring_bytes, attempts, signal_ns, point_mask, seed;
    uint64_t texts; /* one attempt in so many is a LogMessage; 0: none */
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

/* What the reader has seen of all CPUs. */
typedef struct seen {
    uint64_t nested, texts, emitted, polls;
} seen;

extern options opt;
extern writer writers[MAX_CPUS];
extern rv_ring rings[MAX_CPUS];
extern reader_ring readers[MAX_CPUS];
extern uint8_t *image;
extern uint32_t running; /* writers still at work */
extern uint64_t failures;

void fail(const char *what, uint64_t a, uint64_t b);

#define EXPECT(condition, what, a, b)                                                                                  \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fail(what, (uint64_t)(a), (uint64_t)(b));                                                                  \
        }                                                                                                              \
    } while (0)

uint32_t checksum(const uint8_t *bytes, uint32_t length);

/* writers.c: the signals that interrupt, and a writer's thread; `context` is its writer. */
void handle_signals(void);
void *run_writer(void *context);

/* reading.c: one look of an honest reader at all CPUs; or a client that writes lies until the writers are done. */
void poll_all(void);
void scribble(void);
seen seen_so_far(void);

#endif
