/* memory.h - part of ntddk.h: pool, handles, sections and their views, MDLs. */
#ifndef RINGVIEW_SHIM_NTDDK_MEMORY_H
#define RINGVIEW_SHIM_NTDDK_MEMORY_H

#include <stdbool.h>

#include "scheduling.h"

typedef enum {
    NonPagedPool,
    NonPagedPoolNx = 512
} POOL_TYPE;
PVOID ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T bytes, ULONG tag);
void ExFreePoolWithTag(PVOID memory, ULONG tag);

typedef struct OBJECT_ATTRIBUTES {
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
#define OBJ_CASE_INSENSITIVE 0x40
#define OBJ_KERNEL_HANDLE 0x200
#define InitializeObjectAttributes(p, name, attributes, root, descriptor)                                              \
    ((void)((p)->RootDirectory = (root), (p)->Attributes = (attributes), (p)->ObjectName = (name)))
typedef struct OBJECT_TYPE OBJECT_TYPE, *POBJECT_TYPE;
extern POBJECT_TYPE *ExEventObjectType;
#define EVENT_MODIFY_STATE 2
NTSTATUS ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                   PVOID *object, PVOID information);
LONG ObReferenceObject(PVOID object);
LONG ObDereferenceObject(PVOID object);

#define SECTION_QUERY 1
#define SECTION_MAP_WRITE 2
#define SECTION_MAP_READ 4
#define SEC_COMMIT 0x8000000
#define PAGE_READONLY 2
#define PAGE_READWRITE 4
typedef enum {
    ViewShare = 1,
    ViewUnmap = 2
} SECTION_INHERIT;
NTSTATUS ZwCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PLARGE_INTEGER size,
                         ULONG protection, ULONG allocation, HANDLE file);
NTSTATUS ZwClose(HANDLE handle);
NTSTATUS ZwMapViewOfSection(HANDLE section, HANDLE process, PVOID *address, ULONG_PTR zero_bits, SIZE_T commit,
                            PLARGE_INTEGER offset, PSIZE_T bytes, SECTION_INHERIT inherit, ULONG allocation,
                            ULONG protection);
NTSTATUS ZwUnmapViewOfSection(HANDLE process, PVOID address);
#define ZwCurrentProcess() ((HANDLE)(intptr_t)-1)
NTSTATUS MmMapViewInSystemSpace(PVOID section, PVOID *address, PSIZE_T bytes);
NTSTATUS MmUnmapViewInSystemSpace(PVOID address);

typedef struct MDL {
    PVOID address;
    bool locked;
} MDL, *PMDL;
typedef enum {
    IoReadAccess,
    IoWriteAccess,
    IoModifyAccess
} LOCK_OPERATION;
#define NormalPagePriority 16
PMDL IoAllocateMdl(PVOID address, ULONG bytes, BOOLEAN secondary, BOOLEAN quota, PVOID irp);
void IoFreeMdl(PMDL mdl);
void MmProbeAndLockPages(PMDL mdl, KPROCESSOR_MODE mode, LOCK_OPERATION operation);
void MmUnlockPages(PMDL mdl);
PVOID MmGetSystemAddressForMdlSafe(PMDL mdl, ULONG priority);
PVOID MmGetSystemRoutineAddress(PUNICODE_STRING name);
void RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text);

#endif
