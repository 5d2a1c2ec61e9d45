/*
 * events_test.c - host tests of what the driver reports of the kernel: its callbacks are called as the system would, through the
 * shim of the WDK, and what they send is compared.
 */
#include "../../shim/shim.h"

#include <string.h>

#include "../process_events.h"
#include "host_test.h"

/* ---- what was sent ---------------------------------------------------------------------------------------------- */

#define SENT 64u
static struct {
    uint16_t type;
    uint32_t remarks, length;
    _Alignas(8) uint8_t data[2048];
} sent[SENT];
static uint32_t sent_count;

static void sink(uint16_t type, uint32_t remarks, const void *data, uint32_t length)
{
    check(sent_count < SENT && length <= sizeof sent[0].data, "an event of a size that is expected");
    sent[sent_count].type = type;
    sent[sent_count].remarks = remarks;
    sent[sent_count].length = length;
    memcpy(sent[sent_count++].data, data, length);
}

/* Whether one event of this type and length was sent since it was last asked; its struct is copied. */
static bool one(uint16_t type, void *event, uint32_t bytes, uint32_t length)
{
    bool right = sent_count == 1 && sent[0].type == type && sent[0].length == length;
    memcpy(event, sent[0].data, bytes);
    sent_count = 0;
    return right;
}

static bool text_is(uint32_t at, const char *text)
{
    return memcmp(sent[0].data + at, text, strlen(text)) == 0;
}

static bool none(void)
{
    bool right = sent_count == 0;
    sent_count = 0;
    return right;
}

static rv_filter filters[RV_EVENT_KINDS];

static rv_event_filter of_pid(uint32_t mode, uint32_t pid)
{
    return (rv_event_filter){.pid_mode = mode, .pid_count = 1, .pids = {pid}};
}

static rv_event_filter of_path(uint32_t mode, const char *part)
{
    rv_event_filter filter = {.path_mode = mode, .path_count = 1};
    for (; *part != '\0'; part++) {
        filter.paths[0].text[filter.paths[0].units++] = (uint8_t)*part;
    }
    return filter;
}

static void filter_by(uint32_t kind, rv_event_filter filter)
{
    check(rv_filter_check(&filter), "a filter that a client could set");
    rv_filter_set(&filters[kind], &filter);
}

static const rv_event_filter all;

/* ---- processes, threads, images --------------------------------------------------------------------------------- */

static void test_process(void)
{
    rv_event_process event;
    uint32_t header = sizeof event;
    check(rv_process_events_set(RV_CAPTURE_PROCESS, sink, filters) == STATUS_SUCCESS, "processes are captured");
    shim_process_starts(5000, "C:\\a.exe", "a.exe /x", false);
    check(text_is(header, "C:\\a.exea.exe /x") && one(RV_TYPE_PROCESS, &event, header, header + 16), "a start");
    check(event.action == RV_EVENT_START && event.pid == 5000 && event.parent_pid == 4 && event.creator_pid == 8 &&
              event.creator_tid == 12,
          "who started whom");
    check(event.header_bytes == 56 && event.name_bytes == 8 && event.command_bytes == 8 && event.flags == 0,
          "where the texts are");
    check(event.session_id == 2 && event.create_time == SHIM_PROCESS_CREATED && event.exit_status == 0,
          "where and when");

    shim_process_ends(5000);
    check(one(RV_TYPE_PROCESS, &event, header, header), "an end");
    check(event.action == RV_EVENT_END && event.exit_status == 3 && event.flags == RV_PROCESS_EXIT_STATUS &&
              event.session_id == RV_SESSION_UNKNOWN && event.create_time == SHIM_PROCESS_CREATED,
          "with its exit status");

    shim_process_starts(5004, NULL, NULL, true);
    check(one(RV_TYPE_PROCESS, &event, header, header) && event.flags == RV_PROCESS_SUBSYSTEM,
          "a process of Linux, of which there is no name");

    char longest[2000];
    memset(longest, 'c', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    shim_process_starts(5008, longest, longest, false);
    check(one(RV_TYPE_PROCESS, &event, header, header + 260 + 1024), "names that are too long");
    check(event.flags == (RV_PROCESS_NAME_CUT | RV_PROCESS_COMMAND_CUT), "are cut, and say so");
    check(rv_process_events_set(0, sink, filters) == STATUS_SUCCESS && shim_nothing_held(), "and nothing is left");
    shim_process_starts(5000, "C:\\a.exe", NULL, false);
    check(none(), "nothing is told of afterwards");
}

/* Each routine that a system may lack is missing once: the event says less, and nothing else changes. */
static void test_older_systems(void)
{
    static const char *const missing[] = {
        "PsGetProcessCreateTimeQuadPart is missing", "PsGetProcessExitStatus is missing",
        "PsReferencePrimaryToken is missing",        "PsDereferencePrimaryToken is missing",
        "SeQuerySessionIdToken is missing",          "PsSetCreateProcessNotifyRoutineEx2 is missing"};
    for (uint32_t n = 0; n < sizeof missing / sizeof missing[0]; n++) {
        rv_event_process event;
        shim_fail(n + 1);
        check(rv_process_events_set(RV_CAPTURE_PROCESS, sink, filters) == STATUS_SUCCESS, missing[n]);
        check(shim_failed() != NULL && strcmp(shim_failed(), missing[n]) == 0, "which the test takes for missing");
        shim_process_starts(5000, "C:\\a.exe", NULL, false);
        check(one(RV_TYPE_PROCESS, &event, sizeof event, sizeof event + 8), "a start all the same");
        check(event.create_time == (n == 0 ? 0 : SHIM_PROCESS_CREATED), "when it was created, if that is known");
        check(event.session_id == (n >= 2 && n <= 4 ? RV_SESSION_UNKNOWN : 2), "and its session");
        shim_process_ends(5000);
        check(one(RV_TYPE_PROCESS, &event, sizeof event, sizeof event), "an end all the same");
        check(event.flags == (n == 1 ? 0 : RV_PROCESS_EXIT_STATUS), "and its exit status");
        shim_process_starts(5004, NULL, NULL, true);
        check(n == 5 ? none() : one(RV_TYPE_PROCESS, &event, sizeof event, sizeof event), "processes of Linux");
        check(rv_process_events_set(0, sink, filters) == STATUS_SUCCESS && shim_nothing_held(), "nothing is left");
    }
    shim_fail(0);
}

static void test_images(void)
{
    rv_event_image event;
    check(rv_process_events_set(RV_CAPTURE_IMAGE, sink, filters) == STATUS_SUCCESS, "images are captured");
    shim_image_loads(5000, "C:\\b.dll", 0x3u | 4u << 12 | 1u << 16);
    check(text_is(sizeof event, "C:\\b.dll") && one(RV_TYPE_IMAGE, &event, sizeof event, sizeof event + 8), "an image");
    check(event.header_bytes == 48 && event.pid == 5000 && event.bytes == 65536 && event.signature_level == 4 &&
              event.signature_type == 1 && event.flags == RV_IMAGE_SIGNATURE,
          "and its signature");
    shim_image_loads(0, NULL, 0x100u | 0x80000u | 15u << 12 | 7u << 16);
    check(one(RV_TYPE_IMAGE, &event, sizeof event, sizeof event) && event.signature_level == 15 &&
              event.signature_type == 7 &&
              event.flags == (RV_IMAGE_SIGNATURE | RV_IMAGE_SYSTEM_MODE | RV_IMAGE_PARTIAL),
          "a driver without a name");
    check(rv_process_events_set(0, sink, filters) == STATUS_SUCCESS && shim_nothing_held(), "and nothing is left");
}

static void test_filters_of_processes(void)
{
    uint32_t captures = RV_CAPTURE_PROCESS | RV_CAPTURE_THREAD | RV_CAPTURE_IMAGE;
    check(rv_process_events_set(captures, sink, filters) == STATUS_SUCCESS, "all three are captured");
    for (uint32_t kind = 1; kind <= 3; kind++) {
        filter_by(kind, of_pid(RV_FILTER_INCLUDE, 5000));
    }
    shim_process_starts(4000, "C:\\a.exe", NULL, false);
    shim_thread_starts(4000, 1);
    shim_image_loads(4000, "C:\\a.exe", 0);
    shim_process_ends(4000);
    check(none(), "another process");
    shim_new_process();
    check(sent_count == 4, "the process that was asked for");
    sent_count = 0;

    filter_by(RV_EVENT_KIND_PROCESS, of_path(RV_FILTER_INCLUDE, "NOTEPAD"));
    filter_by(RV_EVENT_KIND_IMAGE, of_path(RV_FILTER_EXCLUDE, ".exe"));
    filter_by(RV_EVENT_KIND_THREAD, of_pid(RV_FILTER_EXCLUDE, 5000));
    shim_new_process();
    check(sent_count == 1 && ((rv_event_process *)(void *)sent[0].data)->action == RV_EVENT_END,
          "of a path that was not asked for, only the end");
    sent_count = 0;
    shim_process_starts(1, "\\Device\\x\\notepad.exe", NULL, false);
    shim_process_starts(2, NULL, NULL, true);
    shim_image_loads(1, "\\Device\\x\\a.dll", 0);
    shim_image_loads(1, NULL, 0);
    check(sent_count == 3 && sent[0].remarks == 1 && sent[1].type == RV_TYPE_IMAGE && sent[2].type == RV_TYPE_IMAGE,
          "what has no path fits none");
    sent_count = 0;
    for (uint32_t kind = 1; kind <= 3; kind++) {
        filter_by(kind, all);
    }
    check(rv_process_events_set(captures, sink, NULL) == STATUS_SUCCESS, "and there may be no filters");
    shim_new_process();
    check(sent_count == 4, "then all is told");
    sent_count = 0;
    check(rv_process_events_set(0, sink, NULL) == STATUS_SUCCESS && shim_nothing_held(), "and nothing is left");
}

int main(void)
{
    test_process();
    test_older_systems();
    test_images();
    test_filters_of_processes();
    check(shim_violations() == 0, "no rule of the WDK is broken");
    return report();
}
