/*
 * cpu.c - a substitute for CPUs under Wine, where KeRaiseIrql does not keep a thread on its CPU. There is a fixed
 * number of slots, each held by one writer at a time. A writer takes the first free slot, beginning with that of its
 * CPU. So a ring has one writer at a time, as IRQL guarantees on Windows.
 */
#ifdef RV_WINE

#include "../capture_session.h"
#include "../quiesce.h"
#include "../../ring/platform.h"

#define SLOTS 4u

static volatile LONG held[SLOTS];

uint32_t rv_cpu_count(void)
{
    return SLOTS;
}

rv_pin rv_pin_cpu(void)
{
    uint32_t first = (uint32_t)KeGetCurrentProcessorNumberEx(NULL);
    for (uint32_t try = 0;; try++) {
        uint32_t slot = (first + try) % SLOTS;
        if (InterlockedCompareExchange(&held[slot], 1, 0) == 0) {
            return (rv_pin){.cpu = slot};
        }
        if (try % SLOTS == SLOTS - 1) {
            LARGE_INTEGER at_once = {.QuadPart = 0};
            (void)KeDelayExecutionThread(KernelMode, FALSE, &at_once);
        }
    }
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)InterlockedExchange(&held[pin.cpu], 0);
}

_Use_decl_annotations_ void rv_quiesce(void)
{
    LARGE_INTEGER briefly = {.QuadPart = -10000};
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        while (InterlockedCompareExchange(&held[slot], 1, 0) != 0) {
            (void)KeDelayExecutionThread(KernelMode, FALSE, &briefly);
        }
        (void)InterlockedExchange(&held[slot], 0);
    }
}

/* Wine's KeFlushQueuedDpcs does nothing, and the DPC of a cancelled timer may still run on a thread of Wine's pool. */
_Use_decl_annotations_ void rv_flush_dpcs(void)
{
    LARGE_INTEGER long_enough = {.QuadPart = -500000};
    (void)KeDelayExecutionThread(KernelMode, FALSE, &long_enough);
}

#endif
