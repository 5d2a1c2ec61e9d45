/*
 * callouts.c - what the filter engine calls, at DISPATCH_LEVEL and below: they look, and let everything pass.
 */
#include "callouts.h"

#include <string.h>

#include "../kernel/utf8.h"
#include "../observe/observer.h"
#include "endpoints.h"
#include "flow.h"
#include "layers.h"

/* ---- durations -------------------------------------------------------------------------------------------------- */

static rv_endpoints endpoints;
static KSPIN_LOCK endpoints_lock;
/* Closes were not looked at for a while: what is in the table may be of endpoints that are long gone. */
static volatile LONG closes_missed = 1;

static void remember(const rv_event_network *record)
{
    /* Datagram sockets have a flow for each peer. */
    bool again = record->protocol != 6;
    uint64_t now = rv_observer_now();
    KIRQL irql;

    KeAcquireSpinLock(&endpoints_lock, &irql);
    if (closes_missed) {
        closes_missed = 0;
        rv_endpoints_forget(&endpoints);
    }
    bool had_room = rv_endpoints_opened(&endpoints, record->endpoint, now, again);
    KeReleaseSpinLock(&endpoints_lock, irql);
    if (!had_room) {
        (void)InterlockedIncrement64(&rv_observer_state.no_room);
    }
}

/* Nanoseconds since the endpoint was connected; 0: that was not seen. */
static uint64_t lifetime(uint64_t endpoint)
{
    uint64_t since = 0;
    KIRQL irql;
    KeAcquireSpinLock(&endpoints_lock, &irql);
    bool known = !closes_missed && rv_endpoints_closed(&endpoints, endpoint, &since);
    KeReleaseSpinLock(&endpoints_lock, irql);
    return known ? rv_observer_since(since) : 0;
}

/* ---- records ---------------------------------------------------------------------------------------------------- */

/* `duration` is filled in before. */
static void report(rv_event_network *event, const rv_flow_path *path)
{
    struct {
        rv_event_network event;
        char path[RV_EVENT_PATH_BYTES];
    } record;

    if (!rv_observer_wants(event->operation) || !rv_observer_wants_process(event->pid) ||
        !rv_observer_wants_path(path->text, path->units)) {
        return;
    }
    record.event = *event;
    record.event.path_bytes = 0;
    if (path->text == NULL) {
        record.event.flags |= RV_EVENT_PATH_UNKNOWN;
    } else {
        bool cut = false;
        record.event.path_bytes =
            rv_utf8_end(record.path, RV_EVENT_PATH_BYTES, (const uint16_t *)path->text, path->units, &cut);
        record.event.flags |= cut ? RV_EVENT_PATH_CUT : 0u;
    }
    rv_observer_send(&record, (uint32_t)sizeof record.event + record.event.path_bytes);
}

/* What every callout does in the end. A right that it does not have it does not need: then somebody else has decided. */
static void pass(FWPS_CLASSIFY_OUT0 *out)
{
    if (out != NULL && (out->rights & FWPS_RIGHT_ACTION_WRITE) != 0) {
        out->actionType = FWP_ACTION_CONTINUE;
    }
}

static void established(const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values,
                        const FWPS_INCOMING_METADATA_VALUES0 *metadata)
{
    uint32_t operation = rv_flow_is_inbound(fields, values) ? RV_NETWORK_ACCEPT : RV_NETWORK_CONNECT;
    BOOLEAN remembers = rv_observer_wants(RV_NETWORK_CLOSE);
    if (!remembers && !rv_observer_wants(operation)) {
        return;
    }
    rv_event_network event = {.operation = operation};
    rv_flow_read(&event, fields, values, metadata);
    if (remembers) {
        remember(&event);
    }
    rv_flow_path path = rv_flow_path_of(fields, values, metadata);
    report(&event, &path);
}

static void listens(const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values,
                    const FWPS_INCOMING_METADATA_VALUES0 *metadata)
{
    if (!rv_observer_wants(RV_NETWORK_LISTEN)) {
        return;
    }
    rv_event_network event = {.operation = RV_NETWORK_LISTEN};
    rv_flow_read(&event, fields, values, metadata);
    rv_flow_path path = rv_flow_path_of(fields, values, metadata);
    report(&event, &path);
}

static void closed(const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values,
                   const FWPS_INCOMING_METADATA_VALUES0 *metadata)
{
    if (!rv_observer_wants(RV_NETWORK_CLOSE)) {
        if (!closes_missed) {
            closes_missed = 1;
        }
        return;
    }
    rv_event_network event = {.operation = RV_NETWORK_CLOSE};
    rv_flow_read(&event, fields, values, metadata);
    event.duration = lifetime(event.endpoint);
    rv_flow_path path = rv_flow_path_of(fields, values, metadata);
    report(&event, &path);
}

/* ---- what the engine calls -------------------------------------------------------------------------------------- */

/* The fields of a layer by the names that fwpsk.h gives them. */
#define ESTABLISHED(version)                                                                                           \
    {                                                                                                                  \
        .family = version, .path = FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_ALE_APP_ID,                            \
        .protocol = FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_PROTOCOL,                                          \
        .local = FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_LOCAL_ADDRESS,                                        \
        .local_port = FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_LOCAL_PORT,                                      \
        .remote = FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_REMOTE_ADDRESS,                                      \
        .remote_port = FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_IP_REMOTE_PORT,                                    \
        .direction = FWPS_FIELD_ALE_FLOW_ESTABLISHED_V##version##_DIRECTION,                                           \
    }
#define LISTEN(version)                                                                                                \
    {                                                                                                                  \
        .family = version, .path = FWPS_FIELD_ALE_AUTH_LISTEN_V##version##_ALE_APP_ID, .protocol = RV_NO_FIELD,        \
        .local = FWPS_FIELD_ALE_AUTH_LISTEN_V##version##_IP_LOCAL_ADDRESS,                                             \
        .local_port = FWPS_FIELD_ALE_AUTH_LISTEN_V##version##_IP_LOCAL_PORT, .remote = RV_NO_FIELD,                    \
        .remote_port = RV_NO_FIELD, .direction = RV_NO_FIELD,                                                          \
    }
#define CLOSURE(version)                                                                                               \
    {                                                                                                                  \
        .family = version, .path = FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_ALE_APP_ID,                            \
        .protocol = FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_PROTOCOL,                                          \
        .local = FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_LOCAL_ADDRESS,                                        \
        .local_port = FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_LOCAL_PORT,                                      \
        .remote = FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_REMOTE_ADDRESS,                                      \
        .remote_port = FWPS_FIELD_ALE_ENDPOINT_CLOSURE_V##version##_IP_REMOTE_PORT, .direction = RV_NO_FIELD,          \
    }

/* A callout of these fields: FWPS_CALLOUT_CLASSIFY_FN1. */
#define CALLOUT(name, what, of_layer)                                                                                  \
    static void NTAPI name(const FWPS_INCOMING_VALUES0 *values, const FWPS_INCOMING_METADATA_VALUES0 *metadata,        \
                           void *layer_data, const void *context, const FWPS_FILTER1 *filter, UINT64 flow_context,     \
                           FWPS_CLASSIFY_OUT0 *out)                                                                    \
    {                                                                                                                  \
        static const rv_flow_fields fields = of_layer;                                                                 \
        UNREFERENCED_PARAMETER(layer_data);                                                                            \
        UNREFERENCED_PARAMETER(context);                                                                               \
        UNREFERENCED_PARAMETER(filter);                                                                                \
        UNREFERENCED_PARAMETER(flow_context);                                                                          \
        what(&fields, values, metadata);                                                                               \
        pass(out);                                                                                                     \
    }

CALLOUT(established_v4, established, ESTABLISHED(4))
CALLOUT(established_v6, established, ESTABLISHED(6))
CALLOUT(listens_v4, listens, LISTEN(4))
CALLOUT(listens_v6, listens, LISTEN(6))
CALLOUT(closed_v4, closed, CLOSURE(4))
CALLOUT(closed_v6, closed, CLOSURE(6))

/* {8D3B7C52-6C0E-4B7A-9C2B-52696E6757xx} */
#define OWN(number)                                                                                                    \
    {                                                                                                                  \
        0x8d3b7c52, 0x6c0e, 0x4b7a,                                                                                    \
        {                                                                                                              \
            0x9c, 0x2b, 0x52, 0x69, 0x6e, 0x67, 0x57, number                                                           \
        }                                                                                                              \
    }

static wchar_t established_name[] = L"RingView: connections";
static wchar_t listens_name[] = L"RingView: sockets that listen";
static wchar_t closed_name[] = L"RingView: closed endpoints";

const rv_layer rv_layers[RV_LAYERS] = {
    {{0xaf80470a, 0x5596, 0x4c13, {0x99, 0x92, 0x53, 0x9e, 0x6f, 0xe5, 0x79, 0x67}},
     OWN(0x81),
     established_name,
     established_v4}, /* FWPM_LAYER_ALE_FLOW_ESTABLISHED_V4 */
    {{0x7021d2b3, 0xdfa4, 0x406e, {0xaf, 0xeb, 0x6a, 0xfa, 0xf7, 0xe7, 0x0e, 0xfd}},
     OWN(0x82),
     established_name,
     established_v6}, /* FWPM_LAYER_ALE_FLOW_ESTABLISHED_V6 */
    {{0x88bb5dad, 0x76d7, 0x4227, {0x9c, 0x71, 0xdf, 0x0a, 0x3e, 0xd7, 0xbe, 0x7e}},
     OWN(0x83),
     listens_name,
     listens_v4}, /* FWPM_LAYER_ALE_AUTH_LISTEN_V4 */
    {{0x7ac9de24, 0x17dd, 0x4814, {0xb4, 0xbd, 0xa9, 0xfb, 0xc9, 0x5a, 0x32, 0x1b}},
     OWN(0x84),
     listens_name,
     listens_v6}, /* FWPM_LAYER_ALE_AUTH_LISTEN_V6 */
    {{0xb4766427, 0xe2a2, 0x467a, {0xbd, 0x7e, 0xdb, 0xcd, 0x1b, 0xd8, 0x5a, 0x09}},
     OWN(0x85),
     closed_name,
     closed_v4}, /* FWPM_LAYER_ALE_ENDPOINT_CLOSURE_V4 */
    {{0xbb536ccd, 0x4755, 0x4ba9, {0x9f, 0xf7, 0xf9, 0xed, 0xf8, 0x69, 0x9c, 0x7b}},
     OWN(0x86),
     closed_name,
     closed_v6}, /* FWPM_LAYER_ALE_ENDPOINT_CLOSURE_V6 */
};

/* ---- registration ----------------------------------------------------------------------------------------------- */

static UINT32 ids[RV_LAYERS];
static uint32_t registered;

/* A filter came or went; this driver's own, and it knows. */
static NTSTATUS NTAPI on_filter(FWPS_CALLOUT_NOTIFY_TYPE type, const GUID *key, FWPS_FILTER1 *filter)
{
    UNREFERENCED_PARAMETER(type);
    UNREFERENCED_PARAMETER(key);
    UNREFERENCED_PARAMETER(filter);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS rv_callouts_register(PDEVICE_OBJECT device)
{
    KeInitializeSpinLock(&endpoints_lock);
    closes_missed = 1;
    registered = 0;
    while (registered < RV_LAYERS) {
        FWPS_CALLOUT1 callout = {0};
        callout.calloutKey = rv_layers[registered].callout;
        callout.classifyFn = rv_layers[registered].classify;
        callout.notifyFn = on_filter;
        NTSTATUS status = FwpsCalloutRegister1(device, &callout, &ids[registered]);
        if (!NT_SUCCESS(status)) {
            rv_callouts_unregister();
            return status;
        }
        registered++;
    }
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_callouts_unregister(void)
{
    while (registered > 0) {
        LARGE_INTEGER moment = {.QuadPart = -100000}; /* 10 ms */
        NTSTATUS status = FwpsCalloutUnregisterById0(ids[registered - 1]);
        /* Busy is what has contexts of flows (this has none) or is just being registered. A driver that went before its
         * callouts would be called where it no longer is. */
        if (status == STATUS_DEVICE_BUSY || status == STATUS_FWP_IN_USE) {
            (void)KeDelayExecutionThread(KernelMode, FALSE, &moment);
        } else {
            registered--;
        }
    }
}
