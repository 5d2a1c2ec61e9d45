/*
 * notify.h - tells a reader that there are records: through an event that it registered, or by completing a request
 * that it left with the driver.
 *
 * Writers do nothing for this: no flag, no fence, no DPC from an interrupt. Instead, while a reader wants to be told, a
 * DPC checks every RV_NOTIFY_PERIOD_MS whether a ring holds unread bytes. It checks nothing but the rings, so no
 * wake-up can be lost, and there are at most a hundred a second whatever the writers do.
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

/* Sets the session that is watched; NULL for none. When this returns, the DPC no longer uses the old one. */
_IRQL_requires_max_(DISPATCH_LEVEL) void rv_notify_watch(_Inout_ rv_notify *notify,
                                                         _In_opt_ const rv_capture_session *session);

/* Registers an event of the calling process; 0 removes the old one. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_notify_set_event(_Inout_ rv_notify *notify, uint64_t handle);

/*
 * Takes the IRP of an RV_IOCTL_WAIT, whose buffer is zeroed and large enough. STATUS_PENDING: the IRP is kept. Any
 * other status: the caller has to complete the IRP, with STATUS_SUCCESS and the answer already in place, or with
 * STATUS_DEVICE_BUSY if another one is kept already. Called under the control lock.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_notify_wait(_Inout_ rv_notify *notify, _Inout_ PIRP irp);

/* Wakes the reader because its session stopped. */
_IRQL_requires_max_(DISPATCH_LEVEL) void rv_notify_stopped(_Inout_ rv_notify *notify);

/* Called when the reader is gone: releases its event, cancels its wait, and stops the timer. Under the control lock. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_notify_reader_gone(_Inout_ rv_notify *notify);

#endif
