/*
 * workload.h - what the simulated driver logs, and the threads and signals that do it.
 */
#ifndef RINGVIEW_WORKLOAD_H
#define RINGVIEW_WORKLOAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "options.h"

/* One CPU: a thread that logs its share, and, with --signals, timers that interrupt it. */
typedef struct workload_cpu {
    struct workload *load;
    uint32_t cpu;
    uint64_t quota;     /* attempts it may make; UINT64_MAX: no end */
    uint64_t attempted; /* counts interrupts' attempts too */
    pthread_t thread;
    uint8_t reserved[88]; /* attempts are counted without sharing a cache line pair */
} workload_cpu;

typedef struct workload {
    const host_options *options;
    workload_cpu *cpus;
    uint64_t start;         /* clock */
    uint32_t started;       /* threads */
    uint32_t running;       /* threads that still write */
    uint32_t stop;          /* 1: end early */
    uint32_t timer_failure; /* errno of timers that could not be made, or 0: then --signals has not been done */
} workload;

/*
 * Starts a thread for each CPU. The log is attached. If one cannot be started, ends the others and returns false, with
 * `error` set.
 */
bool workload_start(workload *load, const host_options *options, char *error, uint32_t error_bytes);

/* Whether a writer is still at work. */
bool workload_running(const workload *load);

/* Makes writers end soon. Callable from a signal handler. */
void workload_stop(workload *load);

/* Waits for the threads; afterwards `attempted` of each CPU is final. */
void workload_join(workload *load);

/* After workload_join, or a failed start. */
void workload_free(workload *load);

#endif
