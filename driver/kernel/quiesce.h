/*
 * quiesce.h - waiting until no logging call is under way that began before, and how many CPUs there are. quiesce.c is
 * for Windows, wine/cpu.c for Wine.
 */
#ifndef RINGVIEW_QUIESCE_H
#define RINGVIEW_QUIESCE_H

#include "wdk.h"

/*
 * A logging call holds its CPU at DISPATCH_LEVEL or above from before it looks for the log until it is done, and a DPC runs
 * only when its CPU would go below. So once a DPC has run on every CPU, each call that could have found the old log has ended.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_quiesce(void);

/* Waits until every DPC queued so far has run; the timers that queue them have been cancelled. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_flush_dpcs(void);

#endif
