/* ntifs.h - what driver/kernel uses of it beside ntddk.h: the token of a process, and whose it is. */
#ifndef RINGVIEW_SHIM_NTIFS_H
#define RINGVIEW_SHIM_NTIFS_H

#include "ntddk.h"

typedef PVOID PACCESS_TOKEN, PSID;
typedef enum {
    TokenUser = 1
} TOKEN_INFORMATION_CLASS;
typedef struct SID_AND_ATTRIBUTES {
    PSID Sid;
    ULONG Attributes;
} SID_AND_ATTRIBUTES;
typedef struct TOKEN_USER {
    SID_AND_ATTRIBUTES User;
} TOKEN_USER;
PACCESS_TOKEN PsReferencePrimaryToken(PEPROCESS process);
void PsDereferencePrimaryToken(PACCESS_TOKEN token);
NTSTATUS SeQueryInformationToken(PACCESS_TOKEN token, TOKEN_INFORMATION_CLASS kind, PVOID *information);
ULONG RtlLengthSid(PSID sid);

#endif
