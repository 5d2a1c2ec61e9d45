/*
 * paths.c - contexts of the filter manager that hold a path.
 */
#include "paths.h"

#include <string.h>

#include "../kernel/utf8.h"
#include "../observe/observer.h"

/* Contexts there are, kept or not. */
static volatile LONG paths;

static VOID FLTAPI forget_path(PFLT_CONTEXT context, FLT_CONTEXT_TYPE type);

const FLT_CONTEXT_REGISTRATION rv_path_contexts[] = {
    {.ContextType = FLT_STREAMHANDLE_CONTEXT,
     .ContextCleanupCallback = forget_path,
     .Size = FLT_VARIABLE_SIZED_CONTEXTS,
     .PoolTag = RV_POOL_TAG},
    {.ContextType = FLT_CONTEXT_END},
};

static VOID FLTAPI forget_path(PFLT_CONTEXT context, FLT_CONTEXT_TYPE type)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(type);
    (void)InterlockedDecrement(&paths);
}

/* An empty name is a path that is not known. */
static rv_path *make(PFLT_FILTER filter, const UNICODE_STRING *name)
{
    PFLT_CONTEXT context;
    uint32_t units = name->Buffer == NULL ? 0u : name->Length / (uint32_t)sizeof(WCHAR);
    uint32_t kept = units < RV_PATH_UNITS ? units : RV_PATH_UNITS;

    if (InterlockedIncrement(&paths) > RV_PATHS) {
        (void)InterlockedDecrement(&paths);
        (void)InterlockedIncrement64(&rv_observer_state.no_room);
        return NULL;
    }
    NTSTATUS status = FltAllocateContext(filter, FLT_STREAMHANDLE_CONTEXT, sizeof(rv_path) + kept * sizeof(WCHAR),
                                         NonPagedPoolNx, &context);
    if (!NT_SUCCESS(status)) {
        (void)InterlockedDecrement(&paths);
        (void)InterlockedIncrement64(&rv_observer_state.no_room);
        return NULL;
    }
    rv_path *path = context;
    path->verdict = 0;
    path->units = kept;
    path->cut = kept < units;
    if (kept != 0) {
        memcpy(path->text, name->Buffer + (units - kept), kept * sizeof(WCHAR));
    }
    return path;
}

/* Asks the filter manager. `*later`: it asks nobody now, where that would not be safe, and may know another time. */
static rv_path *ask(PFLT_CALLBACK_DATA data, PCFLT_RELATED_OBJECTS objects, bool *later)
{
    static const UNICODE_STRING unknown = {0, 0, NULL};
    PFLT_FILE_NAME_INFORMATION name;
    NTSTATUS status = FltGetFileNameInformation(data, FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT, &name);
    *later = status == STATUS_FLT_INVALID_NAME_REQUEST;
    if (!NT_SUCCESS(status)) {
        return make(objects->Filter, &unknown);
    }
    rv_path *path = make(objects->Filter, &name->Name);
    FltReleaseFileNameInformation(name);
    return path;
}

rv_path *rv_path_of_create(PFLT_CALLBACK_DATA data, PCFLT_RELATED_OBJECTS objects)
{
    bool later;
    return ask(data, objects, &later);
}

static bool is_paging(const FLT_CALLBACK_DATA *data)
{
    return (data->Iopb->IrpFlags & (IRP_PAGING_IO | IRP_SYNCHRONOUS_PAGING_IO)) != 0;
}

rv_path *rv_path_of_file(PFLT_CALLBACK_DATA data, PCFLT_RELATED_OBJECTS objects)
{
    PFLT_CONTEXT kept;
    KIRQL irql = KeGetCurrentIrql();
    if (objects->FileObject == NULL || irql > APC_LEVEL) {
        return NULL;
    }
    if (NT_SUCCESS(FltGetStreamHandleContext(objects->Instance, objects->FileObject, &kept))) {
        return kept;
    }
    /* To ask means a request to the file system, which may be just writing this very page. */
    if (irql != PASSIVE_LEVEL || is_paging(data)) {
        return NULL;
    }
    bool later;
    rv_path *path = ask(data, objects, &later);
    if (path != NULL && !later) {
        rv_path_keep(path, objects);
    }
    return path;
}

void rv_path_keep(rv_path *path, PCFLT_RELATED_OBJECTS objects)
{
    PFLT_CONTEXT other = NULL;
    NTSTATUS status =
        FltSetStreamHandleContext(objects->Instance, objects->FileObject, FLT_SET_CONTEXT_KEEP_IF_EXISTS, path, &other);
    /* Another operation on the file was quicker: it has kept the same path. Some files can keep none. */
    if (!NT_SUCCESS(status) && other != NULL) {
        FltReleaseContext(other);
    }
}

void rv_path_forget(PCFLT_RELATED_OBJECTS objects)
{
    if (objects->FileObject != NULL && KeGetCurrentIrql() <= APC_LEVEL) {
        (void)FltDeleteStreamHandleContext(objects->Instance, objects->FileObject, NULL);
    }
}

void rv_path_release(rv_path *path)
{
    if (path != NULL) {
        FltReleaseContext(path);
    }
}

/* The search is done once for each filter; whoever asks meanwhile does it too and comes to the same. */
bool rv_path_passes(rv_path *path)
{
    if (path == NULL || path->units == 0) {
        return rv_observer_wants_path(NULL, 0);
    }
    LONG generation = (LONG)((rv_observer_filter_generation() + 1u) << 1);
    LONG verdict = path->verdict;
    if ((verdict & ~1) != generation) {
        verdict = generation | (rv_observer_wants_path(path->text, path->units) ? 1 : 0);
        (void)InterlockedExchange(&path->verdict, verdict);
    }
    return (verdict & 1) != 0;
}

uint32_t rv_path_write(const rv_path *path, char *to, uint32_t capacity, bool *cut)
{
    *cut = path->cut;
    return rv_utf8_end(to, capacity, (const uint16_t *)path->text, path->units, cut);
}
