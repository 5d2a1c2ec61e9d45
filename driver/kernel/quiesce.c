/*
 * quiesce.c - quiesce.h for Windows.
 */
#ifndef RV_WINE

#include "capture_session.h"
#include "quiesce.h"

uint32_t rv_cpu_count(void)
{
    return (uint32_t)KeQueryMaximumProcessorCountEx(ALL_PROCESSOR_GROUPS);
}

_Use_decl_annotations_ void rv_quiesce(void)
{
    GROUP_AFFINITY before;
    bool moved = false;

    /* A CPU that is added while this runs cannot have found the old log. */
    ULONG count = KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS);
    for (ULONG cpu = 0; cpu < count; cpu++) {
        PROCESSOR_NUMBER number;
        if (!NT_SUCCESS(KeGetProcessorNumberFromIndex(cpu, &number))) {
            continue;
        }
        GROUP_AFFINITY affinity = {.Mask = (KAFFINITY)1 << number.Number, .Group = number.Group};
        KeSetSystemGroupAffinityThread(&affinity, moved ? NULL : &before);
        moved = true;
    }
    if (moved) {
        KeRevertToUserGroupAffinityThread(&before);
    }
}

_Use_decl_annotations_ void rv_flush_dpcs(void)
{
    KeFlushQueuedDpcs();
}

#endif
