/*
 * filter_contexts.c - what the filter manager keeps for a filter and tells it: contexts of files, names, and resident memory.
 */
#include "filter_internal.h"

#include <stdlib.h>
#include <string.h>

#define MOST 64u
static shim_file_object *with_context[MOST]; /* files that have one */
static uint32_t names_asked;

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
    if (shim_irql > APC_LEVEL || filter != &shim_filter || !shim_filter.registered ||
        type != FLT_STREAMHANDLE_CONTEXT || bytes == 0 || bytes > 0xffff || pool != NonPagedPoolNx) {
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
        shim_filter.registration.ContextRegistration->ContextCleanupCallback(context, FLT_STREAMHANDLE_CONTEXT);
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
    if (shim_irql > APC_LEVEL || instance != &shim_instance) {
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
    if (shim_irql > APC_LEVEL || instance != &shim_instance || !file->opened || head_of(context)->linked ||
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

NTSTATUS FltDeleteStreamHandleContext(PFLT_INSTANCE instance, PFILE_OBJECT file, PFLT_CONTEXT *old)
{
    if (shim_irql > APC_LEVEL || instance != &shim_instance || old != NULL) {
        shim_violation("FltDeleteStreamHandleContext: its level or arguments");
    }
    bool had = file_of(file)->context != NULL;
    shim_forget_file(file_of(file));
    return had ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

void shim_forget_files(void)
{
    for (uint32_t i = 0; i < MOST; i++) {
        if (with_context[i] != NULL) {
            shim_forget_file(with_context[i]);
        }
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
    if (shim_irql > APC_LEVEL || shim_current == NULL || data != &shim_current->data) {
        shim_violation("FltGetFileNameInformation: its level, or not of this operation");
    }
    if (options != (FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT)) {
        shim_violation("FltGetFileNameInformation asks a file system that may be busy with this");
    }
    if (data->Iopb->IrpFlags & (IRP_PAGING_IO | IRP_SYNCHRONOUS_PAGING_IO)) {
        shim_violation("FltGetFileNameInformation in paging I/O");
        return STATUS_FLT_INVALID_NAME_REQUEST;
    }
    if (shim_current->file->rival != NULL) {
        shim_operation *asks = shim_current, *rival = shim_current->file->rival;
        shim_current->file->rival = NULL;
        shim_begin(rival, PASSIVE_LEVEL);
        shim_end(rival, STATUS_SUCCESS, 0, PASSIVE_LEVEL, false);
        shim_current = asks;
    }
    if (shim_current->file->busy) {
        return STATUS_FLT_INVALID_NAME_REQUEST;
    }
    if (shim_current->file->path == NULL || shim_fails("FltGetFileNameInformation")) {
        return STATUS_ACCESS_DENIED;
    }
    return name_information(shim_current->file->path, information);
}

NTSTATUS FltGetDestinationFileNameInformation(PFLT_INSTANCE instance, PFILE_OBJECT file, HANDLE root, PWSTR name,
                                              ULONG name_bytes, FLT_FILE_NAME_OPTIONS options,
                                              PFLT_FILE_NAME_INFORMATION *information)
{
    static WCHAR copy[4096];
    (void)root;
    *information = (PFLT_FILE_NAME_INFORMATION)(uintptr_t)0xdead;
    shim_need_passive("FltGetDestinationFileNameInformation");
    if (instance != &shim_instance || file == NULL || options != (FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT)) {
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
