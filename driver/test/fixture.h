/*
 * fixture.h - a session in private memory with a clock, a CPU and interrupts that the test rules.
 */
#ifndef RINGVIEW_TEST_FIXTURE_H
#define RINGVIEW_TEST_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/log.h"
#include "../ring/points.h"
#include "reader.h"

#define FIXTURE_CPUS 4
/* rv_clock gives this plus 10, 20, 30... */
#define FIXTURE_CLOCK 1000000u
#define FIXTURE_PID 4242u
#define FIXTURE_TID 4248u

typedef struct fixture {
    rv_session_config config;
    rv_geometry geometry;
    uint8_t *image;
    rv_ring rings[FIXTURE_CPUS];
} fixture;

/* A published session of `cpus` rings of `ring_bytes`. Ends the program if it cannot be made. */
fixture fixture_make(uint32_t cpus, uint64_t ring_bytes, uint32_t ring_mode, uint32_t order_mode);
void fixture_free(fixture *f);

/* Makes a ring, still untouched, go on from `position` as if everything before had been written and read. */
void fixture_move(rv_ring *ring, uint64_t position);

/* The consumer page, which rings themselves may not write. */
rv_consumer_page *fixture_consumer(const rv_ring *ring);

/* A payload whose bytes follow from `seed`; `check` says whether they still do. */
void payload_fill(uint8_t *bytes, uint32_t length, uint32_t seed);
bool payload_check(const uint8_t *bytes, uint32_t length, uint32_t seed);

/* Writes `length` such bytes with remarks = seed. */
rv_status fixture_write(rv_ring *ring, uint32_t length, uint32_t seed);

/* Reads all that is published and frees it. */
void fixture_drain(reader_ring *reader, reader_sink *sink, void *context);

/* A sink that checks each payload against its remarks, the header against what fixture_write says, and the order. */
typedef struct seen {
    uint64_t count;
    uint64_t bad;
    uint64_t last_index;
    uint64_t last_timestamp;
    uint64_t nested;
    uint32_t last_seed;
} seen;
void seen_sink(void *context, const rv_record *header, const uint8_t *payload, uint64_t position, uint64_t lost_before);

/* ---- the platform ---- */

void platform_reset(void);
void platform_set_cpu(uint32_t cpu);
/* What a walk over the stack finds; without, it is the true one. */
void platform_set_stack(const uint64_t *frames, uint32_t count);
void platform_set_may_page(bool may_page);
/* What `rv_clock` returns next; each call adds 10. */
void platform_set_clock(uint64_t clock);
/* What it returned last. */
uint64_t platform_clock(void);
/* Pins not yet undone. */
uint64_t platform_pins(void);

/*
 * Lets `interrupt` run when a writer comes to `point` for the `skip`+1st time, once. Interrupts may interrupt one
 * another: a second registration runs when the first has started and its writer comes to its point.
 */
typedef void interrupt_routine(rv_ring *ring, void *context);
void interrupt_at(rv_point point, uint32_t skip, interrupt_routine *routine, void *context);
/* Whether all registered interrupts have run. Forgets them. */
bool interrupts_ran(void);
/* Lets `routine` look on at every point, before any interrupt; NULL ends that. It does not write. */
void observe_points(interrupt_routine *routine, void *context);
/* How often, since platform_reset, a position that only grows was seen at a point to have gone back. */
uint64_t positions_gone_back(void);
/* How often each point has been passed since platform_reset. */
uint64_t point_count(rv_point point);

#endif
