/*
 * notify.h - tells a reader that records wait for it: by an event it registered, or by completing a request it left with
 * the driver.
 *
 * Writers do nothing for this: no flag, no fence, no DPC from an interrupt. While a reader wants to be told, a DPC looks
 * every RV_NOTIFY_PERIOD_MS whether a ring holds unread bytes. It looks at the rings and nothing else, so no wake-up can be
 * lost, and there are at most a hundred a second whatever the writers do.
 */
#ifndef RINGVIEW_NOTIFY_H
#define RINGVIEW_NOTIFY_H

#include "capture_session.h"

typedef struct rv_notify {
    KTIMER timer;
    KDPC dpc;
    IO_CSQ waits;
    LIST_ENTRY wait_list;
    KSPIN_LOCK wait_lock; /* wait_list, waiting */
    uint32_t waiting;
    KSPIN_LOCK lock; /* session, event; the DPC holds it while it uses them */
    const rv_capture_session *session;
    PKEVENT event;
    bool ticking;      /* changed under the control lock only */
    uint64_t wake_ups; /* changed by the DPC and under `lock` */
} rv_notify;

_Must_inspect_result_ NTSTATUS rv_notify_init(_Out_ rv_notify *notify);

/* Which session is watched; NULL for none. When this returns the DPC no longer uses the old one. */
_IRQL_requires_max_(DISPATCH_LEVEL) void rv_notify_watch(_Inout_ rv_notify *notify,
                                                         _In_opt_ const rv_capture_session *session);

/* Registers an event of the calling process; 0 lets go of the old one. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_notify_set_event(_Inout_ rv_notify *notify, uint64_t handle);

/*
 * Takes the IRP of an RV_IOCTL_WAIT whose buffer is zeroed and large enough. Returns STATUS_PENDING when the IRP is kept;
 * another status when it is the caller's to complete: STATUS_SUCCESS with the answer in place, or STATUS_DEVICE_BUSY when
 * one is kept already. Called under the control lock.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_notify_wait(_Inout_ rv_notify *notify, _Inout_ PIRP irp);

/* Wakes the reader because its session stopped. */
_IRQL_requires_max_(DISPATCH_LEVEL) void rv_notify_stopped(_Inout_ rv_notify *notify);

/* The reader is gone: its event is released, what it waits for ends as cancelled, the DPC rests. Under the control lock. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_notify_reader_gone(_Inout_ rv_notify *notify);

#endif
