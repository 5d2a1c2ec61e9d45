/*
 * system.c - what the system calls by itself: notify routines, the callback of DbgPrint, the bugcheck callback.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- what MmGetSystemRoutineAddress finds ---- */

typedef VOID (*print_callback)(PSTRING output, ULONG component, ULONG level);
static print_callback printing;
static bool dozing; /* registered before the system slept, and not called since */

static NTSTATUS set_print_callback(print_callback callback, BOOLEAN enable)
{
    if (enable) {
        if (shim_fails("DbgSetDebugPrintCallback")) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        shim_state.callbacks++;
        printing = callback;
        dozing = false;
    } else {
        shim_state.callbacks--;
        printing = NULL;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS create_device_secure(PDRIVER_OBJECT driver, ULONG extension, PUNICODE_STRING name, DEVICE_TYPE type,
                                     ULONG characteristics, BOOLEAN exclusive, PCUNICODE_STRING sddl,
                                     LPCGUID device_class, PDEVICE_OBJECT *device)
{
    (void)extension;
    bool for_programs = shim_is(name, "\\Device\\RingViewLog");
    (void)type;
    (void)exclusive;
    (void)device_class;
    shim_need_passive("IoCreateDeviceSecure");
    if (sddl == NULL || sddl->Length == 0 || !(characteristics & FILE_DEVICE_SECURE_OPEN)) {
        shim_violation("a device without an ACL");
    }
    /* Of the rights that an ACL can give to all, only that to write may occur in the one of the device for programs. */
    for (uint32_t n = 0; for_programs && sddl != NULL && n + 1 < sddl->Length / 2u; n++) {
        if (sddl->Buffer[n] == 'G' && sddl->Buffer[n + 1] != 'W') {
            shim_violation("a device for programs that can be read");
        }
    }
    if (shim_fails("IoCreateDeviceSecure")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    shim_state.devices++;
    *device = calloc(1, sizeof **device);
    if (for_programs || shim_is(name, "\\Device\\RingView")) {
        shim_driver = driver;
        *(for_programs ? &shim_write_device : &shim_device) = *device;
    } else {
        shim_other_device = *device;
    }
    (*device)->Flags = DO_DEVICE_INITIALIZING;
    (*device)->DriverObject = driver;
    return STATUS_SUCCESS;
}

void shim_doze(void)
{
    dozing = true;
}

bool shim_is(PUNICODE_STRING name, const char *text)
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

/* The array of blocks of a small dump: a head, then addresses and sizes. */
typedef struct triage_array {
    uint64_t used, total, bytes, head[3];
    struct {
        const uint8_t *address;
        uint64_t bytes;
    } blocks[1];
} triage_array;

static triage_array *triage;

static NTSTATUS init_triage(PVOID memory, ULONG size)
{
    triage_array *array = memory;
    if (shim_fails("KeInitializeTriageDumpDataArray")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    memset(array, 0, sizeof *array);
    triage = array;
    array->total = (size - offsetof(triage_array, blocks)) / sizeof array->blocks[0];
    return STATUS_SUCCESS;
}

static NTSTATUS add_triage(PVOID memory, PVOID address, SIZE_T size)
{
    triage_array *array = memory;
    if (array->used == array->total) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    array->blocks[array->used].address = address;
    array->blocks[array->used++].bytes = size;
    array->bytes += size;
    return STATUS_SUCCESS;
}

PVOID MmGetSystemRoutineAddress(PUNICODE_STRING name)
{
    shim_need_passive("MmGetSystemRoutineAddress");
    PVOID found = shim_process_routine_of(name);
    found = found != NULL ? found : shim_registry_routine_of(name);
    found = found != NULL ? found : shim_object_routine_of(name);
    found = found != NULL ? found : shim_list_routine_of(name);
    if (found != NULL) {
        return found;
    }
    if (shim_is(name, "DbgSetDebugPrintCallback")) {
        return (PVOID)(uintptr_t)set_print_callback;
    }
    if (shim_is(name, "KeQuerySystemTimePrecise")) {
        return (PVOID)(uintptr_t)shim_query_precise;
    }
    if (shim_is(name, "IoCreateDeviceSecure")) {
        return shim_fails("MmGetSystemRoutineAddress") ? NULL : (PVOID)(uintptr_t)create_device_secure;
    }
    if (shim_is(name, "KeInitializeTriageDumpDataArray")) {
        return shim_fails("KeInitializeTriageDumpDataArray is missing") ? NULL : (PVOID)(uintptr_t)init_triage;
    }
    if (shim_is(name, "KeAddTriageDumpDataBlock")) {
        return (PVOID)(uintptr_t)add_triage;
    }
    return NULL;
}

bool shim_can_unload(void)
{
    return shim_file.references == 0;
}

uint32_t shim_image_references(void)
{
    return (uint32_t)shim_image.references;
}

void shim_dbgprint_as(const char *text, uint32_t length, uint32_t component, uint32_t level)
{
    STRING output = {(USHORT)length, (USHORT)length, (PCHAR)(uintptr_t)text};
    if (printing != NULL && !dozing) {
        printing(&output, component, level);
    }
}

void shim_dbgprint(const char *text)
{
    shim_dbgprint_as(text, (uint32_t)strlen(text), 101, 3);
}

/* ---- bugcheck ---- */

static PKBUGCHECK_REASON_CALLBACK_RECORD bugcheck, small_bugcheck;

BOOLEAN KeRegisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record, shim_bugcheck_routine routine,
                                         KBUGCHECK_CALLBACK_REASON reason, PUCHAR component)
{
    (void)component;
    if (shim_fails("KeRegisterBugCheckReasonCallback")) {
        return FALSE;
    }
    shim_state.callbacks++;
    record->routine = routine;
    *(reason == KbCallbackTriageDumpData ? &small_bugcheck : &bugcheck) = record;
    return TRUE;
}

BOOLEAN KeDeregisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record)
{
    shim_state.callbacks--;
    *(record == small_bugcheck ? &small_bugcheck : &bugcheck) = NULL;
    return TRUE;
}

uint64_t shim_small_crash(uint32_t most_bytes)
{
    struct {
        triage_array *array;
        ULONG flags, most_bytes, code;
        ULONG_PTR parameters[4];
    } dump = {.most_bytes = most_bytes};
    if (small_bugcheck == NULL) {
        return 0;
    }
    /* A system crashes once; here it is another one each time. */
    triage->used = triage->bytes = 0;
    small_bugcheck->routine(KbCallbackTriageDumpData, small_bugcheck, &dump, sizeof dump);
    if (dump.array != NULL || triage->used != 0) {
        shim_violation("memory added to a dump of a system that lives on");
    }
    dump.flags = 1;
    dump.code = 0xd1;
    small_bugcheck->routine(KbCallbackTriageDumpData, small_bugcheck, &dump, sizeof dump);
    if (dump.array == NULL) {
        return 0;
    }
    for (uint64_t n = 0; n < dump.array->used; n++) {
        volatile const uint8_t *at = dump.array->blocks[n].address;
        (void)at[0];
        (void)at[dump.array->blocks[n].bytes - 1];
        if ((uintptr_t)at % 4096 != 0 || dump.array->blocks[n].bytes % 4096 != 0) {
            shim_violation("a block of a small dump that is no pages");
        }
    }
    if (dump.array->bytes > most_bytes) {
        shim_violation("more in a small dump than it takes");
    }
    return dump.array->bytes;
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
    shim_violation("the bugcheck callback never ends");
    return pages;
}

USHORT RtlCaptureStackBackTrace(ULONG skipped, ULONG count, PVOID *frames, PULONG hash)
{
    if (shim_irql > DISPATCH_LEVEL || hash != NULL) {
        shim_violation("RtlCaptureStackBackTrace above DISPATCH_LEVEL, or with a hash");
    }
    for (ULONG at = 0; at < count; at++) {
        frames[at] = (PVOID)(0xfffff80010000000ull + 16 * (skipped + at));
    }
    return (USHORT)count;
}
