/*
 * memory.c - pool, sections, views, locked pages and the objects they are. Pool is handed out full of rubbish, and a section
 * lives as long as a handle, a reference or a view of it does.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory and objects ---- */

object shim_event = {.kind = OBJECT_EVENT};
object shim_process = {.kind = OBJECT_PROCESS};
object shim_other_process = {.kind = OBJECT_PROCESS};
object shim_power = {.kind = OBJECT_OTHER};
object shim_watch = {.kind = OBJECT_OTHER};
object shim_image = {.kind = OBJECT_OTHER};
object shim_file = {.kind = OBJECT_OTHER};
static POBJECT_TYPE event_type = (POBJECT_TYPE)&shim_event;
POBJECT_TYPE *ExEventObjectType = &event_type;

typedef struct view {
    uint8_t *address;
    object *section;
    ULONG protection;
} view;

static view client_views[64], system_views[64];

PVOID ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T bytes, ULONG tag)
{
    (void)type;
    (void)tag;
    if (bytes == 0) {
        shim_violation("ExAllocatePoolWithTag of 0 bytes");
    }
    if (shim_fails("ExAllocatePoolWithTag")) {
        return NULL;
    }
    shim_state.pool++;
    void *memory = malloc(bytes);
    memset(memory, 0xa5, bytes); /* pool is not zeroed */
    return memory;
}

void ExFreePoolWithTag(PVOID memory, ULONG tag)
{
    (void)tag;
    shim_state.pool--;
    free(memory);
}

static void shim_release(object *o)
{
    if (o->kind == OBJECT_SECTION && o->references == 0 && o->handles == 0) {
        free(o->memory);
        free(o);
    } else if (o->kind == OBJECT_KEY && o->handles == 0) {
        free(o);
    }
}

NTSTATUS ZwCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PLARGE_INTEGER size,
                         ULONG protection, ULONG allocation, HANDLE file)
{
    (void)access;
    (void)allocation;
    shim_need_passive("ZwCreateSection");
    if (attributes->Attributes != OBJ_KERNEL_HANDLE || protection != PAGE_READWRITE || file != NULL) {
        shim_violation("ZwCreateSection: not a kernel handle of pagefile-backed memory");
    }
    if (shim_fails("ZwCreateSection")) {
        *handle = (HANDLE)(uintptr_t)0xdead; /* what a failed call leaves there is nobody's business */
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    object *section = calloc(1, sizeof *section);
    section->kind = OBJECT_SECTION;
    section->bytes = ((size_t)size->QuadPart + 4095) / 4096 * 4096;
    section->memory = aligned_alloc(4096, section->bytes);
    memset(section->memory, 0, section->bytes);
    section->handles = 1;
    shim_state.handles++;
    *handle = section;
    return STATUS_SUCCESS;
}

NTSTATUS ZwClose(HANDLE handle)
{
    object *o = handle;
    shim_need_passive("ZwClose");
    o->handles--;
    shim_state.handles--;
    shim_release(o);
    return STATUS_SUCCESS;
}

NTSTATUS ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                   PVOID *body, PVOID information)
{
    (void)access;
    (void)information;
    shim_need_passive("ObReferenceObjectByHandle");
    if (mode == UserMode && (type != event_type || handle != (HANDLE)(uintptr_t)0x44)) {
        return STATUS_INVALID_HANDLE;
    }
    if (shim_fails("ObReferenceObjectByHandle")) {
        return STATUS_INVALID_HANDLE;
    }
    object *o = mode == UserMode ? &shim_event : handle;
    o->references++;
    shim_state.references++;
    *body = o->kind == OBJECT_EVENT ? (void *)&o->event : (void *)o;
    return STATUS_SUCCESS;
}

static object *shim_object_of(PVOID body)
{
    return body == &shim_event.event     ? &shim_event
           : body == (PVOID)shim_driver  ? &shim_image
           : body == (PVOID)&shim_opened ? &shim_file
                                         : body;
}

LONG ObReferenceObject(PVOID body)
{
    shim_state.references++;
    return ++shim_object_of(body)->references;
}

LONG ObDereferenceObject(PVOID body)
{
    object *o = shim_object_of(body);
    if (o->references <= 0) {
        shim_violation("object dereferenced too often");
    }
    shim_state.references--;
    LONG left = --o->references;
    shim_release(o);
    return left;
}

static view *free_view(view *views)
{
    while (views->address != NULL) {
        views++;
    }
    return views;
}

NTSTATUS ZwMapViewOfSection(HANDLE handle, HANDLE process, PVOID *address, ULONG_PTR zero_bits, SIZE_T commit,
                            PLARGE_INTEGER offset, PSIZE_T bytes, SECTION_INHERIT inherit, ULONG allocation,
                            ULONG protection)
{
    object *section = handle;
    (void)zero_bits;
    (void)commit;
    (void)offset;
    (void)allocation;
    shim_need_passive("ZwMapViewOfSection");
    if (process != ZwCurrentProcess() || inherit != ViewUnmap || *address != NULL) {
        shim_violation("ZwMapViewOfSection: a view that a child would inherit, or in another process");
    }
    if (shim_fails("ZwMapViewOfSection")) {
        return STATUS_NO_MEMORY;
    }
    view *v = free_view(client_views);
    *v = (view){section->memory, section, protection};
    section->references++;
    shim_state.client_views++;
    *address = section->memory;
    *bytes = section->bytes;
    return STATUS_SUCCESS;
}

NTSTATUS ZwUnmapViewOfSection(HANDLE process, PVOID address)
{
    (void)process;
    shim_need_passive("ZwUnmapViewOfSection");
    for (view *v = client_views; v < client_views + 64; v++) {
        if (v->address == address && address != NULL) {
            v->section->references--;
            shim_state.client_views--;
            shim_release(v->section);
            *v = (view){0};
            return STATUS_SUCCESS;
        }
    }
    shim_violation("a view unmapped that is not there");
    return STATUS_INVALID_PARAMETER;
}

NTSTATUS MmMapViewInSystemSpace(PVOID body, PVOID *address, PSIZE_T bytes)
{
    object *section = body;
    if (shim_fails("MmMapViewInSystemSpace")) {
        *address = (PVOID)(uintptr_t)0xdead;
        return STATUS_NO_MEMORY;
    }
    view *v = free_view(system_views);
    *v = (view){section->memory, section, PAGE_READWRITE};
    section->references++;
    shim_state.system_views++;
    *address = section->memory;
    *bytes = section->bytes;
    return STATUS_SUCCESS;
}

NTSTATUS MmUnmapViewInSystemSpace(PVOID address)
{
    for (view *v = system_views; v < system_views + 64; v++) {
        if (v->address == address && address != NULL) {
            v->section->references--;
            shim_state.system_views--;
            shim_release(v->section);
            *v = (view){0};
            return STATUS_SUCCESS;
        }
    }
    shim_violation("a system view unmapped that is not there");
    return STATUS_INVALID_PARAMETER;
}

PMDL IoAllocateMdl(PVOID address, ULONG bytes, BOOLEAN secondary, BOOLEAN quota, PVOID irp)
{
    (void)bytes;
    (void)secondary;
    (void)quota;
    (void)irp;
    if (shim_fails("IoAllocateMdl")) {
        return NULL;
    }
    PMDL mdl = calloc(1, sizeof *mdl);
    mdl->address = address;
    shim_state.mdls++;
    return mdl;
}

void IoFreeMdl(PMDL mdl)
{
    if (mdl->locked) {
        shim_violation("an MDL freed with its pages locked");
    }
    shim_state.mdls--;
    free(mdl);
}

void MmProbeAndLockPages(PMDL mdl, KPROCESSOR_MODE mode, LOCK_OPERATION operation)
{
    (void)mode;
    (void)operation;
    if (shim_fails("MmProbeAndLockPages")) {
        longjmp(shim_exception, 1);
    }
    mdl->locked = true;
    shim_state.locked++;
    for (view *v = system_views; v < system_views + 64; v++) {
        if (v->address == mdl->address) {
            v->section->node = shim_node();
        }
    }
}

void MmUnlockPages(PMDL mdl)
{
    if (!mdl->locked) {
        shim_violation("pages unlocked that are not locked");
    }
    mdl->locked = false;
    shim_state.locked--;
}

PVOID MmGetSystemAddressForMdlSafe(PMDL mdl, ULONG priority)
{
    (void)priority;
    return shim_fails("MmGetSystemAddressForMdlSafe") ? NULL : mdl->address;
}

void RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text)
{
    USHORT length = 0;
    while (text[length] != 0) {
        length++;
    }
    *string = (UNICODE_STRING){(USHORT)(length * 2), (USHORT)(length * 2 + 2), (PWSTR)(uintptr_t)text};
}

/* ---- the client ---- */

uint32_t shim_node_of(uint64_t address)
{
    for (view *v = client_views; v < client_views + 64; v++) {
        if ((uintptr_t)v->address == address && address != 0) {
            return v->section->node;
        }
    }
    return ~0u;
}

void *shim_client_view(uint64_t address, bool *writable)
{
    for (view *v = client_views; v < client_views + 64; v++) {
        if ((uintptr_t)v->address == address && address != 0) {
            *writable = v->protection != PAGE_READONLY;
            return v->address;
        }
    }
    return NULL;
}

uint64_t shim_client_event(void)
{
    return 0x44;
}

bool shim_client_event_set(void)
{
    bool was = shim_event.event.set;
    shim_event.event.set = false;
    return was;
}
