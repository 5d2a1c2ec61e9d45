/*
 * device.h - the control device: only SYSTEM and Administrators can open it.
 */
#ifndef RINGVIEW_DEVICE_H
#define RINGVIEW_DEVICE_H

#include "wdk.h"

/* STATUS_NOT_SUPPORTED if the system cannot set an ACL; then no device is created. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_device_create(_In_ PDRIVER_OBJECT driver, _In_ PCWSTR name, _Out_ PDEVICE_OBJECT *device);

#endif
