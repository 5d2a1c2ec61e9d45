/*
 * sample.c - a driver that logs with RingView: DriverEntry, Unload and the control device through which a test asks it for
 * records.
 */
#include <string.h>

#include "../kernel/wdk.h"

#include "../kernel/device.h"
#include "../kernel/lock.h"
#include "logger.h"
#include "workload.h"

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD unload;
static DRIVER_DISPATCH dispatch;

static PDEVICE_OBJECT control_device;
static UNICODE_STRING link_name;
static rv_lock lock;

static NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG_PTR information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS request(uint32_t code, void *buffer, uint32_t input_bytes, uint32_t output_bytes, ULONG_PTR *answered)
{
    switch (code) {
    case SAMPLE_IOCTL_RUN:
        return input_bytes == sizeof(sample_run) ? workload_run(buffer) : STATUS_INVALID_PARAMETER;
    case SAMPLE_IOCTL_EVENTS:
        return input_bytes == sizeof(sample_events) ? workload_events(((const sample_events *)buffer)->mask)
                                                    : STATUS_INVALID_PARAMETER;
    case SAMPLE_IOCTL_TIMER:
        return input_bytes == sizeof(sample_timer) ? workload_timer(((const sample_timer *)buffer)->period_ms)
                                                   : STATUS_INVALID_PARAMETER;
    case SAMPLE_IOCTL_STATUS:
        if (output_bytes < sizeof(sample_status)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        memset(buffer, 0, output_bytes);
        workload_status(buffer);
        *answered = sizeof(sample_status);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

_Use_decl_annotations_ static NTSTATUS NTAPI dispatch(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
    NTSTATUS status;
    ULONG_PTR answered = 0;

    if (logger_dispatch(device, irp, &status)) {
        return status;
    }
    switch (stack->MajorFunction) {
    case IRP_MJ_CREATE:
    case IRP_MJ_CLOSE:
    case IRP_MJ_CLEANUP:
        return complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_DEVICE_CONTROL:
        rv_lock_take(&lock);
        status = request(stack->Parameters.DeviceIoControl.IoControlCode, irp->AssociatedIrp.SystemBuffer,
                         stack->Parameters.DeviceIoControl.InputBufferLength,
                         stack->Parameters.DeviceIoControl.OutputBufferLength, &answered);
        rv_lock_release(&lock);
        return complete(irp, status, answered);
    default:
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

_Use_decl_annotations_ static VOID NTAPI unload(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    (void)IoDeleteSymbolicLink(&link_name);
    IoDeleteDevice(control_device);
    workload_stop();
    (void)logger_log(RV_LEVEL_INFO, "sample: unloading");
    logger_stop();
}

_Use_decl_annotations_ NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    UNICODE_STRING device_name = RTL_CONSTANT_STRING(SAMPLE_DEVICE_NAME);
    UNREFERENCED_PARAMETER(registry_path);

    rv_lock_init(&lock);
    workload_init();
    RtlInitUnicodeString(&link_name, SAMPLE_DEVICE_LINK);
    NTSTATUS status = rv_device_create(driver, SAMPLE_DEVICE_NAME, RV_DEVICE_ADMINISTRATORS, &control_device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link_name, &device_name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(control_device);
        return status;
    }
    driver->MajorFunction[IRP_MJ_CREATE] = dispatch;
    driver->MajorFunction[IRP_MJ_CLEANUP] = dispatch;
    driver->MajorFunction[IRP_MJ_CLOSE] = dispatch;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = dispatch;
    driver->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = dispatch;
    driver->DriverUnload = unload;

    /* Without a log the sample still loads; it attaches when there is one. */
    if (NT_SUCCESS(logger_start(driver))) {
        (void)logger_log(RV_LEVEL_INFO, "sample: loaded, driver object %p, %ls", (void *)driver, SAMPLE_DEVICE_NAME);
    }
    return STATUS_SUCCESS;
}
