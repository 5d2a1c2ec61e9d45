/*
 * announce.h - tells drivers that watch (attach.h) that there is something to attach to, and when it is about to go.
 */
#ifndef RINGVIEW_ANNOUNCE_H
#define RINGVIEW_ANNOUNCE_H

#include "wdk.h"

/* Opens or makes the callback object. Under Wine, which has none, this does nothing. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_announce_open(void);

/* Every driver that watches attaches to `device` before this returns. No lock may be held. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_announce_arrived(_In_ PDEVICE_OBJECT device);

/* Every driver that watches has let go when this returns. No lock may be held. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_announce_leaves(_In_ PDEVICE_OBJECT device);

/* Without a rv_announce_open it does nothing. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_announce_close(void);

#endif
