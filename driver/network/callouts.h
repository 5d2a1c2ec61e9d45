/*
 * callouts.h - the functions that the filter engine calls, as it knows them: registered whether or not filters lead to them.
 */
#ifndef RINGVIEW_NETWORK_CALLOUTS_H
#define RINGVIEW_NETWORK_CALLOUTS_H

#include "wfp.h"

/* Registers a callout for each layer. On failure none is. `device` keeps the driver loaded while they are registered. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_callouts_register(_In_ PDEVICE_OBJECT device);

/* Unregisters them. When this returns the engine calls none any more. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_callouts_unregister(void);

#endif
