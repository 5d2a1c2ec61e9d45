/*
 * quiesce.c - quiesce.h for Windows.
 */
#ifndef RV_WINE

#include "capture_session.h"
#include "quiesce.h"

/*
 * The CPUs that are active when this is called first. A machine may be prepared for many times as many, and a ring for
 * each would be locked memory. A CPU that is added later has no ring: what it logs is counted in no_ring until the
 * driver is loaded anew.
 */
uint32_t rv_cpu_count(void)
{
    static volatile LONG count;
    if (count == 0) {
        (void)InterlockedExchange(&count, (LONG)KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS));
    }
    return (uint32_t)count;
}

static KDEFERRED_ROUTINE passed_by;

_Use_decl_annotations_ static VOID NTAPI passed_by(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    (void)KeSetEvent((PKEVENT)context, IO_NO_INCREMENT, FALSE);
}

/*
 * A DPC is used, and not a thread moved to that CPU: another thread of real-time priority that never waits would keep a
 * moved thread from running for ever, and with it everybody who waits for the lock that is held here. The event and the
 * DPC are on this stack, which stays resident because the wait is in kernel mode.
 */
_Use_decl_annotations_ void rv_quiesce(void)
{
    KEVENT passed;
    KDPC dpc;
    KeInitializeEvent(&passed, SynchronizationEvent, FALSE);

    /* A CPU that is added while this runs cannot have found the old log, so it need not be visited. */
    ULONG count = KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS);
    for (ULONG cpu = 0; cpu < count; cpu++) {
        PROCESSOR_NUMBER number;
        KeInitializeDpc(&dpc, passed_by, &passed);
        KeSetImportanceDpc(&dpc, HighImportance); /* at once, also on another CPU */
        if (NT_SUCCESS(KeGetProcessorNumberFromIndex(cpu, &number)) &&
            NT_SUCCESS(KeSetTargetProcessorDpcEx(&dpc, &number))) {
            (void)KeInsertQueueDpc(&dpc, NULL, NULL);
            (void)KeWaitForSingleObject(&passed, Executive, KernelMode, FALSE, NULL);
        }
    }
}

_Use_decl_annotations_ void rv_flush_dpcs(void)
{
    KeFlushQueuedDpcs();
}

#endif
