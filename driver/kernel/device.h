/*
 * device.h - devices with an ACL: the control device, and the one for programs.
 */
#ifndef RINGVIEW_DEVICE_H
#define RINGVIEW_DEVICE_H

#include "wdk.h"

/* Who may open a device. */
typedef enum rv_device_access {
    RV_DEVICE_ADMINISTRATORS, /* SYSTEM and Administrators, all access; nobody else, and nothing inherited */
    RV_DEVICE_WRITERS,        /* whoever has logged on may write, nobody may read */
} rv_device_access;

/* STATUS_NOT_SUPPORTED if the system cannot set an ACL; then no device is created. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_device_create(_In_ PDRIVER_OBJECT driver, _In_ PCWSTR name, rv_device_access access, _Out_ PDEVICE_OBJECT *device);

#endif
