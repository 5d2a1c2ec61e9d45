/*
 * engine.h - the filters that lead to the callouts. They are objects of a dynamic session with the Base Filtering Engine, which
 * removes them when the session ends, however it ends: nothing of them stays in the system.
 */
#ifndef RINGVIEW_NETWORK_ENGINE_H
#define RINGVIEW_NETWORK_ENGINE_H

#include "wfp.h"

/*
 * Adds the filters now if the engine runs, and whenever it starts. It runs as a service, which may start after this driver and
 * may be stopped under it; that it cannot take the filters is no failure of this, but told by rv_observe_state.engine_code.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_engine_start(_In_ PDEVICE_OBJECT device);

/* Removes the filters, and is not told of the engine any more. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_engine_stop(void);

#endif
