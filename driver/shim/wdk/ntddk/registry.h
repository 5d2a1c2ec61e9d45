/* registry.h - part of ntddk.h: keys and values, and what is called at the end of the boot. */
#ifndef RINGVIEW_SHIM_NTDDK_REGISTRY_H
#define RINGVIEW_SHIM_NTDDK_REGISTRY_H

#include "devices.h"

#define KEY_QUERY_VALUE 1
#define REG_SZ 1
#define REG_DWORD 4
#define REG_QWORD 11

typedef enum {
    KeyValueBasicInformation,
    KeyValueFullInformation,
    KeyValuePartialInformation
} KEY_VALUE_INFORMATION_CLASS;
typedef struct KEY_VALUE_PARTIAL_INFORMATION {
    ULONG TitleIndex, Type, DataLength;
    UCHAR Data[1];
} KEY_VALUE_PARTIAL_INFORMATION, *PKEY_VALUE_PARTIAL_INFORMATION;
NTSTATUS ZwOpenKey(PHANDLE key, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS ZwQueryValueKey(HANDLE key, PUNICODE_STRING name, KEY_VALUE_INFORMATION_CLASS kind, PVOID information,
                         ULONG bytes, PULONG needed);

typedef struct PHYSICAL_MEMORY_RANGE {
    LARGE_INTEGER BaseAddress, NumberOfBytes;
} PHYSICAL_MEMORY_RANGE, *PPHYSICAL_MEMORY_RANGE;
PPHYSICAL_MEMORY_RANGE MmGetPhysicalMemoryRanges(void);
void ExFreePool(PVOID memory);

typedef VOID DRIVER_REINITIALIZE(PDRIVER_OBJECT driver, PVOID context, ULONG count);
void IoRegisterBootDriverReinitialization(PDRIVER_OBJECT driver, DRIVER_REINITIALIZE *routine, PVOID context);

#endif
