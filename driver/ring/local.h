/*
 * local.h - read-modify-writes of what only the writers of one CPU change: the positions and counters of its ring.
 *
 * Their one rival is an interrupt of the same CPU, which comes between two instructions and never within one. So on x64
 * the instruction needs no lock prefix: without it, it is two accesses for other CPUs, but those only load. Other CPUs
 * still see the stores of this one in program order, which is what release and acquire ask for; what a locked instruction
 * does more, to wait until earlier stores are seen, no barrier of the ring relies on (assure/ORDERING.md). A thread that
 * the system moves to another CPU in between, as on a host, is no rival either: it runs on one at a time.
 *
 * ARM64 has no such instruction: a load exclusive and a store exclusive, as for all CPUs. So has the thread sanitizer,
 * which cannot see into assembly. RV_LOCKED_LOCAL takes the locked ones anyway, for a benchmark to say what the others save.
 */
#ifndef RINGVIEW_LOCAL_H
#define RINGVIEW_LOCAL_H

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RV_SANITIZED_THREADS 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define RV_SANITIZED_THREADS 1
#endif

#if defined(RV_TRACED_LOCAL)
/* assure/order supplies them. */

#elif defined(__GNUC__) && defined(__x86_64__) && !defined(RV_SANITIZED_THREADS) && !defined(RV_LOCKED_LOCAL)

/* Acquire and release semantics. Returns whether `*p` was `expected` and so was set to `desired`. */
static inline bool rv_cas_local(uint64_t *p, uint64_t expected, uint64_t desired)
{
    bool exchanged;
    __asm__ volatile("cmpxchgq %3, %1" : "=@ccz"(exchanged), "+m"(*p), "+a"(expected) : "r"(desired) : "memory");
    return exchanged;
}

static inline void rv_add_local(uint64_t *p, uint64_t value)
{
    __asm__ volatile("addq %1, %0" : "+m"(*p) : "er"(value) : "memory", "cc");
}

#elif defined(_MSC_VER) && defined(_M_AMD64) && !defined(__GNUC__)

/* Microsoft's compiler has neither inline assembly for x64 nor such an intrinsic: local_x64.asm. */
bool rv_cas_local(uint64_t *p, uint64_t expected, uint64_t desired);
void rv_add_local(uint64_t *p, uint64_t value);

#else

static inline bool rv_cas_local(uint64_t *p, uint64_t expected, uint64_t desired)
{
    return rv_cas(p, expected, desired);
}

static inline void rv_add_local(uint64_t *p, uint64_t value)
{
    (void)rv_fetch_add(p, value);
}

#endif

#endif
