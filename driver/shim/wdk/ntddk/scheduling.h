/* scheduling.h - part of ntddk.h: IRQL, locks, events, timers, DPCs, and the processors they run on. */
#ifndef RINGVIEW_SHIM_NTDDK_SCHEDULING_H
#define RINGVIEW_SHIM_NTDDK_SCHEDULING_H

#include <stdbool.h>

#include "types.h"

#ifdef _MSC_VER
#define _IRQL_requires_max_(irql)
#define _IRQL_requires_min_(irql)
#define _IRQL_raises_(irql)
#endif

#define PASSIVE_LEVEL 0
#define APC_LEVEL 1
#define DISPATCH_LEVEL 2
#define HIGH_LEVEL 15
KIRQL KeGetCurrentIrql(void);
USHORT RtlCaptureStackBackTrace(ULONG skipped, ULONG count, PVOID *frames, PULONG hash);
void KeRaiseIrql(KIRQL level, PKIRQL old);
void KeLowerIrql(KIRQL level);
void KeAcquireSpinLock(PKSPIN_LOCK lock, PKIRQL old);
void KeReleaseSpinLock(PKSPIN_LOCK lock, KIRQL old);
void KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock);
void KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock);
#define KeInitializeSpinLock(lock) ((void)(*(lock) = 0))
void KeEnterCriticalRegion(void);
void KeLeaveCriticalRegion(void);

typedef enum {
    NotificationEvent,
    SynchronizationEvent
} EVENT_TYPE;
typedef enum {
    Executive
} KWAIT_REASON;
typedef enum {
    KernelMode,
    UserMode
} KPROCESSOR_MODE;
typedef struct KEVENT {
    bool set, synchronization;
} KEVENT, *PKEVENT, *PRKEVENT;
void KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state);
LONG KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait);
NTSTATUS KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode, BOOLEAN alertable,
                               PLARGE_INTEGER timeout);
NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval);
#define IO_NO_INCREMENT 0

struct KDPC;
typedef VOID KDEFERRED_ROUTINE(struct KDPC *dpc, PVOID context, PVOID argument1, PVOID argument2);
typedef enum {
    LowImportance,
    MediumImportance,
    HighImportance
} KDPC_IMPORTANCE;
typedef struct KDPC {
    KDEFERRED_ROUTINE *routine;
    PVOID context;
    KDPC_IMPORTANCE importance;
    ULONG target;
    bool queued;
} KDPC, *PKDPC;
typedef struct KTIMER {
    PKDPC dpc;
    struct KTIMER *next;
    bool armed;
} KTIMER, *PKTIMER;
void KeInitializeDpc(PKDPC dpc, KDEFERRED_ROUTINE *routine, PVOID context);
void KeSetImportanceDpc(PKDPC dpc, KDPC_IMPORTANCE importance);
BOOLEAN KeInsertQueueDpc(PKDPC dpc, PVOID argument1, PVOID argument2);
void KeInitializeTimer(PKTIMER timer);
BOOLEAN KeSetTimerEx(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc);
BOOLEAN KeCancelTimer(PKTIMER timer);
void KeFlushQueuedDpcs(void);

typedef struct PROCESSOR_NUMBER {
    USHORT Group;
    UCHAR Number, Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;
typedef struct GROUP_AFFINITY {
    KAFFINITY Mask;
    USHORT Group, Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;
USHORT KeQueryHighestNodeNumber(void);
void KeQueryNodeActiveAffinity(USHORT node, PGROUP_AFFINITY affinity, USHORT *count);
void KeSetSystemGroupAffinityThread(PGROUP_AFFINITY affinity, PGROUP_AFFINITY previous);
void KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY previous);
#define ALL_PROCESSOR_GROUPS 0xffff
ULONG KeQueryMaximumProcessorCountEx(USHORT group);
ULONG KeQueryActiveProcessorCountEx(USHORT group);
ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number);
NTSTATUS KeGetProcessorNumberFromIndex(ULONG index, PPROCESSOR_NUMBER number);
NTSTATUS KeSetTargetProcessorDpcEx(PKDPC dpc, PPROCESSOR_NUMBER number);
LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER frequency);
void KeQuerySystemTime(PLARGE_INTEGER time);

#endif
