/*
 * user.c - tokens are of ntifs.h, which includes what wdk.h includes and has to come first.
 */
#ifndef RV_WINE
#include <ntifs.h>
#endif

#include "user.h"

#ifdef RV_WINE

/* Wine has neither of the functions; one user is all there is. */
_Use_decl_annotations_ NTSTATUS rv_user_of(PEPROCESS process, uint64_t *user)
{
    UNREFERENCED_PARAMETER(process);
    *user = 0;
    return STATUS_SUCCESS;
}

#else

#include "fault.h"

/* FNV-1a. Nobody chooses his SID, so it need not withstand who looks for two of one number. */
static uint64_t number_of(const uint8_t *bytes, uint32_t length)
{
    uint64_t hash = 0xcbf29ce484222325ull;
    for (uint32_t n = 0; n < length; n++) {
        hash = (hash ^ bytes[n]) * 0x100000001b3ull;
    }
    return hash;
}

_Use_decl_annotations_ NTSTATUS rv_user_of(PEPROCESS process, uint64_t *user)
{
    PVOID answer = NULL;
    PACCESS_TOKEN token = PsReferencePrimaryToken(process);
    NTSTATUS status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : SeQueryInformationToken(token, TokenUser, &answer);
    PsDereferencePrimaryToken(token);
    if (!NT_SUCCESS(status)) {
        *user = 0;
        return status;
    }
    PSID sid = ((const TOKEN_USER *)answer)->User.Sid;
    *user = number_of(sid, RtlLengthSid(sid));
    ExFreePool(answer);
    return STATUS_SUCCESS;
}

#endif
