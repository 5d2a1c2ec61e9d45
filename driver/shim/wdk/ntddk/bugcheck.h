/* bugcheck.h - part of ntddk.h: the callback that adds pages to a crash dump. */
#ifndef RINGVIEW_SHIM_NTDDK_BUGCHECK_H
#define RINGVIEW_SHIM_NTDDK_BUGCHECK_H

#include "types.h"

typedef enum {
    KbCallbackInvalid,
    KbCallbackAddPages = 4,
    KbCallbackTriageDumpData = 7
} KBUGCHECK_CALLBACK_REASON;
struct _KBUGCHECK_REASON_CALLBACK_RECORD;
typedef VOID KBUGCHECK_REASON_CALLBACK_ROUTINE(KBUGCHECK_CALLBACK_REASON, struct _KBUGCHECK_REASON_CALLBACK_RECORD *,
                                               PVOID, ULONG);
typedef KBUGCHECK_REASON_CALLBACK_ROUTINE *shim_bugcheck_routine;
typedef struct _KBUGCHECK_REASON_CALLBACK_RECORD {
    shim_bugcheck_routine routine;
} KBUGCHECK_REASON_CALLBACK_RECORD, *PKBUGCHECK_REASON_CALLBACK_RECORD;
typedef struct KBUGCHECK_ADD_PAGES {
    PVOID Context;
    ULONG Flags, BugCheckCode;
    ULONG_PTR Address, Count;
} KBUGCHECK_ADD_PAGES, *PKBUGCHECK_ADD_PAGES;
#define KB_ADD_PAGES_FLAG_VIRTUAL_ADDRESS 1
#define KB_ADD_PAGES_FLAG_ADDITIONAL_RANGES_EXIST 0x80000000u
#define KeInitializeCallbackRecord(record) ((void)((record)->routine = NULL))
BOOLEAN KeRegisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record, shim_bugcheck_routine routine,
                                         KBUGCHECK_CALLBACK_REASON reason, PUCHAR component);
BOOLEAN KeDeregisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record);

#endif
