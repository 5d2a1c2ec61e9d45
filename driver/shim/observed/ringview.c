/*
 * ringview.c - a ringview.sys as those who attach know it: its own list of attachments (kernel/links.c) behind a device, and
 * instead of rings a list of what was logged.
 */
#include "observed.h"

#include <stdlib.h>
#include <string.h>

#include "../../include/ringview/attach.h"
#include "../../kernel/links.h"

static DRIVER_OBJECT driver;
static DEVICE_OBJECT device = {0, &driver};
static const PCALLBACK_OBJECT announced = (PCALLBACK_OBJECT)(void *)&shim_watch;

static shim_record records[SHIM_RECORDS];
static uint32_t count;
static bool full;

rv_status rv_log_write(const rv_record_info *info, const void *data, uint32_t length)
{
    shim_record *record = &records[count % SHIM_RECORDS];
    if (full) {
        return RV_LOST_FULL;
    }
    if (length == 0 || length > sizeof record->data || data == NULL) {
        shim_violation("a record without data, or that is too long");
        return RV_LOST_TOO_BIG;
    }
    record->type = info->type;
    record->length = length;
    record->pid = info->thread_given ? info->pid : 0;
    record->tid = info->thread_given ? info->tid : 0;
    record->irql = info->irql;
    memcpy(record->data, data, length);
    count++;
    return RV_OK;
}

rv_status rv_log_text(const rv_record_info *info, const char *format, va_list arguments)
{
    (void)info;
    (void)format;
    (void)arguments;
    return RV_OK;
}

rv_status rv_log_text_stack(const rv_record_info *info, const void *caller, const char *format, va_list arguments)
{
    (void)caller;
    return rv_log_text(info, format, arguments);
}

void rv_log_stack(uint8_t frames)
{
    (void)frames;
}

void rv_log_stack_levels(uint8_t frames, uint32_t levels)
{
    (void)frames;
    (void)levels;
}

void rv_log_mask(uint64_t off)
{
    (void)off;
}

uint32_t shim_records(const shim_record **first)
{
    uint32_t seen = count;
    *first = records;
    count = 0;
    return seen;
}

void shim_ringview_full(bool is_full)
{
    full = is_full;
}

static NTSTATUS attach(PDEVICE_OBJECT of, PIRP irp)
{
    (void)of;
    irp->IoStatus.Status = rv_links_request(irp->stack.Parameters.DeviceIoControl.IoControlCode,
                                            irp->stack.Parameters.DeviceIoControl.Type3InputBuffer,
                                            irp->stack.Parameters.DeviceIoControl.InputBufferLength);
    NTSTATUS status = irp->IoStatus.Status;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

void shim_ringview_arrives(void)
{
    rv_links_init("ringview.sys");
    driver.MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = attach;
    shim_driver = &driver;
    shim_device = &device;
    ExNotifyCallback(announced, (PVOID)(uintptr_t)RV_WATCH_ARRIVED, &device);
}

void shim_ringview_leaves(void)
{
    ExNotifyCallback(announced, (PVOID)(uintptr_t)RV_WATCH_LEAVES, &device);
    rv_links_close();
    shim_device = NULL;
}

void shim_ringview_mask(const char *name, uint64_t off)
{
    rv_ioctl_mask request = {.off = off};
    memcpy(request.name, name, strnlen(name, sizeof request.name - 1));
    if (!NT_SUCCESS(rv_links_mask(&request))) {
        shim_violation("a mask that is refused");
    }
}
