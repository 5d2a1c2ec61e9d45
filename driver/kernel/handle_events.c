/*
 * handle_events.c - the callbacks of the object manager, which are called before and after a handle is made, at PASSIVE_LEVEL or
 * APC_LEVEL in any thread.
 *
 * What was asked is known before, what was granted only after. An access mask fits the context that the system keeps with the
 * call. Of a duplicate there are two processes besides, which wait in a bounded number of places (pending.h); without one they
 * are told as 0.
 */
#include "handle_events.h"

#ifdef RV_WINE

/* Wine says that it took the callbacks, and calls none. */
_Use_decl_annotations_ bool rv_handle_events_available(void)
{
    return false;
}

_Use_decl_annotations_ NTSTATUS rv_handle_events_start(rv_event_sink *sink, const rv_filter *filter)
{
    UNREFERENCED_PARAMETER(sink);
    UNREFERENCED_PARAMETER(filter);
    return STATUS_NOT_SUPPORTED;
}

_Use_decl_annotations_ void rv_handle_events_stop(void)
{
}

bool rv_handle_events_running(void)
{
    return false;
}

#else

#include <string.h>

#include "../ring/platform.h"
#include "altitude.h"
#include "fault.h"
#include "pending.h"
#include "routine.h"

static OB_PREOP_CALLBACK_STATUS NTAPI before(PVOID context, POB_PRE_OPERATION_INFORMATION info);
static VOID NTAPI after(PVOID context, POB_POST_OPERATION_INFORMATION info);

static struct {
    NTSTATUS(NTAPI *add)(POB_CALLBACK_REGISTRATION registration, PVOID *handle);
    void(NTAPI *remove)(PVOID handle);
} call;

/* The end of an operation may not be told; after this time its place may be another's. */
#define PATIENCE_SECONDS 600u

/* Duplicates under way. */
static rv_pending pending;
static struct {
    uint32_t desired, source_pid, receiver_pid;
} duplicates[RV_PENDING];

/* The context of a call: a token of `pending`, which is even then, or only the access that is asked for. */
#define CONTEXT_OF_TOKEN(token) ((PVOID)(ULONG_PTR)((token) << 1))
#define CONTEXT_OF_ACCESS(desired) ((PVOID)(ULONG_PTR)((uint64_t)(desired) << 1 | 1u))

static rv_event_sink *send_event;
static const rv_filter *filter;
static uint64_t ticks_a_second;
static PVOID registration; /* NULL: nothing is reported */

static uint32_t id(HANDLE handle)
{
    return (uint32_t)(ULONG_PTR)handle;
}

static uint32_t pid_of(PVOID process)
{
    return process == NULL ? 0 : id(PsGetProcessId((PEPROCESS)process));
}

static uint32_t target_pid(POBJECT_TYPE type, PVOID object)
{
    return type == *PsProcessType ? pid_of(object) : id(PsGetThreadProcessId((PETHREAD)object));
}

static PVOID remember_duplicate(const OB_PRE_DUPLICATE_HANDLE_INFORMATION *asked)
{
    uint64_t token = rv_pending_begin(&pending, rv_clock(), PATIENCE_SECONDS * ticks_a_second);
    if (token == 0) {
        return CONTEXT_OF_ACCESS(asked->OriginalDesiredAccess);
    }
    uint32_t place = rv_pending_place(token);
    duplicates[place].desired = asked->OriginalDesiredAccess;
    duplicates[place].source_pid = pid_of(asked->SourceProcess);
    duplicates[place].receiver_pid = pid_of(asked->TargetProcess);
    return CONTEXT_OF_TOKEN(token);
}

_Use_decl_annotations_ static OB_PREOP_CALLBACK_STATUS NTAPI before(PVOID context, POB_PRE_OPERATION_INFORMATION info)
{
    UNREFERENCED_PARAMETER(context);
    if (!rv_filter_passes_pids(filter, rv_pid(), target_pid(info->ObjectType, info->Object))) {
        info->CallContext = NULL;
    } else if (info->Operation == OB_OPERATION_HANDLE_CREATE) {
        info->CallContext = CONTEXT_OF_ACCESS(info->Parameters->CreateHandleInformation.OriginalDesiredAccess);
    } else {
        info->CallContext = remember_duplicate(&info->Parameters->DuplicateHandleInformation);
    }
    return OB_PREOP_SUCCESS;
}

/* What was remembered of a duplicate. */
static void recall_duplicate(rv_event_handle *event, uint64_t token)
{
    uint32_t place = rv_pending_place(token);
    uint32_t desired = duplicates[place].desired, source = duplicates[place].source_pid,
             receiver = duplicates[place].receiver_pid;
    if (rv_pending_end(&pending, token)) {
        event->desired = desired;
        event->source_pid = source;
        event->receiver_pid = receiver;
    }
}

_Use_decl_annotations_ static VOID NTAPI after(PVOID context, POB_POST_OPERATION_INFORMATION info)
{
    rv_event_handle event;
    uint64_t asked = (uint64_t)(ULONG_PTR)info->CallContext;
    bool created = info->Operation == OB_OPERATION_HANDLE_CREATE;
    UNREFERENCED_PARAMETER(context);
    if (asked == 0) {
        return; /* filtered out */
    }
    memset(&event, 0, sizeof event);
    event.operation = created ? RV_HANDLE_OPEN : RV_HANDLE_DUPLICATE;
    event.status = (uint32_t)info->ReturnStatus;
    event.object_type = info->ObjectType == *PsProcessType ? RV_HANDLE_OF_PROCESS : RV_HANDLE_OF_THREAD;
    event.target_pid = target_pid(info->ObjectType, info->Object);
    if (event.object_type == RV_HANDLE_OF_THREAD) {
        event.target_tid = id(PsGetThreadId((PETHREAD)info->Object));
    }
    event.flags = ExGetPreviousMode() == KernelMode ? RV_EVENT_FROM_KERNEL : 0;
    if ((asked & 1) != 0) {
        event.desired = (uint32_t)(asked >> 1);
    } else {
        recall_duplicate(&event, asked >> 1);
    }
    if (NT_SUCCESS(info->ReturnStatus)) {
        event.granted = created ? info->Parameters->CreateHandleInformation.GrantedAccess
                                : info->Parameters->DuplicateHandleInformation.GrantedAccess;
    }
    send_event(RV_TYPE_HANDLE, event.target_pid, &event, sizeof event);
}

static bool find_routines(void)
{
    call.add =
        (NTSTATUS(NTAPI *)(POB_CALLBACK_REGISTRATION, PVOID *))(ULONG_PTR)rv_find_routine(L"ObRegisterCallbacks");
    call.remove = (void(NTAPI *)(PVOID))(ULONG_PTR)rv_find_routine(L"ObUnRegisterCallbacks");
    return call.add != NULL && call.remove != NULL;
}

_Use_decl_annotations_ bool rv_handle_events_available(void)
{
    return registration != NULL || find_routines();
}

_Use_decl_annotations_ NTSTATUS rv_handle_events_start(rv_event_sink *sink, const rv_filter *by)
{
    UNICODE_STRING altitude = RTL_CONSTANT_STRING(RV_ALTITUDE);
    OB_OPERATION_REGISTRATION operations[] = {
        {PsProcessType, OB_OPERATION_HANDLE_CREATE | OB_OPERATION_HANDLE_DUPLICATE, before, after},
        {PsThreadType, OB_OPERATION_HANDLE_CREATE | OB_OPERATION_HANDLE_DUPLICATE, before, after},
    };
    OB_CALLBACK_REGISTRATION callbacks;
    LARGE_INTEGER frequency;
    PVOID added = NULL;
    if (registration != NULL) {
        return STATUS_SUCCESS;
    }
    if (!find_routines()) {
        return STATUS_NOT_SUPPORTED;
    }
    (void)KeQueryPerformanceCounter(&frequency);
    ticks_a_second = (uint64_t)frequency.QuadPart;
    memset(&pending, 0, sizeof pending);
    memset(&callbacks, 0, sizeof callbacks);
    callbacks.Version = OB_FLT_REGISTRATION_VERSION;
    callbacks.OperationRegistrationCount = 2;
    callbacks.Altitude = altitude;
    callbacks.OperationRegistration = operations;
    send_event = sink;
    filter = by;
    NTSTATUS status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : call.add(&callbacks, &added);
    if (NT_SUCCESS(status)) {
        registration = added;
    }
    return rv_altitude_status(status);
}

_Use_decl_annotations_ void rv_handle_events_stop(void)
{
    if (registration != NULL) {
        call.remove(registration);
        registration = NULL;
    }
}

bool rv_handle_events_running(void)
{
    return registration != NULL;
}

#endif
