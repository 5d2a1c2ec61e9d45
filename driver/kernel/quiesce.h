/*
 * quiesce.h - waits until every logging call that began earlier has ended, and tells how many CPUs there are. quiesce.c
 * is for Windows, wine/cpu.c for Wine.
 */
#ifndef RINGVIEW_QUIESCE_H
#define RINGVIEW_QUIESCE_H

#include "wdk.h"

/*
 * A logging call keeps its CPU at DISPATCH_LEVEL or above from before it looks for the log until it is done, and a DPC
 * runs only when its CPU is about to go below that level. So once a DPC has run on every CPU, each call that could have
 * found the old log has ended.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_quiesce(void);

/* Waits until every DPC that was queued has run. The timers that queue them must have been cancelled before. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_flush_dpcs(void);

#endif
