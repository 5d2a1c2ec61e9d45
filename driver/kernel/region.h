/*
 * region.h - one piece of shared memory: a section backed by the page file, the driver's view of it, and views in
 * clients. As long as a client has a view, the section outlives the driver, which makes unloading safe.
 */
#ifndef RINGVIEW_REGION_H
#define RINGVIEW_REGION_H

#include "mapping.h"

typedef struct rv_region {
    HANDLE section; /* a kernel handle */
    SIZE_T bytes;
    rv_mapping mapping;
} rv_region;

/* Creates zeroed shared memory. `region` must be zeroed memory, and is so again after a failure. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_region_create(_Inout_ rv_region *region, SIZE_T bytes);

/* A zeroed region is allowed. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_region_destroy(_Inout_ rv_region *region);

static inline void *rv_region_address(_In_ const rv_region *region)
{
    return region->mapping.address;
}

/* Maps the region into `process`, with a protection (PAGE_READONLY or PAGE_READWRITE) that cannot be changed. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_region_map(_In_ const rv_region *region, _In_ HANDLE process, ULONG protection, _Out_ void **address);

#endif
