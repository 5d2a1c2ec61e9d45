/*
 * shim.c - see shim/ntddk.h and shim.h.
 */
#include "shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPUS 3

jmp_buf shim_exception;

static shim_held held;
static uint32_t fail_at, calls, violations;
static const char *failed_call;
static KIRQL irql;
static int critical;
static uint64_t ticks = 1000;
static uint32_t delays; /* since shim_fail */

static void violation(const char *what)
{
    fprintf(stderr, "rule of the WDK broken: %s\n", what);
    violations++;
}

/* Whether the call that asks is the one to fail. */
static bool fails(const char *name)
{
    calls++;
    if (fail_at != 0 && calls == fail_at) {
        failed_call = name;
        return true;
    }
    return false;
}

static void need_passive(const char *name)
{
    if (irql != PASSIVE_LEVEL) {
        violation(name);
    }
}

void shim_fail(uint32_t nth)
{
    fail_at = nth;
    calls = 0;
    delays = 0;
    failed_call = NULL;
}

uint32_t shim_calls(void)
{
    return calls;
}

const char *shim_failed(void)
{
    return failed_call;
}

uint32_t shim_violations(void)
{
    return violations;
}

shim_held shim_holding(void)
{
    return held;
}

bool shim_nothing_held(void)
{
    static const shim_held nothing;
    return memcmp(&held, &nothing, sizeof held) == 0 && irql == PASSIVE_LEVEL && critical == 0;
}

void shim_print_held(void)
{
    fprintf(
        stderr,
        "held: pool %d, handles %d, references %d, system views %d, client views %d, MDLs %d, locked %d, devices %d, "
        "links %d, callbacks %d, timers %d; IRQL %d, critical regions %d\n",
        held.pool, held.handles, held.references, held.system_views, held.client_views, held.mdls, held.locked,
        held.devices, held.links, held.callbacks, held.timers, irql, critical);
}

/* ---- IRQL, locks, events ---- */

KIRQL KeGetCurrentIrql(void)
{
    return irql;
}

void KeRaiseIrql(KIRQL level, PKIRQL old)
{
    if (level < irql) {
        violation("KeRaiseIrql to a lower level");
    }
    *old = irql;
    irql = level;
}

void KeLowerIrql(KIRQL level)
{
    if (level > irql) {
        violation("KeLowerIrql to a higher level");
    }
    irql = level;
}

void KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock)
{
    if (*lock != 0 || irql != DISPATCH_LEVEL) {
        violation("spin lock: deadlock, or not at DISPATCH_LEVEL");
    }
    *lock = 1;
}

void KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock)
{
    if (*lock != 1 || irql != DISPATCH_LEVEL) {
        violation("spin lock released that is not held");
    }
    *lock = 0;
}

void KeAcquireSpinLock(PKSPIN_LOCK lock, PKIRQL old)
{
    KeRaiseIrql(DISPATCH_LEVEL, old);
    KeAcquireSpinLockAtDpcLevel(lock);
}

void KeReleaseSpinLock(PKSPIN_LOCK lock, KIRQL old)
{
    KeReleaseSpinLockFromDpcLevel(lock);
    KeLowerIrql(old);
}

void KeEnterCriticalRegion(void)
{
    critical++;
}

void KeLeaveCriticalRegion(void)
{
    critical--;
}

void KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state)
{
    *event = (KEVENT){state, type == SynchronizationEvent};
}

LONG KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait)
{
    (void)increment;
    (void)wait;
    LONG before = event->set;
    event->set = true;
    return before;
}

NTSTATUS KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode, BOOLEAN alertable,
                               PLARGE_INTEGER timeout)
{
    PKEVENT event = object;
    (void)reason;
    (void)mode;
    (void)alertable;
    (void)timeout;
    need_passive("KeWaitForSingleObject");
    if (!event->set) {
        violation("waits for ever: there is one thread here");
        abort();
    }
    event->set = !event->synchronization;
    return STATUS_SUCCESS;
}

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval)
{
    (void)mode;
    (void)alertable;
    (void)interval;
    need_passive("KeDelayExecutionThread");
    if (++delays > 1000) {
        violation("waits for ever: there is one thread here");
        abort();
    }
    return STATUS_SUCCESS;
}

/* ---- timers and DPCs ---- */

static PKTIMER timers;
static PKDPC dpcs[16];
static uint32_t dpc_count;

void KeInitializeDpc(PKDPC dpc, KDEFERRED_ROUTINE *routine, PVOID context)
{
    *dpc = (KDPC){routine, context, false};
}

BOOLEAN KeInsertQueueDpc(PKDPC dpc, PVOID argument1, PVOID argument2)
{
    (void)argument1;
    (void)argument2;
    if (dpc->queued) {
        return FALSE;
    }
    dpc->queued = true;
    dpcs[dpc_count++] = dpc;
    return TRUE;
}

static void run_dpcs(void)
{
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    for (uint32_t i = 0; i < dpc_count; i++) {
        dpcs[i]->queued = false;
        dpcs[i]->routine(dpcs[i], dpcs[i]->context, NULL, NULL);
    }
    dpc_count = 0;
    KeLowerIrql(old);
}

void KeInitializeTimer(PKTIMER timer)
{
    *timer = (KTIMER){0};
}

BOOLEAN KeSetTimerEx(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc)
{
    (void)due;
    (void)period;
    BOOLEAN was = timer->armed;
    timer->dpc = dpc;
    if (!was) {
        timer->armed = true;
        timer->next = timers;
        timers = timer;
        held.timers++;
    }
    return was;
}

BOOLEAN KeCancelTimer(PKTIMER timer)
{
    for (PKTIMER *at = &timers; *at != NULL; at = &(*at)->next) {
        if (*at == timer) {
            *at = timer->next;
            timer->armed = false;
            held.timers--;
            return TRUE;
        }
    }
    return FALSE;
}

void KeFlushQueuedDpcs(void)
{
    need_passive("KeFlushQueuedDpcs");
    run_dpcs();
}

void shim_tick(void)
{
    for (PKTIMER timer = timers; timer != NULL; timer = timer->next) {
        (void)KeInsertQueueDpc(timer->dpc, NULL, NULL);
    }
    run_dpcs();
    run_dpcs(); /* what these queued */
}

/* ---- CPUs and time ---- */

ULONG KeQueryMaximumProcessorCountEx(USHORT group)
{
    (void)group;
    return CPUS;
}

ULONG KeQueryActiveProcessorCountEx(USHORT group)
{
    (void)group;
    return CPUS - 1;
}

ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number)
{
    (void)number;
    return 1;
}

NTSTATUS KeGetProcessorNumberFromIndex(ULONG index, PPROCESSOR_NUMBER number)
{
    *number = (PROCESSOR_NUMBER){0, (UCHAR)index, 0};
    return index < CPUS - 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS KeSetTargetProcessorDpcEx(PKDPC dpc, PPROCESSOR_NUMBER number)
{
    (void)dpc;
    (void)number;
    return STATUS_SUCCESS;
}

void KeSetSystemGroupAffinityThread(PGROUP_AFFINITY affinity, PGROUP_AFFINITY previous)
{
    need_passive("KeSetSystemGroupAffinityThread");
    if (previous != NULL) {
        *previous = *affinity;
    }
}

void KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY previous)
{
    (void)previous;
    need_passive("KeRevertToUserGroupAffinityThread");
}

LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER frequency)
{
    if (frequency != NULL) {
        frequency->QuadPart = 10000000;
    }
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)++ticks};
}

void KeQuerySystemTime(PLARGE_INTEGER time)
{
    time->QuadPart = 132000000000000000;
}

/* ---- memory and objects ---- */

typedef enum {
    OBJECT_SECTION = 0x51,
    OBJECT_EVENT,
    OBJECT_PROCESS
} object_kind;

typedef struct object {
    object_kind kind;
    int references, handles;
    size_t bytes;
    uint8_t *memory; /* a section's */
    KEVENT event;
} object;

static object client_event = {.kind = OBJECT_EVENT};
static object client_process = {.kind = OBJECT_PROCESS};
static POBJECT_TYPE event_type = (POBJECT_TYPE)&client_event;
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
        violation("ExAllocatePoolWithTag of 0 bytes");
    }
    if (fails("ExAllocatePoolWithTag")) {
        return NULL;
    }
    held.pool++;
    void *memory = malloc(bytes);
    memset(memory, 0xa5, bytes); /* pool is not zeroed */
    return memory;
}

void ExFreePoolWithTag(PVOID memory, ULONG tag)
{
    (void)tag;
    held.pool--;
    free(memory);
}

static void release(object *o)
{
    if (o->kind == OBJECT_SECTION && o->references == 0 && o->handles == 0) {
        free(o->memory);
        free(o);
    }
}

NTSTATUS ZwCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PLARGE_INTEGER size,
                         ULONG protection, ULONG allocation, HANDLE file)
{
    (void)access;
    (void)allocation;
    need_passive("ZwCreateSection");
    if (attributes->Attributes != OBJ_KERNEL_HANDLE || protection != PAGE_READWRITE || file != NULL) {
        violation("ZwCreateSection: not a kernel handle of pagefile-backed memory");
    }
    if (fails("ZwCreateSection")) {
        *handle = (HANDLE)(uintptr_t)0xdead; /* what a failed call leaves there is nobody's business */
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    object *section = calloc(1, sizeof *section);
    section->kind = OBJECT_SECTION;
    section->bytes = ((size_t)size->QuadPart + 4095) / 4096 * 4096;
    section->memory = aligned_alloc(4096, section->bytes);
    memset(section->memory, 0, section->bytes);
    section->handles = 1;
    held.handles++;
    *handle = section;
    return STATUS_SUCCESS;
}

NTSTATUS ZwClose(HANDLE handle)
{
    object *o = handle;
    need_passive("ZwClose");
    o->handles--;
    held.handles--;
    release(o);
    return STATUS_SUCCESS;
}

NTSTATUS ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                   PVOID *body, PVOID information)
{
    (void)access;
    (void)information;
    need_passive("ObReferenceObjectByHandle");
    if (mode == UserMode && (type != event_type || handle != (HANDLE)(uintptr_t)0x44)) {
        return STATUS_INVALID_HANDLE;
    }
    if (fails("ObReferenceObjectByHandle")) {
        return STATUS_INVALID_HANDLE;
    }
    object *o = mode == UserMode ? &client_event : handle;
    o->references++;
    held.references++;
    *body = o->kind == OBJECT_EVENT ? (void *)&o->event : (void *)o;
    return STATUS_SUCCESS;
}

static object *object_of(PVOID body)
{
    return body == &client_event.event ? &client_event : body;
}

LONG ObReferenceObject(PVOID body)
{
    held.references++;
    return ++object_of(body)->references;
}

LONG ObDereferenceObject(PVOID body)
{
    object *o = object_of(body);
    if (o->references <= 0) {
        violation("object dereferenced too often");
    }
    held.references--;
    LONG left = --o->references;
    release(o);
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
    need_passive("ZwMapViewOfSection");
    if (process != ZwCurrentProcess() || inherit != ViewUnmap || *address != NULL) {
        violation("ZwMapViewOfSection: a view that a child would inherit, or in another process");
    }
    if (fails("ZwMapViewOfSection")) {
        return STATUS_NO_MEMORY;
    }
    view *v = free_view(client_views);
    *v = (view){section->memory, section, protection};
    section->references++;
    held.client_views++;
    *address = section->memory;
    *bytes = section->bytes;
    return STATUS_SUCCESS;
}

NTSTATUS ZwUnmapViewOfSection(HANDLE process, PVOID address)
{
    (void)process;
    need_passive("ZwUnmapViewOfSection");
    for (view *v = client_views; v < client_views + 64; v++) {
        if (v->address == address && address != NULL) {
            v->section->references--;
            held.client_views--;
            release(v->section);
            *v = (view){0};
            return STATUS_SUCCESS;
        }
    }
    violation("a view unmapped that is not there");
    return STATUS_INVALID_PARAMETER;
}

NTSTATUS MmMapViewInSystemSpace(PVOID body, PVOID *address, PSIZE_T bytes)
{
    object *section = body;
    if (fails("MmMapViewInSystemSpace")) {
        *address = (PVOID)(uintptr_t)0xdead;
        return STATUS_NO_MEMORY;
    }
    view *v = free_view(system_views);
    *v = (view){section->memory, section, PAGE_READWRITE};
    section->references++;
    held.system_views++;
    *address = section->memory;
    *bytes = section->bytes;
    return STATUS_SUCCESS;
}

NTSTATUS MmUnmapViewInSystemSpace(PVOID address)
{
    for (view *v = system_views; v < system_views + 64; v++) {
        if (v->address == address && address != NULL) {
            v->section->references--;
            held.system_views--;
            release(v->section);
            *v = (view){0};
            return STATUS_SUCCESS;
        }
    }
    violation("a system view unmapped that is not there");
    return STATUS_INVALID_PARAMETER;
}

PMDL IoAllocateMdl(PVOID address, ULONG bytes, BOOLEAN secondary, BOOLEAN quota, PVOID irp)
{
    (void)bytes;
    (void)secondary;
    (void)quota;
    (void)irp;
    if (fails("IoAllocateMdl")) {
        return NULL;
    }
    PMDL mdl = calloc(1, sizeof *mdl);
    mdl->address = address;
    held.mdls++;
    return mdl;
}

void IoFreeMdl(PMDL mdl)
{
    if (mdl->locked) {
        violation("an MDL freed with its pages locked");
    }
    held.mdls--;
    free(mdl);
}

void MmProbeAndLockPages(PMDL mdl, KPROCESSOR_MODE mode, LOCK_OPERATION operation)
{
    (void)mode;
    (void)operation;
    if (fails("MmProbeAndLockPages")) {
        longjmp(shim_exception, 1);
    }
    mdl->locked = true;
    held.locked++;
}

void MmUnlockPages(PMDL mdl)
{
    if (!mdl->locked) {
        violation("pages unlocked that are not locked");
    }
    mdl->locked = false;
    held.locked--;
}

PVOID MmGetSystemAddressForMdlSafe(PMDL mdl, ULONG priority)
{
    (void)priority;
    return fails("MmGetSystemAddressForMdlSafe") ? NULL : mdl->address;
}

void RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text)
{
    USHORT length = 0;
    while (text[length] != 0) {
        length++;
    }
    *string = (UNICODE_STRING){(USHORT)(length * 2), (USHORT)(length * 2 + 2), (PWSTR)(uintptr_t)text};
}

/* ---- what MmGetSystemRoutineAddress finds ---- */

typedef VOID (*print_callback)(PSTRING output, ULONG component, ULONG level);
static print_callback printing;
static PDEVICE_OBJECT the_device;
static PDRIVER_OBJECT the_driver;

static NTSTATUS set_print_callback(print_callback callback, BOOLEAN enable)
{
    if (enable) {
        if (fails("DbgSetDebugPrintCallback")) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        held.callbacks++;
        printing = callback;
    } else {
        held.callbacks--;
        printing = NULL;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS create_device_secure(PDRIVER_OBJECT driver, ULONG extension, PUNICODE_STRING name, DEVICE_TYPE type,
                                     ULONG characteristics, BOOLEAN exclusive, PCUNICODE_STRING sddl,
                                     LPCGUID device_class, PDEVICE_OBJECT *device)
{
    (void)extension;
    (void)name;
    (void)type;
    (void)exclusive;
    (void)device_class;
    need_passive("IoCreateDeviceSecure");
    if (sddl == NULL || sddl->Length == 0 || !(characteristics & FILE_DEVICE_SECURE_OPEN)) {
        violation("a device without an ACL");
    }
    if (fails("IoCreateDeviceSecure")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    held.devices++;
    the_driver = driver;
    the_device = *device = calloc(1, sizeof **device);
    (*device)->Flags = DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

static bool is(PUNICODE_STRING name, const char *text)
{
    size_t length = strlen(text);
    if (name->Length != length * 2) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (name->Buffer[i] != (uint16_t)text[i]) {
            return false;
        }
    }
    return true;
}

PVOID MmGetSystemRoutineAddress(PUNICODE_STRING name)
{
    if (is(name, "DbgSetDebugPrintCallback")) {
        return (PVOID)(uintptr_t)set_print_callback;
    }
    if (is(name, "IoCreateDeviceSecure")) {
        return fails("MmGetSystemRoutineAddress") ? NULL : (PVOID)(uintptr_t)create_device_secure;
    }
    return NULL;
}

void IoDeleteDevice(PDEVICE_OBJECT device)
{
    held.devices--;
    free(device);
    the_device = NULL;
}

NTSTATUS IoCreateSymbolicLink(PUNICODE_STRING link, PUNICODE_STRING device)
{
    (void)link;
    (void)device;
    if (fails("IoCreateSymbolicLink")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    held.links++;
    return STATUS_SUCCESS;
}

NTSTATUS IoDeleteSymbolicLink(PUNICODE_STRING link)
{
    (void)link;
    held.links--;
    return STATUS_SUCCESS;
}

/* ---- notify routines ---- */

static shim_process_routine on_process;
static shim_thread_routine on_thread;
static shim_image_routine on_image;

#define CHANGE(slot, name)                                                                                             \
    if (remove) {                                                                                                      \
        if (slot == NULL) {                                                                                            \
            violation(name " removes what is not there");                                                              \
        }                                                                                                              \
        held.callbacks--;                                                                                              \
        slot = NULL;                                                                                                   \
    } else {                                                                                                           \
        if (slot != NULL) {                                                                                            \
            violation(name " registered twice");                                                                       \
        }                                                                                                              \
        if (fails(name)) {                                                                                             \
            return STATUS_INSUFFICIENT_RESOURCES;                                                                      \
        }                                                                                                              \
        held.callbacks++;                                                                                              \
        slot = routine;                                                                                                \
    }                                                                                                                  \
    return STATUS_SUCCESS

NTSTATUS PsSetCreateProcessNotifyRoutineEx(shim_process_routine routine, BOOLEAN remove)
{
    CHANGE(on_process, "PsSetCreateProcessNotifyRoutineEx");
}

static NTSTATUS change_thread(shim_thread_routine routine, bool remove)
{
    CHANGE(on_thread, "PsSetCreateThreadNotifyRoutine");
}

static NTSTATUS change_image(shim_image_routine routine, bool remove)
{
    CHANGE(on_image, "PsSetLoadImageNotifyRoutine");
}

NTSTATUS PsSetCreateThreadNotifyRoutine(shim_thread_routine routine)
{
    return change_thread(routine, false);
}

NTSTATUS PsRemoveCreateThreadNotifyRoutine(shim_thread_routine routine)
{
    return change_thread(routine, true);
}

NTSTATUS PsSetLoadImageNotifyRoutine(shim_image_routine routine)
{
    return change_image(routine, false);
}

NTSTATUS PsRemoveLoadImageNotifyRoutine(shim_image_routine routine)
{
    return change_image(routine, true);
}

HANDLE PsGetCurrentProcessId(void)
{
    return (HANDLE)(uintptr_t)4711;
}

HANDLE PsGetCurrentThreadId(void)
{
    return (HANDLE)(uintptr_t)4712;
}

PEPROCESS PsGetCurrentProcess(void)
{
    return (PEPROCESS)(void *)&client_process;
}

void shim_new_process(void)
{
    static const uint16_t path[] = {'C', ':', '\\', 'a', '.', 'e', 'x', 'e', 0};
    UNICODE_STRING name;
    RtlInitUnicodeString(&name, path);
    PS_CREATE_NOTIFY_INFO info = {.ParentProcessId = (HANDLE)(uintptr_t)4, .ImageFileName = &name};
    IMAGE_INFO image = {(PVOID)(uintptr_t)0x140000000, 65536};
    if (on_process != NULL) {
        on_process(NULL, (HANDLE)(uintptr_t)5000, &info);
    }
    if (on_thread != NULL) {
        on_thread((HANDLE)(uintptr_t)5000, (HANDLE)(uintptr_t)5001, TRUE);
    }
    if (on_image != NULL) {
        on_image(&name, (HANDLE)(uintptr_t)5000, &image);
    }
    if (on_process != NULL) {
        on_process(NULL, (HANDLE)(uintptr_t)5000, NULL);
    }
}

void shim_dbgprint_as(const char *text, uint32_t length, uint32_t component, uint32_t level)
{
    STRING output = {(USHORT)length, (USHORT)length, (PCHAR)(uintptr_t)text};
    if (printing != NULL) {
        printing(&output, component, level);
    }
}

void shim_dbgprint(const char *text)
{
    shim_dbgprint_as(text, (uint32_t)strlen(text), 101, 3);
}

/* ---- bugcheck ---- */

static PKBUGCHECK_REASON_CALLBACK_RECORD bugcheck;

BOOLEAN KeRegisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record, shim_bugcheck_routine routine,
                                         KBUGCHECK_CALLBACK_REASON reason, PUCHAR component)
{
    (void)reason;
    (void)component;
    if (fails("KeRegisterBugCheckReasonCallback")) {
        return FALSE;
    }
    held.callbacks++;
    record->routine = routine;
    bugcheck = record;
    return TRUE;
}

BOOLEAN KeDeregisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record)
{
    (void)record;
    held.callbacks--;
    bugcheck = NULL;
    return TRUE;
}

uint64_t shim_crash(void)
{
    uint64_t pages = 0;
    if (bugcheck == NULL) {
        return 0;
    }
    KBUGCHECK_ADD_PAGES add = {0};
    for (int guard = 0; guard < 1000; guard++) {
        bugcheck->routine(KbCallbackAddPages, bugcheck, &add, sizeof add);
        if (add.Count != 0) {
            /* Every page is there: its first and last byte are read. */
            volatile const uint8_t *at = (const uint8_t *)add.Address;
            (void)at[0];
            (void)at[add.Count * 4096 - 1];
        }
        pages += add.Count;
        if (!(add.Flags & KB_ADD_PAGES_FLAG_ADDITIONAL_RANGES_EXIST)) {
            return pages;
        }
    }
    violation("the bugcheck callback never ends");
    return pages;
}

/* ---- IRPs ---- */

void IoCompleteRequest(PIRP irp, CHAR boost)
{
    (void)boost;
    if (irp->completed++ != 0) {
        violation("an IRP completed twice");
    }
}

PIRP IoBuildDeviceIoControlRequest(ULONG code, PDEVICE_OBJECT device, PVOID input, ULONG input_bytes, PVOID output,
                                   ULONG output_bytes, BOOLEAN internal, PKEVENT event, PIO_STATUS_BLOCK status)
{
    (void)device;
    (void)output;
    (void)event;
    (void)status;
    if (fails("IoBuildDeviceIoControlRequest")) {
        return NULL;
    }
    PIRP irp = calloc(1, sizeof *irp);
    irp->stack.MajorFunction = internal ? IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL;
    irp->stack.Parameters.DeviceIoControl.IoControlCode = code;
    irp->stack.Parameters.DeviceIoControl.InputBufferLength = input_bytes;
    irp->stack.Parameters.DeviceIoControl.OutputBufferLength = output_bytes;
    irp->stack.Parameters.DeviceIoControl.Type3InputBuffer = input;
    return irp;
}

NTSTATUS IoCallDriver(PDEVICE_OBJECT device, PIRP irp)
{
    NTSTATUS status = the_driver->MajorFunction[irp->stack.MajorFunction](device, irp);
    if (irp->completed == 1) {
        free(irp);
    }
    return status;
}

NTSTATUS IoGetDeviceObjectPointer(PUNICODE_STRING name, ACCESS_MASK access, PFILE_OBJECT *file, PDEVICE_OBJECT *device)
{
    (void)name;
    (void)access;
    if (the_device == NULL || fails("IoGetDeviceObjectPointer")) {
        return STATUS_NOT_FOUND;
    }
    held.references++;
    client_event.references++;
    *file = (PFILE_OBJECT)(void *)&client_event.event;
    *device = the_device;
    return STATUS_SUCCESS;
}

NTSTATUS IoCsqInitialize(PIO_CSQ queue, PIO_CSQ_INSERT_IRP insert, PIO_CSQ_REMOVE_IRP remove,
                         PIO_CSQ_PEEK_NEXT_IRP peek, PIO_CSQ_ACQUIRE_LOCK acquire, PIO_CSQ_RELEASE_LOCK release_lock,
                         PIO_CSQ_COMPLETE_CANCELED_IRP cancel)
{
    if (fails("IoCsqInitialize")) {
        return STATUS_UNSUCCESSFUL;
    }
    *queue = (IO_CSQ){insert, remove, peek, acquire, release_lock, cancel};
    return STATUS_SUCCESS;
}

static PIO_CSQ last_queue;

void IoCsqInsertIrp(PIO_CSQ queue, PIRP irp, PVOID context)
{
    KIRQL old;
    (void)context;
    last_queue = queue;
    queue->acquire(queue, &old);
    IoMarkIrpPending(irp);
    queue->insert(queue, irp);
    queue->release(queue, old);
}

PIRP IoCsqRemoveNextIrp(PIO_CSQ queue, PVOID context)
{
    KIRQL old;
    queue->acquire(queue, &old);
    PIRP irp = queue->peek(queue, NULL, context);
    if (irp != NULL) {
        queue->remove(queue, irp);
    }
    queue->release(queue, old);
    return irp;
}

void shim_cancel(PIO_CSQ queue, PIRP irp)
{
    KIRQL old;
    queue = queue != NULL ? queue : last_queue;
    queue->acquire(queue, &old);
    queue->remove(queue, irp);
    queue->release(queue, old);
    queue->cancel(queue, irp);
}

/* ---- the client ---- */

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
    bool was = client_event.event.set;
    client_event.event.set = false;
    return was;
}
