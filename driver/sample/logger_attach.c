/*
 * logger_attach.c - logs through ringview.sys. What such a driver needs of RingView is this: attach.h and no C file.
 */
#include "logger.h"

#include "../include/ringview/attach.h"

static rv_attachment ringview = RV_ATTACHMENT_INIT;

#ifdef RV_WINE
/*
 * IoGetDeviceObjectPointer of Wine 8 answers with a device that does nothing; the driver object can be found, because both
 * drivers run in one winedevice.exe.
 */
NTSTATUS NTAPI ObReferenceObjectByName(PUNICODE_STRING name, ULONG attributes, PACCESS_STATE state, ACCESS_MASK access,
                                       POBJECT_TYPE type, KPROCESSOR_MODE mode, PVOID context, PVOID *object);
extern __declspec(dllimport) POBJECT_TYPE *IoDriverObjectType;

static NTSTATUS attach(void)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Driver\\ringview");
    void *driver;
    NTSTATUS status =
        ObReferenceObjectByName(&name, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDriverObjectType, KernelMode, NULL, &driver);
    if (NT_SUCCESS(status)) {
        PDEVICE_OBJECT device = ((PDRIVER_OBJECT)driver)->DeviceObject;
        status = device == NULL ? STATUS_NO_SUCH_DEVICE : rv_attach_to(&ringview, device);
        ObDereferenceObject(driver);
    }
    return status;
}
#else
static NTSTATUS attach(void)
{
    return rv_attach(&ringview);
}
#endif

NTSTATUS logger_start(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    return attach();
}

void logger_stop(void)
{
    rv_attach_detach(&ringview);
}

NTSTATUS logger_restart(void)
{
    rv_attach_detach(&ringview);
    return attach();
}

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
