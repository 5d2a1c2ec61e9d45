/*
 * fwpmk.h - the Base Filtering Engine, as far as the driver uses it, from the documentation of fwpmk.h and fwpmtypes.h.
 */
#ifndef RINGVIEW_SHIM_FWPMK_H
#define RINGVIEW_SHIM_FWPMK_H

#include "fwptypes.h"

#define FWPM_SESSION_FLAG_DYNAMIC 1u
typedef struct FWPM_SESSION0_ {
    GUID sessionKey;
    FWPM_DISPLAY_DATA0 displayData;
    UINT32 flags;
    UINT32 txnWaitTimeoutInMSec;
} FWPM_SESSION0;
typedef struct FWPM_SUBLAYER0_ {
    GUID subLayerKey;
    FWPM_DISPLAY_DATA0 displayData;
    UINT32 flags;
    GUID *providerKey;
    FWP_BYTE_BLOB providerData;
    UINT16 weight;
} FWPM_SUBLAYER0;
typedef struct FWPM_CALLOUT0_ {
    GUID calloutKey;
    FWPM_DISPLAY_DATA0 displayData;
    UINT32 flags;
    GUID *providerKey;
    FWP_BYTE_BLOB providerData;
    GUID applicableLayer;
    UINT32 calloutId;
} FWPM_CALLOUT0;
typedef struct FWPM_ACTION0_ {
    FWP_ACTION_TYPE type;
    union {
        GUID filterType;
        GUID calloutKey;
    };
} FWPM_ACTION0;
typedef struct FWPM_FILTER_CONDITION0_ FWPM_FILTER_CONDITION0;
typedef struct FWPM_FILTER0_ {
    GUID filterKey;
    FWPM_DISPLAY_DATA0 displayData;
    UINT32 flags;
    GUID *providerKey;
    FWP_BYTE_BLOB providerData;
    GUID layerKey;
    GUID subLayerKey;
    FWP_VALUE0 weight;
    UINT32 numFilterConditions;
    FWPM_FILTER_CONDITION0 *filterCondition;
    FWPM_ACTION0 action;
} FWPM_FILTER0;

typedef enum FWPM_SERVICE_STATE_ {
    FWPM_SERVICE_STOPPED,
    FWPM_SERVICE_START_PENDING,
    FWPM_SERVICE_STOP_PENDING,
    FWPM_SERVICE_RUNNING
} FWPM_SERVICE_STATE;
typedef void(NTAPI *FWPM_SERVICE_STATE_CHANGE_CALLBACK0)(void *context, FWPM_SERVICE_STATE state);

typedef struct SEC_WINNT_AUTH_IDENTITY_W SEC_WINNT_AUTH_IDENTITY_W;
typedef PVOID PSECURITY_DESCRIPTOR;
#define RPC_C_AUTHN_WINNT 10u

FWPM_SERVICE_STATE NTAPI FwpmBfeStateGet0(void);
NTSTATUS NTAPI FwpmBfeStateSubscribeChanges0(void *device, FWPM_SERVICE_STATE_CHANGE_CALLBACK0 callback, void *context,
                                             HANDLE *handle);
NTSTATUS NTAPI FwpmBfeStateUnsubscribeChanges0(HANDLE handle);
NTSTATUS NTAPI FwpmEngineOpen0(const wchar_t *server, UINT32 service, SEC_WINNT_AUTH_IDENTITY_W *identity,
                               const FWPM_SESSION0 *session, HANDLE *engine);
NTSTATUS NTAPI FwpmEngineClose0(HANDLE engine);
NTSTATUS NTAPI FwpmTransactionBegin0(HANDLE engine, UINT32 flags);
NTSTATUS NTAPI FwpmTransactionCommit0(HANDLE engine);
NTSTATUS NTAPI FwpmTransactionAbort0(HANDLE engine);
NTSTATUS NTAPI FwpmSubLayerAdd0(HANDLE engine, const FWPM_SUBLAYER0 *sublayer, PSECURITY_DESCRIPTOR descriptor);
NTSTATUS NTAPI FwpmCalloutAdd0(HANDLE engine, const FWPM_CALLOUT0 *callout, PSECURITY_DESCRIPTOR descriptor,
                               UINT32 *id);
NTSTATUS NTAPI FwpmFilterAdd0(HANDLE engine, const FWPM_FILTER0 *filter, PSECURITY_DESCRIPTOR descriptor, UINT64 *id);

#endif
