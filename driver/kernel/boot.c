/*
 * boot.c - the registry, by the services that a driver may call before there is anything else.
 */
#include "boot.h"

#include <stddef.h>
#include <string.h>

#include "capture_session.h"
#include "fault.h"

static NTSTATUS open_key(HANDLE parent, PCUNICODE_STRING path, HANDLE *key)
{
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, (PUNICODE_STRING)(ULONG_PTR)path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE,
                               parent, NULL);
    return RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : ZwOpenKey(key, KEY_QUERY_VALUE, &attributes);
}

/* A value that is no longer than a number; of a longer one only how long it is. */
typedef struct value {
    uint32_t type, bytes;
    uint8_t data[8];
} value;

static NTSTATUS read_value(HANDLE key, PCWSTR text, value *read)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION information;
        uint8_t room[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + sizeof read->data];
    } buffer;
    UNICODE_STRING name;
    ULONG needed = 0;
    memset(&buffer, 0, sizeof buffer);
    memset(read, 0, sizeof *read);
    RtlInitUnicodeString(&name, text);
    NTSTATUS status =
        RV_FAULT()
            ? STATUS_INSUFFICIENT_RESOURCES
            : ZwQueryValueKey(key, &name, KeyValuePartialInformation, &buffer,
                              (ULONG)(offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data) + sizeof read->data), &needed);
    if (status == STATUS_BUFFER_OVERFLOW || status == STATUS_BUFFER_TOO_SMALL) {
        read->bytes = (uint32_t)sizeof read->data + 1u;
        return STATUS_SUCCESS;
    }
    if (!NT_SUCCESS(status)) {
        return status;
    }
    read->type = buffer.information.Type;
    read->bytes = buffer.information.DataLength;
    memcpy(read->data, buffer.room + offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data), sizeof read->data);
    return STATUS_SUCCESS;
}

/* Bytes of all physical memory; 0: the system does not say. */
static uint64_t memory_bytes(void)
{
#ifdef RV_WINE
    return 0; /* which has no MmGetPhysicalMemoryRanges */
#else
    PPHYSICAL_MEMORY_RANGE ranges = RV_FAULT() ? NULL : MmGetPhysicalMemoryRanges();
    uint64_t bytes = 0;
    if (ranges == NULL) {
        return 0;
    }
    for (const PHYSICAL_MEMORY_RANGE *each = ranges; each->NumberOfBytes.QuadPart != 0; each++) {
        bytes += (uint64_t)each->NumberOfBytes.QuadPart;
    }
    ExFreePool(ranges);
    return bytes;
#endif
}

static bool is_absent(NTSTATUS status)
{
    return status == STATUS_OBJECT_NAME_NOT_FOUND;
}

static void read_parameters(HANDLE parameters, rv_boot_plan *plan)
{
    static const struct {
        PCWSTR name;
        uint32_t which;
    } values[] = {
        {RV_BOOT_RING_BYTES_NAME, RV_BOOT_RING_BYTES},
        {RV_BOOT_RING_MODE_NAME, RV_BOOT_RING_MODE},
        {RV_BOOT_ORDER_MODE_NAME, RV_BOOT_ORDER_MODE},
        {RV_BOOT_CAPTURES_NAME, RV_BOOT_CAPTURES},
    };
    rv_boot_machine machine = {.cpu_count = rv_cpu_count(), .memory_bytes = memory_bytes()};
    for (uint32_t n = 0; n < sizeof values / sizeof values[0]; n++) {
        value read;
        NTSTATUS status = read_value(parameters, values[n].name, &read);
        if (NT_SUCCESS(status)) {
            rv_boot_take(plan, values[n].which, read.type, read.bytes, read.data, &machine);
        } else if (!is_absent(status)) {
            plan->failed |= RV_BOOT_REGISTRY;
        }
    }
}

_Use_decl_annotations_ void rv_boot_read(PCUNICODE_STRING service, rv_boot_plan *plan)
{
    static const UNICODE_STRING below = RTL_CONSTANT_STRING(L"Parameters");
    HANDLE key, parameters;
    value start;

    rv_boot_standard(plan);
    if (service == NULL) {
        return;
    }
    if (!NT_SUCCESS(open_key(NULL, service, &key))) {
        plan->failed |= RV_BOOT_REGISTRY;
        return;
    }
    if (NT_SUCCESS(read_value(key, L"Start", &start))) {
        rv_boot_take_start(plan, start.type, start.bytes, start.data);
    }
    NTSTATUS status = open_key(key, &below, &parameters);
    if (NT_SUCCESS(status)) {
        read_parameters(parameters, plan);
        (void)ZwClose(parameters);
    } else if (!is_absent(status)) {
        plan->failed |= RV_BOOT_REGISTRY;
    }
    (void)ZwClose(key);
}
