/*
 * file_test.c - ringview-file.sys over the shim: what programs do with files becomes records, wherever their begin and end come;
 * the filter goes while operations are under way; and each call into the system fails once.
 */
#include "../../file/flt.h"

#include "observed_test.h"

#include "../../file/paths.h"

#define PATH "\\Device\\HarddiskVolume3\\logs\\a.txt"
#define FILE_OPENED 1u

static const WCHAR path_text[] = u"\\Device\\HarddiskVolume3\\logs\\a.txt",
                   other_text[] = u"\\Device\\HarddiskVolume3\\b";
static IO_SECURITY_CONTEXT security = {0x120089};

static shim_file_object file_named(const WCHAR *path, bool opened)
{
    return (shim_file_object){.path = path, .opened = opened};
}

static shim_operation operation_on(shim_file_object *file, UCHAR major)
{
    shim_operation it = {.pid = 77, .file = file};
    static shim_target thread = {.pid = 77, .tid = 78};
    it.data.Thread = (PETHREAD)(void *)&thread;
    it.data.RequestorMode = UserMode;
    it.iopb.MajorFunction = major;
    if (major == IRP_MJ_CREATE) {
        it.iopb.Parameters.Create.SecurityContext = &security;
        it.iopb.Parameters.Create.Options = 0x01000060;
    } else if (major == IRP_MJ_READ || major == IRP_MJ_WRITE) {
        it.iopb.Parameters.Read.Length = 100;
        it.iopb.Parameters.Read.ByteOffset.QuadPart = 4096;
    }
    return it;
}

/* From begin to end, which comes a tick of 100 ns later. */
static void run(shim_operation *it, NTSTATUS status, ULONG_PTR information)
{
    shim_begin(it, PASSIVE_LEVEL);
    shim_end(it, status, information, it->iopb.MajorFunction == IRP_MJ_CREATE ? PASSIVE_LEVEL : DISPATCH_LEVEL, false);
}

static void simple(shim_file_object *file, UCHAR major, NTSTATUS status, ULONG_PTR information)
{
    shim_operation it = operation_on(file, major);
    run(&it, status, information);
}

static void set_information(shim_file_object *file, uint32_t class, void *buffer, uint32_t bytes)
{
    shim_operation it = operation_on(file, IRP_MJ_SET_INFORMATION);
    it.iopb.Parameters.SetFileInformation.FileInformationClass = (FILE_INFORMATION_CLASS) class;
    it.iopb.Parameters.SetFileInformation.InfoBuffer = buffer;
    it.iopb.Parameters.SetFileInformation.Length = bytes;
    shim_begin(&it, PASSIVE_LEVEL);
    shim_end(&it, STATUS_SUCCESS, 0, PASSIVE_LEVEL, false);
}

static const rv_event_file *event_of(const shim_record *record)
{
    return (const rv_event_file *)(const void *)record->data;
}

static void start(uint32_t operations)
{
    shim_ringview_arrives();
    expect(load() && shim_filtering(), "it loads");
    switch_on(operations);
    forget_records();
    (void)shim_names_asked();
}

static void stop(void)
{
    expect(shim_unload_filter(true), "it unloads");
    shim_ringview_leaves();
}

/* ---- what is reported ------------------------------------------------------------------------------------------- */

static void test_life_of_a_file(void)
{
    static union {
        FILE_RENAME_INFORMATION information;
        uint8_t bytes[128];
    } rename;
    static FILE_DISPOSITION_INFORMATION gone = {TRUE};
    shim_file_object file = file_named(path_text, false);
    start(RV_OBSERVE_FILE_ALL);
    expect(shim_volume(FILE_DEVICE_DISK_FILE_SYSTEM, FLT_FSTYPE_NTFS) &&
               !shim_volume(FILE_DEVICE_DISK_FILE_SYSTEM, FLT_FSTYPE_RAW),
           "volumes with a file system");
    hostile_requests(RV_OBSERVE_FILE_ALL | RV_OBSERVE_FILE_PAGING);

    rename.information.FileNameLength = sizeof other_text - 2;
    memcpy(rename.information.FileName, other_text, sizeof other_text - 2);
    simple(&file, IRP_MJ_CREATE, STATUS_SUCCESS, FILE_OPENED);
    simple(&file, IRP_MJ_READ, STATUS_SUCCESS, 60);
    simple(&file, IRP_MJ_WRITE, STATUS_UNSUCCESSFUL, 7);
    set_information(&file, FileRenameInformation, &rename, sizeof rename);
    file.path = other_text;
    set_information(&file, FileDispositionInformation, &gone, sizeof gone);
    simple(&file, IRP_MJ_CLEANUP, STATUS_SUCCESS, 0);
    simple(&file, IRP_MJ_CLOSE, STATUS_SUCCESS, 0);
    const shim_record *records = logged(6, "create, read, write, rename, delete, close");
    for (uint32_t n = 0; n < 6; n++) {
        const rv_event_file *event = event_of(&records[n]);
        expect(records[n].type == RV_TYPE_FILE && event->operation == RV_FILE_CREATE + n &&
                   records[n].length == 64 + event->path_bytes + event->new_path_bytes,
               "a record of its type and length");
        expect(records[n].pid == 77 && records[n].tid == 78 && event->flags == 0 &&
                   event->object == (uintptr_t)&file.object,
               "whose it is, wherever it ended");
        expect(records[n].irql == (n == 1 || n == 2 || n == 5 ? DISPATCH_LEVEL : PASSIVE_LEVEL), "and at which level");
        expect(has_text(&records[n], 64, event->path_bytes, n < 4 ? PATH : "\\Device\\HarddiskVolume3\\b"),
               "the path, and the new one after the rename");
        expect(event->duration == 100, "a tick");
        expect(event->new_path_bytes == 0 || n == 3, "one path");
        expect(event->status == (n == 2 ? (uint32_t)STATUS_UNSUCCESSFUL : 0u), "how it ended");
    }
    expect(event_of(&records[0])->access == 0x120089 && event_of(&records[0])->options == 0x01000060 &&
               event_of(&records[0])->result == FILE_OPENED,
           "what a create asked for and got");
    expect(event_of(&records[1])->offset == 4096 && event_of(&records[1])->bytes == 60, "what was read");
    expect(event_of(&records[2])->bytes == 0, "and what was not written");
    expect(has_text(&records[3], 64 + event_of(&records[3])->path_bytes, event_of(&records[3])->new_path_bytes,
                    "\\Device\\HarddiskVolume3\\b"),
           "where it was renamed to");
    expect(shim_names_asked() == 2, "the path was asked for once, and once more when it was another");
    shim_forget_file(&file);
    stop();
    expect(shim_nothing_held(), "nothing stays");
}

static void test_failed_creates(void)
{
    static const struct {
        NTSTATUS status;
        ULONG_PTR information;
        uint32_t result;
        bool kept;
        const char *what;
    } ends[] = {
        {STATUS_OBJECT_NAME_NOT_FOUND, 3, 0, false, "a file that is not there"},
        {STATUS_REPARSE, 0xa0000003u, 0, false, "a reparse point leads elsewhere"},
        {STATUS_SUCCESS, 2, 2, true, "a file that is created"},
    };
    start(RV_OBSERVE_FILE_ALL);
    for (uint32_t n = 0; n < 3; n++) {
        shim_file_object file = file_named(path_text, false);
        simple(&file, IRP_MJ_CREATE, ends[n].status, ends[n].information);
        const rv_event_file *event = event_of(logged(1, ends[n].what));
        expect(event->status == (uint32_t)ends[n].status && event->result == ends[n].result &&
                   event->path_bytes == sizeof PATH - 1,
               ends[n].what);
        expect((file.context != NULL) == ends[n].kept, "the path of a file that is open is kept");
        shim_forget_file(&file);
    }
    shim_file_object paging = file_named(path_text, false);
    shim_operation it = operation_on(&paging, IRP_MJ_CREATE);
    it.iopb.OperationFlags = SL_OPEN_PAGING_FILE;
    run(&it, STATUS_SUCCESS, 1);
    (void)logged(0, "a paging file is opened");
    expect(shim_names_asked() == 3, "and nothing is asked for it");
    stop();
}

/* Buffers of set-information, of which any length may come. */
static void test_set_information(void)
{
    static _Alignas(8) uint8_t buffer[64];
    static const uint32_t classes[] = {FileRenameInformation,
                                       FileRenameInformationEx,
                                       FileDispositionInformation,
                                       FileDispositionInformationEx,
                                       4,
                                       19,
                                       20,
                                       11};
    shim_file_object file = file_named(path_text, true);
    start(RV_OBSERVE_FILE_ALL);
    for (uint32_t n = 0; n < 8; n++) {
        for (uint32_t bytes = 0; bytes <= 40; bytes++) {
            memset(buffer, 0xff, sizeof buffer);
            memset(buffer + 16, 0, 4);
            buffer[16] = 8; /* bytes of a new name */
            set_information(&file, classes[n], bytes == 40 ? NULL : buffer, bytes);
            bool renames = n < 2, deletes = bytes != 40 && ((n == 2 && bytes >= 1) || (n == 3 && bytes >= 4));
            const rv_event_file *event =
                event_of(logged(renames || deletes ? 1 : 0, "renames of any length, and deletions that are whole"));
            if (renames) {
                expect(event->new_path_bytes == (bytes >= 28 && bytes != 40 ? 12u : 0u),
                       "a new name only where the buffer holds it");
            }
        }
    }
    memset(buffer, 0, sizeof buffer);
    set_information(&file, FileDispositionInformation, buffer, 1);
    set_information(&file, FileDispositionInformationEx, buffer, 4);
    (void)logged(0, "a deletion that is taken back");
    memset(buffer, 0xff, sizeof buffer);
    set_information(&file, FileRenameInformation, buffer, 64);
    expect(event_of(logged(1, "a name longer than its buffer"))->new_path_bytes == 0, "is none");
    shim_forget_file(&file);
    stop();
}

/* ---- where the path may not be asked for -------------------------------------------------------------------------- */

static void test_paths(void)
{
    shim_file_object early = file_named(path_text, true), unnamed = file_named(NULL, true),
                     bare = file_named(path_text, true);
    start(RV_OBSERVE_FILE_ALL | RV_OBSERVE_FILE_PAGING);
    shim_operation it = operation_on(&early, IRP_MJ_READ);
    it.iopb.IrpFlags = IRP_PAGING_IO;
    run(&it, STATUS_SUCCESS, 4096);
    const shim_record *record = logged(1, "a page of a file that was open before");
    expect(event_of(record)->flags == RV_EVENT_PATH_UNKNOWN && event_of(record)->path_bytes == 0 &&
               event_of(record)->irp_flags == IRP_PAGING_IO,
           "comes without a path");
    it = operation_on(&early, IRP_MJ_READ);
    shim_begin(&it, APC_LEVEL);
    shim_end(&it, STATUS_SUCCESS, 1, APC_LEVEL, false);
    expect(event_of(logged(1, "at APC_LEVEL"))->flags == RV_EVENT_PATH_UNKNOWN, "nobody asks");
    expect(shim_names_asked() == 0, "and nobody has asked");
    simple(&early, IRP_MJ_READ, STATUS_SUCCESS, 10);
    expect(event_of(logged(1, "a read of a program"))->path_bytes == sizeof PATH - 1 && shim_names_asked() == 1,
           "asks once");
    static const KIRQL levels[] = {PASSIVE_LEVEL, APC_LEVEL};
    for (uint32_t n = 0; n < 2; n++) {
        it = operation_on(&early, IRP_MJ_WRITE);
        it.iopb.IrpFlags = n == 0 ? IRP_PAGING_IO : IRP_SYNCHRONOUS_PAGING_IO;
        shim_begin(&it, levels[n]);
        shim_end(&it, STATUS_SUCCESS, 4096, DISPATCH_LEVEL, false);
        expect(event_of(logged(1, "then its pages"))->path_bytes == sizeof PATH - 1, "have the path too");
    }
    it = operation_on(&early, IRP_MJ_READ);
    shim_begin(&it, DISPATCH_LEVEL);
    shim_end(&it, STATUS_SUCCESS, 1, DISPATCH_LEVEL, false);
    expect(event_of(logged(1, "at DISPATCH_LEVEL"))->flags == RV_EVENT_PATH_UNKNOWN, "there is no looking for it");

    simple(&unnamed, IRP_MJ_READ, STATUS_SUCCESS, 10);
    simple(&unnamed, IRP_MJ_READ, STATUS_SUCCESS, 10);
    expect(event_of(logged(2, "a file that has no path"))->flags == RV_EVENT_PATH_UNKNOWN && shim_names_asked() == 1,
           "is asked about once");
    shim_file_object locked = file_named(path_text, true);
    locked.busy = true;
    simple(&locked, IRP_MJ_READ, STATUS_SUCCESS, 10);
    locked.busy = false;
    simple(&locked, IRP_MJ_READ, STATUS_SUCCESS, 10);
    simple(&locked, IRP_MJ_READ, STATUS_SUCCESS, 10);
    const shim_record *three = logged(3, "where the file system may not be asked just now");
    expect(event_of(&three[0])->flags == RV_EVENT_PATH_UNKNOWN && event_of(&three[1])->flags == 0 &&
               event_of(&three[2])->flags == 0 && shim_names_asked() == 2,
           "it is asked the next time");
    shim_forget_file(&locked);
    shim_file_object shared = file_named(path_text, true);
    shim_operation rival = operation_on(&shared, IRP_MJ_READ);
    shared.rival = &rival;
    simple(&shared, IRP_MJ_READ, STATUS_SUCCESS, 10);
    const shim_record *two = logged(2, "two that ask for one path at once");
    expect(event_of(&two[0])->path_bytes == sizeof PATH - 1 && event_of(&two[1])->path_bytes == sizeof PATH - 1 &&
               shim_names_asked() == 2,
           "both have it, and one keeps it");
    shim_forget_file(&shared);
    bare.no_contexts = true;
    simple(&bare, IRP_MJ_READ, STATUS_SUCCESS, 10);
    expect(event_of(logged(1, "a file that keeps nothing"))->path_bytes == sizeof PATH - 1, "has its path each time");

    switch_on(RV_OBSERVE_FILE_ALL);
    it = operation_on(&early, IRP_MJ_WRITE);
    it.iopb.IrpFlags = IRP_PAGING_IO;
    run(&it, STATUS_SUCCESS, 4096);
    (void)logged(0, "pages are off");
    shim_forget_file(&early);
    shim_forget_file(&unnamed);
    stop();
}

static void test_long_path(void)
{
    static WCHAR endless[2000];
    for (uint32_t i = 0; i + 1 < 2000; i++) {
        endless[i] = (WCHAR)(i == 10 ? '~' : 'a' + i % 26);
    }
    shim_file_object file = file_named(endless, true);
    start(RV_OBSERVE_FILE_ALL);
    simple(&file, IRP_MJ_READ, STATUS_SUCCESS, 1);
    const shim_record *record = logged(1, "a path without an end");
    expect(event_of(record)->path_bytes == RV_EVENT_PATH_BYTES && event_of(record)->flags == RV_EVENT_PATH_CUT &&
               record->data[record->length - 1] == (uint8_t)endless[1998],
           "keeps its end, and is flagged");
    static union {
        FILE_RENAME_INFORMATION information;
        uint8_t bytes[4096];
    } rename;
    rename.information.FileNameLength = 4;
    memcpy(rename.information.FileName, u"ab", 4);
    set_information(&file, FileRenameInformation, &rename, sizeof rename);
    expect(event_of(logged(1, "from there to a short one"))->flags == RV_EVENT_PATH_CUT, "cuts the first");
    rename.information.FileNameLength = sizeof endless - 2;
    memcpy(rename.information.FileName, endless, sizeof endless - 2);
    file.path = path_text;
    simple(&file, IRP_MJ_READ, STATUS_SUCCESS, 1);
    forget_records();
    set_information(&file, FileRenameInformation, &rename, sizeof rename);
    record = logged(1, "and on to a long one");
    expect(event_of(record)->flags == RV_EVENT_SECOND_CUT && event_of(record)->path_bytes == sizeof PATH - 1 &&
               event_of(record)->new_path_bytes == RV_EVENT_PATH_BYTES &&
               record->data[record->length - 1] == (uint8_t)endless[1998],
           "cuts the second");
    shim_forget_file(&file);
    stop();
}

/* So many files are open that not all paths can be kept. */
static void test_many_paths(void)
{
    static shim_file_object files[RV_PATHS + 8];
    start(RV_OBSERVE_FILE_ALL);
    for (uint32_t n = 0; n < RV_PATHS + 8; n++) {
        files[n] = file_named(path_text, false);
        simple(&files[n], IRP_MJ_CREATE, STATUS_SUCCESS, 1);
    }
    expect(state().no_room == 8, "what has no room is counted");
    simple(&files[RV_PATHS], IRP_MJ_READ, STATUS_SUCCESS, 1);
    forget_records();
    simple(&files[RV_PATHS], IRP_MJ_READ, STATUS_SUCCESS, 1);
    expect(event_of(logged(1, "a file beyond"))->flags == RV_EVENT_PATH_UNKNOWN, "comes without its path");
    for (uint32_t n = 0; n < RV_PATHS + 8; n++) {
        shim_forget_file(&files[n]);
    }
    simple(&files[RV_PATHS], IRP_MJ_READ, STATUS_SUCCESS, 1);
    expect(event_of(logged(1, "when others are closed"))->path_bytes == sizeof PATH - 1, "there is room again");
    shim_forget_file(&files[RV_PATHS]);
    stop();
}

/* ---- what is not reported --------------------------------------------------------------------------------------- */

static void test_choice(void)
{
    static FILE_DISPOSITION_INFORMATION gone = {TRUE};
    static uint8_t rename[64];
    shim_file_object file = file_named(path_text, true);
    start(0);
    for (uint32_t on = RV_FILE_CREATE; on <= RV_FILE_CLOSE; on++) {
        switch_on(RV_OBSERVE(on));
        shim_file_object new_file = file_named(path_text, false);
        simple(&new_file, IRP_MJ_CREATE, STATUS_UNSUCCESSFUL, 0);
        simple(&file, IRP_MJ_READ, STATUS_SUCCESS, 1);
        simple(&file, IRP_MJ_WRITE, STATUS_SUCCESS, 1);
        set_information(&file, FileRenameInformationEx, rename, sizeof rename);
        set_information(&file, FileDispositionInformation, &gone, sizeof gone);
        simple(&file, IRP_MJ_CLEANUP, STATUS_SUCCESS, 0);
        expect(event_of(logged(1, "one of six"))->operation == on, "the one that is on");
    }
    static const struct {
        uint32_t left_out, pid, mode, records;
        const char *part, *what;
    } choices[] = {
        {77, 0, 0, 0, NULL, "the reader itself"},
        {0, 77, RV_FILTER_EXCLUDE, 0, NULL, "a process that is left out"},
        {0, 77, RV_FILTER_INCLUDE, 1, NULL, "one of those that are wanted"},
        {0, 0, RV_FILTER_INCLUDE, 1, "LOGS\\A", "a path by a part of it"},
        {0, 0, RV_FILTER_EXCLUDE, 0, "logs", "and without it"},
        {0, 0, RV_FILTER_INCLUDE, 0, "other", "another path"},
        {0, 0, RV_FILTER_EXCLUDE, 1, "other", "any but another path"},
    };
    for (uint32_t n = 0; n < sizeof choices / sizeof choices[0]; n++) {
        rv_observe_settings wanted = settings_of(RV_OBSERVE_FILE_ALL);
        wanted.left_out_pid = choices[n].left_out;
        if (choices[n].pid != 0) {
            wanted.filter = only_pid(choices[n].pid, choices[n].mode);
        } else if (choices[n].part != NULL) {
            wanted.filter = only_path(choices[n].part, choices[n].mode);
        }
        expect(set(&wanted) == STATUS_SUCCESS, choices[n].what);
        simple(&file, IRP_MJ_READ, STATUS_SUCCESS, 1);
        simple(&file, IRP_MJ_READ, STATUS_SUCCESS, 1);
        (void)logged(2 * choices[n].records, choices[n].what);
    }
    expect(shim_names_asked() <= 7, "the path was asked for at most once a create and file");
    rv_observe_settings wanted = settings_of(RV_OBSERVE_FILE_ALL);
    wanted.filter = only_path("Volume3\\b", RV_FILTER_INCLUDE);
    expect(set(&wanted) == STATUS_SUCCESS, "by where it goes");
    static union {
        FILE_RENAME_INFORMATION information;
        uint8_t bytes[128];
    } to_b;
    to_b.information.FileNameLength = sizeof other_text - 2;
    memcpy(to_b.information.FileName, other_text, sizeof other_text - 2);
    set_information(&file, FileRenameInformation, &to_b, sizeof to_b);
    (void)logged(1, "a rename passes by its new path too");

    switch_on(RV_OBSERVE_FILE_ALL);
    shim_ringview_mask(RV_FILE_LOGGER, rv_mask_type(RV_TYPE_FILE));
    simple(&file, IRP_MJ_READ, STATUS_SUCCESS, 1);
    (void)logged(0, "off by the mask of its logger");
    shim_ringview_mask(RV_FILE_LOGGER, 0);
    shim_operation it = operation_on(&file, IRP_MJ_READ);
    it.data.RequestorMode = KernelMode;
    it.data.Thread = NULL;
    it.iopb.Parameters.Read.ByteOffset.QuadPart = -2; /* FILE_USE_FILE_POINTER_POSITION */
    run(&it, STATUS_SUCCESS, 1);
    const shim_record *record = logged(1, "a request of the kernel");
    expect(event_of(record)->flags == RV_EVENT_FROM_KERNEL && record->tid == 0 &&
               event_of(record)->offset == 0xffffffffffffffffu,
           "says so, and not what it does not know");
    simple(&file, IRP_MJ_READ, STATUS_FLT_DISALLOW_FAST_IO, 0);
    (void)logged(0, "a fast way that there is none of");
    shim_forget_file(&file);
    stop();
}

/* ---- it goes ----------------------------------------------------------------------------------------------------- */

static void test_unload(void)
{
    ULONG_PTR information;
    shim_file_object file = file_named(path_text, false), other = file_named(path_text, true);
    start(RV_OBSERVE_FILE_ALL);
    (void)request(IRP_MJ_CREATE, 0, NULL, 0, 0, &information);
    expect(!shim_unload_filter(false), "it stays while a client has its device open");
    (void)request(IRP_MJ_CLEANUP, 0, NULL, 0, 0, &information);
    expect(!shim_unload_filter(false), "until the handle is gone");
    (void)request(IRP_MJ_CLOSE, 0, NULL, 0, 0, &information);

    shim_operation create = operation_on(&file, IRP_MJ_CREATE), read = operation_on(&other, IRP_MJ_READ);
    shim_begin(&create, PASSIVE_LEVEL);
    shim_begin(&read, PASSIVE_LEVEL);
    expect(create.asked_back && read.asked_back, "two operations are under way");
    expect(shim_unload_filter(false), "when it unloads");
    const shim_record *records = logged(2, "they are told of");
    for (uint32_t n = 0; n < 2; n++) {
        const rv_event_file *event = event_of(&records[n]);
        expect(event->flags == RV_EVENT_UNPAIRED && event->status == 0 && event->duration == 0 && event->bytes == 0 &&
                   event->result == 0 && event->path_bytes == sizeof PATH - 1,
               "without an end");
    }
    expect(file.context == NULL, "and nothing is kept of what is not open");
    expect(!create.asked_back && !read.asked_back, "nobody is called again");
    shim_ringview_leaves();
    expect(shim_nothing_held(), "nothing stays");
}

/* The whole life, with whatever fails. */
static void life(void)
{
    static uint8_t rename[64];
    shim_file_object file = file_named(path_text, false);
    shim_ringview_arrives();
    bool loaded = load();
    expect(loaded || shim_failed() != NULL, "it loads unless something fails");
    expect(loaded == shim_filtering(), "and then it filters");
    if (loaded) {
        bool attached = state().attached != 0;
        switch_on(RV_OBSERVE_FILE_ALL | RV_OBSERVE_FILE_PAGING);
        forget_records();
        simple(&file, IRP_MJ_CREATE, STATUS_SUCCESS, 1);
        file.opened = true;
        simple(&file, IRP_MJ_READ, STATUS_SUCCESS, 1);
        rename[16] = 2;
        set_information(&file, FileRenameInformation, rename, sizeof rename);
        shim_operation it = operation_on(&file, IRP_MJ_WRITE);
        it.iopb.IrpFlags = IRP_PAGING_IO;
        run(&it, STATUS_SUCCESS, 1);
        shim_begin(&it, PASSIVE_LEVEL);
        rv_observe_state now = state();
        const shim_record *records;
        uint32_t seen = shim_records(&records);
        expect(!attached ? seen == 0 : seen + now.no_memory >= 4, "each operation is reported, or counted");
        for (uint32_t n = 0; n < seen; n++) {
            expect(event_of(&records[n])->path_bytes == sizeof PATH - 1 ||
                       event_of(&records[n])->flags & RV_EVENT_PATH_UNKNOWN,
                   "with its path, or the word that it is not known");
        }
        expect(shim_unload_filter(true), "it unloads");
        forget_records();
    }
    shim_forget_file(&file);
    shim_ringview_leaves();
}

int main(void)
{
    test_life_of_a_file();
    test_failed_creates();
    test_set_information();
    test_paths();
    test_long_path();
    test_many_paths();
    test_choice();
    test_unload();
    fail_each(life);
    check(shim_violations() == 0, "no rule of the WDK is broken");
    check(shim_nothing_held(), "nothing is held");
    return report();
}
