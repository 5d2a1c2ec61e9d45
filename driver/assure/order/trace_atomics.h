/*
 * trace_atomics.h - forced in front of the ring's sources: turns the compiler's atomics, from which platform.h makes its
 * own, into calls that write down what is accessed and with which order. What is checked is then the order of the code
 * as it stands, platform.h included, not a copy of it.
 */
#ifndef RINGVIEW_TRACE_ATOMICS_H
#define RINGVIEW_TRACE_ATOMICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t trace_load(const void *p, size_t bytes, int order);
void trace_store(void *p, size_t bytes, uint64_t value, int order);
uint64_t trace_fetch_add(void *p, size_t bytes, uint64_t value, int order);
bool trace_exchange(void *p, size_t bytes, void *expected, uint64_t desired, int order);
bool trace_exchange_local(uint64_t *p, uint64_t expected, uint64_t desired);
void trace_add_local(uint64_t *p, uint64_t value);
void trace_fence(int order);

/* local.h makes its own of assembly, which instructions.mjs looks at. */
#define RV_TRACED_LOCAL
#define rv_cas_local trace_exchange_local
#define rv_add_local trace_add_local

#ifndef RV_TRACE_SELF
#define __atomic_load_n(p, order) ((__typeof__(*(p)))trace_load((p), sizeof *(p), (order)))
#define __atomic_store_n(p, value, order) trace_store((p), sizeof *(p), (uint64_t)(value), (order))
#define __atomic_fetch_add(p, value, order) ((__typeof__(*(p)))trace_fetch_add((p), sizeof *(p), (value), (order)))
#define __atomic_compare_exchange_n(p, expected, desired, weak, success, failure)                                      \
    ((void)(weak), (void)(failure), trace_exchange((p), sizeof *(p), (expected), (desired), (success)))
#define __atomic_thread_fence(order) trace_fence(order)
/* Orders nothing that another CPU could see. */
#define __atomic_signal_fence(order) ((void)(order))
#endif

#endif
