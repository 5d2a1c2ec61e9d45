/*
 * test_masks.c - drivers under their names: what is switched off while they log, and ringview.sys replaced under them.
 */
#include <string.h>

#include "../../include/ringview/events.h"
#include "../../include/ringview/mask.h"
#include "checker.h"
#include "tests.h"

/* Records by the number of who logged them. */
typedef struct named_counts {
    uint64_t of[RV_LOGGERS];
    uint64_t unnamed; /* of drivers without a name */
    uint64_t texts;   /* of a run of the sample */
} named_counts;

static void count_names(void *context, const rv_record *record, const uint8_t *data)
{
    named_counts *counts = context;
    uint32_t number = record->origin - RV_ORIGIN_LOGGER;
    if (number < RV_LOGGERS) {
        counts->of[number]++;
        counts->texts += record->type == RV_TYPE_TEXT && record->length > 7 && memcmp(data, "thread ", 7) == 0;
    } else {
        counts->unnamed += record->type < RV_TYPE_RESERVED;
    }
}

/* 0: nobody of this name. */
static uint32_t logger_number(const ring_reader *reader, const char *name)
{
    for (uint32_t number = 1; number < RV_LOGGERS; number++) {
        if (strncmp(reader->session->loggers[number], name, RV_LOGGER_NAME_BYTES) == 0) {
            return number;
        }
    }
    return 0;
}

/* Puts another file in the place of the driver's, with what was in that of the old one. */
static bool replace_driver(void)
{
    static const wchar_t file[] = L"C:\\windows\\system32\\drivers\\ringview.sys";
    static const wchar_t old[] = L"C:\\windows\\system32\\drivers\\ringview.old";
    return CopyFileW(file, old, FALSE) && DeleteFileW(file) && MoveFileW(old, file);
}

static DWORD WINAPI stop_driver(void *context)
{
    Sleep(150);
    return *(bool *)context = service_stop(L"ringview");
}

/*
 * ringview.sys is replaced under two drivers that log and a reader: the reader drains the old one, both drivers attach to the
 * new one by themselves, and their records come under their names.
 */
void test_update(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE samples[2] = {open_sample(), open_device(SAMPLE_SECOND_PATH, false)};
    ring_reader reader;
    checker check;
    bool stopped = false;

    claim(attached_again(samples[0]) && attached_again(samples[1]) && statistics(device).attached_drivers == 2,
          "two drivers are attached, one of them loaded before ringview.sys", "");
    need(configure(device, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    checker_init(&check, 40000000);
    for (uint32_t n = 0; n < 2; n++) {
        start_run(samples[n], 100000000, 2, 2000);
    }
    HANDLE stopper = CreateThread(NULL, 0, stop_driver, &stopped, 0, NULL);
    while (reader_state(&reader) != RV_STATE_STOPPED && WaitForSingleObject(stopper, 0) != WAIT_FAILED) {
        (void)reader_poll(&reader, checker_take, &check);
    }
    while (reader_poll(&reader, checker_take, &check) != 0) {
    }
    claim(signalled(stopper) && stopped, "ringview.sys stops under two drivers and a reader", "");
    uint64_t produced = 0;
    for (uint32_t cpu = 0; cpu < reader.cpus; cpu++) {
        const rv_producer_page *producer = (const rv_producer_page *)reader.rings[cpu];
        produced += producer->written + producer->lost;
    }
    claim(produced == reader.read + reader.gaps + reader_trailing(&reader) && reader.broken == 0,
          "what they logged until then is read or counted", "%llu = %llu + %llu", (unsigned long long)produced,
          (unsigned long long)reader.read, (unsigned long long)(reader.gaps + reader_trailing(&reader)));
    reader_free(&reader);
    checker_free(&check);
    CloseHandle(device);

    need(replace_driver(), "another file in its place");
    need(looks_for_driver(samples[0]) && looks_for_driver(samples[1]), "both drivers look for another one");
    claim(service_start(L"ringview"), "the replaced one starts", "");
    claim(attached_again(samples[0]) && attached_again(samples[1]), "both drivers attach to it by themselves", "");
    device = open_device(RV_DEVICE_PATH, false);
    named_counts counts = {0};
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; GetTickCount64() < end;) {
        (void)reader_poll(&reader, count_names, &counts);
        if (counts.of[logger_number(&reader, "sample")] > 1000 && counts.of[logger_number(&reader, "sample2")] > 1000) {
            break;
        }
    }
    claim(logger_number(&reader, "sample") != 0 && counts.of[logger_number(&reader, "sample")] > 1000 &&
              counts.of[logger_number(&reader, "sample2")] > 1000 && counts.unnamed == 0,
          "and their records come under their names", "%llu and %llu",
          (unsigned long long)counts.of[logger_number(&reader, "sample")],
          (unsigned long long)counts.of[logger_number(&reader, "sample2")]);
    for (uint32_t n = 0; n < 2; n++) {
        CloseHandle(samples[n]);
    }
    need(service_stop(L"sample") && service_stop(L"sample2"), "the drivers unload while they log");
    claim(statistics(device).attached_drivers == 0, "and are forgotten", "");
    reader_free(&reader);
    CloseHandle(device);
    need(service_start(L"sample"), "sample");
}

/* Masks change while a driver logs: what is off neither comes nor is lost, and what is on comes. */
void test_masks(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    ring_reader reader;
    named_counts counts = {0};
    rv_ioctl_mask request = {"sample", rv_mask_level(RV_LEVEL_TRACE)};

    claim(attached_again(sample), "the sample is attached", "");
    need(configure(device, 4u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    claim(control(device, RV_IOCTL_MASK, &request, sizeof request, NULL, 0, NULL) == ERROR_SUCCESS,
          "a level is switched off", "");
    start_run(sample, 40000, 2, 500);
    while (run_status(sample).running != 0) {
        (void)reader_poll(&reader, count_names, &counts);
    }
    while (reader_poll(&reader, count_names, &counts) != 0) {
    }
    sample_status status = run_status(sample);
    uint64_t of_sample = counts.of[logger_number(&reader, "sample")];
    claim(status.masked == 10000 && status.attempted == 30000 && counts.texts == 0,
          "what is off is not attempted, and does not come", "%llu off, %llu attempted, %llu texts",
          (unsigned long long)status.masked, (unsigned long long)status.attempted, (unsigned long long)counts.texts);
    claim(of_sample + reader.gaps + reader_trailing(&reader) == 30000 && counts.unnamed == 0,
          "the rest is read under the driver's name, or lost", "%llu read", (unsigned long long)of_sample);

    /* On and off a hundred times while it logs: every record is one that was attempted. */
    counts = (named_counts){0};
    uint64_t gaps = reader.gaps;
    start_run(sample, 200000, 2, 500);
    uint32_t changes = 0;
    while (run_status(sample).running != 0) {
        request.off = changes++ % 2 == 0 ? rv_mask_type(SAMPLE_TYPE_DATA) | rv_mask_level(RV_LEVEL_TRACE) : 0;
        need(control(device, RV_IOCTL_MASK, &request, sizeof request, NULL, 0, NULL) == ERROR_SUCCESS, "mask");
        (void)reader_poll(&reader, count_names, &counts);
    }
    while (reader_poll(&reader, count_names, &counts) != 0) {
    }
    status = run_status(sample);
    of_sample = counts.of[logger_number(&reader, "sample")];
    claim(changes > 10 && status.masked > 0 && status.ok > 0 && status.masked + status.attempted == 200000 &&
              of_sample + (reader.gaps - gaps) + reader_trailing(&reader) == status.attempted,
          "masks that change while it logs lose nothing", "%u changes, %llu off, %llu attempted, %llu read", changes,
          (unsigned long long)status.masked, (unsigned long long)status.attempted, (unsigned long long)of_sample);

    static rv_ioctl_loggers loggers;
    request = (rv_ioctl_mask){"not-loaded-yet", 1};
    claim(control(device, RV_IOCTL_MASK, &request, sizeof request, NULL, 0, NULL) == ERROR_SUCCESS &&
              control(device, RV_IOCTL_LOGGERS, NULL, 0, &loggers, sizeof loggers, NULL) == ERROR_SUCCESS,
          "a mask can be set for a driver that is yet to come", "");
    uint32_t listed = 0;
    for (uint32_t n = 0; n < RV_LOGGERS; n++) {
        const rv_ioctl_logger *logger = &loggers.loggers[n];
        listed += strcmp(logger->name, "ringview.sys") == 0 && logger->attached == 1 && logger->off == 0;
        listed += strcmp(logger->name, "sample") == 0 && logger->attached == 1;
        listed += strcmp(logger->name, "not-loaded-yet") == 0 && logger->attached == 0 && logger->off == 1;
    }
    claim(listed == 3, "loggers are listed with what they leave out", "");
    request = (rv_ioctl_mask){"no blanks", 1};
    claim(control(device, RV_IOCTL_MASK, &request, sizeof request, NULL, 0, NULL) == ERROR_INVALID_PARAMETER,
          "a name that none can have is refused", "");
    request = (rv_ioctl_mask){"sample", 0};
    need(control(device, RV_IOCTL_MASK, &request, sizeof request, NULL, 0, NULL) == ERROR_SUCCESS, "mask");
    need(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach");
    reader_free(&reader);
    CloseHandle(sample);
    CloseHandle(device);
}
