/*
 * bench.h - what the measuring programs share: two clocks, and the argument of a count.
 */
#ifndef RINGVIEW_BENCH_H
#define RINGVIEW_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Nanoseconds this thread has run: what other programs take of the CPU does not count. */
static inline uint64_t bench_thread_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Nanoseconds that have passed: for what is compared with programs that can only be timed from outside. */
static inline uint64_t bench_wall_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Argument `at` as a number above zero. Ends the program if it is not there. */
static inline uint64_t bench_number(int argc, char **argv, int at)
{
    uint64_t value = at < argc ? strtoull(argv[at], NULL, 10) : 0;
    if (value == 0) {
        fprintf(stderr, "%s: argument %d must be a number above 0\n", argv[0], at);
        exit(2);
    }
    return value;
}

#endif
