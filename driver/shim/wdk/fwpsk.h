/*
 * fwpsk.h - callouts of the Windows Filtering Platform, as far as the driver uses them, from the documentation of fwpsk.h: the
 * structs have its fields in its order, fields of a layer its numbers (FWPS_FIELDS_*), and metadata its bits
 * (FWPS_METADATA_FIELD_*).
 */
#ifndef RINGVIEW_SHIM_FWPSK_H
#define RINGVIEW_SHIM_FWPSK_H

#include "fwptypes.h"

typedef struct FWPS_INCOMING_VALUE0_ {
    FWP_VALUE0 value;
} FWPS_INCOMING_VALUE0;
typedef struct FWPS_INCOMING_VALUES0_ {
    UINT16 layerId;
    UINT32 valueCount;
    FWPS_INCOMING_VALUE0 *incomingValue;
} FWPS_INCOMING_VALUES0;

#define FWPS_METADATA_FIELD_FLOW_HANDLE 0x2u
#define FWPS_METADATA_FIELD_PROCESS_PATH 0x8u
#define FWPS_METADATA_FIELD_PROCESS_ID 0x20u
#define FWPS_METADATA_FIELD_TRANSPORT_ENDPOINT_HANDLE 0x8000u

/* The begin and the end are left out: nobody may rely on where a field lies but by its name. */
typedef struct FWPS_INCOMING_METADATA_VALUES0_ {
    UINT32 currentMetadataValues;
    UINT32 flags;
    UINT64 flowHandle;
    FWP_BYTE_BLOB *processPath;
    UINT64 token;
    UINT64 processId;
    UINT64 transportEndpointHandle;
} FWPS_INCOMING_METADATA_VALUES0;

#define FWPS_RIGHT_ACTION_WRITE 1u
#define FWPS_CLASSIFY_OUT_FLAG_ABSORB 1u
typedef struct FWPS_CLASSIFY_OUT0_ {
    FWP_ACTION_TYPE actionType;
    UINT64 outContext;
    UINT64 filterId;
    UINT32 rights;
    UINT32 flags;
    UINT32 reserved;
} FWPS_CLASSIFY_OUT0;

typedef struct FWPS_FILTER1_ {
    UINT64 filterId;
} FWPS_FILTER1;
typedef enum FWPS_CALLOUT_NOTIFY_TYPE_ {
    FWPS_CALLOUT_NOTIFY_ADD_FILTER,
    FWPS_CALLOUT_NOTIFY_DELETE_FILTER
} FWPS_CALLOUT_NOTIFY_TYPE;

typedef void(NTAPI *FWPS_CALLOUT_CLASSIFY_FN1)(const FWPS_INCOMING_VALUES0 *values,
                                               const FWPS_INCOMING_METADATA_VALUES0 *metadata, void *layer_data,
                                               const void *context, const FWPS_FILTER1 *filter, UINT64 flow_context,
                                               FWPS_CLASSIFY_OUT0 *out);
typedef NTSTATUS(NTAPI *FWPS_CALLOUT_NOTIFY_FN1)(FWPS_CALLOUT_NOTIFY_TYPE type, const GUID *key, FWPS_FILTER1 *filter);
typedef void(NTAPI *FWPS_CALLOUT_FLOW_DELETE_NOTIFY_FN0)(UINT16 layer, UINT32 callout, UINT64 flow_context);

typedef struct FWPS_CALLOUT1_ {
    GUID calloutKey;
    UINT32 flags;
    FWPS_CALLOUT_CLASSIFY_FN1 classifyFn;
    FWPS_CALLOUT_NOTIFY_FN1 notifyFn;
    FWPS_CALLOUT_FLOW_DELETE_NOTIFY_FN0 flowDeleteFn;
} FWPS_CALLOUT1;

NTSTATUS NTAPI FwpsCalloutRegister1(void *device, const FWPS_CALLOUT1 *callout, UINT32 *id);
NTSTATUS NTAPI FwpsCalloutUnregisterById0(const UINT32 id);

/* The first fields of the layers, which are the same for IPv4 and IPv6; there are more behind them. */
#define SHIM_FIELDS_ALE_FLOW_ESTABLISHED(version)                                                                      \
    FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_ALE_APP_ID, FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_ALE_USER_ID, \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_LOCAL_ADDRESS,                                                 \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_LOCAL_ADDRESS_TYPE,                                            \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_LOCAL_PORT,                                                    \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_PROTOCOL,                                                      \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_REMOTE_ADDRESS,                                                \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_REMOTE_PORT,                                                   \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_ALE_REMOTE_USER_ID,                                               \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_ALE_REMOTE_MACHINE_ID,                                            \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_DESTINATION_ADDRESS_TYPE,                                      \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_LOCAL_INTERFACE,                                               \
        FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_DIRECTION
enum {
    SHIM_FIELDS_ALE_FLOW_ESTABLISHED(4)
};
enum {
    SHIM_FIELDS_ALE_FLOW_ESTABLISHED(6)
};

#define SHIM_FIELDS_ALE_AUTH_LISTEN(version)                                                                           \
    FWPS_FIELD_ALE_AUTH_LISTEN_V##version##_ALE_APP_ID, FWPS_FIELD_ALE_AUTH_LISTEN_V##version##_ALE_USER_ID,           \
        FWPS_FIELD_ALE_AUTH_LISTEN_V##version##_IP_LOCAL_ADDRESS,                                                      \
        FWPS_FIELD_ALE_AUTH_LISTEN_V##version##_IP_LOCAL_ADDRESS_TYPE,                                                 \
        FWPS_FIELD_ALE_AUTH_LISTEN_V##version##_IP_LOCAL_PORT
enum {
    SHIM_FIELDS_ALE_AUTH_LISTEN(4)
};
enum {
    SHIM_FIELDS_ALE_AUTH_LISTEN(6)
};

#define SHIM_FIELDS_ALE_ENDPOINT_CLOSURE(version)                                                                      \
    FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_ALE_APP_ID, FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_ALE_USER_ID, \
        FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_LOCAL_ADDRESS,                                                 \
        FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_LOCAL_ADDRESS_TYPE,                                            \
        FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_LOCAL_PORT,                                                    \
        FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_PROTOCOL,                                                      \
        FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_REMOTE_ADDRESS,                                                \
        FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_REMOTE_PORT
enum {
    SHIM_FIELDS_ALE_ENDPOINT_CLOSURE(4)
};
enum {
    SHIM_FIELDS_ALE_ENDPOINT_CLOSURE(6)
};

#endif
