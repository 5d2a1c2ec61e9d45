/*
 * engine.c - the session with the Base Filtering Engine.
 */
#include "engine.h"

#include "../kernel/lock.h"
#include "../observe/observer.h"
#include "layers.h"

/* {8D3B7C52-6C0E-4B7A-9C2B-52696E675780} */
const GUID rv_sublayer = {0x8d3b7c52, 0x6c0e, 0x4b7a, {0x9c, 0x2b, 0x52, 0x69, 0x6e, 0x67, 0x57, 0x80}};

static wchar_t session_name[] = L"RingView network events";

/* Of whoever opens or closes the session: the callback of the engine, and this driver's start and end. */
static rv_lock lock;
static HANDLE session;
static HANDLE subscription;

static NTSTATUS add_sublayer(HANDLE engine)
{
    FWPM_SUBLAYER0 sublayer = {0};
    sublayer.subLayerKey = rv_sublayer;
    sublayer.displayData.name = session_name;
    sublayer.weight = 0; /* after all others, which have decided then */
    return FwpmSubLayerAdd0(engine, &sublayer, NULL);
}

static NTSTATUS add_filter(HANDLE engine, const rv_layer *layer)
{
    FWPM_CALLOUT0 callout = {0};
    FWPM_FILTER0 filter = {0};

    callout.calloutKey = layer->callout;
    callout.displayData.name = layer->name;
    callout.applicableLayer = layer->layer;
    NTSTATUS status = FwpmCalloutAdd0(engine, &callout, NULL, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    filter.displayData.name = layer->name;
    filter.layerKey = layer->layer;
    filter.subLayerKey = rv_sublayer;
    filter.weight.type = FWP_EMPTY; /* the engine chooses */
    filter.action.type = FWP_ACTION_CALLOUT_INSPECTION;
    filter.action.calloutKey = layer->callout;
    return FwpmFilterAdd0(engine, &filter, NULL, NULL);
}

static NTSTATUS add_all(HANDLE engine)
{
    NTSTATUS status = add_sublayer(engine);
    for (uint32_t i = 0; i < RV_LAYERS && NT_SUCCESS(status); i++) {
        status = add_filter(engine, &rv_layers[i]);
    }
    return status;
}

/* In one transaction, so that the filters are there all at once or not at all. */
static NTSTATUS add_in_transaction(HANDLE engine)
{
    NTSTATUS status = FwpmTransactionBegin0(engine, 0);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = add_all(engine);
    if (NT_SUCCESS(status)) {
        status = FwpmTransactionCommit0(engine);
    }
    if (!NT_SUCCESS(status)) {
        (void)FwpmTransactionAbort0(engine);
    }
    return status;
}

/* Under the lock. */
static void close_session(void)
{
    if (session != NULL) {
        (void)FwpmEngineClose0(session);
        session = NULL;
    }
}

/* Under the lock. Nothing if there is a session already: the engine may say twice that it runs. */
static void open_session(void)
{
    FWPM_SESSION0 wanted = {0};
    NTSTATUS status;
    if (session != NULL) {
        return;
    }
    wanted.displayData.name = session_name;
    wanted.flags = FWPM_SESSION_FLAG_DYNAMIC;
    status = FwpmEngineOpen0(NULL, RPC_C_AUTHN_WINNT, NULL, &wanted, &session);
    if (NT_SUCCESS(status)) {
        status = add_in_transaction(session);
        if (!NT_SUCCESS(status)) {
            close_session();
        }
    } else {
        session = NULL;
    }
    (void)InterlockedExchange(&rv_observer_state.engine_code, NT_SUCCESS(status) ? 0 : status);
}

_Function_class_(FWPM_SERVICE_STATE_CHANGE_CALLBACK0) _IRQL_requires_max_(PASSIVE_LEVEL) static VOID NTAPI
    on_engine_state(void *context, FWPM_SERVICE_STATE state)
{
    UNREFERENCED_PARAMETER(context);
    rv_lock_take(&lock);
    if (state == FWPM_SERVICE_RUNNING) {
        open_session();
    } else if (state == FWPM_SERVICE_STOP_PENDING || state == FWPM_SERVICE_STOPPED) {
        /* What was added went with the engine; it is added again when that is back. */
        close_session();
    }
    rv_lock_release(&lock);
}

_Use_decl_annotations_ NTSTATUS rv_engine_start(PDEVICE_OBJECT device)
{
    rv_lock_init(&lock);
    /* The state may be asked only once it is subscribed to, and then no change is missed. */
    NTSTATUS status = FwpmBfeStateSubscribeChanges0(device, on_engine_state, NULL, &subscription);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    if (FwpmBfeStateGet0() == FWPM_SERVICE_RUNNING) {
        rv_lock_take(&lock);
        open_session();
        rv_lock_release(&lock);
    }
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_engine_stop(void)
{
    /* Waits for a call of on_engine_state, and so must not hold what that waits for. */
    (void)FwpmBfeStateUnsubscribeChanges0(subscription);
    rv_lock_take(&lock);
    close_session();
    rv_lock_release(&lock);
}
