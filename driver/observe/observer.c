/*
 * observer.c - the device, the settings and the log of a driver that reports what the kernel does for others.
 */
#include "observer.h"

#include <string.h>

#include "../kernel/device.h"
#include "../kernel/lock.h"
#include "settings.h"

rv_observer rv_observer_state = {.ringview = RV_ATTACHMENT_INIT};

static const rv_observer_names *driver_names;
static rv_watch watch;
static PDEVICE_OBJECT control_device;
static UNICODE_STRING link_name;
static volatile LONG open_handles;

/* Under the lock: what a client has set. */
static rv_lock lock;
static rv_observe_settings settings;

static DRIVER_DISPATCH dispatch;

/* ---- the log ---------------------------------------------------------------------------------------------------- */

static void count_refused(rv_status status)
{
    if (status >= RV_LOST_FULL && status <= RV_LOST_QUOTA) {
        (void)InterlockedIncrement64(&rv_observer_state.lost);
    }
}

static void send_record(rv_record_info *info, const void *data, uint32_t bytes)
{
    rv_attachment *ringview = &rv_observer_state.ringview;
    if (!rv_attachment_enter(ringview)) {
        return;
    }
    info->level = RV_LEVEL_INFO;
    info->origin = (uint16_t)ringview->origin;
    info->type = rv_observer_state.type;
    rv_status status = ringview->calls.write(info, data, bytes);
    rv_attachment_leave(ringview);
    count_refused(status);
}

_Use_decl_annotations_ void rv_observer_send(const void *data, uint32_t bytes)
{
    rv_record_info info = {0};
    send_record(&info, data, bytes);
}

_Use_decl_annotations_ void rv_observer_send_as(uint32_t pid, uint32_t tid, const void *data, uint32_t bytes)
{
    rv_record_info info = {.thread_given = true, .irql = (uint8_t)KeGetCurrentIrql(), .pid = pid, .tid = tid};
    send_record(&info, data, bytes);
}

/* ---- the settings ----------------------------------------------------------------------------------------------- */

/* Under the lock, with settings that were checked. The filter comes first: what is switched on is filtered from its begin. */
static void apply(const rv_observe_settings *wanted)
{
    settings = *wanted;
    rv_filter_set(&rv_observer_state.filter, &wanted->filter);
    (void)InterlockedExchange(&rv_observer_state.left_out_pid, (LONG)wanted->left_out_pid);
    (void)InterlockedExchange(&rv_observer_state.operations, (LONG)wanted->operations);
}

static void fill_state(rv_observe_state *state)
{
    const rv_observer *observer = &rv_observer_state;
    memset(state, 0, sizeof *state);
    state->settings = settings;
    state->known = driver_names->known;
    state->attached = rv_is_attached(&observer->ringview) ? 1u : 0u;
    state->lost = (uint64_t)observer->lost;
    state->no_memory = (uint64_t)observer->no_memory;
    state->no_room = (uint64_t)observer->no_room;
    state->engine_code = (uint32_t)observer->engine_code;
}

static NTSTATUS refusal(rv_ioctl_verdict verdict)
{
    return verdict == RV_IOCTL_UNKNOWN        ? STATUS_INVALID_DEVICE_REQUEST
           : verdict == RV_IOCTL_SMALL_OUTPUT ? STATUS_BUFFER_TOO_SMALL
                                              : STATUS_INVALID_PARAMETER;
}

/* The buffer holds the input and takes the answer; the I/O manager made it, so that no client reaches it. */
static NTSTATUS observe(PIO_STACK_LOCATION stack, void *buffer, ULONG_PTR *answered)
{
    uint32_t input_bytes = stack->Parameters.DeviceIoControl.InputBufferLength;
    rv_ioctl_verdict verdict = rv_observe_check_lengths(stack->Parameters.DeviceIoControl.IoControlCode, input_bytes,
                                                        stack->Parameters.DeviceIoControl.OutputBufferLength);
    if (verdict != RV_IOCTL_FINE) {
        return refusal(verdict);
    }
    if (input_bytes != 0 && !rv_observe_check_settings(buffer, driver_names->known)) {
        return STATUS_INVALID_PARAMETER;
    }
    rv_lock_take(&lock);
    if (input_bytes != 0) {
        apply(buffer);
    }
    fill_state(buffer);
    rv_lock_release(&lock);
    *answered = sizeof(rv_observe_state);
    return STATUS_SUCCESS;
}

/* ---- the device ------------------------------------------------------------------------------------------------- */

static NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG_PTR information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

_Use_decl_annotations_ static NTSTATUS NTAPI dispatch(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
    ULONG_PTR answered = 0;
    NTSTATUS status;
    UNREFERENCED_PARAMETER(device);

    switch (stack->MajorFunction) {
    case IRP_MJ_CREATE:
        (void)InterlockedIncrement(&open_handles);
        return complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_CLEANUP:
        return complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_CLOSE:
        (void)InterlockedDecrement(&open_handles);
        return complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_DEVICE_CONTROL:
        status = observe(stack, irp->AssociatedIrp.SystemBuffer, &answered);
        return complete(irp, status, answered);
    default:
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

PDEVICE_OBJECT rv_observer_device(void)
{
    return control_device;
}

BOOLEAN rv_observer_is_open(void)
{
    return open_handles != 0;
}

static NTSTATUS create_device(PDRIVER_OBJECT driver, const rv_observer_names *names)
{
    UNICODE_STRING device_name;
    NTSTATUS status = rv_device_create(driver, names->device, RV_DEVICE_ADMINISTRATORS, &control_device);
    if (!NT_SUCCESS(status)) {
        control_device = NULL;
        return status;
    }
    RtlInitUnicodeString(&device_name, names->device);
    RtlInitUnicodeString(&link_name, names->link);
    status = IoCreateSymbolicLink(&link_name, &device_name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(control_device);
        control_device = NULL;
    }
    return status;
}

static void delete_device(void)
{
    (void)IoDeleteSymbolicLink(&link_name);
    IoDeleteDevice(control_device);
    control_device = NULL;
}

_Use_decl_annotations_ NTSTATUS rv_observer_start(PDRIVER_OBJECT driver, const rv_observer_names *names)
{
    rv_observe_settings first = {.protocol = RV_OBSERVE_PROTOCOL, .operations = names->operations};
    LARGE_INTEGER frequency;

    (void)KeQueryPerformanceCounter(&frequency);
    driver_names = names;
    rv_observer_state.type = names->type;
    rv_observer_state.frequency = (uint64_t)frequency.QuadPart;
    rv_observer_state.lost = rv_observer_state.no_memory = rv_observer_state.no_room = 0;
    rv_observer_state.engine_code = 0;
    rv_lock_init(&lock);
    apply(&first);

    NTSTATUS status = create_device(driver, names);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = rv_attach_watch(&watch, &rv_observer_state.ringview, names->logger);
    if (!NT_SUCCESS(status)) {
        rv_attach_unwatch(&watch);
        delete_device();
        return status;
    }
    driver->MajorFunction[IRP_MJ_CREATE] = dispatch;
    driver->MajorFunction[IRP_MJ_CLEANUP] = dispatch;
    driver->MajorFunction[IRP_MJ_CLOSE] = dispatch;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = dispatch;
    control_device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_observer_stop(void)
{
    rv_attach_unwatch(&watch);
    delete_device();
}
