/*
 * filter_manager.c - the filter manager: one filter, one volume, and the rules that a filter has to keep. An operation is begun
 * and ended by the test.
 */
#include "filter_internal.h"

#include <string.h>

struct FLT_FILTER shim_filter;
struct FLT_INSTANCE shim_instance;
shim_operation *shim_current;

#define MOST 64u
static shim_operation *under_way[MOST]; /* that the filter wants to see the end of */

/* ---- the filter ---- */

NTSTATUS FltRegisterFilter(PDRIVER_OBJECT driver, const FLT_REGISTRATION *registration, PFLT_FILTER *filter)
{
    shim_need_passive("FltRegisterFilter");
    if (driver == NULL || shim_filter.registered || registration->Size != sizeof *registration ||
        registration->Version != FLT_REGISTRATION_VERSION || registration->FilterUnloadCallback == NULL ||
        registration->InstanceQueryTeardownCallback == NULL) {
        shim_violation("FltRegisterFilter: a filter that cannot go, or twice");
    }
    if (shim_fails("FltRegisterFilter")) {
        *filter = (PFLT_FILTER)(uintptr_t)0xdead;
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    shim_filter.registered = true;
    shim_filter.registration = *registration;
    shim_filter.started = false;
    shim_state.other++;
    *filter = &shim_filter;
    return STATUS_SUCCESS;
}

NTSTATUS FltStartFiltering(PFLT_FILTER filter)
{
    if (filter != &shim_filter || !shim_filter.registered || filter->started) {
        shim_violation("FltStartFiltering of what is not registered");
    }
    if (shim_fails("FltStartFiltering")) {
        return STATUS_OBJECT_NAME_NOT_FOUND; /* it has no altitude */
    }
    filter->started = true;
    return STATUS_SUCCESS;
}

VOID FltUnregisterFilter(PFLT_FILTER filter)
{
    shim_need_passive("FltUnregisterFilter");
    if (filter != &shim_filter || !shim_filter.registered) {
        shim_violation("FltUnregisterFilter of what is not registered");
    }
    filter->started = false;
    for (uint32_t i = 0; i < MOST; i++) {
        if (under_way[i] != NULL) {
            shim_end(under_way[i], STATUS_SUCCESS, 0, PASSIVE_LEVEL, true);
        }
    }
    shim_forget_files();
    shim_filter.registered = false;
    shim_state.other--;
}

bool shim_volume(DEVICE_TYPE type, FLT_FILESYSTEM_TYPE file_system)
{
    FLT_RELATED_OBJECTS objects = {sizeof objects, &shim_filter, &shim_instance, NULL};
    return NT_SUCCESS(shim_filter.registration.InstanceSetupCallback(&objects, 1, type, file_system)) &&
           NT_SUCCESS(shim_filter.registration.InstanceQueryTeardownCallback(&objects, 0));
}

bool shim_filtering(void)
{
    return shim_filter.registered && shim_filter.started;
}

bool shim_unload_filter(bool mandatory)
{
    return NT_SUCCESS(shim_filter.registration.FilterUnloadCallback(mandatory ? FLTFL_FILTER_UNLOAD_MANDATORY : 0));
}

static const FLT_OPERATION_REGISTRATION *callbacks_of(UCHAR major)
{
    const FLT_OPERATION_REGISTRATION *callbacks = shim_filter.registration.OperationRegistration;
    while (callbacks->MajorFunction != IRP_MJ_OPERATION_END && callbacks->MajorFunction != major) {
        callbacks++;
    }
    return callbacks->MajorFunction == major ? callbacks : NULL;
}

static FLT_RELATED_OBJECTS objects_of(shim_operation *operation)
{
    return (FLT_RELATED_OBJECTS){sizeof(FLT_RELATED_OBJECTS), &shim_filter, &shim_instance, &operation->file->object};
}

/* Nothing that belongs to the operation may be changed by a filter that only looks. */
static bool unchanged(const shim_operation *a, const FLT_CALLBACK_DATA *data, const FLT_IO_PARAMETER_BLOCK *iopb)
{
    return memcmp(&a->data, data, sizeof *data) == 0 && memcmp(&a->iopb, iopb, sizeof *iopb) == 0;
}

void shim_begin(shim_operation *operation, KIRQL irql)
{
    const FLT_OPERATION_REGISTRATION *callbacks = shim_filtering() ? callbacks_of(operation->iopb.MajorFunction) : NULL;
    operation->asked_back = false;
    operation->completion = NULL;
    operation->data.Iopb = &operation->iopb;
    operation->iopb.TargetFileObject = &operation->file->object;
    operation->iopb.TargetInstance = &shim_instance;
    if (callbacks == NULL || callbacks->PreOperation == NULL) {
        return;
    }
    FLT_RELATED_OBJECTS objects = objects_of(operation);
    FLT_CALLBACK_DATA data = operation->data;
    FLT_IO_PARAMETER_BLOCK iopb = operation->iopb;
    KIRQL old;
    KeRaiseIrql(irql, &old);
    shim_current = operation;
    PVOID completion = (PVOID)(uintptr_t)0xdead;
    FLT_PREOP_CALLBACK_STATUS status = callbacks->PreOperation(&operation->data, &objects, &completion);
    shim_current = NULL;
    if (shim_irql != irql) {
        shim_violation("a callback returns at another level");
    }
    KeLowerIrql(old);
    if (!unchanged(operation, &data, &iopb) ||
        (status != FLT_PREOP_SUCCESS_WITH_CALLBACK && status != FLT_PREOP_SUCCESS_NO_CALLBACK)) {
        shim_violation("a filter that looks has changed an operation or its way");
    }
    if (status != FLT_PREOP_SUCCESS_WITH_CALLBACK) {
        if (completion != NULL) {
            shim_violation("a completion context that nobody gets back");
        }
        return;
    }
    operation->asked_back = true;
    operation->completion = completion;
    for (uint32_t i = 0; i < MOST; i++) {
        if (under_way[i] == NULL) {
            under_way[i] = operation;
            return;
        }
    }
}

void shim_end(shim_operation *operation, NTSTATUS status, ULONG_PTR information, KIRQL irql, bool draining)
{
    bool creates = operation->iopb.MajorFunction == IRP_MJ_CREATE;
    if (creates && NT_SUCCESS(status) && status != STATUS_REPARSE && !draining) {
        operation->file->opened = true;
    }
    if (!operation->asked_back) {
        return;
    }
    operation->asked_back = false;
    for (uint32_t i = 0; i < MOST; i++) {
        if (under_way[i] == operation) {
            under_way[i] = NULL;
        }
    }
    FLT_RELATED_OBJECTS objects = objects_of(operation);
    operation->data.IoStatus = (IO_STATUS_BLOCK){status, information};
    FLT_CALLBACK_DATA data = operation->data;
    FLT_IO_PARAMETER_BLOCK iopb = operation->iopb;
    KIRQL old;
    KeRaiseIrql(irql, &old);
    FLT_POSTOP_CALLBACK_STATUS answer = callbacks_of(operation->iopb.MajorFunction)
                                            ->PostOperation(&operation->data, &objects, operation->completion,
                                                            draining ? FLTFL_POST_OPERATION_DRAINING : 0);
    if (shim_irql != irql) {
        shim_violation("a callback returns at another level");
    }
    KeLowerIrql(old);
    if (answer != FLT_POSTOP_FINISHED_PROCESSING || !unchanged(operation, &data, &iopb)) {
        shim_violation("a filter that looks has changed the end of an operation");
    }
}

ULONG FltGetRequestorProcessId(PFLT_CALLBACK_DATA data)
{
    return CONTAINING_RECORD(data, shim_operation, data)->pid;
}
