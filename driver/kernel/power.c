/*
 * power.c - the callback object \Callback\PowerState. Its callers may be at DISPATCH_LEVEL, so the work is done in a
 * work item.
 */
#include "power.h"

#ifdef RV_WINE

/* Wine never sleeps, and has no such object. */
_Use_decl_annotations_ bool rv_power_watch(PDEVICE_OBJECT device, rv_power_resumed *resumed)
{
    UNREFERENCED_PARAMETER(device);
    UNREFERENCED_PARAMETER(resumed);
    return false;
}

_Use_decl_annotations_ void rv_power_forget(void)
{
}

#else

#include "fault.h"

/* Argument 2 of PO_CB_SYSTEM_STATE_LOCK: 1 means that the system is in S0 again, 0 that it is about to leave it. */
#define BACK_IN_S0 1u

static CALLBACK_FUNCTION power_changed;
static IO_WORKITEM_ROUTINE call_resumed;

static rv_power_resumed *notify;
static PCALLBACK_OBJECT object;
static PVOID registration;
static PIO_WORKITEM item;
static volatile LONG resumes; /* that `notify` has not been called for; not 0: the item is queued or runs */

_Use_decl_annotations_ static VOID NTAPI call_resumed(PDEVICE_OBJECT device, PVOID context)
{
    LONG seen;
    UNREFERENCED_PARAMETER(device);
    UNREFERENCED_PARAMETER(context);
    do {
        seen = resumes;
        notify();
    } while (InterlockedCompareExchange(&resumes, 0, seen) != seen);
}

_Use_decl_annotations_ static VOID NTAPI power_changed(PVOID context, PVOID what, PVOID value)
{
    UNREFERENCED_PARAMETER(context);
    if ((ULONG_PTR)what == PO_CB_SYSTEM_STATE_LOCK && (ULONG_PTR)value == BACK_IN_S0 &&
        InterlockedIncrement(&resumes) == 1) {
        IoQueueWorkItem(item, call_resumed, DelayedWorkQueue, NULL);
    }
}

static bool open_callback(void)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Callback\\PowerState");
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    return !RV_FAULT() && NT_SUCCESS(ExCreateCallback(&object, &attributes, FALSE, TRUE));
}

_Use_decl_annotations_ bool rv_power_watch(PDEVICE_OBJECT device, rv_power_resumed *resumed)
{
    notify = resumed;
    resumes = 0;
    item = RV_FAULT() ? NULL : IoAllocateWorkItem(device);
    if (item == NULL) {
        return false;
    }
    if (!open_callback()) {
        goto no_object;
    }
    registration = RV_FAULT() ? NULL : ExRegisterCallback(object, power_changed, NULL);
    if (registration == NULL) {
        goto no_registration;
    }
    return true;

no_registration:
    ObDereferenceObject(object);
no_object:
    object = NULL;
    IoFreeWorkItem(item);
    item = NULL;
    return false;
}

_Use_decl_annotations_ void rv_power_forget(void)
{
    if (item == NULL) {
        return;
    }
    ExUnregisterCallback(registration); /* waits for one under way: none comes after it */
    while (InterlockedCompareExchange(&resumes, 0, 0) != 0) {
        LARGE_INTEGER millisecond = {.QuadPart = -10000};
        (void)KeDelayExecutionThread(KernelMode, FALSE, &millisecond);
    }
    ObDereferenceObject(object);
    IoFreeWorkItem(item);
    registration = NULL;
    object = NULL;
    item = NULL;
}

#endif
