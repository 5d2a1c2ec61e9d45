/*
 * lock.h - the lock that serialises control requests. Unlike a fast mutex it is held at PASSIVE_LEVEL, because Zw
 * services are called under it, and inside a critical region, so that its holder cannot be suspended.
 */
#ifndef RINGVIEW_LOCK_H
#define RINGVIEW_LOCK_H

#include "wdk.h"

typedef struct rv_lock {
    KEVENT free;
} rv_lock;

static inline void rv_lock_init(_Out_ rv_lock *lock)
{
    KeInitializeEvent(&lock->free, SynchronizationEvent, TRUE);
}

_IRQL_requires_max_(PASSIVE_LEVEL) static inline void rv_lock_take(_Inout_ rv_lock *lock)
{
    KeEnterCriticalRegion();
    (void)KeWaitForSingleObject(&lock->free, Executive, KernelMode, FALSE, NULL);
}

_IRQL_requires_max_(PASSIVE_LEVEL) static inline void rv_lock_release(_Inout_ rv_lock *lock)
{
    (void)KeSetEvent(&lock->free, IO_NO_INCREMENT, FALSE);
    KeLeaveCriticalRegion();
}

#endif
