/* sample.h - part of ntddk.h: threads, and what else only the sample driver uses: declared for the compiler, not implemented. */
#ifndef RINGVIEW_SHIM_NTDDK_SAMPLE_H
#define RINGVIEW_SHIM_NTDDK_SAMPLE_H

#include "processes.h"

#define InterlockedIncrement64(p) __atomic_add_fetch((p), 1, __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd(p, v) __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define NTSYSAPI
#define THREAD_ALL_ACCESS 0x1fffff
typedef VOID KSTART_ROUTINE(PVOID context);
NTSTATUS PsCreateSystemThread(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes, HANDLE process,
                              CLIENT_ID *client, KSTART_ROUTINE *routine, PVOID context);
NTSTATUS PsTerminateSystemThread(NTSTATUS status);
ULONG KeQueryActiveProcessorCount(KAFFINITY *active);
void KeSetTargetProcessorDpc(PKDPC dpc, CHAR number);
typedef CHAR CCHAR;

#endif
