/*
 * failures.c - drives the whole driver through its life, again and again, each time with another call into the system that
 * fails. After each request that failed the driver must be as it was before, and tried again it must work; after the end
 * nothing may be held.
 *
 * Usage: failures; prints one line of JSON.
 */
#include "../../shim/shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/ringview/attach.h"
#include "../../include/ringview/events.h"
#include "../../include/ringview/ioctl.h"
#include "../../include/ringview/log.h"
#include "../../include/ringview/write.h"

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);

/* Active CPUs. The machine may get a third one, for which no memory is locked in advance. */
#define CPUS 2u

static DRIVER_OBJECT driver;
static FILE_OBJECT file, other_file, write_file;
static uint32_t failures, requests_failed, nth;
static _Alignas(8) uint8_t buffer[16384];

#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition) && failures++ < 20) {                                                                         \
            fprintf(stderr, "%s:%d: %s (call %u fails: %s)\n", __FILE__, __LINE__, #condition, nth,                    \
                    shim_failed() != NULL ? shim_failed() : "none");                                                   \
            shim_print_held();                                                                                         \
        }                                                                                                              \
    } while (0)

static NTSTATUS send(PIRP irp, UCHAR major, PFILE_OBJECT from)
{
    irp->stack.MajorFunction = major;
    irp->stack.FileObject = from;
    NTSTATUS status = driver.MajorFunction[major](NULL, irp);
    EXPECT(status == STATUS_PENDING ? irp->pending && irp->completed == 0
                                    : irp->completed == 1 && irp->IoStatus.Status == status);
    return status;
}

static NTSTATUS simple(UCHAR major, PFILE_OBJECT from)
{
    IRP irp = {0};
    return send(&irp, major, from);
}

/* `buffer` carries the input and returns the answer, as with METHOD_BUFFERED. */
static NTSTATUS control(uint32_t code, PFILE_OBJECT from, const void *input, uint32_t input_bytes,
                        uint32_t output_bytes)
{
    IRP irp = {0};
    memset(buffer, 0x77, sizeof buffer);
    if (input_bytes != 0) {
        memcpy(buffer, input, input_bytes);
    }
    irp.AssociatedIrp.SystemBuffer = buffer;
    irp.stack.Parameters.DeviceIoControl.IoControlCode = code;
    irp.stack.Parameters.DeviceIoControl.InputBufferLength = input_bytes;
    irp.stack.Parameters.DeviceIoControl.OutputBufferLength = output_bytes;
    NTSTATUS status = send(&irp, IRP_MJ_DEVICE_CONTROL, from);
    /* What is returned to the client lies within its buffer, and contains none of the bytes that were there before. */
    EXPECT(irp.IoStatus.Information <= output_bytes);
    if (status == STATUS_SUCCESS && output_bytes != 0) {
        EXPECT(irp.IoStatus.Information == output_bytes);
        for (uint32_t i = 0; i + 4 <= irp.IoStatus.Information; i++) {
            EXPECT(memcmp(buffer + i, "\x77\x77\x77\x77", 4) != 0);
        }
    }
    if (!NT_SUCCESS(status) && status != STATUS_DEVICE_BUSY) {
        EXPECT(irp.IoStatus.Information == 0);
    }
    return status;
}

static rv_ioctl_statistics statistics(void)
{
    rv_ioctl_statistics answer;
    EXPECT(control(RV_IOCTL_STATISTICS, &file, NULL, 0, sizeof answer) == STATUS_SUCCESS);
    memcpy(&answer, buffer, sizeof answer);
    return answer;
}

static bool same_held(shim_held a, shim_held b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/*
 * A request that may fail only because of the call that is made to fail. If it does, nothing has changed, and a second
 * attempt works.
 */
static void must_work(uint32_t code, const void *input, uint32_t input_bytes, uint32_t output_bytes)
{
    shim_held held = shim_holding();
    rv_ioctl_statistics before = statistics();
    bool failed_already = shim_failed() != NULL;
    NTSTATUS status = control(code, &file, input, input_bytes, output_bytes);
    if (NT_SUCCESS(status)) {
        return;
    }
    requests_failed++;
    EXPECT(!failed_already && shim_failed() != NULL);
    EXPECT(same_held(held, shim_holding()));
    rv_ioctl_statistics after = statistics();
    EXPECT(after.state == before.state && after.session_id == before.session_id &&
           after.reader_pid == before.reader_pid && after.capturing == before.capturing &&
           after.written == before.written);
    EXPECT(SendData(1, 1, "x", 1) == (before.state == RV_STATE_RUNNING ? RV_OK : RV_NOT_ATTACHED));
    EXPECT(NT_SUCCESS(control(code, &file, input, input_bytes, output_bytes)));
}

static rv_ioctl_attach attached(uint64_t *ring_view)
{
    rv_ioctl_attach answer;
    memcpy(&answer, buffer, sizeof answer);
    memcpy(ring_view, buffer + RV_IOCTL_ATTACH_HEADER_BYTES + 8, 8); /* of the CPU that everything runs on here */
    return answer;
}

static void attach(void)
{
    rv_ioctl_attach_request request = {RV_IOCTL_PROTOCOL, RV_VERSION_MAJOR, 0};
    must_work(RV_IOCTL_ATTACH, &request, sizeof request, rv_ioctl_attach_bytes(CPUS));
}

static void configure(uint64_t ring_bytes, uint32_t mode)
{
    rv_ioctl_configure request = {ring_bytes, mode, RV_ORDER_INDEX};
    must_work(RV_IOCTL_CONFIGURE, &request, sizeof request, 0);
}

static void capture(uint32_t mask)
{
    rv_ioctl_capture request = {mask, 0};
    must_work(RV_IOCTL_CAPTURE, &request, sizeof request, sizeof request);
    EXPECT(statistics().capturing == mask);
}

/* Reads through the views that the client was given, and finds whole records, whatever failed before. The last one is logged
 * now, at `level`, and says so. */
static void read_by_views(const char *expected, KIRQL level)
{
    bool writable = false;
    uint64_t ring_address;
    rv_ioctl_attach views = attached(&ring_address);
    const rv_session_page *session = shim_client_view(views.session, &writable);
    EXPECT(session != NULL && !writable && session->magic == RV_MAGIC_SESSION && session->state == RV_STATE_RUNNING);
    rv_consumer_page *consumers = shim_client_view(views.consumers, &writable);
    EXPECT(consumers != NULL && writable);
    const uint8_t *ring = shim_client_view(ring_address, &writable);
    EXPECT(ring != NULL && !writable);
    if (session == NULL || consumers == NULL || ring == NULL) {
        return;
    }
    const rv_producer_page *producer = (const rv_producer_page *)(const void *)ring;
    EXPECT(producer->magic == RV_MAGIC_PRODUCER && producer->cpu == 1);
    EXPECT(session->cpu_count == CPUS && session->start_filetime == SHIM_WALL_CLOCK);
    EXPECT(shim_node_of(ring_address) == 1 && !shim_moved()); /* the second CPU is all there is of the second node */
    KIRQL before;
    KeRaiseIrql(level, &before);
    EXPECT(LogMessage("%s", expected) == RV_OK);
    KeLowerIrql(before);
    uint64_t end = producer->published, at = consumers[1].consumed;
    rv_record header = {0};
    const uint8_t *payload = NULL;
    while (at < end) {
        memcpy(&header, ring + RV_PAGE + at % views.ring_bytes, sizeof header);
        payload = ring + RV_PAGE + at % views.ring_bytes + RV_RECORD_HEADER_BYTES;
        at += header.kind == RV_KIND_RECORD ? rv_record_bytes(header.length) : RV_PAD_HEADER_BYTES + header.length;
    }
    EXPECT(at == end && header.length == strlen(expected) && memcmp(payload, expected, header.length) == 0);
    EXPECT(header.pid == 4711 && header.tid == 4712 && header.irql == level);
    consumers[1].consumed = end;
}

/* The next record at or after `*at`, skipping PADs; NULL at `end`. */
static const uint8_t *next_record(const uint8_t *data, uint64_t ring_bytes, uint64_t *at, uint64_t end,
                                  rv_record *header)
{
    while (*at < end) {
        const uint8_t *here = data + *at % ring_bytes;
        uint64_t to_end = ring_bytes - *at % ring_bytes;
        memcpy(header, here, to_end < sizeof *header ? to_end : sizeof *header); /* a PAD may be shorter */
        bool pad = header->kind != RV_KIND_RECORD;
        *at += pad ? RV_PAD_HEADER_BYTES + header->length : rv_record_bytes(header->length);
        if (!pad) {
            return here + RV_RECORD_HEADER_BYTES;
        }
    }
    return NULL;
}

/*
 * Events of the system become records: printed pieces joined to lines, with component and level in their fields and cut
 * ones marked; the life of a process as typed data. DbgPrint and processes are captured, and `buffer` still has the
 * answer of the attach request.
 */
static void captured(void)
{
    static char cut[511]; /* as DbgPrint hands over what did not fit */
    memset(cut, 'x', sizeof cut);
    cut[510] = '\n';
    const struct {
        uint16_t origin, type, flags;
        uint8_t level;
        uint32_t remarks, length;
        const char *text; /* NULL: a process event */
    } expected[] = {
        {RV_ORIGIN_DBGPRINT, RV_TYPE_TEXT, 0, RV_LEVEL_ERROR, 101, 5, "error"}, /* whole before the other one */
        {RV_ORIGIN_DBGPRINT, RV_TYPE_TEXT, 0, RV_LEVEL_WARNING, 77, 9, "a warning"},
        {RV_ORIGIN_DBGPRINT, RV_TYPE_TEXT, 0, RV_LEVEL_TRACE, 5, 5, "trace"},
        {RV_ORIGIN_DBGPRINT, RV_TYPE_TEXT, RV_FLAG_TRUNCATED, RV_LEVEL_INFO, 101, sizeof cut - 1, cut},
        {RV_ORIGIN_DBGPRINT, RV_TYPE_TEXT, 0, 255, 101, 4, "mask"},
        {RV_ORIGIN_DBGPRINT, RV_TYPE_TEXT, 0, RV_LEVEL_INFO, 9, 4, "late"},
        {RV_ORIGIN_DRIVER, RV_TYPE_PROCESS, 0, RV_LEVEL_INFO, 5000, sizeof(rv_event_process) + 16, NULL},
        {RV_ORIGIN_DRIVER, RV_TYPE_PROCESS, 0, RV_LEVEL_INFO, 5000, sizeof(rv_event_process), NULL},
    };
    bool writable = false;
    uint64_t ring_address;
    rv_ioctl_attach views = attached(&ring_address);
    rv_consumer_page *consumers = shim_client_view(views.consumers, &writable);
    const uint8_t *ring = shim_client_view(ring_address, &writable);
    if (consumers == NULL || ring == NULL) {
        return;
    }
    const rv_producer_page *producer = (const rv_producer_page *)(const void *)ring;
    uint64_t at = producer->published;
    shim_dbgprint_as("a warn", 6, 77, 1);
    shim_dbgprint_as("error\n", 6, 101, 0);
    shim_dbgprint_as("ing\n", 4, 77, 1);
    shim_dbgprint_as("trace\n", 6, 5, 2);
    shim_dbgprint_as(cut, sizeof cut, 101, 3);
    shim_dbgprint_as("mask\n", 5, 101, 0x80000000u);
    shim_run_as(1234);
    shim_dbgprint_as("late", 4, 9, 3);
    shim_run_as(4711);
    shim_tick();
    shim_tick();
    shim_new_process();

    uint32_t seen = 0;
    rv_record header;
    const uint8_t *data = ring + RV_PAGE;
    for (const uint8_t *payload; (payload = next_record(data, views.ring_bytes, &at, producer->published, &header));) {
        uint32_t n = seen++;
        EXPECT(n < sizeof expected / sizeof expected[0]);
        if (n >= sizeof expected / sizeof expected[0]) {
            break;
        }
        EXPECT(header.origin == expected[n].origin && header.type == expected[n].type);
        EXPECT(header.flags == expected[n].flags && header.level == expected[n].level);
        EXPECT(header.remarks == expected[n].remarks && header.length == expected[n].length);
        /* A line that waited for its end still names the process that printed it, and says how long it waited. */
        bool late = expected[n].remarks == 9;
        EXPECT(header.tid == header.pid + 1 && header.irql == PASSIVE_LEVEL);
        EXPECT(header.pid == (late ? 1234 : 4711) && (late ? header.delay_ms >= 100 : header.delay_ms < 100));
        if (expected[n].text != NULL) {
            EXPECT(memcmp(payload, expected[n].text, expected[n].length) == 0);
            continue;
        }
        rv_event_process event;
        memcpy(&event, payload, sizeof event);
        bool start = event.action == RV_EVENT_START;
        EXPECT(event.pid == 5000 && event.parent_pid == (start ? 4 : 0) && event.name_bytes == (start ? 8 : 0));
        EXPECT(!start || memcmp(payload + sizeof event, "C:\\a.exea.exe /x", 16) == 0);
        EXPECT(event.header_bytes == sizeof event && event.command_bytes == (start ? 8 : 0));
    }
    EXPECT(seen == sizeof expected / sizeof expected[0]);
    consumers[1].consumed = producer->published;
}

/* Every page of the session is in the dump, if the callback could be registered. */
static void crash(uint64_t ring_bytes)
{
    uint64_t pages = shim_crash();
    uint64_t all = 1 + CPUS + CPUS * (1 + ring_bytes / RV_PAGE);
    EXPECT(pages == all || (nth != 0 && pages == 0));

    /* A small dump takes the pages that say what there is, and the newest part of each ring; or as much as fits. */
    uint64_t fixed = (1 + 2 * (uint64_t)CPUS) * RV_PAGE;
    uint64_t share = ((1 << 20) - fixed) / CPUS / RV_PAGE * RV_PAGE;
    uint64_t bytes = shim_small_crash(1 << 20);
    EXPECT(bytes == fixed + CPUS * (share < ring_bytes ? share : ring_bytes) || (nth != 0 && bytes == 0));
    bytes = shim_small_crash(3 * RV_PAGE);
    EXPECT(bytes == 3 * RV_PAGE || (nth != 0 && bytes == 0));
    EXPECT(shim_small_crash(0) == 0);
}

/* Leaves a wait with the driver and sees it end. */
static void wait_for_data(void)
{
    IRP irp = {0};
    _Alignas(8) uint8_t answer[8] = {0};
    irp.AssociatedIrp.SystemBuffer = answer;
    irp.stack.Parameters.DeviceIoControl.IoControlCode = RV_IOCTL_WAIT;
    irp.stack.Parameters.DeviceIoControl.OutputBufferLength = sizeof answer;
    NTSTATUS status = send(&irp, IRP_MJ_DEVICE_CONTROL, &file);
    EXPECT(status == STATUS_PENDING);
    if (status == STATUS_PENDING) {
        shim_tick();
        EXPECT(irp.completed == 0); /* nothing to read yet */
        EXPECT(control(RV_IOCTL_WAIT, &file, NULL, 0, 8) == STATUS_DEVICE_BUSY);
        EXPECT(LogMessage("awake") == RV_OK);
        shim_tick();
        EXPECT(irp.completed == 1 && irp.IoStatus.Status == STATUS_SUCCESS && irp.IoStatus.Information == 8);
    }
}

/*
 * During sleep the system stops calling the DbgPrint callback. Afterwards DbgPrint is captured again, or the driver
 * reports that it is not, so that somebody can switch it on again.
 */
static void sleep_and_wake(void)
{
    uint32_t mask = RV_CAPTURE_PROCESS | RV_CAPTURE_DBGPRINT;
    shim_sleep();
    rv_ioctl_statistics after = statistics();
    if (after.dbgprint_renewals != 1) {
        EXPECT(shim_failed() != NULL && after.dbgprint_renewals == 0);
        if (after.capturing == mask) {
            /* The driver was not told of the sleep, because the call with which it asked to be told is the one that
             * failed. */
            EXPECT(strncmp(shim_failed(), "DbgSet", 6) != 0);
            capture(RV_CAPTURE_PROCESS);
        }
        capture(mask);
    }
    uint64_t calls = statistics().dbgprint_calls;
    shim_dbgprint("awake\n");
    EXPECT(statistics().dbgprint_calls == calls + 1);
}

/* Attaches a driver. One of its calls may fail the first time, and then nothing of the attempt is left. */
static void attach_driver(rv_attachment *attachment)
{
    shim_held held = shim_holding();
    NTSTATUS status = rv_attach(attachment, "another");
    if (!NT_SUCCESS(status)) {
        requests_failed++;
        EXPECT(same_held(held, shim_holding()));
        EXPECT(rv_attach_send(attachment, 5, 5, "lost", 4) == RV_NOT_ATTACHED);
        rv_attach_detach(attachment);
        status = rv_attach(attachment, "another");
    }
    EXPECT(NT_SUCCESS(status));
    EXPECT(statistics().attached_drivers == 1);
    EXPECT(rv_attach_send(attachment, 5, 5, "from afar", 9) == RV_OK);
    EXPECT(shim_can_unload() && shim_image_references() == 1);
}

static void another_driver(void)
{
    static rv_attachment attachment;
    attachment = (rv_attachment)RV_ATTACHMENT_INIT;
    attach_driver(&attachment);
    rv_attach_detach(&attachment);
    EXPECT(rv_attach_send(&attachment, 5, 5, "too late", 8) == RV_NOT_ATTACHED);
    EXPECT(statistics().attached_drivers == 0 && shim_image_references() == 0);
}

/* Loads ringview.sys. If that fails, nothing is left of it, and it works when tried again. */
static bool load(void)
{
    shim_held held = shim_holding();
    memset(&driver, 0, sizeof driver);
    NTSTATUS status = DriverEntry(&driver, NULL);
    if (!NT_SUCCESS(status)) {
        requests_failed++;
        EXPECT(shim_failed() != NULL);
        EXPECT(same_held(held, shim_holding())); /* an entry that fails has no unload after it */
        EXPECT(driver.DriverUnload == NULL);
        EXPECT(SendData(1, 1, "x", 1) == RV_NOT_ATTACHED);
        memset(&driver, 0, sizeof driver);
        status = DriverEntry(&driver, NULL);
    }
    EXPECT(NT_SUCCESS(status) && driver.DriverUnload != NULL);
    return NT_SUCCESS(status);
}

/* ---- drivers that watch for ringview.sys ---- */

typedef struct watcher {
    rv_watch watch;
    rv_attachment attachment;
    const char *name;
} watcher;

static void begin_watching(watcher *self, const char *name)
{
    shim_held held = shim_holding();
    *self = (watcher){.attachment = RV_ATTACHMENT_INIT, .name = name};
    if (!NT_SUCCESS(rv_attach_watch(&self->watch, &self->attachment, name))) {
        requests_failed++;
        EXPECT(shim_failed() != NULL && same_held(held, shim_holding()) && !rv_is_attached(&self->attachment));
        rv_attach_unwatch(&self->watch);
        EXPECT(NT_SUCCESS(rv_attach_watch(&self->watch, &self->attachment, name)));
    }
}

/* Attached, or kept from it by the call that failed; then what it logs is refused. */
static bool is_heard(watcher *self, bool *failed)
{
    rv_status status = rv_attach_send_level(&self->attachment, RV_LEVEL_WARNING, 5, 5, "heard", 5);
    if (!rv_is_attached(&self->attachment)) {
        EXPECT(status == RV_NOT_ATTACHED);
        *failed = true;
        return false;
    }
    EXPECT(status == RV_OK);
    return true;
}

static void masks(watcher *heard)
{
    rv_ioctl_mask mask = {.off = rv_mask_level(RV_LEVEL_WARNING) | rv_mask_type(7)};
    memcpy(mask.name, heard->name, strlen(heard->name));
    uint64_t written = statistics().written;
    must_work(RV_IOCTL_MASK, &mask, sizeof mask, 0);
    EXPECT(rv_attach_send_level(&heard->attachment, RV_LEVEL_WARNING, 5, 5, "off", 3) == RV_MASKED);
    EXPECT(rv_attach_send(&heard->attachment, 7, 5, "off", 3) == RV_MASKED);
    EXPECT(rv_attach_log(&heard->attachment, RV_LEVEL_WARNING, "off") == RV_MASKED);
    EXPECT(statistics().written == written && statistics().lost == 0);
    EXPECT(rv_attach_log(&heard->attachment, RV_LEVEL_INFO, "on") == RV_OK);
    must_work(RV_IOCTL_LOGGERS, NULL, 0, sizeof(rv_ioctl_loggers));
    static rv_ioctl_loggers listed;
    memcpy(&listed, buffer, sizeof listed);
    const rv_ioctl_logger *entry = &listed.loggers[heard->attachment.origin - RV_ORIGIN_LOGGER];
    EXPECT(strcmp(entry->name, heard->name) == 0 && entry->off == mask.off && entry->attached == 1);
    EXPECT(strcmp(listed.loggers[RV_LOGGER_SELF].name, "ringview.sys") == 0);
    mask.off = 0;
    must_work(RV_IOCTL_MASK, &mask, sizeof mask, 0);
    memcpy(mask.name, "ringview.sys", 13);
    mask.off = rv_mask_type(RV_TYPE_TEXT);
    must_work(RV_IOCTL_MASK, &mask, sizeof mask, 0);
    EXPECT(LogMessage("off") == RV_MASKED && SendData(1, 1, "on", 2) == RV_OK);
    mask.off = 0;
    must_work(RV_IOCTL_MASK, &mask, sizeof mask, 0);
    EXPECT(LogMessage("on") == RV_OK);
    mask.name[3] = ' ';
    EXPECT(control(RV_IOCTL_MASK, &file, &mask, sizeof mask, 0) == STATUS_INVALID_PARAMETER);
}

/* A text of so many return addresses, by what it takes of the ring. */
static uint64_t bytes_of(rv_attachment *attachment, uint8_t level)
{
    uint64_t before = statistics().written_bytes;
    EXPECT(rv_attach_log(attachment, level, "8 bytes.") == RV_OK);
    return statistics().written_bytes - before;
}

static void stacks(watcher *heard)
{
    rv_ioctl_stacks request = {.levels = (uint32_t)rv_mask_level(RV_LEVEL_WARNING)};
    memcpy(request.name, heard->name, strlen(heard->name));
    uint64_t without = bytes_of(&heard->attachment, RV_LEVEL_WARNING);
    must_work(RV_IOCTL_STACKS, &request, sizeof request, 0);
    EXPECT(bytes_of(&heard->attachment, RV_LEVEL_WARNING) == without + RV_MAX_FRAMES * 8);
    EXPECT(bytes_of(&heard->attachment, RV_LEVEL_INFO) == without);
    must_work(RV_IOCTL_LOGGERS, NULL, 0, sizeof(rv_ioctl_loggers));
    static rv_ioctl_loggers listed;
    memcpy(&listed, buffer, sizeof listed);
    EXPECT(listed.loggers[heard->attachment.origin - RV_ORIGIN_LOGGER].stacks == request.levels);
    request.levels = 0;
    must_work(RV_IOCTL_STACKS, &request, sizeof request, 0);
    EXPECT(bytes_of(&heard->attachment, RV_LEVEL_WARNING) == without);
    request.reserved = 1;
    EXPECT(control(RV_IOCTL_STACKS, &file, &request, sizeof request, 0) == STATUS_INVALID_PARAMETER);
    request = (rv_ioctl_stacks){.name = "programs", .levels = 1};
    EXPECT(control(RV_IOCTL_STACKS, &file, &request, sizeof request, 0) == STATUS_NOT_SUPPORTED);
    request = (rv_ioctl_stacks){.name = "ringview.sys", .levels = ~0u};
    must_work(RV_IOCTL_STACKS, &request, sizeof request, 0);
    uint64_t before = statistics().written_bytes;
    EXPECT(LogMessage("8 bytes.") == RV_OK && statistics().written_bytes == before + without + RV_MAX_FRAMES * 8);
    request.levels = 0;
    must_work(RV_IOCTL_STACKS, &request, sizeof request, 0);
}

/* ---- programs ---- */

static NTSTATUS send_write(PIRP irp, UCHAR major)
{
    irp->stack.MajorFunction = major;
    irp->stack.FileObject = &write_file;
    NTSTATUS status = driver.MajorFunction[major](shim_write_device, irp);
    EXPECT(irp->completed == 1 && irp->IoStatus.Status == status);
    return status;
}

static NTSTATUS simple_write(UCHAR major)
{
    IRP irp = {0};
    return send_write(&irp, major);
}

/* As the I/O manager sends it: the batch is copied into a buffer that the answer comes back in. */
static NTSTATUS write_batch(const void *batch, uint32_t bytes, rv_write_answer *answer)
{
    static _Alignas(8) uint8_t copy[RV_WRITE_BYTES + 64];
    IRP irp = {0};
    memcpy(copy, batch, bytes);
    irp.AssociatedIrp.SystemBuffer = copy;
    irp.stack.Parameters.DeviceIoControl.IoControlCode = RV_IOCTL_WRITE;
    irp.stack.Parameters.DeviceIoControl.InputBufferLength = bytes;
    irp.stack.Parameters.DeviceIoControl.OutputBufferLength = sizeof *answer;
    NTSTATUS status = send_write(&irp, IRP_MJ_DEVICE_CONTROL);
    EXPECT(irp.IoStatus.Information == (NT_SUCCESS(status) ? sizeof *answer : 0));
    memcpy(answer, copy, sizeof *answer);
    return status;
}

static uint32_t fill_batch(uint8_t *batch, uint32_t count, uint32_t length, uint16_t type, uint8_t level)
{
    uint32_t at = sizeof(rv_write_header);
    memcpy(batch, &(rv_write_header){RV_WRITE_VERSION, count}, at);
    for (uint32_t n = 0; n < count; n++) {
        memcpy(batch + at, &(rv_write_record){.length = length, .type = type, .level = level, .remarks = n},
               sizeof(rv_write_record));
        memset(batch + at + sizeof(rv_write_record), 'p', length);
        at += rv_write_record_bytes(length);
    }
    return at;
}

static void programs(void)
{
    static _Alignas(8) uint8_t batch[RV_WRITE_BYTES];
    static rv_ioctl_programs listed;
    rv_write_answer answer;
    shim_held held = shim_holding();
    if (!NT_SUCCESS(simple_write(IRP_MJ_CREATE))) {
        requests_failed++;
        EXPECT(shim_failed() != NULL && same_held(held, shim_holding()));
        EXPECT(simple_write(IRP_MJ_CREATE) == STATUS_SUCCESS);
    }
    uint32_t bytes = fill_batch(batch, 3, 20, 5, RV_LEVEL_INFO);
    rv_ioctl_statistics before = statistics();
    EXPECT(write_batch(batch, bytes, &answer) == STATUS_SUCCESS && answer.written == 3 &&
           answer.lost + answer.refused + answer.masked == 0 && answer.off == 0);
    EXPECT(statistics().written == before.written + 3);
    EXPECT(write_batch(batch, bytes - 8, &answer) == STATUS_INVALID_PARAMETER);
    EXPECT(write_batch(batch, 0, &answer) == STATUS_INVALID_PARAMETER);
    shim_run_as(1234);
    EXPECT(write_batch(batch, bytes, &answer) == STATUS_ACCESS_DENIED);
    shim_run_as(4711);
    rv_ioctl_mask mask = {"programs", rv_mask_level(RV_LEVEL_INFO)};
    must_work(RV_IOCTL_MASK, &mask, sizeof mask, 0);
    EXPECT(write_batch(batch, bytes, &answer) == STATUS_SUCCESS && answer.masked == 3 && answer.off == mask.off);
    mask.off = 0;
    must_work(RV_IOCTL_MASK, &mask, sizeof mask, 0);
    EXPECT(statistics().written == before.written + 3);

    /* A flood: a quarter of the ring is all it gets, the rest is refused and counted, and drivers find room. */
    bytes = fill_batch(batch, 700, 64, 6, RV_LEVEL_INFO);
    uint64_t written = 3, refused = 0;
    for (int n = 0; n < 20; n++) {
        EXPECT(write_batch(batch, bytes, &answer) == STATUS_SUCCESS && answer.written + answer.refused == 700);
        written += answer.written;
        refused += answer.refused;
    }
    EXPECT(written > 2000 && written <= 3 + RV_IOCTL_DEFAULT_RING_BYTES / 4 / 120 && refused > 10000);
    rv_ioctl_statistics after = statistics();
    EXPECT(after.lost == before.lost + refused && after.lost_quota == before.lost_quota + refused);
    EXPECT(after.lost == after.lost_full + after.lost_too_big + after.lost_zero_length + after.lost_missing_data +
                             after.lost_nesting + after.lost_quota);
    EXPECT(LogMessage("a driver's") == RV_OK);
    must_work(RV_IOCTL_PROGRAMS, NULL, 0, sizeof listed);
    memcpy(&listed, buffer, sizeof listed);
    const rv_ioctl_program *self = &listed.programs[0];
    EXPECT(self->pid == 4711 && self->handles == 1 && self->written == written && self->refused == refused &&
           self->masked == 3 && self->lost == 0 && listed.programs[1].pid == 0);
    FILE_OBJECT first = write_file;
    EXPECT(simple_write(IRP_MJ_CREATE) == STATUS_SUCCESS); /* a second handle takes no second share */
    EXPECT(write_batch(batch, bytes, &answer) == STATUS_SUCCESS && answer.refused == 700);
    EXPECT(simple_write(IRP_MJ_CLOSE) == STATUS_SUCCESS);
    EXPECT(write_batch(batch, bytes, &answer) == STATUS_ACCESS_DENIED);
    write_file = first;

    EXPECT(control(RV_IOCTL_STOP, &file, NULL, 0, 0) == STATUS_SUCCESS);
    EXPECT(write_batch(batch, bytes, &answer) == STATUS_DEVICE_NOT_READY);
    configure(65536, RV_MODE_OVERWRITE_OLD);
    EXPECT(write_batch(batch, bytes, &answer) == STATUS_SUCCESS && answer.written == 65536 / 4 / 120);
    EXPECT(simple_write(IRP_MJ_CLEANUP) == STATUS_SUCCESS && simple_write(IRP_MJ_CLOSE) == STATUS_SUCCESS);
    EXPECT(write_batch(batch, bytes, &answer) == STATUS_ACCESS_DENIED);
    must_work(RV_IOCTL_PROGRAMS, NULL, 0, sizeof listed);
    EXPECT(memcmp(buffer, &(rv_ioctl_program){.pid = 4711}, 4) == 0);
}

static NTSTATUS open_as(uint32_t pid, const char *user, FILE_OBJECT *opened)
{
    *opened = (FILE_OBJECT){0};
    FILE_OBJECT kept = write_file;
    write_file = *opened;
    shim_run_as(pid);
    shim_run_for(user);
    NTSTATUS status = simple_write(IRP_MJ_CREATE);
    *opened = write_file;
    write_file = kept;
    shim_run_as(4711);
    return status;
}

/* Processes of one user after another open the device for programs, as many as may. Without a call that fails. */
static void users(void)
{
    static FILE_OBJECT opened[RV_PROGRAMS + 1];
    static const char *const names[] = {"ann", "bob", "zoe"};
    static const uint32_t expected[] = {RV_PROGRAMS / 2, RV_PROGRAMS / 4, RV_PROGRAMS / 8};
    uint32_t count = 0;
    shim_fail(0);
    if (!load()) {
        return;
    }
    for (uint32_t user = 0; user < 3; user++) {
        uint32_t own = 0;
        NTSTATUS status;
        while ((status = open_as(10000 + count, names[user], &opened[count])) == STATUS_SUCCESS) {
            own++;
            count++;
        }
        EXPECT(status == STATUS_QUOTA_EXCEEDED && own == expected[user]);
        /* Another handle of a process that has a place takes none. */
        FILE_OBJECT second;
        EXPECT(open_as(10000 + count - 1, names[user], &second) == STATUS_SUCCESS);
        FILE_OBJECT kept = write_file;
        write_file = second;
        EXPECT(simple_write(IRP_MJ_CLOSE) == STATUS_SUCCESS);
        write_file = kept;
    }
    while (count > 0) {
        FILE_OBJECT kept = write_file;
        write_file = opened[--count];
        EXPECT(simple_write(IRP_MJ_CLOSE) == STATUS_SUCCESS);
        write_file = kept;
    }
    EXPECT(open_as(10000, "ann", &opened[0]) == STATUS_SUCCESS); /* what was left is there again */
    write_file = opened[0];
    EXPECT(simple_write(IRP_MJ_CLOSE) == STATUS_SUCCESS);
    write_file = (FILE_OBJECT){0};
    driver.DriverUnload(&driver);
    EXPECT(shim_nothing_held());
    shim_run_for("ann");
}

/* One is loaded before ringview.sys and one after it; ringview.sys is updated under both. */
static void watched_life(void)
{
    static watcher early, late;
    bool failed = false;
    begin_watching(&early, "early");
    EXPECT(rv_attach_send(&early.attachment, 5, 5, "x", 1) == RV_NOT_ATTACHED);
    if (!load()) {
        return;
    }
    EXPECT(simple(IRP_MJ_CREATE, &file) == STATUS_SUCCESS);
    begin_watching(&late, "late");
    uint32_t heard = is_heard(&early, &failed) + is_heard(&late, &failed);
    EXPECT(statistics().attached_drivers == heard && (heard == 2 || shim_failed() != NULL));
    if (rv_is_attached(&early.attachment)) {
        masks(&early);
        stacks(&early);
    }
    programs();
    EXPECT(simple(IRP_MJ_CLEANUP, &file) == STATUS_SUCCESS && simple(IRP_MJ_CLOSE, &file) == STATUS_SUCCESS);
    driver.DriverUnload(&driver);
    EXPECT(shim_image_references() == 0 && early.attachment.calls.forget == NULL &&
           late.attachment.calls.forget == NULL);
    EXPECT(rv_attach_send(&early.attachment, 5, 5, "x", 1) == RV_NOT_ATTACHED);
    shim_held held = shim_holding();
    EXPECT(held.callbacks == 2 && held.references == 2 && held.pool == 0 && held.devices == 0);
    if (!load()) {
        return;
    }
    heard = is_heard(&late, &failed) + is_heard(&early, &failed);
    EXPECT(heard == 2 || shim_failed() != NULL);
    rv_attach_unwatch(&early.watch);
    EXPECT(statistics().attached_drivers == (rv_is_attached(&late.attachment) ? 1u : 0u));
    rv_attach_unwatch(&late.watch);
    EXPECT(statistics().attached_drivers == 0);
    driver.DriverUnload(&driver);
    EXPECT(shim_nothing_held() && shim_image_references() == 0);
}

/* ---- from the first second of the boot ---- */

static bool failed_one_of(const char *begin)
{
    return shim_failed() != NULL && strncmp(shim_failed(), begin, strlen(begin)) == 0;
}

/* Loads ringview.sys as Windows does when it boots, or `early` by its boot loader. Whatever one call refuses, but for memory
 * and the devices themselves, it is loaded. */
static void boot(bool early)
{
    static const uint16_t text[] = {
        '\\', 'R', 'e', 'g',  'i', 's', 't', 'r', 'y', '\\', 'M', 'a', 'c', 'h', 'i', 'n', 'e', '\\', 'S', 'y', 's',
        't',  'e', 'm', '\\', 'C', 'u', 'r', 'r', 'e', 'n',  't', 'C', 'o', 'n', 't', 'r', 'o', 'l',  'S', 'e', 't',
        '\\', 'S', 'e', 'r',  'v', 'i', 'c', 'e', 's', '\\', 'r', 'i', 'n', 'g', 'v', 'i', 'e', 'w',  0};
    UNICODE_STRING path;
    RtlInitUnicodeString(&path, text);
    shim_held held = shim_holding();
    memset(&driver, 0, sizeof driver);
    if (!NT_SUCCESS(DriverEntry(&driver, &path))) {
        requests_failed++;
        EXPECT(shim_failed() != NULL && same_held(held, shim_holding()) && driver.DriverUnload == NULL);
        EXPECT(!failed_one_of("Zw") || failed_one_of("ZwCreateSection"));
        EXPECT(!early || !failed_one_of("IoCreateSymbolicLink"));
        EXPECT(!failed_one_of("Dbg") && !failed_one_of("Ps"));
        memset(&driver, 0, sizeof driver);
        EXPECT(NT_SUCCESS(DriverEntry(&driver, &path)));
    }
}

/* All records of this CPU's ring, which nobody has read: they follow each other, and what is missing was counted. */
static void read_since_boot(uint32_t mode, uint64_t attempts, uint64_t *found)
{
    bool writable = false;
    uint64_t ring_address;
    rv_ioctl_attach views = attached(&ring_address);
    const uint8_t *ring = shim_client_view(ring_address, &writable);
    rv_consumer_page *consumers = shim_client_view(views.consumers, &writable);
    if (ring == NULL || consumers == NULL) {
        EXPECT(ring != NULL && consumers != NULL);
        return;
    }
    const rv_producer_page *producer = (const rv_producer_page *)(const void *)ring;
    uint64_t at = mode == RV_MODE_DROP_NEW ? consumers[1].consumed : producer->tail;
    uint64_t first = 0, last = 0, unbroken = 0;
    rv_record header;
    *found = 0;
    while (next_record(ring + RV_PAGE, views.ring_bytes, &at, producer->published, &header) != NULL) {
        EXPECT(last == 0 || header.sequence == last + 1 || (mode == RV_MODE_DROP_NEW && header.sequence > last));
        first = last == 0 ? header.sequence : first;
        last = header.sequence;
        ++*found;
        unbroken = last == *found ? last : unbroken;
    }
    EXPECT(producer->written + producer->lost == attempts);
    if (mode == RV_MODE_DROP_NEW) {
        /* The first of all are there, and what came later was refused, but for a few that are short enough for the last room. */
        EXPECT(consumers[1].consumed == 0 && first == 1 && unbroken + 4 >= *found &&
               producer->lost_full == attempts - *found);
    } else {
        /* The last of all are there, and what came earlier was given up. */
        EXPECT(last == attempts && first == last - *found + 1 && producer->overwritten == attempts - *found);
    }
    consumers[1].consumed = producer->published;
}

/* As attach, where no record can be logged to see that a failure has changed nothing. */
static void attach_to_full(void)
{
    rv_ioctl_attach_request request = {RV_IOCTL_PROTOCOL, RV_VERSION_MAJOR, 0};
    if (!NT_SUCCESS(control(RV_IOCTL_ATTACH, &file, &request, sizeof request, rv_ioctl_attach_bytes(CPUS)))) {
        requests_failed++;
        EXPECT(shim_failed() != NULL && statistics().reader_pid == 0);
        EXPECT(control(RV_IOCTL_ATTACH, &file, &request, sizeof request, rv_ioctl_attach_bytes(CPUS)) ==
               STATUS_SUCCESS);
    }
}

/* Nobody reads for a long time. */
static void booted_life(uint32_t mode)
{
    const uint32_t captures = RV_CAPTURE_DBGPRINT | RV_CAPTURE_PROCESS;
    shim_registry_clear();
    shim_registry_set("Start", REG_DWORD, 4, RV_START_BOOT);
    shim_registry_set("RingBytes", REG_DWORD, 4, 65536);
    shim_registry_set("RingMode", REG_DWORD, 4, mode);
    shim_registry_set("OrderMode", REG_DWORD, 4, RV_ORDER_CLOCK);
    shim_registry_set("Captures", REG_DWORD, 4, captures);
    boot(true);
    bool refused = shim_failed() != NULL;
    (void)shim_boot_ends();
    EXPECT(shim_holding().links == 2); /* a program finds the devices, however early they were made */
    EXPECT(simple(IRP_MJ_CREATE, &file) == STATUS_SUCCESS);
    rv_ioctl_statistics at_first = statistics();
    bool unread = failed_one_of("ZwOpenKey") || failed_one_of("ZwQueryValueKey");
    bool unknown = unread && at_first.start_type == RV_START_UNKNOWN;
    EXPECT(unknown || at_first.start_type == RV_START_BOOT);
    EXPECT(at_first.boot_ignored == 0);
    EXPECT(at_first.boot_set == 15 || unread);
    EXPECT((at_first.boot_failed & ~(RV_BOOT_REGISTRY | RV_BOOT_RING_BYTES)) == 0 || unknown);
    EXPECT((at_first.boot_failed & RV_BOOT_REGISTRY) == 0 || unread);
    EXPECT((at_first.boot_failed & RV_BOOT_RING_BYTES) == 0 || refused);
    if (at_first.boot_failed == 0 && at_first.boot_set == 15) {
        EXPECT(at_first.capturing == captures);
        uint64_t attempts = at_first.written;
        for (uint32_t n = 0; n < 500; n++) {
            (void)LogMessage("%u since boot", n);
            shim_dbgprint("printed\n");
            shim_new_process();
            attempts += 4;
            if (n % 25 == 0) {
                shim_tick();
            }
        }
        shim_tick();
        rv_ioctl_statistics later = statistics();
        uint64_t found = 0;
        EXPECT(later.written + later.lost == attempts && later.lost == later.lost_full && later.reader_pid == 0);
        attach_to_full();
        read_since_boot(mode, attempts, &found);
        EXPECT(found > 400 && found < 1000);
        must_work(RV_IOCTL_DETACH, NULL, 0, 0);
    }
    /* As a program asks that knows the first version of the answer. */
    EXPECT(control(RV_IOCTL_STATISTICS, &file, NULL, 0, RV_IOCTL_STATISTICS_LEAST) == STATUS_SUCCESS);
    EXPECT(control(RV_IOCTL_STATISTICS, &file, NULL, 0, RV_IOCTL_STATISTICS_LEAST - 1) == STATUS_BUFFER_TOO_SMALL);
    EXPECT(simple(IRP_MJ_CLEANUP, &file) == STATUS_SUCCESS && simple(IRP_MJ_CLOSE, &file) == STATUS_SUCCESS);
    driver.DriverUnload(&driver);
    EXPECT(shim_nothing_held() && !shim_boot_ends());
}

/* Values that may not be, one of each kind of wrong: the driver begins with the standard, and tells. */
static void booted_wrongly(void)
{
    shim_registry_clear();
    shim_registry_set("Start", REG_DWORD, 4, RV_START_SYSTEM);
    shim_registry_set("RingBytes", REG_DWORD, 4, 1u << 27); /* two of which are more than an eighth of the memory */
    shim_registry_set("RingMode", REG_QWORD, 8, RV_MODE_OVERWRITE_OLD);
    shim_registry_set("OrderMode", REG_SZ, 14, 0x0064006c);
    shim_registry_set("Captures", REG_DWORD, 4, 0x80000001);
    boot(false);
    EXPECT(!shim_boot_ends()); /* nobody is called who was not loaded by the boot loader */
    EXPECT(simple(IRP_MJ_CREATE, &file) == STATUS_SUCCESS);
    rv_ioctl_statistics told = statistics();
    EXPECT((told.boot_set == 0 && told.boot_ignored == 15 && told.start_type == RV_START_SYSTEM) ||
           failed_one_of("Zw") || failed_one_of("MmGetPhysicalMemoryRanges"));
    EXPECT(told.capturing == 0);
    attach();
    uint64_t ring_address;
    EXPECT(attached(&ring_address).ring_bytes ==
           (told.boot_set & RV_BOOT_RING_BYTES ? 1u << 27 : RV_IOCTL_DEFAULT_RING_BYTES));
    EXPECT(simple(IRP_MJ_CLEANUP, &file) == STATUS_SUCCESS && simple(IRP_MJ_CLOSE, &file) == STATUS_SUCCESS);
    driver.DriverUnload(&driver);
    EXPECT(shim_nothing_held());
    shim_registry_clear();
}

/* Filters are set and listed, whether or not their captures are on, and stay. */
static void event_filters(void)
{
    static rv_ioctl_event_filter request;
    static rv_ioctl_event_filters listed;
    request = (rv_ioctl_event_filter){.captures = RV_CAPTURE_REGISTRY | RV_CAPTURE_IMAGE};
    request.filter.pid_mode = RV_FILTER_EXCLUDE;
    request.filter.pid_count = 1;
    request.filter.pids[0] = 4711;
    must_work(RV_IOCTL_EVENT_FILTER, &request, sizeof request, 0);
    uint64_t written = statistics().written;
    shim_registry_idle();
    EXPECT(statistics().written == written);
    must_work(RV_IOCTL_EVENT_FILTERS, NULL, 0, sizeof listed);
    memcpy(&listed, buffer, sizeof listed);
    EXPECT(memcmp(&listed.filters[RV_EVENT_KIND_REGISTRY], &request.filter, sizeof request.filter) == 0 &&
           memcmp(&listed.filters[RV_EVENT_KIND_IMAGE], &request.filter, sizeof request.filter) == 0 &&
           listed.filters[RV_EVENT_KIND_HANDLES].pid_mode == RV_FILTER_ALL);
    request.filter.pids[1] = 1;
    EXPECT(control(RV_IOCTL_EVENT_FILTER, &file, &request, sizeof request, 0) == STATUS_INVALID_PARAMETER);
    request = (rv_ioctl_event_filter){.captures = RV_CAPTURE_REGISTRY | RV_CAPTURE_IMAGE};
    must_work(RV_IOCTL_EVENT_FILTER, &request, sizeof request, 0);
    shim_registry_idle();
    EXPECT(statistics().written == written + 1);
}

/* A key that is deleted and a handle that is duplicated: begun, and perhaps never ended. */
static void *operations_begin(REG_DELETE_KEY_INFORMATION *gone)
{
    static shim_key key;
    static shim_target process = {5000, 0};
    shim_key_make(&key, "\\REGISTRY\\MACHINE\\SOFTWARE\\a");
    *gone = (REG_DELETE_KEY_INFORMATION){.Object = &key};
    shim_registry_notify(RegNtPreDeleteKey, gone);
    return shim_handle_begins(OB_OPERATION_HANDLE_DUPLICATE, &process, 1, &process, &process);
}

static void operations_end(REG_DELETE_KEY_INFORMATION *gone, void *handle)
{
    shim_target process = {5000, 0};
    REG_POST_OPERATION_INFORMATION post = {.PreInformation = gone, .CallContext = gone->CallContext};
    shim_registry_notify(RegNtPostDeleteKey, &post);
    shim_handle_ends(OB_OPERATION_HANDLE_DUPLICATE, &process, 1, STATUS_SUCCESS, handle);
}

static void life(void)
{
    REG_DELETE_KEY_INFORMATION gone;

    if (!load()) {
        return;
    }
    EXPECT(LogMessage("first") == RV_OK);
    EXPECT(simple(IRP_MJ_CREATE, &file) == STATUS_SUCCESS && simple(IRP_MJ_CREATE, &other_file) == STATUS_SUCCESS);
    must_work(RV_IOCTL_VERSION, NULL, 0, sizeof(rv_ioctl_version));
    crash(RV_IOCTL_DEFAULT_RING_BYTES);

    capture(RV_CAPTURE_ALL);
    event_filters();
    uint64_t written = statistics().written;
    operations_end(&gone, operations_begin(&gone));
    EXPECT(statistics().written == written + 2);
    (void)operations_begin(&gone); /* and the capture ends before they do */
    shim_new_process();
    shim_dbgprint("half a line, ");
    shim_dbgprint("the rest\nand half of the next");
    (void)shim_dpcs_queued();
    for (int i = 0; i < 30; i++) {
        shim_tick();
    }
    EXPECT(shim_dpcs_queued() == 0); /* that nobody prints costs one DPC of the timer, not one on each CPU */
    capture(RV_CAPTURE_THREAD);
    capture(0);
    shim_new_process();
    capture(RV_CAPTURE_PROCESS | RV_CAPTURE_DBGPRINT);
    sleep_and_wake();
    another_driver();

    configure(65536, RV_MODE_DROP_NEW);
    attach();
    read_by_views("by the first views", PASSIVE_LEVEL);
    captured();
    uint32_t other_attach = rv_ioctl_attach_bytes(CPUS);
    rv_ioctl_attach_request request = {RV_IOCTL_PROTOCOL, RV_VERSION_MAJOR, 0};
    EXPECT(control(RV_IOCTL_ATTACH, &other_file, &request, sizeof request, other_attach) == STATUS_DEVICE_BUSY);
    rv_ioctl_configure while_attached = {65536, RV_MODE_DROP_NEW, RV_ORDER_INDEX};
    EXPECT(control(RV_IOCTL_CONFIGURE, &file, &while_attached, sizeof while_attached, 0) == STATUS_DEVICE_BUSY);
    wait_for_data();
    rv_ioctl_register_event event = {shim_client_event()};
    must_work(RV_IOCTL_REGISTER_EVENT, &event, sizeof event, 0);
    must_work(RV_IOCTL_REGISTER_EVENT, &event, sizeof event, 0);
    EXPECT(LogMessage("ring") == RV_OK);
    (void)shim_client_event_set();
    shim_tick();
    EXPECT(shim_client_event_set());
    crash(65536);
    EXPECT(control(RV_IOCTL_DETACH, &other_file, NULL, 0, 0) == STATUS_INVALID_DEVICE_REQUEST);
    must_work(RV_IOCTL_DETACH, NULL, 0, 0);
    EXPECT(shim_holding().client_views == 0 && statistics().reader_pid == 0);

    /* A second reader, which leaves without detaching; and a session of the other mode. */
    configure(4096, RV_MODE_OVERWRITE_OLD);
    attach();
    read_by_views("by the second views", DISPATCH_LEVEL);
    EXPECT(simple(IRP_MJ_CLEANUP, &file) == STATUS_SUCCESS && simple(IRP_MJ_CLOSE, &file) == STATUS_SUCCESS);
    EXPECT(shim_holding().client_views == 0 && shim_holding().timers <= 1);

    /* A third reader, which is attached when the driver stops; and a driver that stays attached beyond the end. */
    static rv_attachment faithful;
    faithful = (rv_attachment)RV_ATTACHMENT_INIT;
    attach_driver(&faithful);
    attach();
    (void)shim_cpus_visited();
    EXPECT(control(RV_IOCTL_STOP, &file, NULL, 0, 0) == STATUS_SUCCESS);
    EXPECT(shim_cpus_visited() == 3); /* every active CPU has left the log, by a DPC of its own */
    EXPECT(statistics().state == RV_STATE_STOPPED && SendData(1, 1, "x", 1) == RV_NOT_ATTACHED);
    EXPECT(!rv_is_attached(&faithful) && rv_attach_send(&faithful, 5, 5, "x", 1) == RV_NOT_ATTACHED);
    EXPECT(control(RV_IOCTL_STOP, &file, NULL, 0, 0) == STATUS_SUCCESS);
    must_work(RV_IOCTL_DETACH, NULL, 0, 0);
    configure(65536, RV_MODE_DROP_NEW);
    EXPECT(statistics().state == RV_STATE_RUNNING && SendData(1, 1, "x", 1) == RV_OK);
    EXPECT(rv_attach_send(&faithful, 5, 5, "again", 5) == RV_OK && shim_can_unload());
    capture(RV_CAPTURE_REGISTRY | RV_CAPTURE_HANDLES);
    EXPECT(simple(IRP_MJ_CLEANUP, &file) == STATUS_SUCCESS && simple(IRP_MJ_CLOSE, &file) == STATUS_SUCCESS);
    EXPECT(simple(IRP_MJ_CLEANUP, &other_file) == STATUS_SUCCESS &&
           simple(IRP_MJ_CLOSE, &other_file) == STATUS_SUCCESS);
    void *handle = operations_begin(&gone);
    driver.DriverUnload(&driver);
    operations_end(&gone, handle); /* which nobody hears */
    EXPECT(shim_nothing_held() && shim_image_references() == 0);
    EXPECT(rv_attach_send(&faithful, 5, 5, "x", 1) == RV_NOT_ATTACHED);
    rv_attach_detach(&faithful);
    EXPECT(SendData(1, 1, "x", 1) == RV_NOT_ATTACHED);
}

int main(void)
{
    /* First without a failure; then each call that can fail fails once, in the order of the calls. */
    uint32_t runs = 0, acquisitions = 0;
    do {
        shim_fail(nth);
        watched_life();
        life();
        booted_life(RV_MODE_DROP_NEW);
        booted_life(RV_MODE_OVERWRITE_OLD);
        booted_wrongly();
        runs++;
        if (nth == 0) {
            acquisitions = shim_calls();
            EXPECT(requests_failed == 0 && acquisitions > 50);
        } else {
            EXPECT(shim_failed() != NULL);
        }
        nth++;
    } while (nth <= acquisitions && failures == 0);
    users();
    EXPECT(shim_violations() == 0);
    printf("{\"runs\":%u,\"acquisitions\":%u,\"requestsFailed\":%u,\"failures\":%u}\n", runs, acquisitions,
           requests_failed, failures);
    return failures == 0 ? 0 : 1;
}
