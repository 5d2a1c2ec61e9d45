/*
 * attach.h - logging through ringview.sys from another driver, without carrying the ring oneself. Header only; include the
 * WDK first.
 *
 *     static rv_attachment ringview = RV_ATTACHMENT_INIT;
 *
 *     (void)rv_attach(&ringview);                  DriverEntry, PASSIVE_LEVEL; failure means that nothing is logged
 *     rv_attach_log(&ringview, RV_LEVEL_INFO, "read %u bytes", n);         any IRQL
 *     rv_attach_send(&ringview, MY_TYPE, 7, &data, sizeof data);           any IRQL
 *     rv_attach_detach(&ringview);                 DriverUnload, when nothing of this driver logs any more
 *
 * ringview.sys can go at any time: nothing of an attached driver keeps it from being stopped and unloaded. When it ends, or
 * RV_IOCTL_STOP ends its session, it first closes the attachment and waits for calls under way; a call that comes later returns
 * RV_NOT_ATTACHED. After RV_IOCTL_STOP a new session (RV_IOCTL_CONFIGURE) opens it again; a ringview.sys that was loaded anew is
 * found by rv_attach_detach and rv_attach. The rundown is a counter in the caller's own memory: two interlocked operations a
 * call, at any IRQL, and no code of ringview.sys runs outside of it. What an attachment holds is a reference to the driver
 * object, which keeps the code in memory until the attachment has let go of it and does not keep the driver from unloading.
 *
 * The attachment must be resident (a global, or non-paged pool) and must not move.
 */
#ifndef RINGVIEW_ATTACH_H
#define RINGVIEW_ATTACH_H

#include <stdarg.h>

#include "log.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RV_ATTACH_VERSION 3u

/* IRP_MJ_INTERNAL_DEVICE_CONTROL, METHOD_NEITHER: Type3InputBuffer is an rv_attach_request. No process can send it. */
#define RV_INTERNAL_ATTACH (0x22u << 16 | 0x880u << 2 | 3u)

struct rv_attachment;

/* Functions of ringview.sys; call them only through the inline functions below. */
typedef struct rv_attach_calls {
    rv_status (*write)(const rv_record_info *info, const void *data, uint32_t length);
    rv_status (*text)(uint8_t level, const char *format, va_list arguments);
    void (*forget)(struct rv_attachment *attachment); /* PASSIVE_LEVEL, while the driver object is referenced */
} rv_attach_calls;

typedef struct rv_attachment {
    volatile LONG64 uses; /* 1: closed; and 2 for each call under way */
    volatile LONG gone;   /* ringview.sys ended and has forgotten this attachment */
    rv_attach_calls calls;
    LIST_ENTRY entry;     /* of ringview.sys */
    PVOID volatile owner; /* the driver object of ringview.sys, referenced; whoever takes it away lets go of it */
} rv_attachment;

#define RV_ATTACHMENT_INIT                                                                                             \
    {                                                                                                                  \
        1, 0, {NULL, NULL, NULL}, {NULL, NULL}, NULL                                                                   \
    }

typedef struct rv_attach_request {
    uint32_t bytes;   /* sizeof(rv_attach_request) */
    uint32_t version; /* RV_ATTACH_VERSION */
    rv_attachment *attachment;
} rv_attach_request;

/* Enters a call. False: not attached, or no longer. */
static inline BOOLEAN rv_attachment_enter(rv_attachment *attachment)
{
    for (;;) {
        LONG64 uses = attachment->uses;
        if (uses & 1) {
            return FALSE;
        }
        if (InterlockedCompareExchange64(&attachment->uses, uses + 2, uses) == uses) {
            return TRUE;
        }
    }
}

static inline void rv_attachment_leave(rv_attachment *attachment)
{
    (void)InterlockedExchangeAdd64(&attachment->uses, -2);
}

/* Lets no further call in and waits for those under way. PASSIVE_LEVEL. May be called by both sides at once. */
static inline void rv_attachment_close(rv_attachment *attachment)
{
    for (;;) {
        LONG64 uses = attachment->uses;
        if ((uses & 1) || InterlockedCompareExchange64(&attachment->uses, uses | 1, uses) == uses) {
            break;
        }
    }
    /* A call may be in an interrupt, which cannot set an event: so this looks again every millisecond. */
    while (InterlockedCompareExchange64(&attachment->uses, 1, 1) != 1) {
        LARGE_INTEGER millisecond;
        millisecond.QuadPart = -10000;
        (void)KeDelayExecutionThread(KernelMode, FALSE, &millisecond);
    }
}

static inline NTSTATUS rv_attach_ask(rv_attachment *attachment, PDEVICE_OBJECT device)
{
    rv_attach_request request;
    IO_STATUS_BLOCK result;
    KEVENT done;
    PIRP irp;
    NTSTATUS status;

    request.bytes = sizeof request;
    request.version = RV_ATTACH_VERSION;
    request.attachment = attachment;
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(RV_INTERNAL_ATTACH, device, &request, sizeof request, NULL, 0, TRUE, &done,
                                        &result);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoCallDriver(device, irp);
    if (status == STATUS_PENDING) {
        (void)KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
        status = result.Status;
    }
    return status;
}

/*
 * Attaches to a device already found: one that embeds RingView under a name of its own. PASSIVE_LEVEL; whoever calls this
 * keeps the device there until it returned. `attachment` is RV_ATTACHMENT_INIT or was detached.
 */
static inline NTSTATUS rv_attach_to(rv_attachment *attachment, PDEVICE_OBJECT device)
{
    PDRIVER_OBJECT owner = device->DriverObject;
    NTSTATUS status;

    ObReferenceObject(owner);
    attachment->gone = 0;
    attachment->owner = owner;
    status = rv_attach_ask(attachment, device);
    if (!NT_SUCCESS(status)) {
        attachment->owner = NULL;
        ObDereferenceObject(owner);
    }
    return status;
}

/*
 * Attaches to ringview.sys. PASSIVE_LEVEL. STATUS_OBJECT_NAME_NOT_FOUND: it is not loaded. STATUS_REVISION_MISMATCH: it
 * does not know this version.
 */
static inline NTSTATUS rv_attach(rv_attachment *attachment)
{
    UNICODE_STRING name;
    PFILE_OBJECT file;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    RtlInitUnicodeString(&name, L"\\Device\\RingView");
    status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA | FILE_WRITE_DATA, &file, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    /* The file keeps ringview.sys loaded, and is needed no longer than this takes. */
    status = rv_attach_to(attachment, file->DeviceObject);
    ObDereferenceObject(file);
    return status;
}

/* Ends the attachment; then its memory may go. PASSIVE_LEVEL. Without an attachment it does nothing. */
static inline void rv_attach_detach(rv_attachment *attachment)
{
    PVOID owner;
    if (attachment->calls.forget == NULL) {
        return;
    }
    owner = InterlockedExchangePointer(&attachment->owner, NULL);
    if (owner != NULL) {
        /* ringview.sys cannot go while its driver object is referenced; once it has forgotten us it opens nothing again. */
        attachment->calls.forget(attachment);
        rv_attachment_close(attachment);
        ObDereferenceObject(owner);
    } else {
        /* It ends just now, or has ended. Its last touch of this memory says so. */
        while (InterlockedCompareExchange(&attachment->gone, 0, 0) == 0) {
            LARGE_INTEGER millisecond;
            millisecond.QuadPart = -10000;
            (void)KeDelayExecutionThread(KernelMode, FALSE, &millisecond);
        }
    }
    attachment->calls.forget = NULL;
}

/* Whether calls get through. ringview.sys that was replaced is found again by rv_attach_detach and rv_attach. */
static inline BOOLEAN rv_is_attached(const rv_attachment *attachment)
{
    return (attachment->uses & 1) == 0;
}

/* LogMessageV of log.h. */
static inline RV_PRINTF(3, 0) rv_status
    rv_attach_log_v(rv_attachment *attachment, uint8_t level, RV_FORMAT_STRING const char *format, va_list arguments)
{
    rv_status status;
    if (!rv_attachment_enter(attachment)) {
        return RV_NOT_ATTACHED;
    }
    status = attachment->calls.text(level, format, arguments);
    rv_attachment_leave(attachment);
    return status;
}

/* LogMessageLevel of log.h. */
static inline RV_PRINTF(3, 4) rv_status
    rv_attach_log(rv_attachment *attachment, uint8_t level, RV_FORMAT_STRING const char *format, ...)
{
    rv_status status;
    va_list arguments;
    va_start(arguments, format);
    status = rv_attach_log_v(attachment, level, format, arguments);
    va_end(arguments);
    return status;
}

/* SendDataLevel of log.h. */
static inline rv_status rv_attach_send_level(rv_attachment *attachment, uint8_t level, uint16_t type, uint32_t remarks,
                                             const void *buffer, uint32_t length)
{
    rv_record_info info = {0};
    rv_status status;
    if (!rv_attachment_enter(attachment)) {
        return RV_NOT_ATTACHED;
    }
    info.level = level;
    info.origin = RV_ORIGIN_DRIVER;
    info.type = type;
    info.remarks = remarks;
    status = attachment->calls.write(&info, buffer, length);
    rv_attachment_leave(attachment);
    return status;
}

/* SendData of log.h. */
static inline rv_status rv_attach_send(rv_attachment *attachment, uint16_t type, uint32_t remarks, const void *buffer,
                                       uint32_t length)
{
    return rv_attach_send_level(attachment, RV_LEVEL_INFO, type, remarks, buffer, length);
}

#ifdef __cplusplus
}
#endif

#endif
