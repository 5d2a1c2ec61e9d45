/*
 * near.h - runs a thread near the memory of a CPU: on a machine with several NUMA nodes, memory is allocated on the
 * node of the thread that asks for it.
 */
#ifndef RINGVIEW_NEAR_H
#define RINGVIEW_NEAR_H

#include "wdk.h"

/* Where the thread was before it was moved. Zeroed memory stands for a thread that was not moved. */
typedef struct rv_near {
    GROUP_AFFINITY before;
    bool moved;
} rv_near;

/*
 * Moves this thread to the node of a CPU. It may run on any of the node's CPUs, so that a single busy CPU cannot hold
 * it up. With one node, or if the system does not say, it stays where it is.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_near_cpu(_Inout_ rv_near *near, uint32_t cpu);

/* Moves it back. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_near_end(_Inout_ rv_near *near);

#endif
