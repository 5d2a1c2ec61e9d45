/*
 * test_stacks.c - texts of a driver carry the stack of the call or do not, as it is switched while it logs.
 */
#include <string.h>

#include "checker.h"
#include "tests.h"

/* More than the sample is long. */
#define IMAGE_BYTES 0x100000u

/* Of a run of the sample, whose texts are all of level RV_LEVEL_TRACE. */
typedef struct stack_counts {
    uint64_t read;    /* its records */
    uint64_t with;    /* of them, texts that carry a stack */
    uint64_t without; /* and that carry none */
    uint64_t wrong;   /* stacks that do not begin with two places of one driver */
    uint64_t first;   /* where they begin */
    uint64_t others;  /* stacks that begin elsewhere */
} stack_counts;

static void count_stacks(void *context, const rv_record *record, const uint8_t *data)
{
    static const char begin[] = "thread ";
    stack_counts *counts = context;
    uint32_t before = record->frames * 8u;
    uint64_t frames[RV_MAX_FRAMES];
    if (record->type == SAMPLE_TYPE_DATA) {
        counts->read++;
        return;
    }
    if (record->type != RV_TYPE_TEXT || record->length < before + sizeof begin - 1 ||
        memcmp(data + before, begin, sizeof begin - 1) != 0) {
        return;
    }
    counts->read++;
    counts->with += before != 0;
    counts->without += before == 0;
    if (before == 0) {
        return;
    }
    memcpy(frames, data, before);
    counts->first = counts->first != 0 ? counts->first : frames[0];
    counts->others += frames[0] != counts->first;
    /* What lies behind the first function of a thread is nobody's: Wine's walk does not end there. */
    bool in_driver = record->frames >= 2 && frames[0] - frames[1] + IMAGE_BYTES < 2 * IMAGE_BYTES;
    counts->wrong += !in_driver || frames[0] < 0x10000;
}

static DWORD set_stacks(HANDLE device, const char *name, uint32_t levels)
{
    rv_ioctl_stacks request = {.levels = levels};
    memcpy(request.name, name, strnlen(name, sizeof request.name));
    return control(device, RV_IOCTL_STACKS, &request, sizeof request, NULL, 0, NULL);
}

/* A run of the sample from begin to end. */
static stack_counts count_run(HANDLE sample, ring_reader *reader)
{
    stack_counts counts = {0};
    start_run(sample, 40000, 2, 500);
    while (run_status(sample).running != 0) {
        (void)reader_poll(reader, count_stacks, &counts);
    }
    while (reader_poll(reader, count_stacks, &counts) != 0) {
    }
    return counts;
}

static uint32_t listed_stacks(HANDLE device, const char *name)
{
    static rv_ioctl_loggers loggers;
    need(control(device, RV_IOCTL_LOGGERS, NULL, 0, &loggers, sizeof loggers, NULL) == ERROR_SUCCESS, "loggers");
    for (uint32_t n = 0; n < RV_LOGGERS; n++) {
        if (strcmp(loggers.loggers[n].name, name) == 0) {
            return loggers.loggers[n].stacks;
        }
    }
    return 0;
}

void test_stacks(void)
{
    const uint32_t trace = 1u << RV_LEVEL_TRACE, error = 1u << RV_LEVEL_ERROR;
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    ring_reader reader;

    claim(attached_again(sample), "the sample is attached", "");
    need(configure(device, 8u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");

    stack_counts counts = count_run(sample, &reader);
    claim(counts.with == 0 && counts.without > 0, "texts carry no stack at first", "%llu texts",
          (unsigned long long)counts.without);
    claim(set_stacks(device, "sample", error) == ERROR_SUCCESS && listed_stacks(device, "sample") == error,
          "stacks of a level are switched on", "");
    counts = count_run(sample, &reader);
    claim(counts.with == 0 && counts.without > 0, "which others do not carry", "%llu texts",
          (unsigned long long)counts.without);
    need(set_stacks(device, "sample", error | trace) == ERROR_SUCCESS, "stacks");
    counts = count_run(sample, &reader);
    claim(counts.without == 0 && counts.with > 0, "each text of that level carries one", "%llu texts",
          (unsigned long long)counts.with);
    claim(counts.wrong == 0 && counts.others == 0, "from one place in the driver outwards",
          "%llu in no driver, %llu from elsewhere", (unsigned long long)counts.wrong,
          (unsigned long long)counts.others);

    /* On and off while it logs: each text is whole, with a stack or without. */
    uint64_t gaps = reader.gaps;
    uint32_t changes = 0;
    counts = (stack_counts){0};
    start_run(sample, 200000, 2, 500);
    while (run_status(sample).running != 0) {
        need(set_stacks(device, "sample", changes++ % 2 == 0 ? 0 : trace) == ERROR_SUCCESS, "stacks");
        (void)reader_poll(&reader, count_stacks, &counts);
    }
    while (reader_poll(&reader, count_stacks, &counts) != 0) {
    }
    sample_status status = run_status(sample);
    claim(changes > 10 && counts.with > 0 && counts.without > 0 && reader.broken == 0 && status.attempted == 200000 &&
              counts.read + (reader.gaps - gaps) + reader_trailing(&reader) == status.attempted,
          "what is switched while it logs loses nothing", "%u changes, %llu with a stack, %llu without, %llu read %s",
          changes, (unsigned long long)counts.with, (unsigned long long)counts.without, (unsigned long long)counts.read,
          reader.why);

    claim(set_stacks(device, "programs", trace) == ERROR_NOT_SUPPORTED && listed_stacks(device, "programs") == 0,
          "programs have none", "");
    claim(set_stacks(device, "no blanks", trace) == ERROR_INVALID_PARAMETER, "a name that none can have is refused",
          "");
    rv_ioctl_stacks dirty = {.name = "sample", .levels = trace, .reserved = 1};
    claim(control(device, RV_IOCTL_STACKS, &dirty, sizeof dirty, NULL, 0, NULL) == ERROR_INVALID_PARAMETER,
          "as is what comes with more than levels", "");
    need(set_stacks(device, "sample", 0) == ERROR_SUCCESS, "stacks off");
    need(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach");
    reader_free(&reader);
    CloseHandle(sample);
    CloseHandle(device);
}
