/*
 * near.c - see the header.
 */
#include "near.h"

#ifdef RV_WINE

/* Does nothing under Wine, where CPUs are slots that any thread may take. */
_Use_decl_annotations_ void rv_near_cpu(rv_near *near, uint32_t cpu)
{
    UNREFERENCED_PARAMETER(near);
    UNREFERENCED_PARAMETER(cpu);
}

_Use_decl_annotations_ void rv_near_end(rv_near *near)
{
    UNREFERENCED_PARAMETER(near);
}

#else

/* The CPUs of the NUMA node to which `number` belongs. */
static bool node_of(const PROCESSOR_NUMBER *number, GROUP_AFFINITY *affinity)
{
    USHORT highest = KeQueryHighestNodeNumber();
    if (highest == 0) {
        return false;
    }
    for (ULONG node = 0; node <= highest; node++) {
        KeQueryNodeActiveAffinity((USHORT)node, affinity, NULL);
        if (affinity->Group == number->Group && (affinity->Mask >> number->Number & 1) != 0) {
            return true;
        }
    }
    return false;
}

_Use_decl_annotations_ void rv_near_cpu(rv_near *near, uint32_t cpu)
{
    PROCESSOR_NUMBER number;
    GROUP_AFFINITY affinity = {0};
    if (NT_SUCCESS(KeGetProcessorNumberFromIndex(cpu, &number)) && node_of(&number, &affinity)) {
        KeSetSystemGroupAffinityThread(&affinity, near->moved ? NULL : &near->before);
        near->moved = true;
    }
}

_Use_decl_annotations_ void rv_near_end(rv_near *near)
{
    if (near->moved) {
        KeRevertToUserGroupAffinityThread(&near->before);
        near->moved = false;
    }
}

#endif
