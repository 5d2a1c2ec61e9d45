/*
 * filter_manager.c - the filter manager: one filter, one volume, contexts, names, and the rules that a filter has to keep with
 * them. An operation is begun and ended by the test.
 */
#include "observed.h"

#include <stdlib.h>
#include <string.h>

struct FLT_FILTER {
    FLT_REGISTRATION registration;
    bool started;
};
struct FLT_INSTANCE {
    int unused;
};

static struct FLT_FILTER the_filter;
static struct FLT_INSTANCE the_instance;
static bool registered;
static uint32_t names_asked;

/* Operations that the filter wants to see the end of, and files that have a context. */
#define MOST 64u
static shim_operation *under_way[MOST];
static shim_file_object *with_context[MOST];
static shim_operation *current; /* whose callback runs */

/* ---- contexts ---- */

typedef struct context_head {
    int references;
    bool linked;
    union {
        uint64_t align;
        uint8_t body[8];
    };
} context_head;

static context_head *head_of(PFLT_CONTEXT context)
{
    return (context_head *)(void *)((uint8_t *)context - offsetof(context_head, body));
}

NTSTATUS FltAllocateContext(PFLT_FILTER filter, FLT_CONTEXT_TYPE type, SIZE_T bytes, POOL_TYPE pool,
                            PFLT_CONTEXT *context)
{
    if (shim_irql > APC_LEVEL || filter != &the_filter || !registered || type != FLT_STREAMHANDLE_CONTEXT ||
        bytes == 0 || bytes > 0xffff || pool != NonPagedPoolNx) {
        shim_violation("FltAllocateContext: its level, type, size or pool");
    }
    if (shim_fails("FltAllocateContext")) {
        *context = (PVOID)(uintptr_t)0xdead;
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    context_head *head = malloc(offsetof(context_head, body) + bytes);
    memset(head, 0xa5, offsetof(context_head, body) + bytes);
    head->references = 1;
    head->linked = false;
    shim_state.other++;
    *context = head->body;
    return STATUS_SUCCESS;
}

VOID FltReleaseContext(PFLT_CONTEXT context)
{
    context_head *head = head_of(context);
    if (shim_irql > DISPATCH_LEVEL || head->references <= 0) {
        shim_violation("FltReleaseContext: its level, or once too often");
    }
    if (--head->references == 0) {
        /* From DISPATCH_LEVEL it is a work item that does this. */
        KIRQL old = shim_irql;
        shim_irql = PASSIVE_LEVEL;
        the_filter.registration.ContextRegistration->ContextCleanupCallback(context, FLT_STREAMHANDLE_CONTEXT);
        shim_irql = old;
        shim_state.other--;
        free(head);
    }
}

static shim_file_object *file_of(PFILE_OBJECT file)
{
    return CONTAINING_RECORD(file, shim_file_object, object);
}

NTSTATUS FltGetStreamHandleContext(PFLT_INSTANCE instance, PFILE_OBJECT object, PFLT_CONTEXT *context)
{
    shim_file_object *file = file_of(object);
    if (shim_irql > APC_LEVEL || instance != &the_instance) {
        shim_violation("FltGetStreamHandleContext: its level or instance");
    }
    if (file->context == NULL || shim_fails("FltGetStreamHandleContext")) {
        *context = NULL;
        return STATUS_NOT_FOUND;
    }
    head_of(file->context)->references++;
    *context = file->context;
    return STATUS_SUCCESS;
}

NTSTATUS FltSetStreamHandleContext(PFLT_INSTANCE instance, PFILE_OBJECT object, FLT_SET_CONTEXT_OPERATION operation,
                                   PFLT_CONTEXT context, PFLT_CONTEXT *old)
{
    shim_file_object *file = file_of(object);
    if (shim_irql > APC_LEVEL || instance != &the_instance || !file->opened || head_of(context)->linked ||
        operation != FLT_SET_CONTEXT_KEEP_IF_EXISTS || old == NULL) {
        shim_violation("FltSetStreamHandleContext: its level, an unopened file, a context that has one");
    }
    *old = NULL;
    if (file->no_contexts) {
        return STATUS_NOT_SUPPORTED;
    }
    if (file->context != NULL) {
        head_of(file->context)->references++;
        *old = file->context;
        return STATUS_FLT_CONTEXT_ALREADY_DEFINED;
    }
    if (shim_fails("FltSetStreamHandleContext")) {
        return STATUS_FLT_DELETING_OBJECT;
    }
    head_of(context)->references++;
    head_of(context)->linked = true;
    file->context = context;
    for (uint32_t i = 0; i < MOST; i++) {
        if (with_context[i] == NULL) {
            with_context[i] = file;
            break;
        }
    }
    return STATUS_SUCCESS;
}

void shim_forget_file(shim_file_object *file)
{
    for (uint32_t i = 0; i < MOST; i++) {
        if (with_context[i] == file) {
            with_context[i] = NULL;
        }
    }
    if (file->context != NULL) {
        PFLT_CONTEXT context = file->context;
        file->context = NULL;
        head_of(context)->linked = false;
        FltReleaseContext(context);
    }
}

/* ---- names ---- */

static NTSTATUS name_information(const WCHAR *path, PFLT_FILE_NAME_INFORMATION *information)
{
    PFLT_FILE_NAME_INFORMATION name = calloc(1, sizeof *name);
    RtlInitUnicodeString(&name->Name, path);
    name->Name.MaximumLength = name->Name.Length;
    shim_state.other++;
    *information = name;
    return STATUS_SUCCESS;
}

NTSTATUS FltGetFileNameInformation(PFLT_CALLBACK_DATA data, FLT_FILE_NAME_OPTIONS options,
                                   PFLT_FILE_NAME_INFORMATION *information)
{
    names_asked++;
    *information = (PFLT_FILE_NAME_INFORMATION)(uintptr_t)0xdead;
    if (shim_irql > APC_LEVEL || current == NULL || data != &current->data) {
        shim_violation("FltGetFileNameInformation: its level, or not of this operation");
    }
    if (options != (FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT)) {
        shim_violation("FltGetFileNameInformation asks a file system that may be busy with this");
    }
    if (data->Iopb->IrpFlags & (IRP_PAGING_IO | IRP_SYNCHRONOUS_PAGING_IO)) {
        shim_violation("FltGetFileNameInformation in paging I/O");
        return STATUS_FLT_INVALID_NAME_REQUEST;
    }
    if (current->file->path == NULL || shim_fails("FltGetFileNameInformation")) {
        return STATUS_FLT_INVALID_NAME_REQUEST;
    }
    return name_information(current->file->path, information);
}

NTSTATUS FltGetDestinationFileNameInformation(PFLT_INSTANCE instance, PFILE_OBJECT file, HANDLE root, PWSTR name,
                                              ULONG name_bytes, FLT_FILE_NAME_OPTIONS options,
                                              PFLT_FILE_NAME_INFORMATION *information)
{
    static WCHAR copy[4096];
    (void)root;
    *information = (PFLT_FILE_NAME_INFORMATION)(uintptr_t)0xdead;
    shim_need_passive("FltGetDestinationFileNameInformation");
    if (instance != &the_instance || file == NULL || options != (FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT)) {
        shim_violation("FltGetDestinationFileNameInformation: its arguments");
    }
    if (shim_fails("FltGetDestinationFileNameInformation")) {
        return STATUS_FLT_INVALID_NAME_REQUEST;
    }
    memset(copy, 0, sizeof copy);
    memcpy(copy, name, name_bytes < sizeof copy - 2 ? name_bytes : sizeof copy - 2);
    return name_information(copy, information);
}

VOID FltReleaseFileNameInformation(PFLT_FILE_NAME_INFORMATION information)
{
    if (shim_irql > APC_LEVEL) {
        shim_violation("FltReleaseFileNameInformation: its level");
    }
    shim_state.other--;
    free(information);
}

uint32_t shim_names_asked(void)
{
    uint32_t asked = names_asked;
    names_asked = 0;
    return asked;
}

/* ---- the filter ---- */

NTSTATUS FltRegisterFilter(PDRIVER_OBJECT driver, const FLT_REGISTRATION *registration, PFLT_FILTER *filter)
{
    shim_need_passive("FltRegisterFilter");
    if (driver == NULL || registered || registration->Size != sizeof *registration ||
        registration->Version != FLT_REGISTRATION_VERSION || registration->FilterUnloadCallback == NULL ||
        registration->InstanceQueryTeardownCallback == NULL) {
        shim_violation("FltRegisterFilter: a filter that cannot go, or twice");
    }
    if (shim_fails("FltRegisterFilter")) {
        *filter = (PFLT_FILTER)(uintptr_t)0xdead;
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    registered = true;
    the_filter.registration = *registration;
    the_filter.started = false;
    shim_state.other++;
    *filter = &the_filter;
    return STATUS_SUCCESS;
}

NTSTATUS FltStartFiltering(PFLT_FILTER filter)
{
    if (filter != &the_filter || !registered || filter->started) {
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
    if (filter != &the_filter || !registered) {
        shim_violation("FltUnregisterFilter of what is not registered");
    }
    filter->started = false;
    for (uint32_t i = 0; i < MOST; i++) {
        if (under_way[i] != NULL) {
            shim_end(under_way[i], STATUS_SUCCESS, 0, PASSIVE_LEVEL, true);
        }
    }
    for (uint32_t i = 0; i < MOST; i++) {
        if (with_context[i] != NULL) {
            shim_forget_file(with_context[i]);
        }
    }
    registered = false;
    shim_state.other--;
}

bool shim_volume(DEVICE_TYPE type, FLT_FILESYSTEM_TYPE file_system)
{
    FLT_RELATED_OBJECTS objects = {sizeof objects, &the_filter, &the_instance, NULL};
    return NT_SUCCESS(the_filter.registration.InstanceSetupCallback(&objects, 1, type, file_system)) &&
           NT_SUCCESS(the_filter.registration.InstanceQueryTeardownCallback(&objects, 0));
}

bool shim_filtering(void)
{
    return registered && the_filter.started;
}

bool shim_unload_filter(bool mandatory)
{
    return NT_SUCCESS(the_filter.registration.FilterUnloadCallback(mandatory ? FLTFL_FILTER_UNLOAD_MANDATORY : 0));
}

static const FLT_OPERATION_REGISTRATION *callbacks_of(UCHAR major)
{
    const FLT_OPERATION_REGISTRATION *callbacks = the_filter.registration.OperationRegistration;
    while (callbacks->MajorFunction != IRP_MJ_OPERATION_END && callbacks->MajorFunction != major) {
        callbacks++;
    }
    return callbacks->MajorFunction == major ? callbacks : NULL;
}

static FLT_RELATED_OBJECTS objects_of(shim_operation *operation)
{
    return (FLT_RELATED_OBJECTS){sizeof(FLT_RELATED_OBJECTS), &the_filter, &the_instance, &operation->file->object};
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
    operation->iopb.TargetInstance = &the_instance;
    if (callbacks == NULL || callbacks->PreOperation == NULL) {
        return;
    }
    FLT_RELATED_OBJECTS objects = objects_of(operation);
    FLT_CALLBACK_DATA data = operation->data;
    FLT_IO_PARAMETER_BLOCK iopb = operation->iopb;
    KIRQL old;
    KeRaiseIrql(irql, &old);
    current = operation;
    PVOID completion = (PVOID)(uintptr_t)0xdead;
    FLT_PREOP_CALLBACK_STATUS status = callbacks->PreOperation(&operation->data, &objects, &completion);
    current = NULL;
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

HANDLE PsGetThreadId(PETHREAD thread)
{
    return (HANDLE)thread; /* here a thread is its number */
}

/* ---- lookaside lists ---- */

VOID ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list, PVOID allocate, PVOID release, ULONG flags,
                                     SIZE_T bytes, ULONG tag, USHORT depth)
{
    (void)tag;
    if (allocate != NULL || release != NULL || flags != POOL_NX_ALLOCATION || depth != 0) {
        shim_violation("a lookaside list that executes, or with functions of its own");
    }
    *list = (NPAGED_LOOKASIDE_LIST){bytes, 0};
    shim_state.other++;
}

VOID ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list)
{
    if (list->out != 0) {
        shim_violation("a lookaside list deleted while something of it is in use");
    }
    shim_state.other--;
}

PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list)
{
    if (shim_irql > DISPATCH_LEVEL || list->bytes == 0) {
        shim_violation("a lookaside list: its level, or not made");
    }
    if (shim_fails("ExAllocateFromNPagedLookasideList")) {
        return NULL;
    }
    list->out++;
    shim_state.pool++;
    void *memory = malloc(list->bytes);
    memset(memory, 0xa5, list->bytes);
    return memory;
}

VOID ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list, PVOID memory)
{
    if (shim_irql > DISPATCH_LEVEL) {
        shim_violation("a lookaside list: its level");
    }
    list->out--;
    shim_state.pool--;
    free(memory);
}
