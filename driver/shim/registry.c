/*
 * registry.c - the service's key of the registry and its key Parameters, and the end of the boot.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define VALUES 8

static struct {
    const char *name;
    ULONG type, bytes;
    uint8_t data[16];
} values[VALUES];

void shim_registry_clear(void)
{
    memset(values, 0, sizeof values);
}

void shim_registry_set(const char *name, uint32_t type, uint32_t bytes, uint64_t data)
{
    uint32_t n = 0;
    while (values[n].name != NULL && strcmp(values[n].name, name) != 0) {
        n++;
    }
    values[n].name = name;
    values[n].type = type;
    values[n].bytes = bytes;
    memset(values[n].data, 0xee, sizeof values[n].data);
    memcpy(values[n].data, &data, bytes < 8 ? bytes : 8);
}

NTSTATUS ZwOpenKey(PHANDLE key, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    shim_need_passive("ZwOpenKey");
    if (!(attributes->Attributes & OBJ_KERNEL_HANDLE) || access != KEY_QUERY_VALUE) {
        shim_violation("ZwOpenKey: not a kernel handle, or more access than is needed");
    }
    *key = (HANDLE)(uintptr_t)0xdead;
    if (shim_fails("ZwOpenKey")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    bool below = attributes->RootDirectory != NULL;
    if (!shim_is(attributes->ObjectName, below ? "Parameters" : SHIM_SERVICE)) {
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    /* The value Start is in the key of the service; there is a key Parameters when anything else is set. */
    if (below && (values[0].name == NULL || (values[1].name == NULL && strcmp(values[0].name, "Start") == 0))) {
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    object *opened = calloc(1, sizeof *opened);
    opened->kind = OBJECT_KEY;
    opened->handles = 1;
    opened->bytes = below;
    shim_state.handles++;
    *key = opened;
    return STATUS_SUCCESS;
}

NTSTATUS ZwQueryValueKey(HANDLE handle, PUNICODE_STRING name, KEY_VALUE_INFORMATION_CLASS kind, PVOID information,
                         ULONG bytes, PULONG needed)
{
    object *key = handle;
    PKEY_VALUE_PARTIAL_INFORMATION answer = information;
    const ULONG head = (ULONG)offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data);
    shim_need_passive("ZwQueryValueKey");
    if (kind != KeyValuePartialInformation || key->kind != OBJECT_KEY) {
        shim_violation("ZwQueryValueKey of what is no key");
    }
    if (shim_fails("ZwQueryValueKey")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (uint32_t n = 0; n < VALUES && values[n].name != NULL; n++) {
        if (!shim_is(name, values[n].name) || (key->bytes == 0) != (strcmp(values[n].name, "Start") == 0)) {
            continue;
        }
        *needed = head + values[n].bytes;
        if (bytes < head) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        answer->TitleIndex = 0;
        answer->Type = values[n].type;
        answer->DataLength = values[n].bytes;
        memcpy((uint8_t *)information + head, values[n].data,
               values[n].bytes < bytes - head ? values[n].bytes : bytes - head);
        return values[n].bytes > bytes - head ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
    }
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

PPHYSICAL_MEMORY_RANGE MmGetPhysicalMemoryRanges(void)
{
    shim_need_passive("MmGetPhysicalMemoryRanges");
    if (shim_fails("MmGetPhysicalMemoryRanges")) {
        return NULL;
    }
    shim_state.pool++;
    PPHYSICAL_MEMORY_RANGE ranges = calloc(3, sizeof *ranges);
    ranges[0].NumberOfBytes.QuadPart = SHIM_MEMORY_BYTES / 4;
    ranges[1].BaseAddress.QuadPart = 1ll << 32;
    ranges[1].NumberOfBytes.QuadPart = SHIM_MEMORY_BYTES / 4 * 3;
    return ranges;
}

void ExFreePool(PVOID memory)
{
    shim_state.pool--;
    free(memory);
}

/* ---- the end of the boot ---- */

static DRIVER_REINITIALIZE *late;
static PDRIVER_OBJECT late_driver;
static PVOID late_context;

void IoRegisterBootDriverReinitialization(PDRIVER_OBJECT driver, DRIVER_REINITIALIZE *routine, PVOID context)
{
    shim_need_passive("IoRegisterBootDriverReinitialization");
    if (late != NULL) {
        shim_violation("IoRegisterBootDriverReinitialization twice");
    }
    late = routine;
    late_driver = driver;
    late_context = context;
}

bool shim_boot_ends(void)
{
    DRIVER_REINITIALIZE *routine = late;
    late = NULL;
    if (routine != NULL) {
        routine(late_driver, late_context, 1);
    }
    return routine != NULL;
}
