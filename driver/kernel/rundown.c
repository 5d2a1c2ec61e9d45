/*
 * rundown.c - asks the system for its lists of processes and of modules of the kernel. Both come in one piece of memory, whose
 * size is found out by asking again, and is bounded. The lists are the system's own; that a name lies within is looked at all
 * the same.
 */
#include "rundown.h"

#include <string.h>

#include "pool.h"
#include "routine.h"
#include "utf8.h"

/* Of SYSTEM_INFORMATION_CLASS, and what is answered where the memory is too small. */
#define PROCESSES 5u
#define MODULES 11u
#define TOO_SMALL ((NTSTATUS)0xc0000004)

/* Thousands of processes with their threads. */
#define FIRST_BYTES 0x20000u
#define MOST_BYTES 0x1000000u
#define ATTEMPTS 6

/* SYSTEM_PROCESS_INFORMATION as winternl.h has it, up to what is needed. */
typedef struct process_entry {
    uint32_t next; /* bytes to the next one; 0: it is the last */
    uint32_t threads;
    uint64_t unused[3];
    uint64_t create_time;
    uint64_t user_time, kernel_time;
    UNICODE_STRING name;
    uint32_t priority;
    HANDLE pid;
    HANDLE parent;
    uint32_t handles;
    uint32_t session;
} process_entry;

/* RTL_PROCESS_MODULES: a number, then so many of these. */
typedef struct module_entry {
    PVOID section, mapped;
    PVOID base;
    uint32_t bytes;
    uint32_t flags;
    uint16_t load_order, init_order, loads, name_at;
    char path[256];
} module_entry;
#define MODULES_AT sizeof(PVOID)

typedef NTSTATUS(NTAPI *query_routine)(ULONG what, PVOID memory, ULONG bytes, PULONG needed);

/* By which the path of a program is found out; without them it is told without its folder. */
static struct {
    NTSTATUS(NTAPI *process)(HANDLE pid, PEPROCESS *process);
    NTSTATUS(NTAPI *path)(PEPROCESS process, PUNICODE_STRING *path);
} find;

/* One of the lists, to be freed by rv_free. */
static NTSTATUS ask(ULONG what, uint8_t **memory, uint32_t *bytes)
{
    query_routine query = (query_routine)(ULONG_PTR)rv_find_routine(L"ZwQuerySystemInformation");
    NTSTATUS status = query == NULL ? STATUS_NOT_SUPPORTED : TOO_SMALL;
    *bytes = FIRST_BYTES;
    for (int attempt = 0; attempt < ATTEMPTS && status == TOO_SMALL && *bytes <= MOST_BYTES; attempt++) {
        ULONG needed = 0;
        *memory = rv_allocate(*bytes);
        if (*memory == NULL) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        status = query(what, *memory, *bytes, &needed);
        if (NT_SUCCESS(status)) {
            return status;
        }
        rv_free(*memory);
        /* More begin meanwhile. */
        *bytes = needed > *bytes && needed < MOST_BYTES ? needed + needed / 8 : *bytes * 2;
    }
    *memory = NULL;
    return status == TOO_SMALL ? STATUS_INSUFFICIENT_RESOURCES : status;
}

static bool lies_within(const void *at, uint64_t length, const uint8_t *memory, uint32_t bytes)
{
    uint64_t begin = (uint64_t)(ULONG_PTR)at - (uint64_t)(ULONG_PTR)memory;
    return begin <= bytes && length <= bytes - begin;
}

static uint32_t id(HANDLE handle)
{
    return (uint32_t)(ULONG_PTR)handle;
}

/* The path of a program, to be freed by ExFreePool; NULL: it is not known. */
static PUNICODE_STRING path_of(HANDLE pid)
{
    PEPROCESS process;
    PUNICODE_STRING path = NULL;
    if (find.process == NULL || find.path == NULL || !NT_SUCCESS(find.process(pid, &process))) {
        return NULL;
    }
    if (!NT_SUCCESS(find.path(process, &path))) {
        path = NULL;
    }
    ObDereferenceObject(process);
    return path;
}

static void tell_process(const process_entry *entry, const UNICODE_STRING *name, bool whole, rv_event_sink *sink,
                         const rv_filter *filter)
{
    struct {
        rv_event_process event;
        char name[RV_EVENT_NAME_BYTES];
    } record;
    bool cut = false, known = name->Buffer != NULL && name->Length != 0;
    const uint16_t *units = known ? (const uint16_t *)name->Buffer : NULL;
    if (!rv_filter_passes_path(filter, units, name->Length / 2u)) {
        return;
    }
    memset(&record.event, 0, sizeof record.event);
    record.event.action = RV_EVENT_RUNDOWN;
    record.event.pid = id(entry->pid);
    record.event.parent_pid = id(entry->parent);
    record.event.header_bytes = sizeof record.event;
    record.event.session_id = entry->session;
    record.event.create_time = entry->create_time;
    if (known) {
        record.event.name_bytes = rv_utf8_end(record.name, RV_EVENT_NAME_BYTES, units, name->Length / 2u, &cut);
    }
    record.event.flags = (whole ? 0 : RV_PROCESS_NAME_ONLY) | (cut ? RV_PROCESS_NAME_CUT : 0);
    sink(RV_TYPE_PROCESS, record.event.pid, &record, (uint32_t)sizeof record.event + record.event.name_bytes);
}

static void tell_processes(const uint8_t *memory, uint32_t bytes, rv_event_sink *sink, const rv_filter *filter)
{
    for (uint32_t at = 0; bytes >= sizeof(process_entry) && at <= bytes - sizeof(process_entry);) {
        const process_entry *entry = (const process_entry *)(const void *)(memory + at);
        /* The first one is what a processor does that has nothing to do. */
        if (entry->pid != NULL && rv_filter_passes_pid(filter, id(entry->pid))) {
            static const UNICODE_STRING nothing;
            bool named = lies_within(entry->name.Buffer, entry->name.Length, memory, bytes);
            PUNICODE_STRING path = path_of(entry->pid);
            bool whole = path != NULL && path->Length != 0;
            tell_process(entry, whole ? path : named ? &entry->name : &nothing, whole, sink, filter);
            if (path != NULL) {
                ExFreePool(path);
            }
        }
        if (entry->next == 0 || entry->next > bytes - at) {
            break;
        }
        at += entry->next;
    }
}

static void tell_module(const module_entry *entry, rv_event_sink *sink, const rv_filter *filter)
{
    struct {
        rv_event_image event;
        char name[sizeof entry->path];
    } record;
    uint16_t wide[sizeof entry->path];
    uint32_t length = 0;
    /* In the code page of the system, of which only the letters of ASCII are certain. */
    for (; length < sizeof entry->path && entry->path[length] != '\0'; length++) {
        bool plain = entry->path[length] > 0x1f && entry->path[length] < 0x7f;
        record.name[length] = plain ? entry->path[length] : '?';
        wide[length] = (uint16_t)record.name[length];
    }
    if (!rv_filter_passes_path(filter, length == 0 ? NULL : wide, length)) {
        return;
    }
    memset(&record.event, 0, sizeof record.event);
    record.event.action = RV_EVENT_RUNDOWN;
    record.event.base = (uint64_t)(ULONG_PTR)entry->base;
    record.event.bytes = entry->bytes;
    record.event.name_bytes = length;
    record.event.header_bytes = sizeof record.event;
    record.event.flags = RV_IMAGE_SYSTEM_MODE;
    sink(RV_TYPE_IMAGE, 0, &record, (uint32_t)sizeof record.event + length);
}

static void tell_modules(const uint8_t *memory, uint32_t bytes, rv_event_sink *sink, const rv_filter *filter)
{
    uint32_t count;
    memcpy(&count, memory, sizeof count);
    const module_entry *entries = (const module_entry *)(const void *)(memory + MODULES_AT);
    uint32_t most = (bytes - (uint32_t)MODULES_AT) / (uint32_t)sizeof *entries;
    for (uint32_t n = 0; n < count && n < most && rv_filter_passes_pid(filter, 0); n++) {
        tell_module(&entries[n], sink, filter);
    }
}

_Use_decl_annotations_ NTSTATUS rv_rundown(uint32_t captures, rv_event_sink *sink, const rv_filter *filters)
{
    uint8_t *memory;
    uint32_t bytes;
    NTSTATUS status = STATUS_SUCCESS;
#ifndef RV_WINE /* which has the first, and no paths */
    find.process = (NTSTATUS(NTAPI *)(HANDLE, PEPROCESS *))(ULONG_PTR)rv_find_routine(L"PsLookupProcessByProcessId");
    find.path =
        (NTSTATUS(NTAPI *)(PEPROCESS, PUNICODE_STRING *))(ULONG_PTR)rv_find_routine(L"SeLocateProcessImageName");
#endif
    if (captures & RV_CAPTURE_PROCESS) {
        status = ask(PROCESSES, &memory, &bytes);
        if (NT_SUCCESS(status)) {
            tell_processes(memory, bytes, sink, &filters[RV_EVENT_KIND_PROCESS]);
            rv_free(memory);
        }
    }
    if (NT_SUCCESS(status) && (captures & RV_CAPTURE_IMAGE)) {
        status = ask(MODULES, &memory, &bytes);
        if (NT_SUCCESS(status)) {
            tell_modules(memory, bytes, sink, &filters[RV_EVENT_KIND_IMAGE]);
            rv_free(memory);
        }
    }
    return status;
}
