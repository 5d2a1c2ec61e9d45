/*
 * filter_engine.c - the Windows Filtering Platform: callouts, the session with the Base Filtering Engine, and the rules that a
 * driver has to keep with both.
 */
#include "observed.h"

#include <stdlib.h>
#include <string.h>

#define MOST 8u

static struct {
    bool registered;
    FWPS_CALLOUT1 callout;
} callouts[MOST];
static uint32_t busy;

/* What was added, and what is in force since it was committed. */
typedef struct objects {
    uint32_t callouts, filters;
    bool sublayer;
    FWPM_CALLOUT0 callout[MOST];
    FWPM_FILTER0 filter[MOST];
} objects;
static objects added, in_force;
static bool session_open, in_transaction;
static FWPM_SERVICE_STATE service = FWPM_SERVICE_STOPPED;

static struct {
    FWPM_SERVICE_STATE_CHANGE_CALLBACK0 callback;
    void *context;
    bool calling, asked;
} subscriber;

static const HANDLE the_session = (HANDLE)(uintptr_t)0xfe01, the_subscription = (HANDLE)(uintptr_t)0xfe02;

static bool same(const GUID *a, const GUID *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* ---- callouts ---- */

static uint32_t registered_as(const GUID *key)
{
    for (uint32_t i = 0; i < MOST; i++) {
        if (callouts[i].registered && same(&callouts[i].callout.calloutKey, key)) {
            return i;
        }
    }
    return MOST;
}

NTSTATUS FwpsCalloutRegister1(void *device, const FWPS_CALLOUT1 *callout, UINT32 *id)
{
    shim_need_passive("FwpsCalloutRegister1");
    if (device == NULL || callout->classifyFn == NULL || callout->notifyFn == NULL ||
        (callout->flags != 0 && callout->flowDeleteFn == NULL)) {
        shim_violation("a callout without a device or its functions");
    }
    if (registered_as(&callout->calloutKey) != MOST) {
        shim_violation("a callout registered twice");
    }
    if (shim_fails("FwpsCalloutRegister1")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    uint32_t n = 0;
    while (callouts[n].registered) {
        n++;
    }
    callouts[n].registered = true;
    callouts[n].callout = *callout;
    shim_state.other++;
    *id = 100 + n;
    return STATUS_SUCCESS;
}

void shim_callouts_busy(uint32_t calls)
{
    busy = calls;
}

NTSTATUS FwpsCalloutUnregisterById0(const UINT32 id)
{
    uint32_t n = id - 100;
    shim_need_passive("FwpsCalloutUnregisterById0");
    if (n >= MOST || !callouts[n].registered) {
        shim_violation("a callout unregistered that is not registered");
        return STATUS_FWP_CALLOUT_NOT_FOUND;
    }
    if (in_force.filters != 0) {
        shim_violation("a callout unregistered while filters lead to it");
    }
    if (busy > 0) {
        busy--;
        return busy % 2 == 0 ? STATUS_DEVICE_BUSY : STATUS_FWP_IN_USE;
    }
    callouts[n].registered = false;
    shim_state.other--;
    return STATUS_SUCCESS;
}

uint32_t shim_classify(const GUID *layer, const FWPS_INCOMING_VALUES0 *values,
                       const FWPS_INCOMING_METADATA_VALUES0 *metadata, UINT32 rights, KIRQL irql)
{
    uint32_t called = 0;
    for (uint32_t i = 0; i < in_force.filters; i++) {
        FWPS_FILTER1 filter = {i};
        /* As the engine hands it over: with what was decided before. */
        FWPS_CLASSIFY_OUT0 out = {.actionType = FWP_ACTION_PERMIT, .rights = rights};
        KIRQL old;
        uint32_t n = registered_as(&in_force.filter[i].action.calloutKey);
        if (!same(&in_force.filter[i].layerKey, layer) || n == MOST) {
            continue;
        }
        KeRaiseIrql(irql, &old);
        callouts[n].callout.classifyFn(values, metadata, NULL, NULL, &filter, 0, &out);
        if (shim_irql != irql) {
            shim_violation("classifyFn returns at another level");
        }
        KeLowerIrql(old);
        if (out.actionType != ((rights & FWPS_RIGHT_ACTION_WRITE) ? FWP_ACTION_CONTINUE : FWP_ACTION_PERMIT) ||
            out.flags != 0 || out.rights != rights) {
            shim_violation("a callout that inspects has decided something");
        }
        called++;
    }
    return called;
}

/* ---- the session ---- */

static void notify_all(FWPS_CALLOUT_NOTIFY_TYPE type)
{
    for (uint32_t i = 0; i < in_force.filters; i++) {
        static const GUID key;
        FWPS_FILTER1 filter = {i};
        uint32_t n = registered_as(&in_force.filter[i].action.calloutKey);
        if (n != MOST && callouts[n].callout.notifyFn(type, &key, &filter) != STATUS_SUCCESS) {
            shim_violation("a callout refuses its filter");
        }
    }
}

static void forget_objects(void)
{
    notify_all(FWPS_CALLOUT_NOTIFY_DELETE_FILTER);
    memset(&added, 0, sizeof added);
    memset(&in_force, 0, sizeof in_force);
}

FWPM_SERVICE_STATE FwpmBfeStateGet0(void)
{
    if (subscriber.callback == NULL) {
        shim_violation("FwpmBfeStateGet0 before FwpmBfeStateSubscribeChanges0");
    }
    return service;
}

NTSTATUS FwpmBfeStateSubscribeChanges0(void *device, FWPM_SERVICE_STATE_CHANGE_CALLBACK0 callback, void *context,
                                       HANDLE *handle)
{
    shim_need_passive("FwpmBfeStateSubscribeChanges0");
    if (device == NULL || subscriber.callback != NULL) {
        shim_violation("FwpmBfeStateSubscribeChanges0 without a device, or twice");
    }
    if (shim_fails("FwpmBfeStateSubscribeChanges0")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    subscriber.callback = callback;
    subscriber.context = context;
    shim_state.other++;
    *handle = the_subscription;
    return STATUS_SUCCESS;
}

NTSTATUS FwpmBfeStateUnsubscribeChanges0(HANDLE handle)
{
    shim_need_passive("FwpmBfeStateUnsubscribeChanges0");
    if (handle != the_subscription || subscriber.callback == NULL) {
        shim_violation("FwpmBfeStateUnsubscribeChanges0 of what is not subscribed");
    }
    /* It waits for the callback, which may wait for a lock: nobody who calls this may hold one. */
    if (subscriber.calling || shim_critical != 0) {
        shim_violation("FwpmBfeStateUnsubscribeChanges0 from the callback or under a lock");
    }
    subscriber.callback = NULL;
    shim_state.other--;
    return STATUS_SUCCESS;
}

void shim_engine_becomes(FWPM_SERVICE_STATE state)
{
    service = state;
    if (state == FWPM_SERVICE_STOPPED) {
        /* With the engine go its objects. The handle is still the driver's to close. */
        forget_objects();
    }
    if (subscriber.callback != NULL) {
        subscriber.calling = true;
        subscriber.callback(subscriber.context, state);
        subscriber.calling = false;
    }
}

uint32_t shim_engine_filters(void)
{
    return in_force.filters;
}

NTSTATUS FwpmEngineOpen0(const wchar_t *server, UINT32 authentication, SEC_WINNT_AUTH_IDENTITY_W *identity,
                         const FWPM_SESSION0 *session, HANDLE *engine)
{
    shim_need_passive("FwpmEngineOpen0");
    if (server != NULL || identity != NULL || authentication != RPC_C_AUTHN_WINNT || session_open) {
        shim_violation("FwpmEngineOpen0: another computer, or twice");
    }
    if (session == NULL || session->flags != FWPM_SESSION_FLAG_DYNAMIC) {
        shim_violation("a session whose objects stay");
    }
    if (service != FWPM_SERVICE_RUNNING) {
        shim_violation("FwpmEngineOpen0 while the engine does not run");
    }
    if (shim_fails("FwpmEngineOpen0")) {
        *engine = (HANDLE)(uintptr_t)0xdead;
        return STATUS_FWP_SESSION_ABORTED;
    }
    session_open = true;
    shim_state.other++;
    *engine = the_session;
    return STATUS_SUCCESS;
}

static void need_session(HANDLE engine, const char *name)
{
    shim_need_passive(name);
    if (engine != the_session || !session_open) {
        shim_violation(name);
    }
}

NTSTATUS FwpmEngineClose0(HANDLE engine)
{
    need_session(engine, "FwpmEngineClose0");
    if (in_transaction) {
        shim_violation("a session closed in a transaction");
    }
    forget_objects();
    session_open = false;
    shim_state.other--;
    return STATUS_SUCCESS;
}

NTSTATUS FwpmTransactionBegin0(HANDLE engine, UINT32 flags)
{
    need_session(engine, "FwpmTransactionBegin0");
    if (in_transaction || flags != 0) {
        shim_violation("a transaction in another one");
    }
    if (shim_fails("FwpmTransactionBegin0")) {
        return STATUS_FWP_SESSION_ABORTED;
    }
    in_transaction = true;
    return STATUS_SUCCESS;
}

NTSTATUS FwpmTransactionCommit0(HANDLE engine)
{
    need_session(engine, "FwpmTransactionCommit0");
    if (!in_transaction) {
        shim_violation("FwpmTransactionCommit0 of no transaction");
    }
    if (shim_fails("FwpmTransactionCommit0")) {
        return STATUS_FWP_SESSION_ABORTED;
    }
    in_transaction = false;
    in_force = added;
    notify_all(FWPS_CALLOUT_NOTIFY_ADD_FILTER);
    return STATUS_SUCCESS;
}

NTSTATUS FwpmTransactionAbort0(HANDLE engine)
{
    need_session(engine, "FwpmTransactionAbort0");
    if (!in_transaction) {
        shim_violation("FwpmTransactionAbort0 of no transaction");
    }
    in_transaction = false;
    memset(&added, 0, sizeof added);
    return STATUS_SUCCESS;
}

NTSTATUS FwpmSubLayerAdd0(HANDLE engine, const FWPM_SUBLAYER0 *sublayer, PSECURITY_DESCRIPTOR descriptor)
{
    (void)descriptor;
    need_session(engine, "FwpmSubLayerAdd0");
    if (sublayer->displayData.name == NULL || sublayer->flags != 0 || added.sublayer) {
        shim_violation("a sublayer without a name, that stays, or twice");
    }
    if (shim_fails("FwpmSubLayerAdd0")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    added.sublayer = true;
    return STATUS_SUCCESS;
}

NTSTATUS FwpmCalloutAdd0(HANDLE engine, const FWPM_CALLOUT0 *callout, PSECURITY_DESCRIPTOR descriptor, UINT32 *id)
{
    (void)descriptor;
    (void)id;
    need_session(engine, "FwpmCalloutAdd0");
    if (callout->displayData.name == NULL || callout->flags != 0 || registered_as(&callout->calloutKey) == MOST) {
        shim_violation("a callout without a name, that stays, or that no driver has registered");
    }
    if (shim_fails("FwpmCalloutAdd0")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    added.callout[added.callouts++] = *callout;
    return STATUS_SUCCESS;
}

static bool callout_of(const FWPM_FILTER0 *filter)
{
    for (uint32_t i = 0; i < added.callouts; i++) {
        if (same(&added.callout[i].calloutKey, &filter->action.calloutKey) &&
            same(&added.callout[i].applicableLayer, &filter->layerKey)) {
            return true;
        }
    }
    return false;
}

NTSTATUS FwpmFilterAdd0(HANDLE engine, const FWPM_FILTER0 *filter, PSECURITY_DESCRIPTOR descriptor, UINT64 *id)
{
    (void)descriptor;
    (void)id;
    need_session(engine, "FwpmFilterAdd0");
    if (filter->action.type != FWP_ACTION_CALLOUT_INSPECTION) {
        shim_violation("a filter that decides");
    }
    if (filter->displayData.name == NULL || filter->flags != 0 || filter->numFilterConditions != 0 || !added.sublayer ||
        !callout_of(filter)) {
        shim_violation("a filter without a name, a sublayer or a callout of its layer");
    }
    if (shim_fails("FwpmFilterAdd0")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    added.filter[added.filters++] = *filter;
    return STATUS_SUCCESS;
}
