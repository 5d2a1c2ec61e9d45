/*
 * devices.c - devices, requests and the cancel-safe queue.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

PDEVICE_OBJECT shim_device, shim_write_device, shim_other_device;
PDRIVER_OBJECT shim_driver;
FILE_OBJECT shim_opened;

void IoDeleteDevice(PDEVICE_OBJECT device)
{
    shim_state.devices--;
    if (device == shim_device) {
        shim_device = NULL;
    } else if (device == shim_write_device) {
        shim_write_device = NULL;
    } else if (device == shim_other_device) {
        shim_other_device = NULL;
    } else {
        shim_violation("IoDeleteDevice of what is none");
    }
    free(device);
}

NTSTATUS IoCreateSymbolicLink(PUNICODE_STRING link, PUNICODE_STRING device)
{
    (void)link;
    (void)device;
    if (shim_fails("IoCreateSymbolicLink")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    shim_state.links++;
    return STATUS_SUCCESS;
}

NTSTATUS IoDeleteSymbolicLink(PUNICODE_STRING link)
{
    (void)link;
    shim_state.links--;
    return STATUS_SUCCESS;
}

/* ---- IRPs ---- */

void IoCompleteRequest(PIRP irp, CHAR boost)
{
    (void)boost;
    if (irp->completed++ != 0) {
        shim_violation("an IRP completed twice");
    }
}

PIRP IoBuildDeviceIoControlRequest(ULONG code, PDEVICE_OBJECT device, PVOID input, ULONG input_bytes, PVOID output,
                                   ULONG output_bytes, BOOLEAN internal, PKEVENT event, PIO_STATUS_BLOCK status)
{
    (void)device;
    (void)output;
    (void)event;
    (void)status;
    if (shim_fails("IoBuildDeviceIoControlRequest")) {
        return NULL;
    }
    PIRP irp = calloc(1, sizeof *irp);
    irp->stack.MajorFunction = internal ? IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL;
    irp->stack.Parameters.DeviceIoControl.IoControlCode = code;
    irp->stack.Parameters.DeviceIoControl.InputBufferLength = input_bytes;
    irp->stack.Parameters.DeviceIoControl.OutputBufferLength = output_bytes;
    irp->stack.Parameters.DeviceIoControl.Type3InputBuffer = input;
    return irp;
}

NTSTATUS IoCallDriver(PDEVICE_OBJECT device, PIRP irp)
{
    NTSTATUS status = shim_driver->MajorFunction[irp->stack.MajorFunction](device, irp);
    if (irp->completed == 1) {
        free(irp);
    }
    return status;
}

NTSTATUS IoGetDeviceObjectPointer(PUNICODE_STRING name, ACCESS_MASK access, PFILE_OBJECT *file, PDEVICE_OBJECT *device)
{
    (void)name;
    (void)access;
    if (shim_device == NULL || shim_fails("IoGetDeviceObjectPointer")) {
        return STATUS_NOT_FOUND;
    }
    shim_opened.DeviceObject = shim_device;
    (void)ObReferenceObject(&shim_opened);
    *file = &shim_opened;
    *device = shim_device;
    return STATUS_SUCCESS;
}

NTSTATUS IoCsqInitialize(PIO_CSQ queue, PIO_CSQ_INSERT_IRP insert, PIO_CSQ_REMOVE_IRP remove,
                         PIO_CSQ_PEEK_NEXT_IRP peek, PIO_CSQ_ACQUIRE_LOCK acquire, PIO_CSQ_RELEASE_LOCK release_lock,
                         PIO_CSQ_COMPLETE_CANCELED_IRP cancel)
{
    if (shim_fails("IoCsqInitialize")) {
        return STATUS_UNSUCCESSFUL;
    }
    *queue = (IO_CSQ){insert, remove, peek, acquire, release_lock, cancel};
    return STATUS_SUCCESS;
}

static PIO_CSQ last_queue;

void IoCsqInsertIrp(PIO_CSQ queue, PIRP irp, PVOID context)
{
    KIRQL old;
    (void)context;
    last_queue = queue;
    queue->acquire(queue, &old);
    IoMarkIrpPending(irp);
    queue->insert(queue, irp);
    queue->release(queue, old);
}

PIRP IoCsqRemoveNextIrp(PIO_CSQ queue, PVOID context)
{
    KIRQL old;
    queue->acquire(queue, &old);
    PIRP irp = queue->peek(queue, NULL, context);
    if (irp != NULL) {
        queue->remove(queue, irp);
    }
    queue->release(queue, old);
    return irp;
}

void shim_cancel(PIO_CSQ queue, PIRP irp)
{
    KIRQL old;
    queue = queue != NULL ? queue : last_queue;
    queue->acquire(queue, &old);
    queue->remove(queue, irp);
    queue->release(queue, old);
    queue->cancel(queue, irp);
}
