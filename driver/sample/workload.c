/*
 * workload.c - see the header. Each context that a driver may log from is here: PASSIVE_LEVEL threads, a timer's DPC, DPCs
 * on every CPU, and the system's notify callbacks.
 */
#include "workload.h"

#include "../kernel/process_events.h"
#include "logger.h"

/* From ntifs.h, which does not go together with ntddk.h everywhere. */
NTSYSAPI NTSTATUS NTAPI ZwWaitForSingleObject(HANDLE handle, BOOLEAN alertable, PLARGE_INTEGER timeout);

#define MAX_DPC_CPUS 64u

typedef struct worker {
    HANDLE thread;
    uint32_t number;
    uint32_t burst;
    uint64_t messages;
} worker;

static worker workers[SAMPLE_MAX_THREADS];
static uint32_t worker_count;
static volatile LONG running;
static volatile LONG stopping;
static volatile LONG64 ok_count, lost_count, unattached_count, masked_count, timer_count, event_count;

static KTIMER timer;
static KDPC timer_dpc;
static KDPC cpu_dpcs[MAX_DPC_CPUS];
static BOOLEAN ticking;

/* ---- threads ---------------------------------------------------------------------------------------------------- */

static void count(rv_status status)
{
    (void)InterlockedIncrement64(status == RV_OK             ? &ok_count
                                 : status == RV_NOT_ATTACHED ? &unattached_count
                                 : status == RV_MASKED       ? &masked_count
                                                             : &lost_count);
}

static rv_status write_message(uint32_t thread, uint64_t number)
{
    union {
        sample_payload payload;
        uint8_t bytes[SAMPLE_MAX_PAYLOAD];
    } data;
    if (number % 4 == 3) {
        return logger_log(RV_LEVEL_TRACE, SAMPLE_TEXT_FORMAT, thread, number);
    }
    uint32_t length = sample_length(number);
    data.payload = (sample_payload){.magic = SAMPLE_MAGIC, .thread = thread, .number = number, .length = length};
    for (uint32_t i = sizeof data.payload; i < length; i++) {
        data.bytes[i] = sample_fill(thread, number, i);
    }
    data.payload.checksum = sample_checksum(&data, length);
    return logger_send(SAMPLE_TYPE_DATA, thread, &data, length);
}

static KSTART_ROUTINE work;

_Use_decl_annotations_ static VOID NTAPI work(PVOID context)
{
    const worker *self = context;
    LARGE_INTEGER millisecond = {.QuadPart = -10000};
    for (uint64_t number = 0; number < self->messages && !stopping; number++) {
        count(write_message(self->number, number));
        if (self->burst != 0 && (number + 1) % self->burst == 0) {
            (void)KeDelayExecutionThread(KernelMode, FALSE, &millisecond);
        }
    }
    (void)InterlockedDecrement(&running);
    (void)PsTerminateSystemThread(STATUS_SUCCESS);
}

static void join_workers(void)
{
    for (uint32_t i = 0; i < worker_count; i++) {
        (void)ZwWaitForSingleObject(workers[i].thread, FALSE, NULL);
        (void)ZwClose(workers[i].thread);
    }
    worker_count = 0;
}

NTSTATUS workload_run(const sample_run *run)
{
    if (run->threads == 0 || run->threads > SAMPLE_MAX_THREADS) {
        return STATUS_INVALID_PARAMETER;
    }
    if (running != 0) {
        return STATUS_DEVICE_BUSY;
    }
    join_workers();
    ok_count = lost_count = unattached_count = masked_count = 0;
    for (uint32_t i = 0; i < run->threads; i++) {
        OBJECT_ATTRIBUTES attributes;
        workers[i] = (worker){
            .number = i,
            .burst = run->burst,
            .messages = run->messages / run->threads + (i < run->messages % run->threads ? 1 : 0),
        };
        InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
        (void)InterlockedIncrement(&running);
        NTSTATUS status =
            PsCreateSystemThread(&workers[i].thread, THREAD_ALL_ACCESS, &attributes, NULL, NULL, work, &workers[i]);
        if (!NT_SUCCESS(status)) {
            (void)InterlockedDecrement(&running);
            return status;
        }
        worker_count++;
    }
    return STATUS_SUCCESS;
}

/* ---- timer and DPCs --------------------------------------------------------------------------------------------- */

static KDEFERRED_ROUTINE on_cpu, on_timer;

_Use_decl_annotations_ static VOID NTAPI on_cpu(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    if (logger_log(RV_LEVEL_INFO, "sample: DPC for CPU %u", (unsigned)(ULONG_PTR)context) == RV_OK) {
        (void)InterlockedIncrement64(&timer_count);
    }
}

_Use_decl_annotations_ static VOID NTAPI on_timer(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    if (logger_log(RV_LEVEL_INFO, "sample: timer at IRQL %u", (unsigned)KeGetCurrentIrql()) == RV_OK) {
        (void)InterlockedIncrement64(&timer_count);
    }
    ULONG cpus = KeQueryActiveProcessorCount(NULL);
    for (ULONG cpu = 0; cpu < cpus && cpu < MAX_DPC_CPUS; cpu++) {
        (void)KeInsertQueueDpc(&cpu_dpcs[cpu], NULL, NULL);
    }
}

NTSTATUS workload_timer(uint32_t period_ms)
{
    if (period_ms > 60000) {
        return STATUS_INVALID_PARAMETER;
    }
    if (ticking) {
        (void)KeCancelTimer(&timer);
        KeFlushQueuedDpcs(); /* the timer's, */
        KeFlushQueuedDpcs(); /* and those it queued */
        ticking = FALSE;
    }
    if (period_ms != 0) {
        LARGE_INTEGER first = {.QuadPart = -(LONGLONG)period_ms * 10000};
        (void)KeSetTimerEx(&timer, first, (LONG)period_ms, &timer_dpc);
        ticking = TRUE;
    }
    return STATUS_SUCCESS;
}

/* ---- processes, threads, images --------------------------------------------------------------------------------- */

static void send_event(uint16_t type, uint32_t remarks, const void *data, uint32_t length)
{
    if (logger_send(type, remarks, data, length) == RV_OK) {
        (void)InterlockedIncrement64(&event_count);
    }
}

NTSTATUS workload_events(uint32_t mask)
{
    if (mask & ~(uint32_t)(RV_CAPTURE_PROCESS | RV_CAPTURE_THREAD | RV_CAPTURE_IMAGE)) {
        return STATUS_INVALID_PARAMETER;
    }
    return rv_process_events_set(mask, send_event, NULL);
}

/* ---- all of it -------------------------------------------------------------------------------------------------- */

void workload_init(void)
{
    KeInitializeTimer(&timer);
    KeInitializeDpc(&timer_dpc, on_timer, NULL);
    for (uint32_t cpu = 0; cpu < MAX_DPC_CPUS; cpu++) {
        KeInitializeDpc(&cpu_dpcs[cpu], on_cpu, (PVOID)(ULONG_PTR)cpu);
        KeSetTargetProcessorDpc(&cpu_dpcs[cpu], (CCHAR)cpu);
    }
}

void workload_stop(void)
{
    (void)InterlockedExchange(&stopping, 1);
    (void)workload_events(0);
    (void)workload_timer(0);
    join_workers();
}

void workload_status(sample_status *status)
{
    status->running = (uint32_t)running;
    status->attached = logger_attached();
    status->looking = logger_looking();
    status->ok = (uint64_t)ok_count;
    status->lost = (uint64_t)lost_count;
    status->not_attached = (uint64_t)unattached_count;
    status->masked = (uint64_t)masked_count;
    status->attempted = status->ok + status->lost + status->not_attached;
    status->timer_records = (uint64_t)timer_count;
    status->event_records = (uint64_t)event_count;
}
