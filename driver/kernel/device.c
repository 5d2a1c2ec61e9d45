/*
 * device.c - creates a device with its ACL.
 *
 * The usual way with the WDK is wdmsec.lib, which brings IoCreateDeviceSecure to every system. mingw has no such
 * library, so there the kernel's own export is looked up. If it is missing, no device is created, rather than one
 * without an ACL.
 */
#include "device.h"

#include "fault.h"

#ifdef _MSC_VER
#include <wdmsec.h>
#endif

static const UNICODE_STRING admins_only = RTL_CONSTANT_STRING(L"D:P(A;;GA;;;SY)(A;;GA;;;BA)");
static const UNICODE_STRING writers = RTL_CONSTANT_STRING(L"D:P(A;;GW;;;SY)(A;;GW;;;BA)(A;;GW;;;AU)");

/* {8D3B7C52-6C0E-4B7A-9C2B-52696E675677}: a device class, for which an administrator can set another ACL in the
 * registry. */
static const GUID device_class = {0x8d3b7c52, 0x6c0e, 0x4b7a, {0x9c, 0x2b, 0x52, 0x69, 0x6e, 0x67, 0x56, 0x77}};
/* {...78}: of the device for programs, for its own. */
static const GUID writers_class = {0x8d3b7c52, 0x6c0e, 0x4b7a, {0x9c, 0x2b, 0x52, 0x69, 0x6e, 0x67, 0x56, 0x78}};

#ifndef _MSC_VER
typedef NTSTATUS(NTAPI *create_device_secure)(PDRIVER_OBJECT driver, ULONG extension_bytes, PUNICODE_STRING name,
                                              DEVICE_TYPE type, ULONG characteristics, BOOLEAN exclusive,
                                              PCUNICODE_STRING sddl, LPCGUID device_class, PDEVICE_OBJECT *device);
#endif

_Use_decl_annotations_ NTSTATUS rv_device_create(PDRIVER_OBJECT driver, PCWSTR name, rv_device_access access,
                                                 PDEVICE_OBJECT *device)
{
    const UNICODE_STRING *acl = access == RV_DEVICE_WRITERS ? &writers : &admins_only;
    const GUID *kind = access == RV_DEVICE_WRITERS ? &writers_class : &device_class;
    UNICODE_STRING device_name;
    *device = NULL;
    if (RV_FAULT()) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlInitUnicodeString(&device_name, name);
#ifdef _MSC_VER
    return IoCreateDeviceSecure(driver, 0, &device_name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, acl, kind,
                                device);
#else
    UNICODE_STRING service = RTL_CONSTANT_STRING(L"IoCreateDeviceSecure");
    create_device_secure create = (create_device_secure)(ULONG_PTR)MmGetSystemRoutineAddress(&service);
    if (create == NULL) {
        return STATUS_NOT_SUPPORTED;
    }
    return create(driver, 0, &device_name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, acl, kind, device);
#endif
}
