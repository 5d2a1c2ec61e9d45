/*
 * dbgprint.c - the DbgPrint callback. It runs on any thread, at up to HIGH_LEVEL, and may interrupt itself, so it must
 * not allocate, wait or call DbgPrint. A timer emits lines that stay unfinished. The lines belong to no CPU, so a
 * single DPC is enough, on whichever CPU it runs.
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

/* An unfinished line is emitted after this time, even if nothing follows. */
#define FLUSH_PERIOD_MS 100

static rv_lines *lines; /* NULL while nothing is captured */
static uint64_t calls, cut;
static uint64_t ticks_a_second; /* of rv_clock */
static uint32_t renewals;
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

/* Maps DPFLTR levels: 0 error, 1 warning, 2 trace, 3 info, up to 31 a driver's own; higher values are bit masks. */
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

/* How long ago the line began. The record is written only now and its clock must not go back, so the delay is stored
 * beside it. */
static uint16_t delay_ms(uint64_t begun)
{
    uint64_t ms = (rv_clock() - begun) * 1000 / ticks_a_second;
    return ms < RV_DELAY_LONGEST ? (uint16_t)ms : (uint16_t)RV_DELAY_LONGEST;
}

static void write_line(void *context, const rv_line *line)
{
    rv_record_info info = {
        .level = record_level(line->key.level),
        .origin = RV_ORIGIN_DBGPRINT,
        .type = RV_TYPE_TEXT,
        .remarks = line->key.component,
        .flags = line->truncated ? RV_FLAG_TRUNCATED : 0,
        .delay_ms = delay_ms(line->begun),
        .thread_given = true,
        .irql = line->writer.irql,
        .pid = line->writer.pid,
        .tid = (uint32_t)line->key.thread,
    };
    UNREFERENCED_PARAMETER(context);
    (void)rv_log_write(&info, line->text, line->length); /* a loss is counted in the ring */
}

static VOID NTAPI printed(PSTRING output, ULONG component, ULONG level)
{
    /* Held at DISPATCH_LEVEL until the call is done, because that is what rv_quiesce waits for. */
    rv_pin pin = rv_pin_cpu();
    if (output != NULL && output->Buffer != NULL) {
        rv_line_key key = {(uint64_t)(ULONG_PTR)PsGetCurrentThreadId(), component, level};
        rv_fetch_add(&calls, 1);
        if (rv_lines_cut(output->Buffer, output->Length)) {
            rv_fetch_add(&cut, 1);
        }
        rv_line_writer writer = {rv_pid(), pin.irql};
        rv_lines_feed(lines, &key, writer, rv_clock(), output->Buffer, output->Length, write_line, NULL);
    }
    rv_unpin_cpu(pin);
}

static KDEFERRED_ROUTINE flush;

_Use_decl_annotations_ static VOID NTAPI flush(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    rv_lines_flush(lines, rv_clock() - ticks_a_second * FLUSH_PERIOD_MS / 1000, write_line, NULL);
}

static void prepare(void)
{
    LARGE_INTEGER frequency;
    (void)KeQueryPerformanceCounter(&frequency);
    ticks_a_second = (uint64_t)frequency.QuadPart;
    calls = 0;
    cut = 0;
    renewals = 0;
    KeInitializeTimer(&timer);
    KeInitializeDpc(&tick, flush, NULL);
}

static void discard(void)
{
    rv_free(lines);
    lines = NULL;
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
    lines = rv_allocate(sizeof *lines);
    if (lines == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    prepare();
    NTSTATUS status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : set(printed, TRUE);
    if (!NT_SUCCESS(status)) {
        discard();
        return status;
    }
    LARGE_INTEGER first = {.QuadPart = -(LONGLONG)FLUSH_PERIOD_MS * 10000};
    (void)KeSetTimerEx(&timer, first, FLUSH_PERIOD_MS, &tick);
    running = true;
    return STATUS_SUCCESS;
}

/* Ends the timer and the DPC, once the system no longer calls the callback. */
static void finish(void)
{
    running = false;
    (void)KeCancelTimer(&timer);
    rv_flush_dpcs();
    rv_quiesce();
    rv_lines_flush(lines, ~0ull, write_line, NULL);
    discard();
}

_Use_decl_annotations_ void rv_dbgprint_stop(void)
{
    if (running) {
        (void)find_service()(printed, FALSE);
        finish();
    }
}

_Use_decl_annotations_ void rv_dbgprint_renew(void)
{
    set_print_callback set = find_service();
    if (!running) {
        return;
    }
    (void)set(printed, FALSE);
    NTSTATUS status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : set(printed, TRUE);
    if (NT_SUCCESS(status)) {
        renewals++;
    } else {
        finish();
    }
}

bool rv_dbgprint_running(void)
{
    return running;
}

_Use_decl_annotations_ void rv_dbgprint_counts(rv_ioctl_statistics *statistics)
{
    if (running) {
        statistics->dbgprint_calls = rv_load(&calls);
        statistics->dbgprint_cut = rv_load(&cut);
        statistics->dbgprint_renewals = renewals;
    }
}
