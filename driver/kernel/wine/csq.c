/*
 * csq.c - a cancel-safe queue after the documentation of the IoCsq functions.
 */
#ifdef RV_WINE

#include "csq.h"

static void NTAPI cancel(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_CSQ queue = irp->Tail.Overlay.DriverContext[3];
    KIRQL irql;
    UNREFERENCED_PARAMETER(device);
    IoReleaseCancelSpinLock(irp->CancelIrql);
    queue->CsqAcquireLock(queue, &irql);
    queue->CsqRemoveIrp(queue, irp);
    queue->CsqReleaseLock(queue, irql);
    queue->CsqCompleteCanceledIrp(queue, irp);
}

NTSTATUS rv_wine_csq_initialize(PIO_CSQ queue, PIO_CSQ_INSERT_IRP insert, PIO_CSQ_REMOVE_IRP remove,
                                PIO_CSQ_PEEK_NEXT_IRP peek, PIO_CSQ_ACQUIRE_LOCK acquire, PIO_CSQ_RELEASE_LOCK release,
                                PIO_CSQ_COMPLETE_CANCELED_IRP complete)
{
    *queue = (IO_CSQ){
        .CsqInsertIrp = insert,
        .CsqRemoveIrp = remove,
        .CsqPeekNextIrp = peek,
        .CsqAcquireLock = acquire,
        .CsqReleaseLock = release,
        .CsqCompleteCanceledIrp = complete,
    };
    return STATUS_SUCCESS;
}

void rv_wine_csq_insert(PIO_CSQ queue, PIRP irp)
{
    KIRQL irql;
    IoMarkIrpPending(irp);
    irp->Tail.Overlay.DriverContext[3] = queue;
    queue->CsqAcquireLock(queue, &irql);
    queue->CsqInsertIrp(queue, irp);
    (void)IoSetCancelRoutine(irp, cancel);
    if (irp->Cancel && IoSetCancelRoutine(irp, NULL) != NULL) {
        queue->CsqRemoveIrp(queue, irp);
        queue->CsqReleaseLock(queue, irql);
        queue->CsqCompleteCanceledIrp(queue, irp);
        return;
    }
    queue->CsqReleaseLock(queue, irql);
}

PIRP rv_wine_csq_remove_next(PIO_CSQ queue, PVOID context)
{
    KIRQL irql;
    PIRP irp = NULL;
    queue->CsqAcquireLock(queue, &irql);
    while ((irp = queue->CsqPeekNextIrp(queue, irp, context)) != NULL) {
        /* If the cancel routine is gone already, the IRP belongs to whoever cancels it. */
        if (IoSetCancelRoutine(irp, NULL) != NULL) {
            queue->CsqRemoveIrp(queue, irp);
            break;
        }
    }
    queue->CsqReleaseLock(queue, irql);
    return irp;
}

#endif
