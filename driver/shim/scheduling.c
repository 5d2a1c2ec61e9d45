/*
 * scheduling.c - IRQL, locks, events, timers, DPCs, CPUs and time. There is one thread: what waits for ever is told, and a DPC runs
 * when time goes on, when queues are flushed, or when the thread waits.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- IRQL, locks, events ---- */

static void run_dpcs(void);

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
        run_dpcs(); /* the other CPUs go on */
    }
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
    shim_run_work();
    return STATUS_SUCCESS;
}

/* ---- timers and DPCs ---- */

static PKTIMER timers;
static PKDPC dpcs[16];
static uint32_t dpc_count, dpcs_queued, visited;
static ULONG current_cpu = 1;
static uint64_t ticks = 1000;

#define NO_TARGET 0xffffffffu

void KeInitializeDpc(PKDPC dpc, KDEFERRED_ROUTINE *routine, PVOID context)
{
    *dpc = (KDPC){.routine = routine, .context = context, .target = NO_TARGET};
}

NTSTATUS KeSetTargetProcessorDpcEx(PKDPC dpc, PPROCESSOR_NUMBER number)
{
    if (number->Number >= CPUS - 1) {
        return STATUS_INVALID_PARAMETER;
    }
    dpc->target = number->Number;
    return STATUS_SUCCESS;
}

void KeSetImportanceDpc(PKDPC dpc, KDPC_IMPORTANCE importance)
{
    dpc->importance = importance;
}

static bool queue(PKDPC dpc)
{
    if (dpc->queued) {
        return false;
    }
    dpc->queued = true;
    dpcs[dpc_count++] = dpc;
    return true;
}

BOOLEAN KeInsertQueueDpc(PKDPC dpc, PVOID argument1, PVOID argument2)
{
    (void)argument1;
    (void)argument2;
    if (dpc->target == NO_TARGET) {
        shim_violation("a DPC queued to whatever CPU this is");
    } else if (dpc->importance != HighImportance) {
        shim_violation("a DPC for another CPU that may wait until that one has nothing better to do");
    }
    dpcs_queued++;
    return queue(dpc);
}

/* One that is taken off the queue belongs to the driver again: it may lie on the stack of who waits for it. */
static void run_dpcs(void)
{
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    uint32_t count = dpc_count;
    PKDPC now[16];
    memcpy(now, dpcs, sizeof now);
    dpc_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        ULONG before = current_cpu;
        KDPC dpc = *now[i];
        now[i]->queued = false;
        if (dpc.target != NO_TARGET) {
            current_cpu = dpc.target;
            visited |= 1u << dpc.target;
        }
        dpc.routine(now[i], dpc.context, NULL, NULL);
        current_cpu = before;
    }
    KeLowerIrql(old);
}

uint32_t shim_dpcs_queued(void)
{
    uint32_t count = dpcs_queued;
    dpcs_queued = 0;
    return count;
}

uint32_t shim_cpus_visited(void)
{
    uint32_t mask = visited;
    visited = 0;
    return mask;
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
    ticks += 1000000; /* 100 ms */
    for (PKTIMER timer = timers; timer != NULL; timer = timer->next) {
        (void)queue(timer->dpc);
    }
    run_dpcs();
    run_dpcs(); /* what these queued */
}

/* ---- work items ---- */

struct IO_WORKITEM {
    IO_WORKITEM_ROUTINE *routine;
    PVOID context;
};
static PIO_WORKITEM queued_item;

PIO_WORKITEM IoAllocateWorkItem(PDEVICE_OBJECT device)
{
    if (device == NULL) {
        shim_violation("IoAllocateWorkItem without a device");
    }
    if (shim_fails("IoAllocateWorkItem")) {
        return NULL;
    }
    shim_state.work_items++;
    return calloc(1, sizeof(IO_WORKITEM));
}

void IoQueueWorkItem(PIO_WORKITEM item, IO_WORKITEM_ROUTINE *routine, WORK_QUEUE_TYPE type, PVOID context)
{
    (void)type;
    if (queued_item != NULL) {
        shim_violation("a work item queued while one is");
    }
    *item = (IO_WORKITEM){routine, context};
    queued_item = item;
}

void IoFreeWorkItem(PIO_WORKITEM item)
{
    if (queued_item == item) {
        shim_violation("a work item freed that is queued");
    }
    shim_state.work_items--;
    free(item);
}

void shim_run_work(void)
{
    if (queued_item != NULL && shim_irql == PASSIVE_LEVEL) {
        PIO_WORKITEM item = queued_item;
        queued_item = NULL;
        item->routine(shim_device, item->context);
    }
}

/* ---- CPUs and time ---- */

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
    return current_cpu;
}

NTSTATUS KeGetProcessorNumberFromIndex(ULONG index, PPROCESSOR_NUMBER number)
{
    *number = (PROCESSOR_NUMBER){0, (UCHAR)index, 0};
    return index < CPUS - 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER frequency)
{
    if (frequency != NULL) {
        frequency->QuadPart = 10000000;
    }
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)++ticks};
}

/* A tick behind, as it may be. */
void KeQuerySystemTime(PLARGE_INTEGER time)
{
    time->QuadPart = SHIM_WALL_CLOCK - 156250;
}

void shim_query_precise(PLARGE_INTEGER time)
{
    time->QuadPart = SHIM_WALL_CLOCK;
}

/* ---- two nodes, with a CPU each ---- */

static KAFFINITY affinity_now; /* 0: none was set */

USHORT KeQueryHighestNodeNumber(void)
{
    return 1;
}

void KeQueryNodeActiveAffinity(USHORT node, PGROUP_AFFINITY affinity, USHORT *count)
{
    (void)count;
    *affinity = (GROUP_AFFINITY){.Mask = (KAFFINITY)1 << node};
}

void KeSetSystemGroupAffinityThread(PGROUP_AFFINITY affinity, PGROUP_AFFINITY previous)
{
    shim_need_passive("KeSetSystemGroupAffinityThread");
    if ((previous == NULL) != (affinity_now != 0)) {
        shim_violation("KeSetSystemGroupAffinityThread: what was before is lost");
    }
    if (previous != NULL) {
        *previous = (GROUP_AFFINITY){.Mask = 0x55};
    }
    affinity_now = affinity->Mask;
}

void KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY previous)
{
    shim_need_passive("KeRevertToUserGroupAffinityThread");
    if (affinity_now == 0 || previous->Mask != 0x55) {
        shim_violation("KeRevertToUserGroupAffinityThread: not to what was before");
    }
    affinity_now = 0;
}

uint32_t shim_node(void)
{
    return affinity_now == 2 ? 1 : 0;
}

bool shim_moved(void)
{
    return affinity_now != 0;
}
