/*
 * process_events.c - the three notify callbacks.
 */
#include "process_events.h"

#include <string.h>

#include "fault.h"
#include "utf8.h"

static rv_event_sink *send_event;
static uint32_t active;

static uint32_t id(HANDLE handle)
{
    return (uint32_t)(ULONG_PTR)handle;
}

static uint32_t copy_name(char *to, const UNICODE_STRING *name)
{
    return name == NULL || name->Buffer == NULL
               ? 0
               : rv_utf8_tail(to, RV_EVENT_NAME_BYTES, (const uint16_t *)name->Buffer, name->Length / 2u);
}

_Function_class_(PCREATE_PROCESS_NOTIFY_ROUTINE_EX) _IRQL_requires_max_(PASSIVE_LEVEL) static VOID NTAPI
    on_process(PEPROCESS process, HANDLE pid, PPS_CREATE_NOTIFY_INFO info)
{
    struct {
        rv_event_process event;
        char name[RV_EVENT_NAME_BYTES];
    } record;
    UNREFERENCED_PARAMETER(process);

    memset(&record.event, 0, sizeof record.event);
    record.event.pid = id(pid);
    record.event.action = info != NULL ? RV_EVENT_START : RV_EVENT_END;
    if (info != NULL) {
        record.event.parent_pid = id(info->ParentProcessId);
        record.event.creator_pid = id(info->CreatingThreadId.UniqueProcess);
        record.event.name_bytes = copy_name(record.name, info->ImageFileName);
    }
    send_event(RV_TYPE_PROCESS, record.event.pid, &record, (uint32_t)sizeof record.event + record.event.name_bytes);
}

_Function_class_(PCREATE_THREAD_NOTIFY_ROUTINE) _IRQL_requires_max_(APC_LEVEL) static VOID NTAPI
    on_thread(HANDLE pid, HANDLE tid, BOOLEAN create)
{
    rv_event_thread event = {
        .action = create ? RV_EVENT_START : RV_EVENT_END,
        .pid = id(pid),
        .tid = id(tid),
        .caller_pid = id(PsGetCurrentProcessId()),
    };
    send_event(RV_TYPE_THREAD, event.pid, &event, sizeof event);
}

_Function_class_(PLOAD_IMAGE_NOTIFY_ROUTINE) _IRQL_requires_max_(PASSIVE_LEVEL) static VOID NTAPI
    on_image(PUNICODE_STRING name, HANDLE pid, PIMAGE_INFO info)
{
    struct {
        rv_event_image event;
        char name[RV_EVENT_NAME_BYTES];
    } record;

    memset(&record.event, 0, sizeof record.event);
    record.event.action = RV_EVENT_START;
    record.event.pid = id(pid);
    record.event.base = (uint64_t)(ULONG_PTR)info->ImageBase;
    record.event.bytes = (uint64_t)info->ImageSize;
    record.event.name_bytes = copy_name(record.name, name);
    send_event(RV_TYPE_IMAGE, record.event.pid, &record, (uint32_t)sizeof record.event + record.event.name_bytes);
}

/* Registers or removes one callback. When the system removes one, it waits for calls under way. */
static NTSTATUS change(uint32_t capture, bool on)
{
    if (on && RV_FAULT()) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    switch (capture) {
    case RV_CAPTURE_PROCESS:
        return PsSetCreateProcessNotifyRoutineEx(on_process, on ? FALSE : TRUE);
    case RV_CAPTURE_THREAD:
        return on ? PsSetCreateThreadNotifyRoutine(on_thread) : PsRemoveCreateThreadNotifyRoutine(on_thread);
    default:
        return on ? PsSetLoadImageNotifyRoutine(on_image) : PsRemoveLoadImageNotifyRoutine(on_image);
    }
}

_Use_decl_annotations_ NTSTATUS rv_process_events_set(uint32_t mask, rv_event_sink *sink)
{
    static const uint32_t captures[] = {RV_CAPTURE_PROCESS, RV_CAPTURE_THREAD, RV_CAPTURE_IMAGE};
    uint32_t switched_on = 0;
    NTSTATUS status = STATUS_SUCCESS;

    send_event = sink;
    for (uint32_t i = 0; i < 3 && NT_SUCCESS(status); i++) {
        if ((mask & captures[i]) && !(active & captures[i])) {
            status = change(captures[i], true);
            if (NT_SUCCESS(status)) {
                switched_on |= captures[i];
            }
        }
    }
    /* After a failure, take back what this call switched on. Otherwise switch off what is no longer wanted. */
    uint32_t off = NT_SUCCESS(status) ? active & ~mask : switched_on;
    active |= switched_on;
    for (uint32_t i = 3; i-- > 0;) {
        if (off & captures[i]) {
            (void)change(captures[i], false);
            active &= ~captures[i];
        }
    }
    return status;
}

uint32_t rv_process_events_mask(void)
{
    return active;
}
