/*
 * notify.c - the watching DPC, the reader's event, and the cancel-safe queue of waits.
 */
#include "notify.h"

#include "../ring/platform.h"
#include "fault.h"
#include "quiesce.h"
#include "wine/csq.h"

/* Role types of the callbacks, so that code analysis knows the rules under which they run. */
static IO_CSQ_INSERT_IRP insert_wait;
static IO_CSQ_REMOVE_IRP remove_wait;
static IO_CSQ_PEEK_NEXT_IRP next_wait;
static IO_CSQ_ACQUIRE_LOCK lock_waits;
static IO_CSQ_RELEASE_LOCK unlock_waits;
static IO_CSQ_COMPLETE_CANCELED_IRP complete_cancelled;
static KDEFERRED_ROUTINE look;

static rv_notify *notify_of(PIO_CSQ queue)
{
    return CONTAINING_RECORD(queue, rv_notify, waits);
}

/* ---- the cancel-safe queue -------------------------------------------------------------------------------------- */

_Use_decl_annotations_ static VOID NTAPI insert_wait(PIO_CSQ queue, PIRP irp)
{
    rv_notify *notify = notify_of(queue);
    InsertTailList(&notify->wait_list, &irp->Tail.Overlay.ListEntry);
    notify->waiting++;
}

_Use_decl_annotations_ static VOID NTAPI remove_wait(PIO_CSQ queue, PIRP irp)
{
    rv_notify *notify = notify_of(queue);
    RemoveEntryList(&irp->Tail.Overlay.ListEntry);
    notify->waiting--;
}

_Use_decl_annotations_ static PIRP NTAPI next_wait(PIO_CSQ queue, PIRP irp, PVOID context)
{
    rv_notify *notify = notify_of(queue);
    PLIST_ENTRY next = irp == NULL ? notify->wait_list.Flink : irp->Tail.Overlay.ListEntry.Flink;
    UNREFERENCED_PARAMETER(context); /* there is one reader: every wait is its */
    return next == &notify->wait_list ? NULL : CONTAINING_RECORD(next, IRP, Tail.Overlay.ListEntry);
}

_Use_decl_annotations_ static VOID NTAPI lock_waits(PIO_CSQ queue, PKIRQL irql)
{
    KeAcquireSpinLock(&notify_of(queue)->wait_lock, irql);
}

_Use_decl_annotations_ static VOID NTAPI unlock_waits(PIO_CSQ queue, KIRQL irql)
{
    KeReleaseSpinLock(&notify_of(queue)->wait_lock, irql);
}

static void complete(PIRP irp, NTSTATUS status, ULONG_PTR information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
}

_Use_decl_annotations_ static VOID NTAPI complete_cancelled(PIO_CSQ queue, PIRP irp)
{
    UNREFERENCED_PARAMETER(queue);
    complete(irp, STATUS_CANCELLED, 0);
}

static void answer(PIRP irp, uint32_t state)
{
    rv_ioctl_wait *wait = irp->AssociatedIrp.SystemBuffer;
    *wait = (rv_ioctl_wait){.state = state};
}

static void complete_waits(rv_notify *notify, uint32_t state)
{
    PIRP irp;
    while ((irp = rv_csq_remove_next(&notify->waits, NULL)) != NULL) {
        answer(irp, state);
        complete(irp, STATUS_SUCCESS, sizeof(rv_ioctl_wait));
    }
}

/* ---- the watch -------------------------------------------------------------------------------------------------- */

/* The state with which to wake the reader, if there is a reason to. Called under `lock`. */
static bool reason_to_wake(const rv_notify *notify, uint32_t *state)
{
    if (notify->session == NULL) {
        *state = RV_STATE_STOPPED;
        return true;
    }
    *state = rv_capture_session_state(notify->session);
    return *state == RV_STATE_STOPPED || rv_capture_session_unread(notify->session);
}

_Use_decl_annotations_ static VOID NTAPI look(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    rv_notify *notify = context;
    uint32_t state;
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);

    KeAcquireSpinLockAtDpcLevel(&notify->lock);
    bool wake = reason_to_wake(notify, &state);
    if (wake) {
        bool told = false;
        if (notify->event != NULL) {
            (void)KeSetEvent(notify->event, IO_NO_INCREMENT, FALSE);
            told = true;
        }
        if (told || rv_load32(&notify->waiting) != 0) {
            notify->wake_ups++;
        }
    }
    KeReleaseSpinLockFromDpcLevel(&notify->lock);
    if (wake) {
        complete_waits(notify, state);
    }
}

static void start_ticking(rv_notify *notify)
{
    if (!notify->ticking) {
        LARGE_INTEGER first = {.QuadPart = -(LONGLONG)RV_NOTIFY_PERIOD_MS * 10000};
        (void)KeSetTimerEx(&notify->timer, first, RV_NOTIFY_PERIOD_MS, &notify->dpc);
        notify->ticking = true;
    }
}

static void stop_ticking(rv_notify *notify)
{
    if (notify->ticking) {
        (void)KeCancelTimer(&notify->timer);
        rv_flush_dpcs();
        notify->ticking = false;
    }
}

static void swap_event(rv_notify *notify, PKEVENT event)
{
    KIRQL irql;
    KeAcquireSpinLock(&notify->lock, &irql);
    PKEVENT old = notify->event;
    notify->event = event;
    KeReleaseSpinLock(&notify->lock, irql);
    if (old != NULL) {
        ObDereferenceObject(old);
    }
}

/* ---- what the control requests call ----------------------------------------------------------------------------- */

_Use_decl_annotations_ NTSTATUS rv_notify_init(rv_notify *notify)
{
    *notify = (rv_notify){0};
    InitializeListHead(&notify->wait_list);
    KeInitializeSpinLock(&notify->wait_lock);
    KeInitializeSpinLock(&notify->lock);
    KeInitializeTimer(&notify->timer);
    KeInitializeDpc(&notify->dpc, look, notify);
    return rv_csq_initialize(&notify->waits, insert_wait, remove_wait, next_wait, lock_waits, unlock_waits,
                             complete_cancelled);
}

_Use_decl_annotations_ void rv_notify_watch(rv_notify *notify, const rv_capture_session *session)
{
    KIRQL irql;
    KeAcquireSpinLock(&notify->lock, &irql);
    notify->session = session;
    KeReleaseSpinLock(&notify->lock, irql);
}

_Use_decl_annotations_ NTSTATUS rv_notify_set_event(rv_notify *notify, uint64_t handle)
{
    void *event = NULL;
    if (handle != 0) {
        /* Handles have 32 significant bits, even in a 64-bit process, so a longer value is not a handle. */
        if (handle > 0xffffffffull) {
            return STATUS_INVALID_HANDLE;
        }
        NTSTATUS status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES
                                     : ObReferenceObjectByHandle((HANDLE)(uintptr_t)handle, EVENT_MODIFY_STATE,
                                                                 *ExEventObjectType, UserMode, &event, NULL);
        if (!NT_SUCCESS(status)) {
            return status;
        }
    }
    swap_event(notify, event);
    if (event != NULL) {
        start_ticking(notify);
    }
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS rv_notify_wait(rv_notify *notify, PIRP irp)
{
    KIRQL irql;
    uint32_t state;
    if (rv_load32(&notify->waiting) != 0) {
        return STATUS_DEVICE_BUSY;
    }
    KeAcquireSpinLock(&notify->lock, &irql);
    bool wake = reason_to_wake(notify, &state);
    KeReleaseSpinLock(&notify->lock, irql);
    if (wake) {
        answer(irp, state);
        return STATUS_SUCCESS;
    }
    start_ticking(notify);
    rv_csq_insert(&notify->waits, irp); /* from here on the IRP may be gone */
    return STATUS_PENDING;
}

_Use_decl_annotations_ void rv_notify_stopped(rv_notify *notify)
{
    KIRQL irql;
    KeAcquireSpinLock(&notify->lock, &irql);
    if (notify->event != NULL) {
        (void)KeSetEvent(notify->event, IO_NO_INCREMENT, FALSE);
    }
    KeReleaseSpinLock(&notify->lock, irql);
    complete_waits(notify, RV_STATE_STOPPED);
}

_Use_decl_annotations_ void rv_notify_reader_gone(rv_notify *notify)
{
    PIRP irp;
    stop_ticking(notify);
    swap_event(notify, NULL);
    while ((irp = rv_csq_remove_next(&notify->waits, NULL)) != NULL) {
        complete(irp, STATUS_CANCELLED, 0);
    }
}
