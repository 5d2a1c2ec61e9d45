/*
 * scheduling.c - IRQL, locks, events, timers, DPCs, CPUs and time. There is one thread: what waits for ever is told, and a DPC runs
 * when time goes on, when queues are flushed, or when the thread waits.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- IRQL, locks, events ---- */

KIRQL KeGetCurrentIrql(void)
{
    return shim_irql;
}

void KeRaiseIrql(KIRQL level, PKIRQL old)
{
    if (level < shim_irql) {
        shim_violation("KeRaiseIrql to a lower level");
    }
    *old = shim_irql;
    shim_irql = level;
}

void KeLowerIrql(KIRQL level)
{
    if (level > shim_irql) {
        shim_violation("KeLowerIrql to a higher level");
    }
    shim_irql = level;
}

void KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock)
{
    if (*lock != 0 || shim_irql != DISPATCH_LEVEL) {
        shim_violation("spin lock: deadlock, or not at DISPATCH_LEVEL");
    }
    *lock = 1;
}

void KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock)
{
    if (*lock != 1 || shim_irql != DISPATCH_LEVEL) {
        shim_violation("spin lock released that is not held");
    }
    *lock = 0;
}

void KeAcquireSpinLock(PKSPIN_LOCK lock, PKIRQL old)
{
    KeRaiseIrql(DISPATCH_LEVEL, old);
    KeAcquireSpinLockAtDpcLevel(lock);
}

void KeReleaseSpinLock(PKSPIN_LOCK lock, KIRQL old)
{
    KeReleaseSpinLockFromDpcLevel(lock);
    KeLowerIrql(old);
}

void KeEnterCriticalRegion(void)
{
    shim_critical++;
}

void KeLeaveCriticalRegion(void)
{
    shim_critical--;
}

void KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state)
{
    *event = (KEVENT){state, type == SynchronizationEvent};
}

LONG KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait)
{
    (void)increment;
    (void)wait;
    LONG before = event->set;
    event->set = true;
    return before;
}

NTSTATUS KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode, BOOLEAN alertable,
                               PLARGE_INTEGER timeout)
{
    PKEVENT event = object;
    (void)reason;
    (void)mode;
    (void)alertable;
    (void)timeout;
    shim_need_passive("KeWaitForSingleObject");
    if (!event->set) {
        shim_violation("waits for ever: there is one thread here");
        abort();
    }
    event->set = !event->synchronization;
    return STATUS_SUCCESS;
}

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval)
{
    (void)mode;
    (void)alertable;
    (void)interval;
    shim_need_passive("KeDelayExecutionThread");
    if (++shim_delays > 1000) {
        shim_violation("waits for ever: there is one thread here");
        abort();
    }
    return STATUS_SUCCESS;
}

/* ---- timers and DPCs ---- */

static PKTIMER timers;
static PKDPC dpcs[16];
static uint32_t dpc_count;

void KeInitializeDpc(PKDPC dpc, KDEFERRED_ROUTINE *routine, PVOID context)
{
    *dpc = (KDPC){routine, context, false};
}

BOOLEAN KeInsertQueueDpc(PKDPC dpc, PVOID argument1, PVOID argument2)
{
    (void)argument1;
    (void)argument2;
    if (dpc->queued) {
        return FALSE;
    }
    dpc->queued = true;
    dpcs[dpc_count++] = dpc;
    return TRUE;
}

static void run_dpcs(void)
{
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    for (uint32_t i = 0; i < dpc_count; i++) {
        dpcs[i]->queued = false;
        dpcs[i]->routine(dpcs[i], dpcs[i]->context, NULL, NULL);
    }
    dpc_count = 0;
    KeLowerIrql(old);
}

void KeInitializeTimer(PKTIMER timer)
{
    *timer = (KTIMER){0};
}

BOOLEAN KeSetTimerEx(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc)
{
    (void)due;
    (void)period;
    BOOLEAN was = timer->armed;
    timer->dpc = dpc;
    if (!was) {
        timer->armed = true;
        timer->next = timers;
        timers = timer;
        shim_state.timers++;
    }
    return was;
}

BOOLEAN KeCancelTimer(PKTIMER timer)
{
    for (PKTIMER *at = &timers; *at != NULL; at = &(*at)->next) {
        if (*at == timer) {
            *at = timer->next;
            timer->armed = false;
            shim_state.timers--;
            return TRUE;
        }
    }
    return FALSE;
}

void KeFlushQueuedDpcs(void)
{
    shim_need_passive("KeFlushQueuedDpcs");
    run_dpcs();
}

void shim_tick(void)
{
    for (PKTIMER timer = timers; timer != NULL; timer = timer->next) {
        (void)KeInsertQueueDpc(timer->dpc, NULL, NULL);
    }
    run_dpcs();
    run_dpcs(); /* what these queued */
}

/* ---- CPUs and time ---- */

static uint64_t ticks = 1000;

ULONG KeQueryMaximumProcessorCountEx(USHORT group)
{
    (void)group;
    return CPUS;
}

ULONG KeQueryActiveProcessorCountEx(USHORT group)
{
    (void)group;
    return CPUS - 1;
}

ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number)
{
    (void)number;
    return 1;
}

NTSTATUS KeGetProcessorNumberFromIndex(ULONG index, PPROCESSOR_NUMBER number)
{
    *number = (PROCESSOR_NUMBER){0, (UCHAR)index, 0};
    return index < CPUS - 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS KeSetTargetProcessorDpcEx(PKDPC dpc, PPROCESSOR_NUMBER number)
{
    (void)dpc;
    (void)number;
    return STATUS_SUCCESS;
}

void KeSetSystemGroupAffinityThread(PGROUP_AFFINITY affinity, PGROUP_AFFINITY previous)
{
    shim_need_passive("KeSetSystemGroupAffinityThread");
    if (previous != NULL) {
        *previous = *affinity;
    }
}

void KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY previous)
{
    (void)previous;
    shim_need_passive("KeRevertToUserGroupAffinityThread");
}

LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER frequency)
{
    if (frequency != NULL) {
        frequency->QuadPart = 10000000;
    }
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)++ticks};
}

void KeQuerySystemTime(PLARGE_INTEGER time)
{
    time->QuadPart = 132000000000000000;
}
