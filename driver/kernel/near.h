/*
 * near.h - running where a CPU's memory is near: on a machine of several NUMA nodes a thread that allocates gets memory of the
 * node it runs on.
 */
#ifndef RINGVIEW_NEAR_H
#define RINGVIEW_NEAR_H

#include "wdk.h"

/* Zeroed memory is a thread that has not moved. */
typedef struct rv_near {
    GROUP_AFFINITY before;
    bool moved;
} rv_near;

/*
 * Moves this thread to the node of a CPU; it may run on any of the node's CPUs, so no single one that is busy can hold it up.
 * With one node, or where the system does not say, it stays where it is.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_near_cpu(_Inout_ rv_near *near, uint32_t cpu);

/* Moves it back. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_near_end(_Inout_ rv_near *near);

#endif
