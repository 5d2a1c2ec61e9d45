/*
 * pool.h - resident, zeroed memory. ExAllocatePool2 zeroes by itself, but the oldest supported system does not have
 * it.
 */
#ifndef RINGVIEW_POOL_H
#define RINGVIEW_POOL_H

#include <string.h>

#include "fault.h"
#include "wdk.h"

/* Returns NULL when there is no memory. */
_IRQL_requires_max_(DISPATCH_LEVEL) static inline void *rv_allocate(SIZE_T bytes)
{
    if (RV_FAULT()) {
        return NULL;
    }
#ifdef _MSC_VER
#pragma warning(suppress : 4996)
#endif
    void *memory = ExAllocatePoolWithTag(NonPagedPoolNx, bytes, RV_POOL_TAG);
    if (memory != NULL) {
        RV_HOLD(1);
        memset(memory, 0, bytes);
    }
    return memory;
}

/* NULL is allowed. */
_IRQL_requires_max_(DISPATCH_LEVEL) static inline void rv_free(_In_opt_ void *memory)
{
    if (memory != NULL) {
        RV_HOLD(-1);
        ExFreePoolWithTag(memory, RV_POOL_TAG);
    }
}

#endif
