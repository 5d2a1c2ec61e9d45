/*
 * atomics.h - forced in front of the sources that Eva analyses: turns the compiler's atomics, from which platform.h makes
 * its own, into calls of the model that each analysis brings. What others may have done to a word since it was last
 * looked at, a client, another CPU or an interrupt of this one, is the model's to say; nothing is remembered between two
 * accesses that the model does not vouch for.
 */
#ifndef RINGVIEW_PROOF_ATOMICS_H
#define RINGVIEW_PROOF_ATOMICS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef RV_PROOF_PLAIN_ATOMICS

/* For words that are declared volatile: Eva takes them for anything at each look by itself. */
uint64_t proof_swap(void *p, uint64_t bytes, uint64_t value);
#define __atomic_exchange_n(p, value, order) ((void *)proof_swap((void *)(p), sizeof *(p), (uint64_t)(value)))
#define __atomic_compare_exchange_n(p, expected, desired, weak, success, failure)                                      \
    ({                                                                                                                 \
        bool same = *(p) == *(expected);                                                                               \
        if (same)                                                                                                      \
            *(p) = (desired);                                                                                          \
        else                                                                                                           \
            *(expected) = *(p);                                                                                        \
        same;                                                                                                          \
    })
#define __atomic_fetch_add(p, value, order) ((void)(*(p) += (value)))

#else

uint64_t proof_load(const void *p, uint64_t bytes);
void proof_store(void *p, uint64_t bytes, uint64_t value);
/* Returns whether the exchange took place; what was there is not compared, for nobody knows it. */
bool proof_exchange(void *p, uint64_t desired);

/* local.h makes its own of assembly, which Eva cannot see into: the instructions are looked at by assure/order. */
#define RV_TRACED_LOCAL
#define rv_cas_local(p, expected, desired) ((void)(expected), proof_exchange((p), (desired)))
#define rv_add_local(p, value) proof_store((p), sizeof *(p), proof_load((p), sizeof *(p)) + (value))

#define __atomic_load_n(p, order) ((__typeof__(*(p)))proof_load((p), sizeof *(p)))
#define __atomic_store_n(p, value, order) proof_store((p), sizeof *(p), (uint64_t)(value))
#define __atomic_fetch_add(p, value, order)                                                                            \
    (proof_store((p), sizeof *(p), proof_load((p), sizeof *(p)) + (value)), proof_load((p), sizeof *(p)))
#define __atomic_compare_exchange_n(p, expected, desired, weak, success, failure)                                      \
    ((void)(expected), proof_exchange((p), (uint64_t)(desired)))

#endif

#define __atomic_thread_fence(order) ((void)0)
#define __atomic_signal_fence(order) ((void)0)
#define __builtin_ia32_lfence() ((void)0)

#endif
