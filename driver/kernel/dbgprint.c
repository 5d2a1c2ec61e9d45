/*
 * dbgprint.c - the DbgPrint callback. It runs on any thread, at up to HIGH_LEVEL, possibly on top of itself: no
 * allocation, no wait, no DbgPrint inside. Each CPU has its own unfinished lines; who lands on a call of the same CPU does
 * without them.
 */
#include "dbgprint.h"

#include "../include/ringview/log.h"
#include "../ring/platform.h"
#include "capture_session.h"
#include "dbgprint_lines.h"
#include "pool.h"
#include "quiesce.h"

typedef VOID(NTAPI *print_callback)(PSTRING output, ULONG component, ULONG level);
typedef NTSTATUS(NTAPI *set_print_callback)(print_callback callback, BOOLEAN enable);

/* An unfinished line is shown after this time even if nothing follows. */
#define FLUSH_PERIOD_MS 100

typedef struct cpu_state {
    rv_lines lines;
    uint32_t busy; /* calls on this CPU, one on top of the other */
    uint64_t calls;
    uint64_t cut;
    KDPC flush;
} cpu_state;

static cpu_state *cpus;
static uint32_t cpu_count;
static uint64_t flush_age; /* in ticks of rv_clock */
static KTIMER timer;
static KDPC tick;
static bool running;

static set_print_callback find_service(void)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"DbgSetDebugPrintCallback");
    return (set_print_callback)(ULONG_PTR)MmGetSystemRoutineAddress(&name);
}

bool rv_dbgprint_available(void)
{
    return find_service() != NULL;
}

/* DPFLTR levels: 0 error, 1 warning, 2 trace, 3 info, up to 31 a driver's own; above that they are masks of bits. */
static uint8_t record_level(uint32_t level)
{
    switch (level) {
    case 0:
        return RV_LEVEL_ERROR;
    case 1:
        return RV_LEVEL_WARNING;
    case 2:
        return RV_LEVEL_TRACE;
    case 3:
        return RV_LEVEL_INFO;
    default:
        return level < 255 ? (uint8_t)level : 255;
    }
}

static void write_line(void *context, const rv_line_key *key, const char *text, uint32_t length, bool truncated)
{
    rv_record_info info = {
        .level = record_level(key->level),
        .origin = RV_ORIGIN_DBGPRINT,
        .type = RV_TYPE_TEXT,
        .remarks = key->component,
        .flags = truncated ? RV_FLAG_TRUNCATED : 0,
    };
    UNREFERENCED_PARAMETER(context);
    (void)rv_log_write(&info, text, length); /* a loss is counted in the ring */
}

static VOID NTAPI printed(PSTRING output, ULONG component, ULONG level)
{
    rv_pin pin = rv_pin_cpu();
    if (pin.cpu < cpu_count && output != NULL && output->Buffer != NULL) {
        cpu_state *cpu = &cpus[pin.cpu];
        rv_line_key key = {(uint64_t)(ULONG_PTR)PsGetCurrentThreadId(), component, level};

        /* `busy` is put back by whoever lands here in between, so plain steps suffice. */
        uint32_t depth = rv_load32(&cpu->busy);
        rv_store32(&cpu->busy, depth + 1);
        rv_fence_interrupt();
        rv_fetch_add(&cpu->calls, 1);
        if (output->Length >= RV_DBGPRINT_BYTES) {
            rv_fetch_add(&cpu->cut, 1);
        }
        if (depth == 0) {
            rv_lines_feed(&cpu->lines, &key, rv_clock(), output->Buffer, output->Length, write_line, NULL);
        } else {
            rv_lines_whole(&key, output->Buffer, output->Length, write_line, NULL);
        }
        rv_fence_interrupt();
        rv_store32(&cpu->busy, depth);
    }
    rv_unpin_cpu(pin);
}

static void flush_cpu(cpu_state *cpu, uint64_t time)
{
    uint32_t depth = rv_load32(&cpu->busy);
    if (depth == 0) {
        rv_store32(&cpu->busy, 1);
        rv_fence_interrupt();
        rv_lines_flush(&cpu->lines, time, write_line, NULL);
        rv_fence_interrupt();
        rv_store32(&cpu->busy, 0);
    }
}

/* Runs on the CPU it is targeted at. */
static VOID NTAPI flush_here(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    flush_cpu(context, rv_clock() - flush_age);
}

static VOID NTAPI flush_everywhere(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    uint32_t active = (uint32_t)KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS);
    for (uint32_t cpu = 0; cpu < cpu_count && cpu < active; cpu++) {
        (void)KeInsertQueueDpc(&cpus[cpu].flush, NULL, NULL);
    }
}

static void prepare(void)
{
    LARGE_INTEGER frequency;
    (void)KeQueryPerformanceCounter(&frequency);
    flush_age = (uint64_t)frequency.QuadPart * FLUSH_PERIOD_MS / 1000;
    for (uint32_t cpu = 0; cpu < cpu_count; cpu++) {
        PROCESSOR_NUMBER number;
        KeInitializeDpc(&cpus[cpu].flush, flush_here, &cpus[cpu]);
        if (NT_SUCCESS(KeGetProcessorNumberFromIndex(cpu, &number))) {
            (void)KeSetTargetProcessorDpcEx(&cpus[cpu].flush, &number);
        }
    }
    KeInitializeTimer(&timer);
    KeInitializeDpc(&tick, flush_everywhere, NULL);
}

_Use_decl_annotations_ NTSTATUS rv_dbgprint_start(void)
{
    set_print_callback set = find_service();
    if (running) {
        return STATUS_SUCCESS;
    }
    if (set == NULL) {
        return STATUS_NOT_SUPPORTED;
    }
    cpu_count = rv_cpu_count();
    cpus = rv_allocate(cpu_count * sizeof *cpus);
    if (cpus == NULL) {
        cpu_count = 0;
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    prepare();
    NTSTATUS status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : set(printed, TRUE);
    if (!NT_SUCCESS(status)) {
        rv_free(cpus);
        cpus = NULL;
        cpu_count = 0;
        return status;
    }
    LARGE_INTEGER first = {.QuadPart = -(LONGLONG)FLUSH_PERIOD_MS * 10000};
    (void)KeSetTimerEx(&timer, first, FLUSH_PERIOD_MS, &tick);
    running = true;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_dbgprint_stop(void)
{
    if (!running) {
        return;
    }
    running = false;
    (void)find_service()(printed, FALSE);
    (void)KeCancelTimer(&timer);
    rv_flush_dpcs(); /* the tick, */
    rv_flush_dpcs(); /* and what it queued */
    rv_quiesce();
    for (uint32_t cpu = 0; cpu < cpu_count; cpu++) {
        rv_lines_flush(&cpus[cpu].lines, ~0ull, write_line, NULL);
    }
    rv_free(cpus);
    cpus = NULL;
    cpu_count = 0;
}

bool rv_dbgprint_running(void)
{
    return running;
}

_Use_decl_annotations_ void rv_dbgprint_counts(uint64_t *calls, uint64_t *cut)
{
    *calls = 0;
    *cut = 0;
    for (uint32_t cpu = 0; cpu < cpu_count; cpu++) {
        *calls += rv_load(&cpus[cpu].calls);
        *cut += rv_load(&cpus[cpu].cut);
    }
}
