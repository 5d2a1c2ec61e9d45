/*
 * dispatch.c - handles IRPs: lengths are checked before anything is read, and only the bytes of the answer are
 * returned.
 */
#include <string.h>

#include "announce.h"
#include "capture_session.h"
#include "control.h"
#include "device.h"
#include "fault.h"
#include "ioctl_check.h"
#include "links.h"
#include "power.h"
#include "programs.h"
#include "ringview_driver.h"

/* The longest input of any control code. */
#define INPUT_BYTES 32u
RV_STATIC_ASSERT(sizeof(rv_ioctl_configure) <= INPUT_BYTES && sizeof(rv_ioctl_attach_request) <= INPUT_BYTES &&
                     sizeof(rv_ioctl_capture) <= INPUT_BYTES && sizeof(rv_ioctl_register_event) <= INPUT_BYTES &&
                     sizeof(rv_ioctl_mask) <= INPUT_BYTES,
                 "every input fits its private copy");

static PDEVICE_OBJECT control_device, write_device;
static UNICODE_STRING link_name, write_link_name;

static NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG_PTR information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS refusal(rv_ioctl_verdict verdict)
{
    switch (verdict) {
    case RV_IOCTL_UNKNOWN:
        return STATUS_INVALID_DEVICE_REQUEST;
    case RV_IOCTL_SMALL_OUTPUT:
        return STATUS_BUFFER_TOO_SMALL;
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

static NTSTATUS device_control(PIO_STACK_LOCATION stack, PIRP irp)
{
    uint32_t code = stack->Parameters.DeviceIoControl.IoControlCode;
    uint32_t input_bytes = stack->Parameters.DeviceIoControl.InputBufferLength;
    uint32_t output_bytes = stack->Parameters.DeviceIoControl.OutputBufferLength;
    void *buffer = irp->AssociatedIrp.SystemBuffer;
    uint64_t input[INPUT_BYTES / 8] = {0};
    uint32_t answered = 0;

    rv_ioctl_verdict verdict = rv_ioctl_check_lengths(code, input_bytes, output_bytes, rv_cpu_count());
    if (verdict != RV_IOCTL_FINE) {
        return complete(irp, refusal(verdict), 0);
    }
    if (stack->FileObject == NULL) {
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    /* Input and answer share one buffer. So the input is copied out and the buffer zeroed before an answer is built. */
    if (input_bytes != 0) {
        memcpy(input, buffer, input_bytes);
    }
    if (buffer != NULL && output_bytes != 0) {
        memset(buffer, 0, output_bytes);
    }

    if (code == RV_IOCTL_WAIT) {
        NTSTATUS status = rv_control_wait(stack->FileObject, irp);
        if (status == STATUS_PENDING) {
            return status;
        }
        return complete(irp, status, NT_SUCCESS(status) ? sizeof(rv_ioctl_wait) : 0);
    }
    NTSTATUS status = rv_control_request(code, stack->FileObject, input, buffer, &answered);
    return complete(irp, status, answered);
}

/* A batch of a program. Its answer comes into the same buffer, so it is built elsewhere. */
static NTSTATUS write_control(PIO_STACK_LOCATION stack, PIRP irp)
{
    rv_write_answer answer;
    void *buffer = irp->AssociatedIrp.SystemBuffer;
    if (stack->Parameters.DeviceIoControl.IoControlCode != RV_IOCTL_WRITE || stack->FileObject == NULL) {
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    if (stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof answer) {
        return complete(irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    NTSTATUS status =
        rv_programs_write(stack->FileObject, buffer, stack->Parameters.DeviceIoControl.InputBufferLength, &answer);
    if (!NT_SUCCESS(status)) {
        return complete(irp, status, 0);
    }
    memcpy(buffer, &answer, sizeof answer);
    return complete(irp, status, sizeof answer);
}

/* IRPs of the device for programs. */
static NTSTATUS write_dispatch(PIO_STACK_LOCATION stack, PIRP irp)
{
    switch (stack->MajorFunction) {
    case IRP_MJ_CREATE:
        return complete(
            irp, stack->FileObject == NULL ? STATUS_INVALID_DEVICE_REQUEST : rv_programs_open(stack->FileObject), 0);
    case IRP_MJ_CLEANUP:
        return complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_CLOSE:
        if (stack->FileObject != NULL) {
            rv_programs_closed(stack->FileObject);
        }
        return complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_DEVICE_CONTROL:
        return write_control(stack, irp);
    default:
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

_Use_decl_annotations_ NTSTATUS NTAPI rv_driver_dispatch(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);

    if (device != NULL && device == write_device) {
        return write_dispatch(stack, irp);
    }
    switch (stack->MajorFunction) {
    case IRP_MJ_CREATE:
        return complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_CLEANUP:
    case IRP_MJ_CLOSE:
        /* CLEANUP comes in the context of whoever closed the last handle; CLOSE comes when no request is under way any
         * more. */
        if (stack->FileObject != NULL) {
            rv_control_handle_closed(stack->FileObject);
        }
        return complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_DEVICE_CONTROL:
        return device_control(stack, irp);
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
        return complete(irp,
                        rv_links_request(stack->Parameters.DeviceIoControl.IoControlCode,
                                         stack->Parameters.DeviceIoControl.Type3InputBuffer,
                                         stack->Parameters.DeviceIoControl.InputBufferLength),
                        0);
    default:
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

BOOLEAN rv_driver_owns(PDEVICE_OBJECT device)
{
    return device == control_device || (write_device != NULL && device == write_device);
}

static void take_entries(PDRIVER_OBJECT driver)
{
    driver->MajorFunction[IRP_MJ_CREATE] = rv_driver_dispatch;
    driver->MajorFunction[IRP_MJ_CLEANUP] = rv_driver_dispatch;
    driver->MajorFunction[IRP_MJ_CLOSE] = rv_driver_dispatch;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = rv_driver_dispatch;
    driver->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = rv_driver_dispatch;
}

/* A device and the link by which programs open it. On failure neither is there. */
static NTSTATUS create_linked(PDRIVER_OBJECT driver, PCWSTR name, PCWSTR link, rv_device_access access,
                              PUNICODE_STRING linked, PDEVICE_OBJECT *device)
{
    UNICODE_STRING device_name;
    NTSTATUS status = rv_device_create(driver, name, access, device);
    if (!NT_SUCCESS(status)) {
        *device = NULL;
        return status;
    }
    RtlInitUnicodeString(&device_name, name);
    RtlInitUnicodeString(linked, link);
    status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : IoCreateSymbolicLink(linked, &device_name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(*device);
        *device = NULL;
    }
    return status;
}

_Use_decl_annotations_ NTSTATUS rv_driver_start(PDRIVER_OBJECT driver, const rv_driver_names *names)
{
    NTSTATUS status = rv_control_start(names->producer);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = names->announced ? rv_announce_open() : STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) {
        goto no_object;
    }
    status = create_linked(driver, names->device, names->link, RV_DEVICE_ADMINISTRATORS, &link_name, &control_device);
    if (!NT_SUCCESS(status)) {
        goto no_device;
    }
    if (names->write_device != NULL) {
        status = create_linked(driver, names->write_device, names->write_link, RV_DEVICE_WRITERS, &write_link_name,
                               &write_device);
        if (!NT_SUCCESS(status)) {
            goto no_write_device;
        }
    }
    (void)rv_power_watch(control_device, rv_control_resumed);
    if (names->take_entries) {
        take_entries(driver);
    }
    control_device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    if (write_device != NULL) {
        write_device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    }
    rv_announce_arrived(control_device);
    return STATUS_SUCCESS;

no_write_device:
    (void)IoDeleteSymbolicLink(&link_name);
    IoDeleteDevice(control_device);
    control_device = NULL;
no_device:
    rv_announce_close();
no_object:
    rv_control_stop();
    return status;
}

_Use_decl_annotations_ void rv_driver_stop(void)
{
    /* Those who watch let go by themselves, and only then can come again; the others are closed by rv_control_stop. */
    rv_announce_leaves(control_device);
    rv_announce_close();
    /* Nobody finds the devices any more, and then nobody may need them. */
    if (write_device != NULL) {
        (void)IoDeleteSymbolicLink(&write_link_name);
    }
    (void)IoDeleteSymbolicLink(&link_name);
    rv_power_forget();
    rv_control_stop();
    if (write_device != NULL) {
        IoDeleteDevice(write_device);
        write_device = NULL;
    }
    IoDeleteDevice(control_device);
    control_device = NULL;
}
