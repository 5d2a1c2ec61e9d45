/* processes.h - part of ntddk.h: processes, and the notifications about processes, threads and images. */
#ifndef RINGVIEW_SHIM_NTDDK_PROCESSES_H
#define RINGVIEW_SHIM_NTDDK_PROCESSES_H

#include "memory.h"

typedef struct EPROCESS *PEPROCESS;
typedef struct CLIENT_ID {
    HANDLE UniqueProcess, UniqueThread;
} CLIENT_ID;
typedef struct PS_CREATE_NOTIFY_INFO {
    SIZE_T Size;
    ULONG Flags;
    HANDLE ParentProcessId;
    CLIENT_ID CreatingThreadId;
    PVOID FileObject;
    PCUNICODE_STRING ImageFileName, CommandLine;
    NTSTATUS CreationStatus;
} PS_CREATE_NOTIFY_INFO, *PPS_CREATE_NOTIFY_INFO;
typedef struct IMAGE_INFO {
    ULONG Properties;
    PVOID ImageBase;
    ULONG ImageSelector;
    SIZE_T ImageSize;
    ULONG ImageSectionNumber;
} IMAGE_INFO, *PIMAGE_INFO;
typedef VOID (*shim_process_routine)(PEPROCESS, HANDLE, PPS_CREATE_NOTIFY_INFO);
typedef VOID (*shim_thread_routine)(HANDLE, HANDLE, BOOLEAN);
typedef VOID (*shim_image_routine)(PUNICODE_STRING, HANDLE, PIMAGE_INFO);
NTSTATUS PsSetCreateProcessNotifyRoutineEx(shim_process_routine routine, BOOLEAN remove);
NTSTATUS PsSetCreateThreadNotifyRoutine(shim_thread_routine routine);
NTSTATUS PsRemoveCreateThreadNotifyRoutine(shim_thread_routine routine);
NTSTATUS PsSetLoadImageNotifyRoutine(shim_image_routine routine);
NTSTATUS PsRemoveLoadImageNotifyRoutine(shim_image_routine routine);
HANDLE PsGetCurrentProcessId(void);
HANDLE PsGetCurrentThreadId(void);
PEPROCESS PsGetCurrentProcess(void);

#endif
