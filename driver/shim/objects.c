/*
 * objects.c - handles to processes and threads: the callbacks, before and after one is made. The access that is asked for may
 * not be touched.
 */
#include "internal.h"

#include <string.h>

static char process_type, thread_type;
static POBJECT_TYPE of_processes = (POBJECT_TYPE)(void *)&process_type, of_threads = (POBJECT_TYPE)(void *)&thread_type;
POBJECT_TYPE *PsProcessType = &of_processes, *PsThreadType = &of_threads;

/* One registration of both types. */
static OB_OPERATION_REGISTRATION callbacks[2];
static bool registered;

static NTSTATUS add_callbacks(POB_CALLBACK_REGISTRATION registration, PVOID *handle)
{
    shim_need_passive("ObRegisterCallbacks");
    if (registered || registration->Version != OB_FLT_REGISTRATION_VERSION || registration->Altitude.Length == 0 ||
        registration->OperationRegistrationCount != 2) {
        shim_violation("ObRegisterCallbacks: twice, of another version, or without an altitude");
    }
    if (shim_fails("ObRegisterCallbacks")) {
        return STATUS_ACCESS_DENIED;
    }
    memcpy(callbacks, registration->OperationRegistration, sizeof callbacks);
    registered = true;
    shim_state.callbacks++;
    *handle = callbacks;
    return STATUS_SUCCESS;
}

static void remove_callbacks(PVOID handle)
{
    shim_need_passive("ObUnRegisterCallbacks");
    if (!registered || handle != (PVOID)callbacks) {
        shim_violation("ObUnRegisterCallbacks of what is not registered");
    }
    registered = false;
    shim_state.callbacks--;
}

PVOID shim_object_routine_of(PUNICODE_STRING name)
{
    if (shim_is(name, "ObRegisterCallbacks")) {
        return shim_fails("ObRegisterCallbacks is missing") ? NULL : (PVOID)(uintptr_t)add_callbacks;
    }
    if (shim_is(name, "ObUnRegisterCallbacks")) {
        return shim_fails("ObUnRegisterCallbacks is missing") ? NULL : (PVOID)(uintptr_t)remove_callbacks;
    }
    return NULL;
}

HANDLE PsGetProcessId(PEPROCESS process)
{
    return (HANDLE)(uintptr_t)((const shim_target *)(void *)process)->pid;
}

HANDLE PsGetThreadId(PETHREAD thread)
{
    return (HANDLE)(uintptr_t)((const shim_target *)(void *)thread)->tid;
}

HANDLE PsGetThreadProcessId(PETHREAD thread)
{
    return (HANDLE)(uintptr_t)((const shim_target *)(void *)thread)->pid;
}

/* ---- operations ---- */

static POBJECT_TYPE type_of(const shim_target *object)
{
    return object->tid == 0 ? *PsProcessType : *PsThreadType;
}

void *shim_handle_begins(uint32_t operation, shim_target *object, uint32_t desired, shim_target *from, shim_target *to)
{
    OB_PRE_OPERATION_PARAMETERS asked, untouched;
    memset(&asked, 0, sizeof asked);
    asked.DuplicateHandleInformation.DesiredAccess = desired & ~0x1000u; /* another driver has taken a right away */
    asked.DuplicateHandleInformation.OriginalDesiredAccess = desired;
    if (operation == OB_OPERATION_HANDLE_DUPLICATE) {
        asked.DuplicateHandleInformation.SourceProcess = from;
        asked.DuplicateHandleInformation.TargetProcess = to;
    }
    untouched = asked;
    OB_PRE_OPERATION_INFORMATION info = {
        .Operation = operation,
        .Object = object,
        .ObjectType = type_of(object),
        .CallContext = (PVOID)(uintptr_t)0x5555, /* what it is before is not documented */
        .Parameters = &asked,
    };
    if (!registered) {
        return NULL;
    }
    const OB_OPERATION_REGISTRATION *callback = &callbacks[object->tid == 0 ? 0 : 1];
    if (*callback->ObjectType != info.ObjectType || (callback->Operations & operation) == 0 ||
        callback->PreOperation(NULL, &info) != OB_PREOP_SUCCESS || memcmp(&asked, &untouched, sizeof asked) != 0) {
        shim_violation("a callback about handles changes what is asked for");
    }
    return info.CallContext;
}

void shim_handle_ends(uint32_t operation, shim_target *object, uint32_t granted, NTSTATUS status, void *context)
{
    OB_POST_OPERATION_PARAMETERS given = {.CreateHandleInformation = {granted}};
    OB_POST_OPERATION_INFORMATION info = {
        .Operation = operation,
        .Object = object,
        .ObjectType = type_of(object),
        .CallContext = context,
        .ReturnStatus = status,
        .Parameters = &given,
    };
    if (registered) {
        callbacks[object->tid == 0 ? 0 : 1].PostOperation(NULL, &info);
    }
}
