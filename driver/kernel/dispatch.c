/*
 * dispatch.c - handles IRPs: lengths are checked before anything is read, and only the bytes of the answer are
 * returned.
 */
#include <string.h>

#include "announce.h"
#include "boot.h"
#include "capture_session.h"
#include "control.h"
#include "device.h"
#include "event_captures.h"
#include "fault.h"
#include "ioctl_check.h"
#include "links.h"
#include "power.h"
#include "programs.h"
#include "ringview_driver.h"

/* The longest input of any control code. */
#define INPUT_BYTES 1112u
RV_STATIC_ASSERT(sizeof(rv_ioctl_configure) <= INPUT_BYTES && sizeof(rv_ioctl_attach_request) <= INPUT_BYTES &&
                     sizeof(rv_ioctl_capture) <= INPUT_BYTES && sizeof(rv_ioctl_register_event) <= INPUT_BYTES &&
                     sizeof(rv_ioctl_mask) <= INPUT_BYTES && sizeof(rv_ioctl_stacks) <= INPUT_BYTES &&
                     sizeof(rv_ioctl_event_filter) <= INPUT_BYTES,
                 "every input fits its private copy");

static PDEVICE_OBJECT control_device, write_device;

/* The names by which programs open a device. */
typedef struct device_link {
    UNICODE_STRING link, device;
    bool made;
} device_link;
static device_link control_link, write_link;
static bool power_watched;

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

/* As much of the answer as the caller has room for: the struct has grown, and may be asked for by its older length. */
static NTSTATUS statistics(PFILE_OBJECT file, PIRP irp, uint32_t output_bytes)
{
    rv_ioctl_statistics all;
    uint32_t answered;
    memset(&all, 0, sizeof all);
    NTSTATUS status = rv_control_request(RV_IOCTL_STATISTICS, file, NULL, &all, &answered);
    if (!NT_SUCCESS(status)) {
        return complete(irp, status, 0);
    }
    uint32_t bytes = output_bytes < sizeof all ? output_bytes : (uint32_t)sizeof all;
    memcpy(irp->AssociatedIrp.SystemBuffer, &all, bytes);
    return complete(irp, status, bytes);
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
    if (code == RV_IOCTL_STATISTICS) {
        return statistics(stack->FileObject, irp, output_bytes);
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

static NTSTATUS make_link(device_link *of)
{
    NTSTATUS status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : IoCreateSymbolicLink(&of->link, &of->device);
    of->made = NT_SUCCESS(status);
    return status;
}

static void remove_link(device_link *of)
{
    if (of->made) {
        (void)IoDeleteSymbolicLink(&of->link);
        of->made = false;
    }
}

/* A device and the link by which programs open it, which may come later if the boot loader has loaded the driver. On failure
 * neither is there. */
static NTSTATUS create_linked(PDRIVER_OBJECT driver, PCWSTR name, PCWSTR link, rv_device_access access, bool booting,
                              device_link *linked, PDEVICE_OBJECT *device)
{
    NTSTATUS status = rv_device_create(driver, name, access, device);
    if (!NT_SUCCESS(status)) {
        *device = NULL;
        return status;
    }
    RtlInitUnicodeString(&linked->device, name);
    RtlInitUnicodeString(&linked->link, link);
    status = make_link(linked);
    if (!NT_SUCCESS(status) && booting) {
        rv_control_refused(RV_BOOT_LINK, true);
        return STATUS_SUCCESS;
    }
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(*device);
        *device = NULL;
    }
    return status;
}

#ifdef RV_WINE

/* Wine has no boot, and not the function that tells of its end. */
static void ask_to_finish(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
}

#else

static DRIVER_REINITIALIZE boot_is_over;

/* Called once, after all devices have been started and before any program runs that could unload the driver. Tries again what
 * the system refused because the driver came so early. */
_Use_decl_annotations_ static VOID NTAPI boot_is_over(PDRIVER_OBJECT driver, PVOID context, ULONG count)
{
    UNREFERENCED_PARAMETER(driver);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(count);
    if (!control_link.made) {
        (void)make_link(&control_link);
    }
    if (write_device != NULL && !write_link.made) {
        (void)make_link(&write_link);
    }
    rv_control_refused(RV_BOOT_LINK, !control_link.made || (write_device != NULL && !write_link.made));
    if (!power_watched) {
        power_watched = rv_power_watch(control_device, rv_control_resumed);
    }
    rv_control_catch_up();
}

/*
 * Has itself called once more if there is something to finish. A driver that is set to be loaded by the boot loader and is
 * loaded by hand is never called: then what was refused stays so.
 */
static void ask_to_finish(PDRIVER_OBJECT driver)
{
    if (rv_control_refusals() != 0 || !power_watched) {
        IoRegisterBootDriverReinitialization(driver, boot_is_over, NULL);
    }
}

#endif

_Use_decl_annotations_ NTSTATUS rv_driver_start(PDRIVER_OBJECT driver, const rv_driver_names *names)
{
    rv_event_captures_init(driver);
    rv_boot_plan plan;
    rv_boot_read(names->service, &plan);
    bool booting = plan.start_type == RV_START_BOOT;
    NTSTATUS status = rv_control_start(names->producer, &plan);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = names->announced ? rv_announce_open() : STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) {
        goto no_object;
    }
    status = create_linked(driver, names->device, names->link, RV_DEVICE_ADMINISTRATORS, booting, &control_link,
                           &control_device);
    if (!NT_SUCCESS(status)) {
        goto no_device;
    }
    if (names->write_device != NULL) {
        status = create_linked(driver, names->write_device, names->write_link, RV_DEVICE_WRITERS, booting, &write_link,
                               &write_device);
        if (!NT_SUCCESS(status)) {
            goto no_write_device;
        }
    }
    power_watched = rv_power_watch(control_device, rv_control_resumed);
    if (names->take_entries) {
        take_entries(driver);
    }
    control_device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    if (write_device != NULL) {
        write_device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    }
    rv_announce_arrived(control_device);
    if (booting) {
        ask_to_finish(driver);
    }
    return STATUS_SUCCESS;

no_write_device:
    remove_link(&control_link);
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
    remove_link(&write_link);
    remove_link(&control_link);
    rv_power_forget();
    rv_control_stop();
    if (write_device != NULL) {
        IoDeleteDevice(write_device);
        write_device = NULL;
    }
    IoDeleteDevice(control_device);
    control_device = NULL;
}
