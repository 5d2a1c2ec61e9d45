/* atomics.h - part of ntddk.h: doubly linked lists, interlocked operations and barriers. */
#ifndef RINGVIEW_SHIM_NTDDK_ATOMICS_H
#define RINGVIEW_SHIM_NTDDK_ATOMICS_H

#include <stdbool.h>

#include "types.h"

static inline void InitializeListHead(PLIST_ENTRY head)
{
    head->Flink = head->Blink = head;
}

static inline BOOLEAN IsListEmpty(const LIST_ENTRY *head)
{
    return head->Flink == head;
}

static inline BOOLEAN RemoveEntryList(PLIST_ENTRY entry)
{
    entry->Flink->Blink = entry->Blink;
    entry->Blink->Flink = entry->Flink;
    return entry->Flink == entry->Blink;
}

static inline PLIST_ENTRY RemoveHeadList(PLIST_ENTRY head)
{
    PLIST_ENTRY first = head->Flink;
    (void)RemoveEntryList(first);
    return first;
}

static inline void InsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry)
{
    entry->Flink = head;
    entry->Blink = head->Blink;
    head->Blink->Flink = entry;
    head->Blink = entry;
}

#define InterlockedExchange(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedExchangePointer(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedExchange64(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd64(p, v) __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedIncrement(p) __atomic_add_fetch((p), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement(p) __atomic_sub_fetch((p), 1, __ATOMIC_SEQ_CST)
#define InterlockedCompareExchange(p, new_value, old) shim_compare((p), (new_value), (old))
#define InterlockedCompareExchange64(p, new_value, old) shim_compare64((p), (new_value), (old))

static inline LONG shim_compare(volatile LONG *p, LONG new_value, LONG old)
{
    __atomic_compare_exchange_n(p, &old, new_value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return old;
}

static inline LONG64 shim_compare64(volatile LONG64 *p, LONG64 new_value, LONG64 old)
{
    __atomic_compare_exchange_n(p, &old, new_value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return old;
}

#define KeMemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)

/* What platform.h asks of the WDK where the compiler is Microsoft's. */
#ifdef _MSC_VER
#define ReadNoFence(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define ReadNoFence64(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define ReadAcquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define ReadAcquire64(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define ReadPointerAcquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define WriteNoFence(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define WriteNoFence64(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define WriteRelease(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define WriteRelease64(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define WritePointerRelease(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define KeMemoryBarrierWithoutFence() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define PrefetchForWrite(p) __builtin_prefetch((p), 1)
#ifdef _M_AMD64
#define _mm_lfence() __builtin_ia32_lfence()
#else
#define _ARM64_BARRIER_ISH 11
#define _ARM64_BARRIER_SY 15
#define __dsb(kind) __builtin_arm_dsb(kind)
#define __isb(kind) __builtin_arm_isb(kind)
#endif
#endif

#endif
