/*
 * events_test.c - host tests of what the driver reports of the kernel: its callbacks are called as the system would, through the
 * shim of the WDK, and what they send is compared.
 */
#include "../../shim/shim.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "../handle_events.h"
#include "../pending.h"
#include "../process_events.h"
#include "../registry_events.h"
#include "../rundown.h"
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

static void test_all_or_none(void)
{
    uint32_t all_three = RV_CAPTURE_PROCESS | RV_CAPTURE_THREAD | RV_CAPTURE_IMAGE;
    check(rv_process_events_set(RV_CAPTURE_THREAD, sink, NULL) == STATUS_SUCCESS, "threads are captured");
    shim_fail(8); /* six routines are looked for, then one is registered for processes, and one for images */
    check(rv_process_events_set(all_three, sink, NULL) == STATUS_INSUFFICIENT_RESOURCES, "images cannot be");
    check(strcmp(shim_failed(), "PsSetLoadImageNotifyRoutine") == 0 && rv_process_events_mask() == RV_CAPTURE_THREAD,
          "so that nothing has changed");
    shim_fail(0);
    check(rv_process_events_set(0, sink, NULL) == STATUS_SUCCESS && shim_nothing_held(), "and nothing is left");
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

/* ---- operations under way --------------------------------------------------------------------------------------- */

static void test_pending(void)
{
    static rv_pending table;
    uint64_t tokens[RV_PENDING];
    uint32_t places = 0;
    for (uint32_t n = 0; n < RV_PENDING; n++) {
        tokens[n] = rv_pending_begin(&table, 1000 + n, 100);
        check(tokens[n] != 0 && tokens[n] < 1ull << 63 && rv_pending_begun(tokens[n]) == 1000 + n, "a place");
        places |= 1u << rv_pending_place(tokens[n]);
    }
    check(places == ~0u, "each another one");
    check(rv_pending_begin(&table, 1031, 100) == 0 && rv_pending_begin(&table, 1100, 100) == 0, "no place is left");
    check(rv_pending_begin(&table, 900, 100) == 0, "nor for one that says it began before all others");
    check(rv_pending_end(&table, tokens[7]) && !rv_pending_end(&table, tokens[7]), "given back, once");
    uint64_t next = rv_pending_begin(&table, 1050, 100);
    check(rv_pending_place(next) == rv_pending_place(tokens[7]), "and taken again");
    uint64_t taken = rv_pending_begin(&table, 1101, 100);
    check(taken != 0 && rv_pending_place(taken) == rv_pending_place(tokens[0]),
          "who began too long ago loses its place");
    check(!rv_pending_end(&table, tokens[0]) && rv_pending_end(&table, taken), "and learns it when it ends");
    check(rv_pending_begin(&table, (1ull << 58) - 1, 100) < 1ull << 63, "the longest uptime");
}

/* ---- the registry ----------------------------------------------------------------------------------------------- */

static DRIVER_OBJECT driver;
static shim_key key;

static bool start_registry(void)
{
    return rv_registry_events_start(&driver, sink, &filters[RV_EVENT_KIND_REGISTRY]) == STATUS_SUCCESS;
}

/* An operation from begin to end; what other drivers do in between is nested in it. */
static void operate(uint32_t before, uint32_t after, void *info, PVOID *context, PVOID object, NTSTATUS status)
{
    shim_registry_notify(before, info);
    REG_POST_OPERATION_INFORMATION post = {
        .Object = object, .Status = status, .PreInformation = info, .CallContext = *context};
    shim_registry_notify(after, &post);
}
#define OPERATE(name, info, object, status)                                                                            \
    operate(RegNtPre##name, RegNtPost##name, &(info), &(info).CallContext, object, status)

/* What was asked, and that it was told with this path and this value. */
static rv_event_registry told(uint32_t operation, const char *path, const char *value)
{
    rv_event_registry event = {0};
    uint32_t bytes = (uint32_t)(sizeof event + strlen(path) + strlen(value));
    bool texts =
        sent_count == 1 && text_is(sizeof event, path) && text_is(sizeof event + (uint32_t)strlen(path), value);
    uint32_t remarks = sent[0].remarks;
    check(one(RV_TYPE_REGISTRY, &event, sizeof event, bytes) && texts, path);
    check(event.operation == operation && remarks == operation && event.key_bytes == strlen(path) &&
              event.value_bytes == strlen(value),
          "what was done to it");
    return event;
}

#define PATH "\\REGISTRY\\MACHINE\\SOFTWARE\\a"

static void test_values(void)
{
    static uint16_t units[64];
    UNICODE_STRING name;
    shim_name(&name, units, 64, "Start");
    REG_SET_VALUE_KEY_INFORMATION set = {.Object = &key, .ValueName = &name, .Type = 4, .DataSize = 44};
    OPERATE(SetValueKey, set, &key, STATUS_ACCESS_DENIED);
    rv_event_registry event = told(RV_REGISTRY_SET_VALUE, PATH, "Start");
    check(event.value_type == 4 && event.data_bytes == 44 && event.status == 0xc0000022u && event.flags == 0 &&
              event.object == (uintptr_t)&key && event.access == 0,
          "type, size and status of a value that is set");

    REG_QUERY_VALUE_KEY_INFORMATION query = {.Object = &key, .ValueName = &name};
    shim_previous_mode(true);
    OPERATE(QueryValueKey, query, &key, STATUS_SUCCESS);
    shim_previous_mode(false);
    check(told(RV_REGISTRY_QUERY_VALUE, PATH, "Start").flags == RV_EVENT_FROM_KERNEL, "asked by the kernel");
    query.CallContext = NULL;
    query.ValueName = NULL;
    OPERATE(QueryValueKey, query, &key, STATUS_SUCCESS);
    check(told(RV_REGISTRY_QUERY_VALUE, PATH, "").flags == 0, "the value without a name, by no pointer");
    query.CallContext = NULL;
    name = (UNICODE_STRING){0};
    query.ValueName = &name;
    OPERATE(QueryValueKey, query, &key, STATUS_SUCCESS);
    check(told(RV_REGISTRY_QUERY_VALUE, PATH, "").flags == 0, "or by no text");
    REG_DELETE_VALUE_KEY_INFORMATION gone = {.Object = &key};
    OPERATE(DeleteValueKey, gone, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_DELETE_VALUE, PATH, "");
}

static void test_other_operations(void)
{
    REG_QUERY_KEY_INFORMATION query = {.Object = &key};
    OPERATE(QueryKey, query, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_QUERY_KEY, PATH, "");
    REG_ENUMERATE_KEY_INFORMATION keys = {.Object = &key};
    OPERATE(EnumerateKey, keys, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_ENUMERATE_KEY, PATH, "");
    REG_ENUMERATE_VALUE_KEY_INFORMATION values = {.Object = &key};
    OPERATE(EnumerateValueKey, values, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_ENUMERATE_VALUE, PATH, "");
    REG_QUERY_MULTIPLE_VALUE_KEY_INFORMATION many = {.Object = &key};
    OPERATE(QueryMultipleValueKey, many, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_QUERY_VALUES, PATH, "");
    REG_FLUSH_KEY_INFORMATION flush = {.Object = &key};
    OPERATE(FlushKey, flush, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_FLUSH_KEY, PATH, "");
    REG_SET_KEY_SECURITY_INFORMATION security = {.Object = &key};
    OPERATE(SetKeySecurity, security, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_SET_SECURITY, PATH, "");
    REG_SAVE_KEY_INFORMATION save = {.Object = &key};
    OPERATE(SaveKey, save, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_SAVE_KEY, PATH, "");
    REG_UNLOAD_KEY_INFORMATION unload = {.Object = &key};
    OPERATE(UnLoadKey, unload, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_UNLOAD_HIVE, PATH, "");
    /* What there is no record for passes unseen. */
    REG_DELETE_KEY_INFORMATION security_read = {.Object = &key};
    OPERATE(QueryKeySecurity, security_read, &key, STATUS_SUCCESS);
    shim_registry_notify(RegNtCallbackObjectContextCleanup, &security_read);
    shim_registry_notify(MaxRegNtNotifyClass, &security_read);
    shim_registry_notify(~0u, &security_read);
    shim_registry_notify(RegNtPreQueryKey, NULL);
    check(none(), "other classes are let pass");
}

/* Of a key that is created or opened, the object is told only at the end, and only if all went well. */
static void test_opens(void)
{
    static uint16_t units[64];
    static shim_key opened, nowhere; /* not a key: `magic` is 0 */
    UNICODE_STRING name;
    shim_key_make(&opened, PATH "\\Resolved");
    shim_name(&name, units, 64, "b\\c");
    REG_OPEN_KEY_INFORMATION open = {.CompleteName = &name, .RootObject = &key, .DesiredAccess = 0x20019};
    OPERATE(OpenKeyEx, open, &nowhere, STATUS_OBJECT_NAME_NOT_FOUND);
    rv_event_registry event = told(RV_REGISTRY_OPEN_KEY, PATH "\\b\\c", "");
    check(event.status == 0xc0000034u && event.access == 0x20019 && event.object == 0,
          "what is not there is not opened");
    open.CallContext = NULL;
    OPERATE(OpenKeyEx, open, &nowhere, (NTSTATUS)0x104); /* STATUS_REPARSE: a success of which there is no object */
    check(told(RV_REGISTRY_OPEN_KEY, PATH "\\b\\c", "").object == 0, "nor a link");
    open.CallContext = NULL;
    OPERATE(OpenKeyEx, open, &opened, STATUS_SUCCESS);
    check(told(RV_REGISTRY_OPEN_KEY, PATH "\\Resolved", "").object == (uintptr_t)&opened, "the key that was opened");
    shim_name(&name, units, 64, "\\REGISTRY\\USER\\x");
    REG_CREATE_KEY_INFORMATION create = {.CompleteName = &name, .RootObject = &key};
    OPERATE(CreateKeyEx, create, &nowhere, STATUS_ACCESS_DENIED);
    (void)told(RV_REGISTRY_CREATE_KEY, "\\REGISTRY\\USER\\x", "");
    create.CallContext = NULL;
    create.CompleteName = NULL;
    OPERATE(CreateKeyEx, create, &nowhere, STATUS_ACCESS_DENIED);
    (void)told(RV_REGISTRY_CREATE_KEY, PATH, "");
    create.CallContext = NULL;
    create.RootObject = NULL;
    OPERATE(CreateKeyEx, create, &nowhere, STATUS_ACCESS_DENIED);
    check(told(RV_REGISTRY_CREATE_KEY, "", "").flags == RV_EVENT_PATH_UNKNOWN, "neither a root nor a name");
    shim_name(&name, units, 64, "hive");
    REG_LOAD_KEY_INFORMATION load = {.Object = &key, .KeyName = &name};
    OPERATE(LoadKey, load, &key, STATUS_SUCCESS);
    (void)told(RV_REGISTRY_LOAD_HIVE, PATH "\\hive", "");
}

/* Of keys that are gone or renamed at the end, the name is that of the begin. */
static void test_early_names(void)
{
    static uint16_t units[64];
    UNICODE_STRING name;
    shim_name(&name, units, 64, "new");
    REG_DELETE_KEY_INFORMATION gone = {.Object = &key};
    shim_registry_notify(RegNtPreDeleteKey, &gone);
    key.nameless = true;
    REG_POST_OPERATION_INFORMATION post = {.Object = &key, .PreInformation = &gone, .CallContext = gone.CallContext};
    shim_registry_notify(RegNtPostDeleteKey, &post);
    check(told(RV_REGISTRY_DELETE_KEY, PATH, "").flags == 0, "a key that is gone");
    shim_registry_notify(RegNtPostDeleteKey, &post);
    check(told(RV_REGISTRY_DELETE_KEY, "", "").flags == RV_EVENT_PATH_UNKNOWN,
          "an end that is told twice has lost what was remembered");
    shim_key_make(&key, PATH);

    REG_RENAME_KEY_INFORMATION rename = {.Object = &key, .NewName = &name};
    shim_registry_notify(RegNtPreRenameKey, &rename);
    shim_key_make(&key, "\\REGISTRY\\MACHINE\\SOFTWARE\\new");
    post = (REG_POST_OPERATION_INFORMATION){.PreInformation = &rename, .CallContext = rename.CallContext};
    shim_registry_notify(RegNtPostRenameKey, &post);
    (void)told(RV_REGISTRY_RENAME_KEY, PATH, "new");
    shim_key_make(&key, PATH);

    key.nameless = true;
    REG_KEY_HANDLE_CLOSE_INFORMATION close = {.Object = &key};
    OPERATE(KeyHandleClose, close, &key, STATUS_SUCCESS);
    check(told(RV_REGISTRY_CLOSE_KEY, "", "").flags == RV_EVENT_PATH_UNKNOWN, "a key that never had a name");
    key.nameless = false;

    /* More at once than there are places, the last ones without: their path is looked for at the end. */
    static REG_DELETE_KEY_INFORMATION many[RV_PENDING + 3];
    for (uint32_t n = 0; n < RV_PENDING + 3; n++) {
        many[n] = (REG_DELETE_KEY_INFORMATION){.Object = &key};
        shim_registry_notify(RegNtPreDeleteKey, &many[n]);
    }
    key.nameless = true;
    uint32_t unknown = 0;
    for (uint32_t n = 0; n < RV_PENDING + 3; n++) {
        post = (REG_POST_OPERATION_INFORMATION){.PreInformation = &many[n], .CallContext = many[n].CallContext};
        shim_registry_notify(RegNtPostDeleteKey, &post);
        unknown += (((rv_event_registry *)(void *)sent[n].data)->flags & RV_EVENT_PATH_UNKNOWN) != 0;
    }
    check(sent_count == RV_PENDING + 3 && unknown == 3, "more than can be remembered are told all the same");
    sent_count = 0;
    key.nameless = false;
}

static void test_pairs(void)
{
    REG_QUERY_KEY_INFORMATION outer = {.Object = &key}, inner = {.Object = &key};
    REG_DELETE_KEY_INFORMATION between = {.Object = &key};
    shim_registry_notify(RegNtPreQueryKey, &outer);
    shim_tick();
    shim_registry_notify(RegNtPreDeleteKey, &between);
    OPERATE(QueryKey, inner, &key, STATUS_SUCCESS);
    check(told(RV_REGISTRY_QUERY_KEY, PATH, "").duration < 100000000u, "an operation within another");
    REG_POST_OPERATION_INFORMATION post = {.PreInformation = &between, .CallContext = between.CallContext};
    shim_registry_notify(RegNtPostDeleteKey, &post);
    check(told(RV_REGISTRY_DELETE_KEY, PATH, "").duration < 100000000u, "has its own duration");
    post = (REG_POST_OPERATION_INFORMATION){.PreInformation = &outer, .CallContext = outer.CallContext};
    shim_registry_notify(RegNtPostQueryKey, &post);
    check(told(RV_REGISTRY_QUERY_KEY, PATH, "").duration >= 100000000u, "and so has the other");

    post.CallContext = NULL;
    shim_registry_notify(RegNtPostQueryKey, &post);
    check(none(), "an end without a begin");
    post = (REG_POST_OPERATION_INFORMATION){.CallContext = outer.CallContext};
    shim_registry_notify(RegNtPostQueryKey, &post);
    check(none(), "an end that does not say of what");
}

/* Names that are too long, odd, or not there; those that are memory of a program may be gone or end in the middle. */
static void fault(int number)
{
    (void)number;
    longjmp(shim_exception, 1); /* as an exception of the processor ends what __try guards */
}

static void test_hostile_names(void)
{
    static uint16_t longest[32768];
    for (uint32_t n = 0; n < 32768; n++) {
        longest[n] = 'n';
    }
    UNICODE_STRING name = {65534, 65534, (PWSTR)longest};
    REG_SET_VALUE_KEY_INFORMATION set = {.Object = &key, .ValueName = &name};
    OPERATE(SetValueKey, set, &key, STATUS_SUCCESS);
    rv_event_registry event;
    memcpy(&event, sent[0].data, sizeof event);
    check(sent_count == 1 && event.value_bytes == 260 && event.flags == RV_EVENT_SECOND_CUT, "the longest value");
    sent_count = 0;
    REG_OPEN_KEY_INFORMATION open = {.CompleteName = &name, .RootObject = &key};
    OPERATE(OpenKeyEx, open, NULL, STATUS_ACCESS_DENIED);
    memcpy(&event, sent[0].data, sizeof event);
    check(sent_count == 1 && event.key_bytes == 520 && event.flags == RV_EVENT_PATH_CUT, "the longest key");
    sent_count = 0;
    uint32_t root = (uint32_t)strlen(PATH);
    for (uint32_t units = 520 - root - 3; units <= 521; units++) {
        name.Length = (USHORT)(units * 2 + 1); /* half a unit more counts for nothing */
        open.CallContext = NULL;
        OPERATE(OpenKeyEx, open, NULL, STATUS_ACCESS_DENIED);
        memcpy(&event, sent[0].data, sizeof event);
        uint32_t whole = root + 1 + units;
        /* Of the joint nothing is kept that only it would fit for. */
        uint32_t kept = whole <= 520 ? whole : 520;
        check(sent_count == 1 && event.key_bytes == kept && event.flags == (whole <= 520 ? 0 : RV_EVENT_PATH_CUT),
              "a path at the limit");
        sent_count = 0;
    }

    struct sigaction action = {.sa_handler = fault, .sa_flags = SA_NODEFER}, before;
    (void)sigaction(SIGSEGV, &action, &before);
    uint8_t *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)mprotect(page + 4096, 4096, PROT_NONE);
    const UNICODE_STRING bad[] = {
        {20, 20, (PWSTR)(void *)(page + 4096)},
        {20, 20, (PWSTR)(void *)(page + 4090)},
        {20, 20, (PWSTR)(uintptr_t)8},
    };
    for (uint32_t n = 0; n < 4; n++) {
        open.CallContext = NULL;
        name = bad[n % 3];
        open.CompleteName = n < 3 ? &name : (UNICODE_STRING *)(void *)(page + 4096);
        OPERATE(OpenKeyEx, open, NULL, STATUS_ACCESS_DENIED);
        check(told(RV_REGISTRY_OPEN_KEY, "", "").flags == RV_EVENT_PATH_UNKNOWN, "a key at an address that is none");
        set.CallContext = NULL;
        set.ValueName = open.CompleteName;
        OPERATE(SetValueKey, set, &key, STATUS_ACCESS_DENIED);
        check(told(RV_REGISTRY_SET_VALUE, "", "").flags == RV_EVENT_PATH_UNKNOWN, "a value at an address that is none");
        REG_RENAME_KEY_INFORMATION rename = {.Object = &key, .NewName = open.CompleteName};
        OPERATE(RenameKey, rename, &key, STATUS_SUCCESS);
        (void)told(RV_REGISTRY_RENAME_KEY, PATH, "");
    }
    filter_by(RV_EVENT_KIND_REGISTRY, of_path(RV_FILTER_INCLUDE, "a"));
    open.CallContext = NULL;
    OPERATE(OpenKeyEx, open, NULL, STATUS_ACCESS_DENIED);
    check(none(), "which a filter does not include");
    filter_by(RV_EVENT_KIND_REGISTRY, all);
    (void)sigaction(SIGSEGV, &before, NULL);
    (void)munmap(page, 8192);
}

static void test_filters_of_the_registry(void)
{
    static uint16_t units[64];
    UNICODE_STRING name;
    shim_name(&name, units, 64, "services\\x");
    REG_OPEN_KEY_INFORMATION open = {.CompleteName = &name, .RootObject = &key};
    REG_KEY_HANDLE_CLOSE_INFORMATION close = {.Object = &key};
    filter_by(RV_EVENT_KIND_REGISTRY, of_pid(RV_FILTER_EXCLUDE, 4711));
    open.CallContext = close.CallContext = (PVOID)(uintptr_t)0x5555; /* what it is before is not documented */
    OPERATE(OpenKeyEx, open, NULL, STATUS_ACCESS_DENIED);
    OPERATE(KeyHandleClose, close, NULL, STATUS_SUCCESS);
    check(none() && open.CallContext == NULL && close.CallContext == NULL, "another process costs nothing at the end");
    shim_run_as(1234);
    OPERATE(OpenKeyEx, open, NULL, STATUS_ACCESS_DENIED);
    (void)told(RV_REGISTRY_OPEN_KEY, PATH "\\services\\x", "");
    shim_run_as(4711);
    filter_by(RV_EVENT_KIND_REGISTRY, of_path(RV_FILTER_INCLUDE, "A\\Services"));
    open.CallContext = NULL;
    OPERATE(OpenKeyEx, open, NULL, STATUS_ACCESS_DENIED);
    (void)told(RV_REGISTRY_OPEN_KEY, PATH "\\services\\x", "");
    OPERATE(KeyHandleClose, close, NULL, STATUS_SUCCESS);
    check(none() && close.CallContext == NULL, "another path, which is known before");
    REG_QUERY_KEY_INFORMATION query = {.Object = &key};
    OPERATE(QueryKey, query, &key, STATUS_SUCCESS);
    check(none(), "and one that is known afterwards");
    filter_by(RV_EVENT_KIND_REGISTRY, all);
}

/* It begins and ends while operations are under way. */
static void test_registration(void)
{
    REG_QUERY_KEY_INFORMATION query = {.Object = &key};
    REG_DELETE_KEY_INFORMATION gone = {.Object = &key};
    check(rv_registry_events_available() && start_registry() && rv_registry_events_running(),
          "the registry is captured");
    check(none(), "nothing is told before the cookie is there");
    check(start_registry(), "again");
    shim_registry_notify(RegNtPreQueryKey, &query);
    shim_registry_notify(RegNtPreDeleteKey, &gone);
    rv_registry_events_stop();
    rv_registry_events_stop();
    check(!rv_registry_events_running() && shim_nothing_held(), "nothing is left of it");
    REG_POST_OPERATION_INFORMATION post = {.PreInformation = &query, .CallContext = query.CallContext};
    shim_registry_notify(RegNtPostQueryKey, &post);
    check(start_registry(), "once more");
    /* The system does not give what another registration left; it would do no harm. */
    post = (REG_POST_OPERATION_INFORMATION){.PreInformation = &gone, .CallContext = gone.CallContext};
    shim_registry_notify(RegNtPostDeleteKey, &post);
    check(sent_count == 1, "a remembered path of an earlier time");
    sent_count = 0;
    rv_registry_events_stop();
    for (uint32_t n = 1; n <= 5; n++) {
        shim_fail(n);
        NTSTATUS status = rv_registry_events_start(&driver, sink, &filters[RV_EVENT_KIND_REGISTRY]);
        check(status == (n == 5 ? STATUS_OBJECT_NAME_COLLISION : STATUS_NOT_SUPPORTED), shim_failed());
        check(!rv_registry_events_running() && shim_nothing_held(), "and nothing is captured");
    }
    shim_fail(1);
    check(!rv_registry_events_available(), "a system that cannot tell");
    shim_fail(0);
}

static void test_registry(void)
{
    shim_key_make(&key, PATH);
    test_registration();
    check(start_registry(), "the registry is captured");
    test_values();
    test_other_operations();
    test_opens();
    test_early_names();
    test_pairs();
    test_hostile_names();
    test_filters_of_the_registry();
    rv_registry_events_stop();
    check(shim_nothing_held(), "and nothing is left");
}

/* ---- handles ---------------------------------------------------------------------------------------------------- */

static bool start_handles(void)
{
    return rv_handle_events_start(sink, &filters[RV_EVENT_KIND_HANDLES]) == STATUS_SUCCESS;
}

#define CREATE OB_OPERATION_HANDLE_CREATE
#define DUPLICATE OB_OPERATION_HANDLE_DUPLICATE

static rv_event_handle handle_told(void)
{
    rv_event_handle event;
    check(one(RV_TYPE_HANDLE, &event, sizeof event, sizeof event), "a handle");
    return event;
}

static void test_opened_handles(void)
{
    shim_target process = {5000, 0}, thread = {5000, 5001};
    void *context = shim_handle_begins(CREATE, &process, 0x1fffff, NULL, NULL);
    shim_handle_ends(CREATE, &process, 0x1000, STATUS_SUCCESS, context);
    rv_event_handle event = handle_told();
    check(event.operation == RV_HANDLE_OPEN && event.object_type == RV_HANDLE_OF_PROCESS && event.target_pid == 5000 &&
              event.target_tid == 0 && event.source_pid == 0 && event.receiver_pid == 0,
          "to a process");
    check(event.desired == 0x1fffff && event.granted == 0x1000 && event.status == 0 && event.flags == 0,
          "what was asked before other drivers changed it, and what was given");
    shim_previous_mode(true);
    context = shim_handle_begins(CREATE, &thread, 0xffffffff, NULL, NULL);
    shim_handle_ends(CREATE, &thread, 0x1000, STATUS_ACCESS_DENIED, context);
    shim_previous_mode(false);
    event = handle_told();
    check(event.object_type == RV_HANDLE_OF_THREAD && event.target_pid == 5000 && event.target_tid == 5001,
          "to a thread");
    check(event.desired == 0xffffffff && event.granted == 0 && event.status == 0xc0000022u &&
              event.flags == RV_EVENT_FROM_KERNEL,
          "that was refused");
    context = shim_handle_begins(CREATE, &process, 0, NULL, NULL);
    shim_handle_ends(CREATE, &process, 0, STATUS_SUCCESS, context);
    check(handle_told().desired == 0, "no right at all");
    shim_handle_ends(CREATE, &process, 1, STATUS_SUCCESS, NULL);
    check(none(), "an end without a begin");
}

static void test_duplicated_handles(void)
{
    shim_target process = {5000, 0}, from = {100, 0}, to = {200, 0};
    void *outer = shim_handle_begins(DUPLICATE, &process, 0x400, &from, &to);
    void *inner = shim_handle_begins(DUPLICATE, &process, 0x800, &to, &from);
    shim_handle_ends(DUPLICATE, &process, 0x800, STATUS_SUCCESS, inner);
    rv_event_handle event = handle_told();
    check(event.operation == RV_HANDLE_DUPLICATE && event.desired == 0x800 && event.source_pid == 200 &&
              event.receiver_pid == 100 && event.granted == 0x800,
          "a duplicate within another");
    shim_handle_ends(DUPLICATE, &process, 0x400, STATUS_SUCCESS, outer);
    event = handle_told();
    check(event.desired == 0x400 && event.source_pid == 100 && event.receiver_pid == 200, "and the other");
    outer = shim_handle_begins(DUPLICATE, &process, 0x400, NULL, NULL);
    shim_handle_ends(DUPLICATE, &process, 0x400, STATUS_SUCCESS, outer);
    check(handle_told().source_pid == 0, "of nobody");
    void *contexts[RV_PENDING + 2];
    for (uint32_t n = 0; n < RV_PENDING + 2; n++) {
        contexts[n] = shim_handle_begins(DUPLICATE, &process, n, &from, &to);
    }
    uint32_t right = 0, without = 0;
    for (uint32_t n = 0; n < RV_PENDING + 2; n++) {
        shim_handle_ends(DUPLICATE, &process, 1, STATUS_SUCCESS, contexts[n]);
        event = handle_told();
        right += event.desired == n;
        without += event.source_pid == 0 && event.receiver_pid == 0;
    }
    check(right == RV_PENDING + 2 && without == 2, "more than can be remembered are told without their processes");
}

static void test_filters_of_handles(void)
{
    shim_target process = {5000, 0}, other = {5004, 0};
    filter_by(RV_EVENT_KIND_HANDLES, of_pid(RV_FILTER_INCLUDE, 5000));
    check(shim_handle_begins(CREATE, &process, 1, NULL, NULL) != NULL, "the process that a handle leads to");
    check(shim_handle_begins(CREATE, &other, 1, NULL, NULL) == NULL, "another one is not remembered");
    shim_run_as(5000);
    check(shim_handle_begins(CREATE, &other, 1, NULL, NULL) != NULL, "the process that asks");
    filter_by(RV_EVENT_KIND_HANDLES, of_pid(RV_FILTER_EXCLUDE, 5000));
    check(shim_handle_begins(CREATE, &other, 1, NULL, NULL) == NULL, "excluded as the one that asks");
    shim_run_as(4711);
    check(shim_handle_begins(CREATE, &process, 1, NULL, NULL) == NULL, "and as the one that is asked for");
    check(shim_handle_begins(CREATE, &other, 1, NULL, NULL) != NULL, "all others");
    filter_by(RV_EVENT_KIND_HANDLES, all);
}

static void test_handles(void)
{
    shim_target process = {5000, 0};
    check(rv_handle_events_available() && start_handles() && start_handles(), "handles are captured");
    test_opened_handles();
    test_duplicated_handles();
    test_filters_of_handles();
    void *context = shim_handle_begins(DUPLICATE, &process, 1, &process, &process);
    rv_handle_events_stop();
    rv_handle_events_stop();
    check(!rv_handle_events_running() && shim_nothing_held(), "and nothing is left");
    shim_handle_ends(DUPLICATE, &process, 1, STATUS_SUCCESS, context);
    check(none(), "what was under way is not told");
    for (uint32_t n = 1; n <= 3; n++) {
        shim_fail(n);
        check(rv_handle_events_start(sink, &filters[RV_EVENT_KIND_HANDLES]) ==
                  (n == 3 ? STATUS_ACCESS_DENIED : STATUS_NOT_SUPPORTED),
              shim_failed());
        check(!rv_handle_events_running() && shim_nothing_held(), "and nothing is captured");
    }
    shim_fail(0);
}

/* ---- what runs already ------------------------------------------------------------------------------------------ */

static uint64_t told_processes, told_modules, told_bytes;

static void count_sink(uint16_t type, uint32_t remarks, const void *data, uint32_t length)
{
    (void)remarks;
    (void)data;
    told_processes += type == RV_TYPE_PROCESS;
    told_modules += type == RV_TYPE_IMAGE;
    told_bytes += length;
}

static void test_processes_that_run(void)
{
    rv_event_process event;
    shim_running(4, 2, 0);
    check(rv_rundown(RV_CAPTURE_PROCESS, sink, filters) == STATUS_SUCCESS && sent_count == 3,
          "all but the idle process");
    memcpy(&event, sent[0].data, sizeof event);
    check(event.action == RV_EVENT_RUNDOWN && event.pid == 4 && event.parent_pid == 0 && event.session_id == 1 &&
              event.create_time == SHIM_PROCESS_CREATED && event.flags == 0 && sent[0].remarks == 4,
          "who runs since when");
    check(sent[0].length == sizeof event + 8 && event.name_bytes == 8 && memcmp(sent[0].data + 56, "C:\\a.exe", 8) == 0,
          "by its path");
    memcpy(&event, sent[1].data, sizeof event);
    check(event.pid == 8 && event.flags == RV_PROCESS_NAME_ONLY && event.name_bytes == 5 &&
              memcmp(sent[1].data + 56, "a.exe", 5) == 0,
          "or by its name, where the path is not to be had");
    sent_count = 0;
    shim_running(7, 2, 0);
    check(rv_rundown(RV_CAPTURE_PROCESS, sink, filters) == STATUS_SUCCESS && sent_count == 6, "more of them");
    memcpy(&event, sent[1].data, sizeof event);
    check(event.pid == 8 && event.name_bytes == 0, "a name that lies elsewhere is none");
    sent_count = 0;
    filter_by(RV_EVENT_KIND_PROCESS, of_pid(RV_FILTER_EXCLUDE, 4));
    check(rv_rundown(RV_CAPTURE_PROCESS, sink, filters) == STATUS_SUCCESS && sent_count == 5,
          "but not who is excluded");
    sent_count = 0;
    filter_by(RV_EVENT_KIND_PROCESS, of_path(RV_FILTER_INCLUDE, "c:\\"));
    check(rv_rundown(RV_CAPTURE_PROCESS, sink, filters) == STATUS_SUCCESS && sent_count == 5, "nor who is elsewhere");
    sent_count = 0;
    filter_by(RV_EVENT_KIND_PROCESS, all);
}

static void test_modules_that_are_loaded(void)
{
    rv_event_image event;
    shim_running(2, 6, 0);
    check(rv_rundown(RV_CAPTURE_IMAGE, sink, filters) == STATUS_SUCCESS && sent_count == 6, "modules of the kernel");
    memcpy(&event, sent[0].data, sizeof event);
    check(event.action == RV_EVENT_RUNDOWN && event.pid == 0 && event.base == 0xfffff80000000000u &&
              event.bytes == 0x1000 && event.flags == RV_IMAGE_SYSTEM_MODE && event.header_bytes == 48,
          "where they are");
    check(sent[0].length == 48 + 17 && memcmp(sent[0].data + 48, "\\SystemRoot\\n.sys", 17) == 0, "and what they are");
    check(memcmp(sent[1].data + 48, "\\SystemRoot\\?.sys", 17) == 0, "a letter of some code page");
    check(sent[5].length == 48 + 256, "a path without an end");
    sent_count = 0;
    filter_by(RV_EVENT_KIND_IMAGE, of_path(RV_FILTER_EXCLUDE, "systemroot"));
    check(rv_rundown(RV_CAPTURE_IMAGE, sink, filters) == STATUS_SUCCESS && sent_count == 1, "those of another path");
    sent_count = 0;
    filter_by(RV_EVENT_KIND_IMAGE, all);
}

static void test_rundown(void)
{
    test_processes_that_run();
    test_modules_that_are_loaded();
    check(rv_rundown(RV_CAPTURE_THREAD, sink, filters) == STATUS_SUCCESS && none(),
          "of others there is nothing to tell");
    /* Lists that grow between two looks, up to what is too long to be read. */
    shim_running(2000, 3000, 100);
    check(rv_rundown(RV_CAPTURE_PROCESS | RV_CAPTURE_IMAGE, count_sink, filters) == STATUS_SUCCESS, "long lists");
    check(told_processes >= 2099 && told_modules >= 3100, "are told as they are then");
    shim_running(100000, 2, 0);
    check(rv_rundown(RV_CAPTURE_PROCESS, count_sink, filters) == STATUS_INSUFFICIENT_RESOURCES,
          "a list that is too long");
    shim_running(2000, 2, 100000);
    check(rv_rundown(RV_CAPTURE_PROCESS, count_sink, filters) == STATUS_INSUFFICIENT_RESOURCES, "or grows too fast");
    shim_running(3, 2, 0);
    check(shim_nothing_held(), "nothing is left of any");
    for (uint32_t n = 1, failed_once = 1; failed_once; n++) {
        shim_fail(n);
        NTSTATUS status = rv_rundown(RV_CAPTURE_PROCESS | RV_CAPTURE_IMAGE, count_sink, filters);
        failed_once = shim_failed() != NULL;
        bool needed = failed_once && strstr(shim_failed(), "Process") == NULL; /* without paths it goes on */
        check(NT_SUCCESS(status) != needed && shim_nothing_held(), failed_once ? shim_failed() : "without a failure");
    }
    shim_fail(0);
}

int main(void)
{
    test_process();
    test_older_systems();
    test_images();
    test_all_or_none();
    test_filters_of_processes();
    test_pending();
    test_registry();
    test_handles();
    test_rundown();
    check(shim_violations() == 0, "no rule of the WDK is broken");
    return report();
}
