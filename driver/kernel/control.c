/*
 * control.c - handles the control requests, one at a time under one lock, and starts and stops the driver's parts in
 * order.
 */
#include "control.h"

#include <string.h>

#include "boot_values.h"
#include "bugcheck.h"
#include "capture_session.h"
#include "dbgprint.h"
#include "event_captures.h"
#include "fault.h"
#include "ioctl_check.h"
#include "links.h"
#include "lock.h"
#include "notify.h"
#include "programs.h"
#include "reader.h"

static rv_lock lock;
static rv_notify notify;
static rv_reader reader;
static rv_capture_session *session; /* never NULL between start and stop */
static const char *producer_name;
static rv_boot_plan began;      /* with what */
static uint32_t began_captures; /* that could be switched on then */

static uint32_t available_captures(void)
{
    uint32_t captures = rv_event_captures_available();
    return rv_dbgprint_available() ? captures | RV_CAPTURE_DBGPRINT : captures;
}

static uint32_t running_captures(void)
{
    return rv_event_captures_mask() | (rv_dbgprint_running() ? RV_CAPTURE_DBGPRINT : 0);
}

static void send_event(uint16_t type, uint32_t remarks, const void *data, uint32_t length)
{
    (void)SendData(type, remarks, data, length); /* a loss is counted in the ring */
}

static void copy_name(char *to, size_t capacity, const char *name)
{
    for (size_t i = 0; i + 1 < capacity && name[i] != '\0'; i++) {
        to[i] = name[i];
    }
}

static void detach_reader(void)
{
    rv_notify_reader_gone(&notify);
    rv_reader_detach(&reader);
}

/* ---- the requests, under the lock ------------------------------------------------------------------------------- */

static NTSTATUS version(rv_ioctl_version *answer)
{
    answer->protocol = RV_IOCTL_PROTOCOL;
    answer->layout_major = RV_VERSION_MAJOR;
    answer->layout_minor = RV_VERSION_MINOR;
    answer->cpu_count = rv_cpu_count();
    answer->captures = available_captures();
    copy_name(answer->driver, sizeof answer->driver, producer_name);
    return STATUS_SUCCESS;
}

static NTSTATUS configure(const rv_ioctl_configure *request)
{
    rv_capture_session *next;
    rv_capture_session *old = session;
    if (reader.file != NULL) {
        return STATUS_DEVICE_BUSY;
    }
    if (!rv_ioctl_check_configure(request, rv_cpu_count())) {
        return STATUS_INVALID_PARAMETER;
    }
    NTSTATUS status = rv_capture_session_create(request, producer_name, &next);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    rv_links_show(rv_capture_session_page(next));
    rv_capture_session_start(next);
    session = next;
    rv_notify_watch(&notify, next);
    rv_bugcheck_watch(next);
    rv_capture_session_retire(old);
    rv_capture_session_destroy(old);
    rv_links_resume();
    return STATUS_SUCCESS;
}

static NTSTATUS attach(PFILE_OBJECT file, const rv_ioctl_attach_request *request, rv_ioctl_attach *answer,
                       uint32_t *answered)
{
    if (request->protocol != RV_IOCTL_PROTOCOL || request->layout_major != RV_VERSION_MAJOR) {
        return STATUS_REVISION_MISMATCH;
    }
    if (request->reserved != 0) {
        return STATUS_INVALID_PARAMETER;
    }
    if (reader.file != NULL) {
        answer->reader_pid = reader.pid;
        *answered = RV_IOCTL_ATTACH_HEADER_BYTES;
        return STATUS_DEVICE_BUSY;
    }
    return rv_reader_attach(&reader, file, session, answer);
}

static NTSTATUS detach(PFILE_OBJECT file)
{
    if (reader.file != file) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    detach_reader();
    return STATUS_SUCCESS;
}

static NTSTATUS statistics(rv_ioctl_statistics *answer)
{
    rv_capture_session_statistics(session, answer);
    answer->reader_pid = reader.pid;
    answer->capturing = running_captures();
    answer->wake_ups = notify.wake_ups;
    answer->attached_drivers = rv_links_count();
    answer->start_type = began.start_type;
    answer->boot_set = began.set;
    answer->boot_ignored = began.ignored;
    answer->boot_failed = began.failed;
    rv_dbgprint_counts(answer);
    return STATUS_SUCCESS;
}

static NTSTATUS capture(const rv_ioctl_capture *request, rv_ioctl_capture *answer)
{
    if (!rv_ioctl_check_capture(request)) {
        return STATUS_INVALID_PARAMETER;
    }
    if (request->mask & ~available_captures()) {
        return STATUS_NOT_SUPPORTED;
    }
    bool had_dbgprint = rv_dbgprint_running();
    if (request->mask & RV_CAPTURE_DBGPRINT) {
        NTSTATUS status = rv_dbgprint_start();
        if (!NT_SUCCESS(status)) {
            return status;
        }
    }
    NTSTATUS status = rv_event_captures_set(request->mask & ~RV_CAPTURE_DBGPRINT, send_event);
    if (!NT_SUCCESS(status)) {
        if (!had_dbgprint) {
            rv_dbgprint_stop();
        }
        return status;
    }
    if (!(request->mask & RV_CAPTURE_DBGPRINT)) {
        rv_dbgprint_stop();
    }
    answer->mask = running_captures();
    return STATUS_SUCCESS;
}

static NTSTATUS event_filter(const rv_ioctl_event_filter *request)
{
    if (!rv_ioctl_check_event_filter(request)) {
        return STATUS_INVALID_PARAMETER;
    }
    rv_event_captures_filter(request);
    return STATUS_SUCCESS;
}

static NTSTATUS register_event(PFILE_OBJECT file, const rv_ioctl_register_event *request)
{
    return reader.file == file ? rv_notify_set_event(&notify, request->event) : STATUS_INVALID_DEVICE_REQUEST;
}

static NTSTATUS stop(void)
{
    rv_links_pause();
    rv_capture_session_stop(session);
    rv_notify_stopped(&notify);
    return STATUS_SUCCESS;
}

static NTSTATUS dispatch(uint32_t code, PFILE_OBJECT file, const void *input, void *output, uint32_t *answered)
{
    switch (code) {
    case RV_IOCTL_VERSION:
        return version(output);
    case RV_IOCTL_CONFIGURE:
        return configure(input);
    case RV_IOCTL_ATTACH:
        return attach(file, input, output, answered);
    case RV_IOCTL_DETACH:
        return detach(file);
    case RV_IOCTL_STATISTICS:
        return statistics(output);
    case RV_IOCTL_CAPTURE:
        return capture(input, output);
    case RV_IOCTL_REGISTER_EVENT:
        return register_event(file, input);
    case RV_IOCTL_STOP:
        return stop();
    case RV_IOCTL_LOGGERS:
        rv_links_list(output);
        return STATUS_SUCCESS;
    case RV_IOCTL_MASK:
        return rv_links_mask(input);
    case RV_IOCTL_STACKS:
        return rv_links_stacks(input);
    case RV_IOCTL_PROGRAMS:
        rv_programs_list(output);
        return STATUS_SUCCESS;
    case RV_IOCTL_EVENT_FILTER:
        return event_filter(input);
    case RV_IOCTL_EVENT_FILTERS:
        rv_event_captures_filters(output);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

_Use_decl_annotations_ NTSTATUS rv_control_request(uint32_t code, PFILE_OBJECT file, const void *input, void *output,
                                                   uint32_t *answered)
{
    *answered = 0;
    rv_lock_take(&lock);
    NTSTATUS status = dispatch(code, file, input, output, answered);
    rv_lock_release(&lock);
    if (NT_SUCCESS(status)) {
        *answered = rv_ioctl_output_bytes(code, rv_cpu_count());
    }
    return status;
}

_Use_decl_annotations_ NTSTATUS rv_control_wait(PFILE_OBJECT file, PIRP irp)
{
    rv_lock_take(&lock);
    NTSTATUS status = reader.file == file ? rv_notify_wait(&notify, irp) : STATUS_INVALID_DEVICE_REQUEST;
    rv_lock_release(&lock);
    return status;
}

_Use_decl_annotations_ void rv_control_resumed(void)
{
    rv_lock_take(&lock);
    rv_dbgprint_renew();
    rv_lock_release(&lock);
}

_Use_decl_annotations_ void rv_control_handle_closed(PFILE_OBJECT file)
{
    rv_lock_take(&lock);
    if (reader.file == file) {
        detach_reader();
    }
    rv_lock_release(&lock);
}

/* ---- begin and end ---------------------------------------------------------------------------------------------- */

static void note_refused(uint32_t which, bool refused)
{
    began.failed = refused ? began.failed | which : began.failed & ~which;
}

/* Switches on what the driver is to begin with: each alone, since one that is refused takes back those of its call. */
static void begin_captures(void)
{
    for (uint32_t each = 1; each != 0 && each <= began.captures; each <<= 1) {
        rv_ioctl_capture wanted = {.mask = running_captures() | each};
        rv_ioctl_capture answer;
        if ((began.captures & each) != 0) {
            (void)capture(&wanted, &answer);
        }
    }
    began_captures = running_captures();
    note_refused(RV_BOOT_CAPTURES, (began.captures & ~began_captures) != 0);
}

_Use_decl_annotations_ uint32_t rv_control_refusals(void)
{
    return began.failed;
}

_Use_decl_annotations_ void rv_control_refused(uint32_t which, bool refused)
{
    rv_lock_take(&lock);
    note_refused(which, refused);
    rv_lock_release(&lock);
}

_Use_decl_annotations_ void rv_control_catch_up(void)
{
    rv_lock_take(&lock);
    /* Whoever has switched captures meanwhile knows what is wanted now. */
    if ((began.failed & RV_BOOT_CAPTURES) != 0 && running_captures() == began_captures) {
        begin_captures();
    }
    rv_lock_release(&lock);
}

/* The first session: as planned, or if there is no memory for that, the standard one. */
static NTSTATUS first_session(const char *producer)
{
    NTSTATUS status = rv_capture_session_create(&began.configure, producer, &session);
    if (NT_SUCCESS(status) || (began.set & RV_BOOT_RING_BYTES) == 0) {
        return status;
    }
    began.configure.ring_bytes = RV_IOCTL_DEFAULT_RING_BYTES;
    began.failed |= RV_BOOT_RING_BYTES;
    return rv_capture_session_create(&began.configure, producer, &session);
}

_Use_decl_annotations_ NTSTATUS rv_control_start(const char *producer, const rv_boot_plan *plan)
{
    producer_name = producer;
    began = *plan;
    rv_lock_init(&lock);
    rv_links_init(producer);
    memset(&reader, 0, sizeof reader);
    NTSTATUS status = rv_notify_init(&notify);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = rv_programs_start();
    if (!NT_SUCCESS(status)) {
        RV_CHECK_NOTHING_HELD();
        return status;
    }
    status = first_session(producer);
    if (!NT_SUCCESS(status)) {
        rv_programs_stop();
        RV_CHECK_NOTHING_HELD();
        return status;
    }
    rv_notify_watch(&notify, session);
    (void)rv_bugcheck_register();
    rv_bugcheck_watch(session);
    rv_links_show(rv_capture_session_page(session));
    rv_capture_session_start(session);
    begin_captures();
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_control_stop(void)
{
    rv_lock_take(&lock);
    /* The writers are ended first, so that STOPPED comes after the last record; then those who are to be told; then
     * the memory. */
    (void)rv_event_captures_set(0, send_event);
    rv_dbgprint_stop();
    rv_links_close();
    rv_capture_session_stop(session);
    rv_programs_stop();
    rv_notify_stopped(&notify);
    detach_reader();
    rv_notify_watch(&notify, NULL);
    rv_bugcheck_watch(NULL);
    rv_bugcheck_deregister();
    rv_links_show(NULL);
    rv_capture_session_destroy(session);
    session = NULL;
    RV_CHECK_NOTHING_HELD();
    rv_lock_release(&lock);
}
