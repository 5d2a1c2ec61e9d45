/*
 * fault.c - counts acquisitions down to the one that is made to fail. RV_FAIL_NTH, set for a test build, arms the
 * countdown before DriverEntry does anything.
 */
#include "fault.h"

#ifdef RV_FAULTS

#ifndef RV_FAIL_NTH
#define RV_FAIL_NTH 0
#endif

/* A test writes the number into the image file, behind the name, so that one build serves for all numbers. */
static volatile struct {
    char name[12];
    LONG nth;
} armed = {"RVFAILNTH:", RV_FAIL_NTH};
#define left armed.nth

bool rv_fault_hit(void)
{
    for (;;) {
        LONG now = left;
        if (now == 0) {
            return false;
        }
        if (InterlockedCompareExchange(&left, now - 1, now) == now) {
            return now == 1;
        }
    }
}

static volatile LONG held;

void rv_fault_hold(int change)
{
    (void)InterlockedExchangeAdd(&held, change);
}

void rv_fault_check_nothing_held(void)
{
    if (held != 0) {
        KeBugCheckEx(0xE2, (ULONG_PTR)held, 0, 0, 0); /* MANUALLY_INITIATED_CRASH */
    }
}

#endif
