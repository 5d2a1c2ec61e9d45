/*
 * logger_attach.c - logs through ringview.sys. What such a driver needs of RingView is this: attach.h and no C file.
 */
#include "logger.h"

#include "../include/ringview/attach.h"
#include "sample_ioctl.h"

static rv_attachment ringview = RV_ATTACHMENT_INIT;

#ifndef RV_WINE

static rv_watch watch;

BOOLEAN logger_looking(void)
{
    return TRUE; /* the system tells at once */
}

NTSTATUS logger_start(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    return rv_attach_watch(&watch, &ringview, SAMPLE_LOGGER);
}

void logger_stop(void)
{
    rv_attach_unwatch(&watch);
}

#else

/*
 * Wine 8: callback objects do nothing, and IoGetDeviceObjectPointer answers with a device that does nothing. But the driver
 * object can be found, because both drivers run in one winedevice.exe. So a thread looks for it.
 */
NTSTATUS NTAPI ObReferenceObjectByName(PUNICODE_STRING name, ULONG attributes, PACCESS_STATE state, ACCESS_MASK access,
                                       POBJECT_TYPE type, KPROCESSOR_MODE mode, PVOID context, PVOID *object);
extern __declspec(dllimport) POBJECT_TYPE *IoDriverObjectType;
NTSYSAPI NTSTATUS NTAPI ZwWaitForSingleObject(HANDLE handle, BOOLEAN alertable, PLARGE_INTEGER timeout);

static HANDLE thread;
static volatile LONG ending;
/* The one that ended may still be found for a while, so it must have been gone before another one is looked for. */
static volatile LONG absent = 1;

BOOLEAN logger_looking(void)
{
    return ringview.calls.forget == NULL && absent;
}

/* The driver object of ringview.sys, referenced; NULL: it is not loaded. */
static PDRIVER_OBJECT find_driver(void)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Driver\\ringview");
    void *driver;
    NTSTATUS status =
        ObReferenceObjectByName(&name, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDriverObjectType, KernelMode, NULL, &driver);
    return NT_SUCCESS(status) ? driver : NULL;
}

/* Attaches if ringview.sys is loaded and ready. */
static void attach(void)
{
    PDRIVER_OBJECT driver = find_driver();
    if (driver == NULL) {
        return;
    }
    /* The control device is the one that was made first: the last of the list. */
    PDEVICE_OBJECT device = driver->DeviceObject;
    while (device != NULL && device->NextDevice != NULL) {
        device = device->NextDevice;
    }
    if (device != NULL && (device->Flags & DO_DEVICE_INITIALIZING) == 0) {
        (void)rv_attach_to(&ringview, device, SAMPLE_LOGGER);
    }
    ObDereferenceObject(driver);
}

static VOID NTAPI look(PVOID context)
{
    LARGE_INTEGER soon = {.QuadPart = -200000};
    UNREFERENCED_PARAMETER(context);
    while (!ending) {
        if (ringview.calls.forget == NULL && absent) {
            attach();
        } else if (ringview.calls.forget != NULL && ringview.gone) {
            rv_attach_detach(&ringview);
            absent = 0;
        } else if (!absent) {
            PDRIVER_OBJECT driver = find_driver();
            absent = driver == NULL;
            if (driver != NULL) {
                ObDereferenceObject(driver);
            }
        }
        (void)KeDelayExecutionThread(KernelMode, FALSE, &soon);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS logger_start(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    attach();
    return PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, look, NULL);
}

void logger_stop(void)
{
    if (thread != NULL) {
        ending = 1;
        (void)ZwWaitForSingleObject(thread, FALSE, NULL);
        (void)ZwClose(thread);
    }
    rv_attach_detach(&ringview);
}

#endif

BOOLEAN logger_attached(void)
{
    return rv_is_attached(&ringview);
}

BOOLEAN logger_dispatch(PDEVICE_OBJECT device, PIRP irp, NTSTATUS *status)
{
    UNREFERENCED_PARAMETER(device);
    UNREFERENCED_PARAMETER(irp);
    UNREFERENCED_PARAMETER(status);
    return FALSE;
}

rv_status logger_log(uint8_t level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    rv_status status = rv_attach_log_v(&ringview, level, format, arguments);
    va_end(arguments);
    return status;
}

rv_status logger_send(uint16_t type, uint32_t remarks, const void *data, uint32_t length)
{
    return rv_attach_send(&ringview, type, remarks, data, length);
}
