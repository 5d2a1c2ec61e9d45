/*
 * platform.h - all that the ring asks of the machine and the system: atomics, the clock, the CPU and its IRQL.
 *
 * Two independent choices: atomics by compiler (GNU builtins, or the WDK's for MSVC), surroundings by target (kernel
 * when RV_KERNEL or the WDK's _KERNEL_MODE is defined, otherwise a host that supplies seven functions).
 *
 * All accesses to shared memory go through these functions: a plain load or store could be torn, repeated or invented
 * by the compiler.
 */
#ifndef RINGVIEW_PLATFORM_H
#define RINGVIEW_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#if defined(RV_KERNEL) || defined(_KERNEL_MODE)
#define RV_PLATFORM_KERNEL 1
#include <ntddk.h>
#else
#define RV_PLATFORM_KERNEL 0
#endif

/* ---- atomics ---------------------------------------------------------------------------------------------------- */

#if defined(__GNUC__)

static inline uint64_t rv_load(const uint64_t *p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline uint64_t rv_load_acquire(const uint64_t *p)
{
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void rv_store(uint64_t *p, uint64_t value)
{
    __atomic_store_n(p, value, __ATOMIC_RELAXED);
}

static inline void rv_store_release(uint64_t *p, uint64_t value)
{
    __atomic_store_n(p, value, __ATOMIC_RELEASE);
}

/* Acquire and release. Returns the value before. */
static inline uint64_t rv_fetch_add(uint64_t *p, uint64_t value)
{
    return __atomic_fetch_add(p, value, __ATOMIC_ACQ_REL);
}

/* Acquire and release semantics. Returns whether `*p` was `expected` and so was set to `desired`. */
static inline bool rv_cas(uint64_t *p, uint64_t expected, uint64_t desired)
{
    return __atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static inline uint32_t rv_load32(const uint32_t *p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline uint32_t rv_load32_acquire(const uint32_t *p)
{
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void rv_store32(uint32_t *p, uint32_t value)
{
    __atomic_store_n(p, value, __ATOMIC_RELAXED);
}

static inline void rv_store32_release(uint32_t *p, uint32_t value)
{
    __atomic_store_n(p, value, __ATOMIC_RELEASE);
}

static inline void *rv_load_pointer_acquire(void *const *p)
{
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void rv_store_pointer_release(void **p, void *value)
{
    __atomic_store_n(p, value, __ATOMIC_RELEASE);
}

/* Orders earlier stores before later stores. */
static inline void rv_fence_release(void)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
}

/* Orders earlier loads before later loads. */
static inline void rv_fence_acquire(void)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/*
 * Orders everything before with everything after, earlier stores with later loads and clock reads too. A clock is no memory: on
 * x64 rdtsc is ordered by neither mfence nor a locked instruction, on ARM64 the counter is read early in spite of a DMB. There
 * the DSB waits until the stores are seen, and the ISB keeps what follows from being begun before.
 */
static inline void rv_fence_full(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#if defined(__x86_64__)
    __builtin_ia32_lfence();
#elif defined(__aarch64__)
    __asm__ volatile("dsb ish\n\tisb" ::: "memory");
#endif
}

/* Orders this CPU's accesses as seen by its own interrupts, which needs only a barrier to the compiler. */
static inline void rv_fence_interrupt(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* Has the cache line of `p` fetched to be written. A hint, which changes nothing but time. */
static inline void rv_prefetch_write(const void *p)
{
#if defined(__x86_64__)
    /* Compilers make the builtin a fetch for reading unless they are told that the processor knows the other. All do that
     * Windows runs on; older ones take it for a nop. */
    __asm__ volatile("prefetchw %0" : : "m"(*(const uint8_t *)p));
#else
    __builtin_prefetch(p, 1);
#endif
}

#elif defined(_MSC_VER) && RV_PLATFORM_KERNEL

static __forceinline uint64_t rv_load(const uint64_t *p)
{
    return (uint64_t)ReadNoFence64((const volatile LONG64 *)p);
}

static __forceinline uint64_t rv_load_acquire(const uint64_t *p)
{
    return (uint64_t)ReadAcquire64((const volatile LONG64 *)p);
}

static __forceinline void rv_store(uint64_t *p, uint64_t value)
{
    WriteNoFence64((volatile LONG64 *)p, (LONG64)value);
}

static __forceinline void rv_store_release(uint64_t *p, uint64_t value)
{
    WriteRelease64((volatile LONG64 *)p, (LONG64)value);
}

static __forceinline uint64_t rv_fetch_add(uint64_t *p, uint64_t value)
{
    return (uint64_t)InterlockedExchangeAdd64((volatile LONG64 *)p, (LONG64)value);
}

static __forceinline bool rv_cas(uint64_t *p, uint64_t expected, uint64_t desired)
{
    return (uint64_t)InterlockedCompareExchange64((volatile LONG64 *)p, (LONG64)desired, (LONG64)expected) == expected;
}

static __forceinline uint32_t rv_load32(const uint32_t *p)
{
    return (uint32_t)ReadNoFence((const volatile LONG *)p);
}

static __forceinline uint32_t rv_load32_acquire(const uint32_t *p)
{
    return (uint32_t)ReadAcquire((const volatile LONG *)p);
}

static __forceinline void rv_store32(uint32_t *p, uint32_t value)
{
    WriteNoFence((volatile LONG *)p, (LONG)value);
}

static __forceinline void rv_store32_release(uint32_t *p, uint32_t value)
{
    WriteRelease((volatile LONG *)p, (LONG)value);
}

static __forceinline void *rv_load_pointer_acquire(void *const *p)
{
    return ReadPointerAcquire((PVOID const volatile *)p);
}

static __forceinline void rv_store_pointer_release(void **p, void *value)
{
    WritePointerRelease((PVOID volatile *)p, value);
}

static __forceinline void rv_fence_release(void)
{
    KeMemoryBarrier();
}

static __forceinline void rv_fence_acquire(void)
{
    KeMemoryBarrier();
}

static __forceinline void rv_fence_full(void)
{
    KeMemoryBarrier();
#if defined(_M_AMD64)
    _mm_lfence();
#elif defined(_M_ARM64)
    __dsb(_ARM64_BARRIER_ISH);
    __isb(_ARM64_BARRIER_SY);
#endif
}

static __forceinline void rv_fence_interrupt(void)
{
    KeMemoryBarrierWithoutFence();
}

static __forceinline void rv_prefetch_write(const void *p)
{
    PrefetchForWrite(p);
}

#else
#error "platform.h: no atomics for this compiler and target"
#endif

#include "compiler.h"
#include "local.h"

/* ---- surroundings ----------------------------------------------------------------------------------------------- */

/* The CPU on which a writer is held, and what has to be restored afterwards. */
typedef struct rv_pin {
    uint32_t cpu; /* system-wide index over all processor groups */
    uint8_t irql; /* of the caller */
} rv_pin;

#if RV_PLATFORM_KERNEL

/* Ticks of the clock that session.qpc_frequency describes. Callable at any IRQL. */
static inline uint64_t rv_clock(void)
{
    return (uint64_t)KeQueryPerformanceCounter(NULL).QuadPart;
}

static inline uint32_t rv_pid(void)
{
    return (uint32_t)(uintptr_t)PsGetCurrentProcessId();
}

static inline uint32_t rv_tid(void)
{
    return (uint32_t)(uintptr_t)PsGetCurrentThreadId();
}

/* Of ntifs.h; IRQL <= DISPATCH_LEVEL. */
NTSYSAPI USHORT NTAPI RtlCaptureStackBackTrace(ULONG skipped, ULONG count, PVOID *frames, PULONG hash);

/* Return addresses from here outwards, at most `count`; none above DISPATCH_LEVEL. */
static inline uint32_t rv_capture_stack(uint64_t *frames, uint32_t count)
{
#ifndef RV_WINE
    if (KeGetCurrentIrql() > DISPATCH_LEVEL) {
        return 0;
    }
#endif
    return (uint32_t)RtlCaptureStackBackTrace(0, count, (PVOID *)(PVOID)frames, NULL);
}

#ifdef RV_WINE

/* At DISPATCH_LEVEL, Wine does not keep a thread on its CPU; kernel/wine/cpu.c compensates for that. */
rv_pin rv_pin_cpu(void);
void rv_unpin_cpu(rv_pin pin);

/* Wine has only one IRQL, and reading it causes a fault, which is slow. */
static inline bool rv_may_page(void)
{
    return true;
}

#else

/* Whether the caller may access pageable memory. */
static inline bool rv_may_page(void)
{
    return KeGetCurrentIrql() < DISPATCH_LEVEL;
}

/* For code analysis, which cannot follow an IRQL that is saved in a struct, nor one that is raised only in some cases.
 */
#ifdef _MSC_VER
#define RV_RAISES_IRQL _IRQL_requires_max_(HIGH_LEVEL) _IRQL_raises_(DISPATCH_LEVEL)
#define RV_LOWERS_IRQL _IRQL_requires_min_(DISPATCH_LEVEL)
#pragma warning(push)
#pragma warning(disable : 28167)
#else
#define RV_RAISES_IRQL
#define RV_LOWERS_IRQL
#endif

/*
 * Keeps the thread on its CPU. The IRQL is raised only from below DISPATCH_LEVEL: at or above it the thread cannot move
 * anyway, and raising to a level below the current one is a bugcheck.
 */
RV_RAISES_IRQL static inline rv_pin rv_pin_cpu(void)
{
    rv_pin pin;
    KIRQL irql = KeGetCurrentIrql();
    pin.irql = (uint8_t)irql;
    if (irql < DISPATCH_LEVEL) {
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    }
    pin.cpu = (uint32_t)KeGetCurrentProcessorNumberEx(NULL);
    return pin;
}

RV_LOWERS_IRQL static inline void rv_unpin_cpu(rv_pin pin)
{
    if (pin.irql < DISPATCH_LEVEL) {
        KeLowerIrql((KIRQL)pin.irql);
    }
}

#ifdef _MSC_VER
#pragma warning(pop)
#endif

#endif

#else

/* Supplied by the host program. All of them are called from signal handlers. */
uint64_t rv_clock(void);
uint32_t rv_pid(void);
uint32_t rv_tid(void);
bool rv_may_page(void);
rv_pin rv_pin_cpu(void);
void rv_unpin_cpu(rv_pin pin);
/* Return addresses from here outwards, at most `count`; 0 if the host has no such walk. */
uint32_t rv_capture_stack(uint64_t *frames, uint32_t count);

#endif

#endif
