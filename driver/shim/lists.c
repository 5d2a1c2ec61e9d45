/*
 * lists.c - the lists of processes and of modules of the kernel that the system gives out, and the paths of programs.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define TOO_SMALL ((NTSTATUS)0xc0000004)

static uint32_t processes = 3, modules = 2, growing;

void shim_running(uint32_t process_count, uint32_t module_count, uint32_t growth)
{
    processes = process_count;
    modules = module_count;
    growing = growth;
}

static void put(uint8_t *at, uint64_t value, size_t bytes)
{
    memcpy(at, &value, bytes);
}

/* As on a system of 64 bits: an entry, its threads (80 bytes each), its name. The first is the idle process. */
#define PROCESS_BYTES 256u
#define THREAD_BYTES 80u
#define NAME_BYTES 24u

static NTSTATUS list_processes(uint8_t *memory, uint32_t bytes, ULONG *needed)
{
    const uint32_t each = PROCESS_BYTES + THREAD_BYTES + NAME_BYTES;
    uint32_t count = processes;
    *needed = count * each;
    processes += growing;
    if (bytes < count * each) {
        return TOO_SMALL;
    }
    for (uint32_t n = 0; n < count; n++) {
        uint8_t *at = memory + n * each;
        memset(at, 0, each);
        put(at, n + 1 < count ? each : 0, 4);
        put(at + 4, 1, 4);
        put(at + 32, SHIM_PROCESS_CREATED, 8);
        put(at + 56, n == 0 ? 0 : 10, 2);
        put(at + 58, n == 0 ? 0 : 10, 2);
        put(at + 64, n == 0 ? 0 : (uintptr_t)(at + PROCESS_BYTES + THREAD_BYTES), 8);
        put(at + 80, n * 4u, 8);
        put(at + 88, n < 2 ? 0 : 4, 8);
        put(at + 100, n % 3, 4);
        for (uint32_t letter = 0; letter < 5; letter++) {
            at[PROCESS_BYTES + THREAD_BYTES + letter * 2] = (uint8_t) "a.exe"[letter];
        }
    }
    if (count == 7) {
        put(memory + 2 * each + 64, (uintptr_t)memory + bytes - 4, 8); /* a name that ends behind the list */
    }
    return STATUS_SUCCESS;
}

#define MODULE_BYTES 296u

static NTSTATUS list_modules(uint8_t *memory, uint32_t bytes, ULONG *needed)
{
    uint32_t count = modules;
    *needed = 8 + count * MODULE_BYTES;
    modules += growing;
    if (bytes < *needed) {
        return TOO_SMALL;
    }
    put(memory, count, 8);
    for (uint32_t n = 0; n < count; n++) {
        uint8_t *at = memory + 8 + n * MODULE_BYTES;
        memset(at, 0, MODULE_BYTES);
        put(at + 16, 0xfffff80000000000u + n * 0x100000u, 8);
        put(at + 24, 0x1000 * (n + 1), 4);
        memcpy(at + 40, "\\SystemRoot\\n.sys", 18);
        at[40 + 12] = n == 1 ? 0xe4 : 'n'; /* not of ASCII */
        if (n == 5) {
            memset(at + 40, 'x', 256); /* without an end */
        }
    }
    return STATUS_SUCCESS;
}

static NTSTATUS query(ULONG what, PVOID memory, ULONG bytes, ULONG *needed)
{
    shim_need_passive("ZwQuerySystemInformation");
    if (shim_fails("ZwQuerySystemInformation")) {
        return STATUS_ACCESS_DENIED;
    }
    return what == 5 ? list_processes(memory, bytes, needed) : list_modules(memory, bytes, needed);
}

static NTSTATUS look_up(HANDLE pid, PEPROCESS *process)
{
    if ((uintptr_t)pid == 8 || shim_fails("PsLookupProcessByProcessId")) {
        return STATUS_INVALID_PARAMETER; /* it has ended */
    }
    *process = (PEPROCESS)(void *)&shim_process;
    (void)ObReferenceObject(*process);
    return STATUS_SUCCESS;
}

static NTSTATUS locate(PEPROCESS process, UNICODE_STRING **path)
{
    static const uint16_t units[] = {'C', ':', '\\', 'a', '.', 'e', 'x', 'e'};
    (void)process;
    if (shim_fails("SeLocateProcessImageName")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *path = malloc(sizeof **path + sizeof units);
    (*path)->Length = (*path)->MaximumLength = sizeof units;
    (*path)->Buffer = (PWSTR)(void *)(*path + 1);
    memcpy((*path)->Buffer, units, sizeof units);
    shim_state.pool++; /* ExFreePool takes it back */
    return STATUS_SUCCESS;
}

PVOID shim_list_routine_of(PUNICODE_STRING name)
{
    if (shim_is(name, "ZwQuerySystemInformation")) {
        return shim_fails("ZwQuerySystemInformation is missing") ? NULL : (PVOID)(uintptr_t)query;
    }
    if (shim_is(name, "PsLookupProcessByProcessId")) {
        return shim_fails("PsLookupProcessByProcessId is missing") ? NULL : (PVOID)(uintptr_t)look_up;
    }
    if (shim_is(name, "SeLocateProcessImageName")) {
        return shim_fails("SeLocateProcessImageName is missing") ? NULL : (PVOID)(uintptr_t)locate;
    }
    return NULL;
}
