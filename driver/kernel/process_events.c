/*
 * process_events.c - the three notify callbacks.
 */
#include "process_events.h"

#include <string.h>

#include "fault.h"
#include "routine.h"
#include "utf8.h"

/* PsCreateProcessNotifySubsystems: processes of all subsystems, those of Linux too. */
#define NOTIFY_SUBSYSTEMS 0u
typedef NTSTATUS(NTAPI *set_process_routine)(ULONG type, PVOID routine, BOOLEAN remove);

/* Of PS_CREATE_NOTIFY_INFO.Flags. */
#define IS_SUBSYSTEM_PROCESS 2u

/* Of IMAGE_INFO.Properties. */
#define SYSTEM_MODE_IMAGE 0x100u
#define PARTIAL_MAP 0x80000u
#define SIGNATURE_LEVEL(properties) ((properties) >> 12 & 15u)
#define SIGNATURE_TYPE(properties) ((properties) >> 16 & 7u)

/* What a process is asked for. Each is missing on some system. */
static struct {
    LONGLONG(NTAPI *create_time)(PEPROCESS process);
    NTSTATUS(NTAPI *exit_status)(PEPROCESS process);
    PVOID(NTAPI *reference_token)(PEPROCESS process);
    void(NTAPI *dereference_token)(PVOID token);
    NTSTATUS(NTAPI *session_of_token)(PVOID token, PULONG session);
} ask;

static rv_event_sink *send_event;
static const rv_filter *filter_of; /* by kind; NULL: there are none */
static uint32_t active;
static set_process_routine set_subsystems; /* by which on_process is registered; NULL: by the older routine */

static uint32_t id(HANDLE handle)
{
    return (uint32_t)(ULONG_PTR)handle;
}

static bool pid_passes(uint32_t kind, uint32_t pid)
{
    return filter_of == NULL || rv_filter_passes_pid(&filter_of[kind], pid);
}

static bool path_passes(uint32_t kind, const UNICODE_STRING *path)
{
    bool known = path != NULL && path->Buffer != NULL;
    return filter_of == NULL || rv_filter_passes_path(&filter_of[kind], known ? (const uint16_t *)path->Buffer : NULL,
                                                      known ? path->Length / 2u : 0);
}

static uint32_t copy_text(char *to, uint32_t capacity, const UNICODE_STRING *text, bool *cut)
{
    return text == NULL || text->Buffer == NULL
               ? 0
               : rv_utf8_end(to, capacity, (const uint16_t *)text->Buffer, text->Length / 2u, cut);
}

/* The session is that of the token: of a process nothing documented tells it in the kernel. */
static uint32_t session_of(PEPROCESS process)
{
    ULONG session = RV_SESSION_UNKNOWN;
    if (ask.reference_token != NULL && ask.dereference_token != NULL && ask.session_of_token != NULL) {
        PVOID token = ask.reference_token(process);
        if (!NT_SUCCESS(ask.session_of_token(token, &session))) {
            session = RV_SESSION_UNKNOWN;
        }
        ask.dereference_token(token);
    }
    return session;
}

static void describe_start(rv_event_process *event, char *texts, PEPROCESS process, PPS_CREATE_NOTIFY_INFO info)
{
    bool name_cut = false, command_cut = false;
    event->action = RV_EVENT_START;
    event->parent_pid = id(info->ParentProcessId);
    event->creator_pid = id(info->CreatingThreadId.UniqueProcess);
    event->creator_tid = id(info->CreatingThreadId.UniqueThread);
    event->session_id = session_of(process);
    event->name_bytes = copy_text(texts, RV_EVENT_NAME_BYTES, info->ImageFileName, &name_cut);
    event->command_bytes =
        copy_text(texts + event->name_bytes, RV_EVENT_COMMAND_BYTES, info->CommandLine, &command_cut);
    event->flags = (name_cut ? RV_PROCESS_NAME_CUT : 0) | (command_cut ? RV_PROCESS_COMMAND_CUT : 0) |
                   (info->Flags & IS_SUBSYSTEM_PROCESS ? RV_PROCESS_SUBSYSTEM : 0);
}

static void describe_end(rv_event_process *event, PEPROCESS process)
{
    event->action = RV_EVENT_END;
    event->session_id = RV_SESSION_UNKNOWN;
    if (ask.exit_status != NULL) {
        event->exit_status = (uint32_t)ask.exit_status(process);
        event->flags = RV_PROCESS_EXIT_STATUS;
    }
}

_Function_class_(PCREATE_PROCESS_NOTIFY_ROUTINE_EX) _IRQL_requires_max_(PASSIVE_LEVEL) static VOID NTAPI
    on_process(PEPROCESS process, HANDLE pid, PPS_CREATE_NOTIFY_INFO info)
{
    struct {
        rv_event_process event;
        char texts[RV_EVENT_NAME_BYTES + RV_EVENT_COMMAND_BYTES];
    } record;

    /* The end of a process has no path to ask for: who wants those of some paths gets the ends of all. */
    if (!pid_passes(RV_EVENT_KIND_PROCESS, id(pid)) ||
        (info != NULL && !path_passes(RV_EVENT_KIND_PROCESS, info->ImageFileName))) {
        return;
    }
    memset(&record.event, 0, sizeof record.event);
    record.event.pid = id(pid);
    record.event.header_bytes = sizeof record.event;
    record.event.create_time = ask.create_time == NULL ? 0 : (uint64_t)ask.create_time(process);
    if (info != NULL) {
        describe_start(&record.event, record.texts, process, info);
    } else {
        describe_end(&record.event, process);
    }
    send_event(RV_TYPE_PROCESS, record.event.pid, &record,
               (uint32_t)sizeof record.event + record.event.name_bytes + record.event.command_bytes);
}

_Function_class_(PCREATE_THREAD_NOTIFY_ROUTINE) _IRQL_requires_max_(APC_LEVEL) static VOID NTAPI
    on_thread(HANDLE pid, HANDLE tid, BOOLEAN create)
{
    if (!pid_passes(RV_EVENT_KIND_THREAD, id(pid))) {
        return;
    }
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
    bool cut = false;

    if (!pid_passes(RV_EVENT_KIND_IMAGE, id(pid)) || !path_passes(RV_EVENT_KIND_IMAGE, name)) {
        return;
    }
    memset(&record.event, 0, sizeof record.event);
    record.event.action = RV_EVENT_START;
    record.event.pid = id(pid);
    record.event.base = (uint64_t)(ULONG_PTR)info->ImageBase;
    record.event.bytes = (uint64_t)info->ImageSize;
    record.event.header_bytes = sizeof record.event;
    record.event.name_bytes = copy_text(record.name, RV_EVENT_NAME_BYTES, name, &cut);
    record.event.flags = RV_IMAGE_SIGNATURE | (cut ? RV_IMAGE_NAME_CUT : 0) |
                         (info->Properties & SYSTEM_MODE_IMAGE ? RV_IMAGE_SYSTEM_MODE : 0) |
                         (info->Properties & PARTIAL_MAP ? RV_IMAGE_PARTIAL : 0);
    record.event.signature_level = SIGNATURE_LEVEL(info->Properties);
    record.event.signature_type = SIGNATURE_TYPE(info->Properties);
    send_event(RV_TYPE_IMAGE, record.event.pid, &record, (uint32_t)sizeof record.event + record.event.name_bytes);
}

/* Under Wine some of these are exports that end the process when they are called. */
static void find_routines(void)
{
#ifndef RV_WINE
    ask.create_time = (LONGLONG(NTAPI *)(PEPROCESS))(ULONG_PTR)rv_find_routine(L"PsGetProcessCreateTimeQuadPart");
    ask.exit_status = (NTSTATUS(NTAPI *)(PEPROCESS))(ULONG_PTR)rv_find_routine(L"PsGetProcessExitStatus");
    ask.reference_token = (PVOID(NTAPI *)(PEPROCESS))(ULONG_PTR)rv_find_routine(L"PsReferencePrimaryToken");
    ask.dereference_token = (void(NTAPI *)(PVOID))(ULONG_PTR)rv_find_routine(L"PsDereferencePrimaryToken");
    ask.session_of_token = (NTSTATUS(NTAPI *)(PVOID, PULONG))(ULONG_PTR)rv_find_routine(L"SeQuerySessionIdToken");
#endif
}

/* Windows 10 1703 and later tell of the processes of all subsystems, others only of those of Win32. */
static NTSTATUS add_process_routine(void)
{
    find_routines();
    set_subsystems = (set_process_routine)(ULONG_PTR)rv_find_routine(L"PsSetCreateProcessNotifyRoutineEx2");
    return set_subsystems == NULL ? PsSetCreateProcessNotifyRoutineEx(on_process, FALSE)
                                  : set_subsystems(NOTIFY_SUBSYSTEMS, (PVOID)(ULONG_PTR)on_process, FALSE);
}

static NTSTATUS remove_process_routine(void)
{
    return set_subsystems == NULL ? PsSetCreateProcessNotifyRoutineEx(on_process, TRUE)
                                  : set_subsystems(NOTIFY_SUBSYSTEMS, (PVOID)(ULONG_PTR)on_process, TRUE);
}

/* Registers or removes one callback. When the system removes one, it waits for calls under way. */
static NTSTATUS change(uint32_t capture, bool on)
{
    if (on && RV_FAULT()) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    switch (capture) {
    case RV_CAPTURE_PROCESS:
        return on ? add_process_routine() : remove_process_routine();
    case RV_CAPTURE_THREAD:
        return on ? PsSetCreateThreadNotifyRoutine(on_thread) : PsRemoveCreateThreadNotifyRoutine(on_thread);
    default:
        return on ? PsSetLoadImageNotifyRoutine(on_image) : PsRemoveLoadImageNotifyRoutine(on_image);
    }
}

_Use_decl_annotations_ NTSTATUS rv_process_events_set(uint32_t mask, rv_event_sink *sink, const rv_filter *filters)
{
    static const uint32_t captures[] = {RV_CAPTURE_PROCESS, RV_CAPTURE_THREAD, RV_CAPTURE_IMAGE};
    uint32_t switched_on = 0;
    NTSTATUS status = STATUS_SUCCESS;

    send_event = sink;
    filter_of = filters;
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
