/*
 * operations.c - what becomes of an operation: questions in the order of their cost, then its record as far as it can be filled
 * in before, and the rest after it. The end may come at DISPATCH_LEVEL, in a process that has nothing to do with it.
 */
#include "operations.h"

#include "../kernel/utf8.h"
#include "../observe/observer.h"
#include "paths.h"
#include "request.h"

/* An operation under way: resident, and complete but for what its end says. */
typedef struct operation {
    uint64_t began; /* ticks */
    uint32_t pid, tid;
    rv_path *path; /* of a create: to be kept beside the file; otherwise NULL */
    struct {
        rv_event_file event;
        char text[2u * RV_EVENT_PATH_BYTES];
    } record;
} operation;

static NPAGED_LOOKASIDE_LIST operations;

_Use_decl_annotations_ void rv_operations_start(void)
{
    ExInitializeNPagedLookasideList(&operations, NULL, NULL, POOL_NX_ALLOCATION, sizeof(operation), RV_POOL_TAG, 0);
}

_Use_decl_annotations_ void rv_operations_stop(void)
{
    ExDeleteNPagedLookasideList(&operations);
}

/* ---- before ----------------------------------------------------------------------------------------------------- */

/* Asked first of every operation of every file of the machine. */
static bool is_wanted(const FLT_IO_PARAMETER_BLOCK *request, uint32_t what)
{
    if (what == 0 || !rv_observer_wants(what)) {
        return false;
    }
    if (what == RV_FILE_CREATE) {
        /* The memory manager opens its paging files; nothing that waits for memory may be done for them. */
        return (request->OperationFlags & SL_OPEN_PAGING_FILE) == 0;
    }
    return !rv_request_is_paging(request) || ((uint32_t)rv_observer_state.operations & RV_OBSERVE_FILE_PAGING) != 0;
}

/* Where a rename leads, if the filter manager can tell now. Given back by FltReleaseFileNameInformation. */
static PFLT_FILE_NAME_INFORMATION new_name_of(PFLT_CALLBACK_DATA data, PCFLT_RELATED_OBJECTS objects)
{
    PFLT_FILE_NAME_INFORMATION name;
    HANDLE root;
    PWSTR text;
    uint32_t bytes;
    if (KeGetCurrentIrql() != PASSIVE_LEVEL || objects->FileObject == NULL ||
        !rv_request_new_name(data->Iopb, &root, &text, &bytes)) {
        return NULL;
    }
    NTSTATUS status = FltGetDestinationFileNameInformation(objects->Instance, objects->FileObject, root, text, bytes,
                                                           FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT, &name);
    return NT_SUCCESS(status) ? name : NULL;
}

static bool name_passes(PFLT_FILE_NAME_INFORMATION name)
{
    return name != NULL && rv_observer_wants_path(name->Name.Buffer, name->Name.Length / (uint32_t)sizeof(WCHAR));
}

static void write_paths(operation *begun, const rv_path *path, PFLT_FILE_NAME_INFORMATION new_name)
{
    rv_event_file *event = &begun->record.event;
    bool cut = false;
    if (path == NULL || path->units == 0) {
        event->flags |= RV_EVENT_PATH_UNKNOWN;
    } else {
        event->path_bytes = rv_path_write(path, begun->record.text, RV_EVENT_PATH_BYTES, &cut);
        event->flags |= cut ? RV_EVENT_PATH_CUT : 0u;
    }
    if (new_name != NULL) {
        cut = false;
        event->new_path_bytes =
            rv_utf8_end(begun->record.text + event->path_bytes, RV_EVENT_PATH_BYTES,
                        (const uint16_t *)new_name->Name.Buffer, new_name->Name.Length / (uint32_t)sizeof(WCHAR), &cut);
        event->flags |= cut ? RV_EVENT_SECOND_CUT : 0u;
    }
}

/* NULL: there is no memory, and the operation goes unreported but counted. */
static operation *begin(PFLT_CALLBACK_DATA data, uint32_t what, uint32_t pid, const rv_path *path,
                        PFLT_FILE_NAME_INFORMATION new_name)
{
    operation *begun = ExAllocateFromNPagedLookasideList(&operations);
    if (begun == NULL) {
        (void)InterlockedIncrement64(&rv_observer_state.no_memory);
        return NULL;
    }
    begun->pid = pid;
    begun->tid = data->Thread == NULL ? 0 : (uint32_t)(ULONG_PTR)PsGetThreadId(data->Thread);
    begun->path = NULL;
    rv_request_read(&begun->record.event, what, data->Iopb);
    begun->record.event.flags = data->RequestorMode == KernelMode ? RV_EVENT_FROM_KERNEL : 0u;
    write_paths(begun, path, new_name);
    begun->began = rv_observer_now();
    return begun;
}

static FLT_PREOP_CALLBACK_STATUS FLTAPI before(PFLT_CALLBACK_DATA data, PCFLT_RELATED_OBJECTS objects,
                                               PVOID *completion)
{
    uint32_t what = rv_request_operation(data->Iopb);
    *completion = NULL;
    if (!is_wanted(data->Iopb, what)) {
        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }
    uint32_t pid = FltGetRequestorProcessId(data);
    if (!rv_observer_wants_process(pid)) {
        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }
    rv_path *path = what == RV_FILE_CREATE ? rv_path_of_create(data, objects) : rv_path_of_file(data, objects);
    PFLT_FILE_NAME_INFORMATION new_name = what == RV_FILE_RENAME ? new_name_of(data, objects) : NULL;
    operation *begun = NULL;
    if (rv_path_passes(path) || name_passes(new_name)) {
        begun = begin(data, what, pid, path, new_name);
    }
    if (new_name != NULL) {
        FltReleaseFileNameInformation(new_name);
    }
    if (begun != NULL && what == RV_FILE_CREATE) {
        begun->path = path;
    } else {
        rv_path_release(path);
    }
    *completion = begun;
    return begun == NULL ? FLT_PREOP_SUCCESS_NO_CALLBACK : FLT_PREOP_SUCCESS_WITH_CALLBACK;
}

/* ---- after ------------------------------------------------------------------------------------------------------ */

static void end(operation *begun)
{
    rv_path_release(begun->path);
    ExFreeToNPagedLookasideList(&operations, begun);
}

static void report(operation *begun)
{
    const rv_event_file *event = &begun->record.event;
    rv_observer_send_as(begun->pid, begun->tid, &begun->record,
                        (uint32_t)sizeof *event + event->path_bytes + event->new_path_bytes);
}

static FLT_POSTOP_CALLBACK_STATUS FLTAPI after(PFLT_CALLBACK_DATA data, PCFLT_RELATED_OBJECTS objects, PVOID completion,
                                               FLT_POST_OPERATION_FLAGS flags)
{
    operation *begun = completion;
    NTSTATUS status = data->IoStatus.Status;

    if ((flags & FLTFL_POST_OPERATION_DRAINING) != 0) {
        /* This instance goes before the operation is done: how it ends is not to be seen from here. */
        begun->record.event.flags |= RV_EVENT_UNPAIRED;
        report(begun);
    } else if (status != STATUS_FLT_DISALLOW_FAST_IO) {
        /* A fast operation that the file system has no fast way for comes once more, as a request. */
        begun->record.event.duration = rv_observer_since(begun->began);
        rv_request_ended(&begun->record.event, &data->IoStatus);
        report(begun);
        if (begun->path != NULL && NT_SUCCESS(status) && status != STATUS_REPARSE) {
            rv_path_keep(begun->path, objects);
        } else if (begun->record.event.operation == RV_FILE_RENAME && NT_SUCCESS(status)) {
            rv_path_forget(objects);
        }
    }
    end(begun);
    return FLT_POSTOP_FINISHED_PROCESSING;
}

const FLT_OPERATION_REGISTRATION rv_operations[] = {
    {IRP_MJ_CREATE, 0, before, after, NULL},  {IRP_MJ_READ, 0, before, after, NULL},
    {IRP_MJ_WRITE, 0, before, after, NULL},   {IRP_MJ_SET_INFORMATION, 0, before, after, NULL},
    {IRP_MJ_CLEANUP, 0, before, after, NULL}, {IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL},
};
