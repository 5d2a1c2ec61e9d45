/*
 * power.h - being told that the system is back from sleep or hibernation.
 */
#ifndef RINGVIEW_POWER_H
#define RINGVIEW_POWER_H

#include "wdk.h"

/* Called at PASSIVE_LEVEL on a thread of the system. */
typedef void rv_power_resumed(void);

/*
 * From now on `resumed` is called after each sleep. Returns whether the system agreed; without it everything else works.
 * `device` is the driver's: it keeps the driver loaded while a call is under way.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) bool rv_power_watch(_In_ PDEVICE_OBJECT device, _In_ rv_power_resumed *resumed);

/* When this returns, no call is under way. Without a watch it does nothing. Not under a lock that `resumed` takes. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_power_forget(void);

#endif
