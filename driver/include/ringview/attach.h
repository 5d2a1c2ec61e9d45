/*
 * attach.h - logging through ringview.sys from another driver, without carrying the ring oneself. Header only; include the
 * WDK first.
 *
 *     static rv_attachment ringview = RV_ATTACHMENT_INIT;
 *     static rv_watch watch;
 *
 *     (void)rv_attach_watch(&watch, &ringview, "mydriver");    DriverEntry, PASSIVE_LEVEL
 *     rv_attach_log(&ringview, RV_LEVEL_INFO, "read %u bytes", n);         any IRQL
 *     rv_attach_send(&ringview, MY_TYPE, 7, &data, sizeof data);           any IRQL
 *     rv_attach_unwatch(&watch);                   DriverUnload, when nothing of this driver logs any more
 *
 * Either driver may be loaded first. ringview.sys tells those who watch that it is there and that it is about to go, by a
 * callback object; they attach and detach. A driver that does without being told calls rv_attach and rv_attach_detach.
 *
 * What a call leaves out is decided by one load of the caller's own memory, before anything is formatted (mask.h): such a
 * call returns RV_MASKED. A person sets it by the driver's name while it runs, and as well of which levels texts carry the stack
 * of the call (RV_IOCTL_STACKS): then ringview.sys puts another function in the place of the one that takes texts.
 *
 * ringview.sys can go at any time: nothing of an attached driver keeps it from being stopped and unloaded. When it ends, or
 * RV_IOCTL_STOP ends its session, it first closes the attachment and waits for calls under way; a call that comes later returns
 * RV_NOT_ATTACHED. After RV_IOCTL_STOP a new session (RV_IOCTL_CONFIGURE) opens it again. The rundown is a counter in the
 * caller's own memory: two interlocked operations a call, at any IRQL, and no code of ringview.sys runs outside of it. What an
 * attachment holds is a reference to the driver object, which keeps the code in memory until the attachment has let go of it
 * and does not keep the driver from unloading.
 *
 * The attachment must be resident (a global, or non-paged pool) and must not move.
 */
#ifndef RINGVIEW_ATTACH_H
#define RINGVIEW_ATTACH_H

#include <stdarg.h>

#include "log.h"

/* The role type of a callback, for code analysis. */
#ifdef _Function_class_
#define RV_CALLBACK_ROLE _Function_class_(CALLBACK_FUNCTION)
#else
#define RV_CALLBACK_ROLE
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define RV_ATTACH_VERSION 4u

/* The callback object, and what those who have registered with it are told at PASSIVE_LEVEL: argument 1, and as argument 2 the
 * device to attach to (rv_attach_to), which is there until they return. */
#define RV_WATCH_OBJECT L"\\Callback\\RingView"
#define RV_WATCH_ARRIVED 1u
#define RV_WATCH_LEAVES 2u

/* IRP_MJ_INTERNAL_DEVICE_CONTROL, METHOD_NEITHER: Type3InputBuffer is an rv_attach_request. No process can send it. */
#define RV_INTERNAL_ATTACH (0x22u << 16 | 0x880u << 2 | 3u)

struct rv_attachment;

/* Functions of ringview.sys; call them only through the inline functions below. */
typedef struct rv_attach_calls {
    rv_status (*write)(const rv_record_info *info, const void *data, uint32_t length);
    /* May become another one at any moment: of those whose texts carry a stack. */
    rv_status (*text)(const rv_record_info *info, const char *format, va_list arguments);
    void (*forget)(struct rv_attachment *attachment); /* PASSIVE_LEVEL, while the driver object is referenced */
} rv_attach_calls;

typedef struct rv_attachment {
    volatile LONG64 uses; /* 1: closed; and 2 for each call under way */
    volatile LONG64 off;  /* bits of mask.h that are switched off; ringview.sys stores it */
    volatile LONG gone;   /* ringview.sys ended and has forgotten this attachment */
    ULONG origin;         /* of this driver's records; ringview.sys stores it before it opens the door */
    rv_attach_calls calls;
    LIST_ENTRY entry;     /* of ringview.sys */
    PVOID volatile owner; /* the driver object of ringview.sys, referenced; whoever takes it away lets go of it */
} rv_attachment;

#define RV_ATTACHMENT_INIT                                                                                             \
    {                                                                                                                  \
        1, 0, 0, 0, {NULL, NULL, NULL}, {NULL, NULL}, NULL                                                             \
    }

typedef struct rv_attach_request {
    uint32_t bytes;   /* sizeof(rv_attach_request) */
    uint32_t version; /* RV_ATTACH_VERSION */
    rv_attachment *attachment;
    char name[RV_LOGGER_NAME_BYTES];
} rv_attach_request;

/* What the requests of all versions begin with: `bytes` and `version`. */
#define RV_ATTACH_REQUEST_BEGIN 8u

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

static inline NTSTATUS rv_attach_ask(rv_attachment *attachment, PDEVICE_OBJECT device, const char *name)
{
    rv_attach_request request = {0};
    unsigned int i;
    IO_STATUS_BLOCK result;
    KEVENT done;
    PIRP irp;
    NTSTATUS status;

    request.bytes = sizeof request;
    request.version = RV_ATTACH_VERSION;
    request.attachment = attachment;
    for (i = 0; i + 1u < sizeof request.name && name[i] != '\0'; i++) {
        request.name[i] = name[i];
    }
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
 * keeps the device there until it returned. `attachment` is RV_ATTACHMENT_INIT or was detached. `name` is what a person
 * knows the driver by, up to 23 characters of printable ASCII without blanks; others are refused (STATUS_INVALID_PARAMETER).
 */
static inline NTSTATUS rv_attach_to(rv_attachment *attachment, PDEVICE_OBJECT device, const char *name)
{
    PDRIVER_OBJECT owner = device->DriverObject;
    NTSTATUS status;

    ObReferenceObject(owner);
    attachment->gone = 0;
    attachment->owner = owner;
    status = rv_attach_ask(attachment, device, name);
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
static inline NTSTATUS rv_attach(rv_attachment *attachment, const char *name)
{
    UNICODE_STRING path;
    PFILE_OBJECT file;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    RtlInitUnicodeString(&path, L"\\Device\\RingView");
    status = IoGetDeviceObjectPointer(&path, FILE_READ_DATA | FILE_WRITE_DATA, &file, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    /* The file keeps ringview.sys loaded, and is needed no longer than this takes. */
    status = rv_attach_to(attachment, file->DeviceObject, name);
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

/*
 * ---- being told ----
 *
 * Who watches, and what for: resident memory, as the attachment. Nothing is attached, detached or told at once with another
 * of these.
 */
typedef struct rv_watch {
    rv_attachment *attachment;
    const char *name;
    PCALLBACK_OBJECT object;
    PVOID registration;
    KEVENT free;
} rv_watch;

static inline void rv_watch_take(rv_watch *watch)
{
    KeEnterCriticalRegion();
    (void)KeWaitForSingleObject(&watch->free, Executive, KernelMode, FALSE, NULL);
}

static inline void rv_watch_release(rv_watch *watch)
{
    (void)KeSetEvent(&watch->free, IO_NO_INCREMENT, FALSE);
    KeLeaveCriticalRegion();
}

/* What the callback object calls. An attachment to the ringview.sys before is let go of in either case. */
RV_CALLBACK_ROLE static inline VOID NTAPI rv_watch_told(PVOID context, PVOID what, PVOID device)
{
    rv_watch *watch = (rv_watch *)context;
    rv_watch_take(watch);
    rv_attach_detach(watch->attachment);
    if ((ULONG_PTR)what == RV_WATCH_ARRIVED) {
        /* Whoever is refused logs nothing, as without ringview.sys. */
        (void)rv_attach_to(watch->attachment, (PDEVICE_OBJECT)device, watch->name);
    }
    rv_watch_release(watch);
}

/*
 * Attaches to ringview.sys if it is loaded, and from now on whenever it is. PASSIVE_LEVEL. `name` must stay valid. On failure
 * nobody is told of anything, and nothing is attached.
 */
static inline NTSTATUS rv_attach_watch(rv_watch *watch, rv_attachment *attachment, const char *name)
{
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES attributes;
    NTSTATUS status;

    watch->attachment = attachment;
    watch->name = name;
    watch->registration = NULL;
    KeInitializeEvent(&watch->free, SynchronizationEvent, TRUE);
    RtlInitUnicodeString(&path, RV_WATCH_OBJECT);
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    status = ExCreateCallback(&watch->object, &attributes, TRUE, TRUE);
    if (!NT_SUCCESS(status)) {
        watch->object = NULL;
        return status;
    }
    watch->registration = ExRegisterCallback(watch->object, rv_watch_told, watch);
    if (watch->registration == NULL) {
        ObDereferenceObject(watch->object);
        watch->object = NULL;
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    /* Registered first: a ringview.sys that comes between is told of, and one that is there is found. */
    rv_watch_take(watch);
    if (attachment->calls.forget == NULL) {
        (void)rv_attach(attachment, name);
    }
    rv_watch_release(watch);
    return STATUS_SUCCESS;
}

/* Ends the watching and the attachment; then the memory of both may go. PASSIVE_LEVEL. Also after a failed rv_attach_watch. */
static inline void rv_attach_unwatch(rv_watch *watch)
{
    if (watch->registration != NULL) {
        /* Waits for what is being told. */
        ExUnregisterCallback(watch->registration);
        ObDereferenceObject(watch->object);
        watch->registration = NULL;
        watch->object = NULL;
    }
    rv_attach_detach(watch->attachment);
}

/* ---- logging ---- */

/* Whether calls get through. */
static inline BOOLEAN rv_is_attached(const rv_attachment *attachment)
{
    return (attachment->uses & 1) == 0;
}

/* Whether a call of this level and type is off: the one load that it then costs. */
static inline BOOLEAN rv_attachment_off(const rv_attachment *attachment, uint8_t level, uint16_t type)
{
    return rv_mask_hides((uint64_t)attachment->off, level, type) != 0;
}

static inline RV_PRINTF(3, 0) rv_status
    rv_attachment_text(rv_attachment *attachment, uint8_t level, RV_FORMAT_STRING const char *format, va_list arguments)
{
    rv_record_info info = {0};
    rv_status status;
    if (!rv_attachment_enter(attachment)) {
        return RV_NOT_ATTACHED;
    }
    info.level = level;
    info.origin = (uint16_t)attachment->origin;
    info.type = RV_TYPE_TEXT;
    status = attachment->calls.text(&info, format, arguments);
    rv_attachment_leave(attachment);
    return status;
}

/* LogMessageV of log.h. */
static inline RV_PRINTF(3, 0) rv_status
    rv_attach_log_v(rv_attachment *attachment, uint8_t level, RV_FORMAT_STRING const char *format, va_list arguments)
{
    return rv_attachment_off(attachment, level, RV_TYPE_TEXT)
               ? RV_MASKED
               : rv_attachment_text(attachment, level, format, arguments);
}

/* LogMessageLevel of log.h. */
static inline RV_PRINTF(3, 4) rv_status
    rv_attach_log(rv_attachment *attachment, uint8_t level, RV_FORMAT_STRING const char *format, ...)
{
    rv_status status;
    va_list arguments;
    if (rv_attachment_off(attachment, level, RV_TYPE_TEXT)) {
        return RV_MASKED;
    }
    va_start(arguments, format);
    status = rv_attachment_text(attachment, level, format, arguments);
    va_end(arguments);
    return status;
}

/* SendDataLevel of log.h. */
static inline rv_status rv_attach_send_level(rv_attachment *attachment, uint8_t level, uint16_t type, uint32_t remarks,
                                             const void *buffer, uint32_t length)
{
    rv_record_info info = {0};
    rv_status status;
    if (rv_attachment_off(attachment, level, type)) {
        return RV_MASKED;
    }
    if (!rv_attachment_enter(attachment)) {
        return RV_NOT_ATTACHED;
    }
    info.level = level;
    info.origin = (uint16_t)attachment->origin;
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
