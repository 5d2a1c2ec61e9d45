/*
 * platform_host.h - a host program's stand-ins for CPUs and interrupts: a thread bound to a CPU number is that CPU, and
 * its signal handlers are the CPU's interrupts.
 */
#ifndef RINGVIEW_PLATFORM_HOST_H
#define RINGVIEW_PLATFORM_HOST_H

#include <stdint.h>

/* Ticks a second of rv_clock: CLOCK_MONOTONIC in nanoseconds. */
#define RV_HOST_CLOCK_FREQUENCY 1000000000ull

/* Remembers the process id, so that records need no system call for it. Before the first record. */
void rv_host_start(void);

/* Makes the calling thread CPU `cpu`, and remembers its id. Each number belongs to one thread at a time. */
void rv_host_bind(uint32_t cpu);

/* Brackets a signal handler that logs: between them the thread counts as being above DISPATCH_LEVEL. */
void rv_host_interrupt_begin(void);
void rv_host_interrupt_end(void);

/* The wall clock in 100 ns units since 1601-01-01 UTC. */
uint64_t rv_host_filetime(void);

#endif
