/*
 * wdmsec.h - IoCreateDeviceSecure, as the WDK declares it.
 */
#ifndef RINGVIEW_SHIM_WDMSEC_H
#define RINGVIEW_SHIM_WDMSEC_H

#include <ntddk.h>

NTSTATUS IoCreateDeviceSecure(PDRIVER_OBJECT driver, ULONG extension_bytes, PUNICODE_STRING name, DEVICE_TYPE type,
                              ULONG characteristics, BOOLEAN exclusive, PCUNICODE_STRING sddl, LPCGUID device_class,
                              PDEVICE_OBJECT *device);

#endif
