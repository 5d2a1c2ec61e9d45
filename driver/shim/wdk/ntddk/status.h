/* status.h - part of ntddk.h: status codes, and exceptions, which only MmProbeAndLockPages raises. */
#ifndef RINGVIEW_SHIM_NTDDK_STATUS_H
#define RINGVIEW_SHIM_NTDDK_STATUS_H

#ifndef _MSC_VER
#include <setjmp.h>
#endif

#include "types.h"

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define STATUS_SUCCESS ((NTSTATUS)0)
#define STATUS_PENDING ((NTSTATUS)0x103)
#define STATUS_UNSUCCESSFUL ((NTSTATUS)0xc0000001)
#define STATUS_INVALID_HANDLE ((NTSTATUS)0xc0000008)
#define STATUS_INVALID_PARAMETER ((NTSTATUS)0xc000000d)
#define STATUS_INVALID_DEVICE_REQUEST ((NTSTATUS)0xc0000010)
#define STATUS_NO_MEMORY ((NTSTATUS)0xc0000017)
#define STATUS_BUFFER_TOO_SMALL ((NTSTATUS)0xc0000023)
#define STATUS_QUOTA_EXCEEDED ((NTSTATUS)0xc0000044)
#define STATUS_BUFFER_OVERFLOW ((NTSTATUS)0x80000005)
#define STATUS_OBJECT_NAME_NOT_FOUND ((NTSTATUS)0xc0000034)
#define STATUS_REVISION_MISMATCH ((NTSTATUS)0xc0000059)
#define STATUS_INSUFFICIENT_RESOURCES ((NTSTATUS)0xc000009a)
#define STATUS_WORKING_SET_QUOTA ((NTSTATUS)0xc00000a1)
#define STATUS_DEVICE_NOT_READY ((NTSTATUS)0xc00000a3)
#define STATUS_NOT_SUPPORTED ((NTSTATUS)0xc00000bb)
#define STATUS_DELETE_PENDING ((NTSTATUS)0xc0000056)
#define STATUS_DEVICE_BUSY ((NTSTATUS)0x80000011)
#define STATUS_CANCELLED ((NTSTATUS)0xc0000120)
#define STATUS_NOT_FOUND ((NTSTATUS)0xc0000225)
#define STATUS_OBJECT_NAME_NOT_FOUND ((NTSTATUS)0xc0000034)
#define STATUS_OBJECT_NAME_COLLISION ((NTSTATUS)0xc0000035)
#define STATUS_FLT_INSTANCE_ALTITUDE_COLLISION ((NTSTATUS)0xc01c0011)
#define STATUS_ACCESS_DENIED ((NTSTATUS)0xc0000022)

#define EXCEPTION_EXECUTE_HANDLER 1
#ifdef _MSC_VER
unsigned long __cdecl _exception_code(void);
#define GetExceptionCode() ((NTSTATUS)_exception_code())
#else
extern jmp_buf shim_exception;
#define __try if (setjmp(shim_exception) == 0)
/* The formatter would put a blank before the parameter. */
/* clang-format off */
#define __except(filter) else
/* clang-format on */
#define GetExceptionCode() STATUS_WORKING_SET_QUOTA
#endif

#endif
