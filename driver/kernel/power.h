/*
 * power.h - notification that the system is back from sleep or hibernation.
 */
#ifndef RINGVIEW_POWER_H
#define RINGVIEW_POWER_H

#include "wdk.h"

/* Called at PASSIVE_LEVEL on a thread of the system. */
typedef void rv_power_resumed(void);

/*
 * From now on, `resumed` is called after each sleep. Returns whether the system agreed; without it everything else
 * works. `device` belongs to the driver: it keeps the driver loaded while a call is under way.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) bool rv_power_watch(_In_ PDEVICE_OBJECT device, _In_ rv_power_resumed *resumed);

/* Stops the notification. When this returns, no call is under way. Harmless without a notification. Must not be called
 * under a lock that `resumed` takes. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_power_forget(void);

#endif
