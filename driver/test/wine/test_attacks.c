/*
 * test_attacks.c - clients that mean harm, and systems that run out of everything.
 */
#include <stdlib.h>
#include <string.h>

#include "../../kernel/ioctl_check.h"
#include "checker.h"
#include "tests.h"

#define CALLS 20000
/* More than any answer has. */
#define ROOM 16384u
#define CANARY 0xc5

/* Every code that ioctl.h has, as the Makefile finds them there. */
static const uint32_t codes[] = {
#include "ioctl_codes.h"
};
#define CODES (sizeof codes / sizeof codes[0])

static uint32_t random_code(uint64_t *seed)
{
    uint64_t kind = next_random(seed) >> 32;
    if (kind % 16 == 0) {
        return (uint32_t)next_random(seed); /* anything */
    }
    uint32_t code = codes[(kind >> 8) % CODES];
    if (kind % 8 == 1) {
        code = (code & ~3u) | (uint32_t)(next_random(seed) >> 62); /* another METHOD */
    }
    return code;
}

static uint32_t random_length(uint64_t *seed, uint32_t likely)
{
    uint64_t r = next_random(seed) >> 32;
    if (r % 3 != 0) {
        return likely;
    }
    return (uint32_t)((r >> 8) % 400);
}

static void random_input(uint8_t *input, uint32_t length, uint32_t code, uint64_t *seed)
{
    for (uint32_t i = 0; i < length; i++) {
        input[i] = (uint8_t)(next_random(seed) >> 56);
    }
    if (code == RV_IOCTL_ATTACH && length == 8 && next_random(seed) >> 63) {
        memcpy(input, &(rv_ioctl_attach_request){RV_IOCTL_PROTOCOL, RV_VERSION_MAJOR, 0}, 8);
    }
    if (code == RV_IOCTL_CONFIGURE && length == 16 && next_random(seed) >> 63) {
        memcpy(input,
               &(rv_ioctl_configure){4096ull << (next_random(seed) >> 61), 1 + (uint32_t)(next_random(seed) >> 63), 1},
               16);
    }
    if (code == RV_IOCTL_CAPTURE && length == 8) {
        memset(input + 1, 0, 7);
        input[0] &= 63;
    }
    /* Few names, since there is room for few. */
    if ((code == RV_IOCTL_MASK || code == RV_IOCTL_STACKS) && length == 32 && next_random(seed) >> 63) {
        memset(input, 0, RV_LOGGER_NAME_BYTES);
        memcpy(input, (const char *[]){"fuzz-a", "fuzz-b", "fuzz-c", "fuzz-d"}[next_random(seed) >> 62], 6);
    }
    if (code == RV_IOCTL_EVENT_FILTER && length == sizeof(rv_ioctl_event_filter) && next_random(seed) >> 63) {
        rv_ioctl_event_filter one = {.captures = RV_CAPTURE_FILTERED & input[0],
                                     .filter = {.pid_mode = RV_FILTER_INCLUDE, .pid_count = 1, .pids = {input[4]}}};
        memcpy(input, &one, sizeof one);
    }
}

void test_fuzz(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, true);
    HANDLE plain = open_device(RV_DEVICE_PATH, false);
    OVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    uint8_t *memory = malloc(ROOM * 2 + 64);
    uint64_t seed = 0x52696e6756696577ull;
    uint64_t succeeded = 0, stray = 0, too_many = 0, hung = 0, past_lengths[CODES] = {0};
    rv_ioctl_version version;
    need(control(plain, RV_IOCTL_VERSION, NULL, 0, &version, sizeof version, NULL) == ERROR_SUCCESS, "version");

    for (uint32_t call = 0; call < CALLS; call++) {
        if (call % 500 == 0) {
            /* For who judges by it whether this hangs. */
            printf(". %u calls\n", call);
            fflush(stdout);
        }
        uint32_t code = random_code(&seed);
        uint32_t shift = (uint32_t)(next_random(&seed) >> 61); /* misaligned */
        uint8_t *input = memory + shift;
        uint8_t *output = memory + ROOM + shift;
        /* So that many calls get past the lengths. */
        uint32_t input_bytes = random_length(&seed, rv_ioctl_input_bytes(code));
        uint32_t output_bytes = random_length(&seed, rv_ioctl_output_bytes(code, version.cpu_count) + 8);
        DWORD bytes = 0;
        for (uint32_t i = 0; i < CODES; i++) {
            past_lengths[i] += codes[i] == code && rv_ioctl_check_lengths(code, input_bytes, output_bytes,
                                                                          version.cpu_count) == RV_IOCTL_FINE;
        }

        random_input(input, input_bytes, code, &seed);
        memset(output, CANARY, ROOM);
        ResetEvent(overlapped.hEvent);
        BOOL done = DeviceIoControl(device, code, input_bytes ? input : NULL, input_bytes, output_bytes ? output : NULL,
                                    output_bytes, NULL, &overlapped);
        if (!done && GetLastError() == ERROR_IO_PENDING) {
            /* Only a wait may stay with the driver; it is taken back at once. */
            if (code == RV_IOCTL_WAIT) {
                CancelIo(device);
            }
            if (!signalled(overlapped.hEvent)) {
                hung++;
                break;
            }
        }
        done = GetOverlappedResult(device, &overlapped, &bytes, FALSE);
        succeeded += done != FALSE;
        too_many += bytes > output_bytes;
        /* An error answers nothing, ERROR_BUSY of an attach its header; whatever is beyond `bytes` is untouched. */
        if (!done && GetLastError() != ERROR_BUSY && GetLastError() != ERROR_MORE_DATA) {
            bytes = 0;
        }
        for (uint32_t i = bytes; i < ROOM - 8; i++) {
            if (output[i] != CANARY) {
                stray++;
                break;
            }
        }
    }
    claim(hung == 0, "no random request hangs", "%u calls, %llu succeeded", CALLS, (unsigned long long)succeeded);
    claim(succeeded > CALLS / 20, "enough of them get past the checks", "%llu", (unsigned long long)succeeded);
    claim(stray == 0 && too_many == 0, "no byte is returned beyond the answer", "%llu stray, %llu too long",
          (unsigned long long)stray, (unsigned long long)too_many);

    uint64_t least = CALLS;
    for (uint32_t i = 0; i < CODES; i++) {
        least = past_lengths[i] < least ? past_lengths[i] : least;
    }
    claim(least > CALLS / CODES / 8, "each code is sent many times with lengths that it has", "%llu at least",
          (unsigned long long)least);

    CloseHandle(device);
    rv_ioctl_event_filter unfiltered = {.captures = RV_CAPTURE_FILTERED};
    need(control(plain, RV_IOCTL_EVENT_FILTER, &unfiltered, sizeof unfiltered, NULL, 0, NULL) == ERROR_SUCCESS,
         "filters off");
    uint32_t capture_off[2] = {0, 0};
    need(control(plain, RV_IOCTL_CAPTURE, capture_off, 8, capture_off, 8, NULL) == ERROR_SUCCESS, "captures off");
    claim(configure_soon(plain, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX), "the driver works on", "");
    free(memory);
    CloseHandle(plain);
}

/* ---- a hostile consumer page ------------------------------------------------------------------------------------ */

typedef struct scribbler {
    const ring_reader *reader;
    volatile LONG stop;
    bool only_invalid;
    uint64_t writes;
} scribbler;

static DWORD WINAPI scribble(void *context)
{
    scribbler *self = context;
    uint64_t seed = 0x5363726962626c65ull;
    while (!self->stop) {
        uint32_t cpu = (uint32_t)((next_random(&seed) >> 40) % self->reader->cpus);
        rv_consumer_page *page = &self->reader->consumers[cpu];
        uint64_t value = next_random(&seed);
        if (self->only_invalid) {
            /* Never what a driver may accept: not aligned, or ahead of all that this run writes. */
            const rv_producer_page *producer = (const rv_producer_page *)self->reader->rings[cpu];
            value = value & 1 ? value | 1 : producer->published + (1ull << 30) + (value >> 40) * 8;
        } else if ((value >> 60) < 4) {
            value = (value >> 30) % (1u << 22); /* near, often odd, sometimes plausible */
        }
        __atomic_store_n(&page->consumed, value, __ATOMIC_RELAXED);
        if (!self->only_invalid) {
            ((volatile uint8_t *)page)[next_random(&seed) >> 52] = (uint8_t)value;
        }
        self->writes++;
    }
    return 0;
}

void test_hostile(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    ring_reader reader;
    scribbler self = {.reader = &reader};

    need(configure(device, 262144, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    HANDLE thread = CreateThread(NULL, 0, scribble, &self, 0, NULL);
    start_run(sample, 1000000, 4, 0);
    claim(run_ended(sample), "1,000,000 writes end while a client scribbles on the consumer pages", "%llu scribbles",
          (unsigned long long)self.writes);
    self.stop = 1;
    need(signalled(thread), "the scribbler ends");
    sample_status status = run_status(sample);
    rv_ioctl_statistics total = statistics(device);
    claim(total.written == status.ok && total.lost == status.lost && status.attempted == 1000000,
          "the driver's counts stay right", "%llu + %llu", (unsigned long long)total.written,
          (unsigned long long)total.lost);
    claim(total.bad_consumer > 0, "bad consumer positions are counted", "%llu", (unsigned long long)total.bad_consumer);
    need(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach");
    reader_free(&reader);

    checker check;
    checker_init(&check, 2000000);
    need(configure(device, 262144, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    self = (scribbler){.reader = &reader, .only_invalid = true};
    thread = CreateThread(NULL, 0, scribble, &self, 0, NULL);
    start_run(sample, 300000, 4, 1000);
    bool ended;
    do {
        ended = run_status(sample).running == 0;
        (void)reader_poll(&reader, checker_take, &check);
    } while (!ended);
    self.stop = 1;
    need(signalled(thread), "the scribbler ends");
    while (reader_poll(&reader, checker_take, &check) != 0) {
    }
    status = run_status(sample);
    claim(status.attempted == reader.read + reader.gaps + reader_trailing(&reader) && reader.broken == 0 &&
              check.torn == 0 && checker_ordered(&check),
          "impossible positions never let a writer touch unread records", "%llu read, %llu lost, %llu refused %s",
          (unsigned long long)reader.read, (unsigned long long)(reader.gaps + reader_trailing(&reader)),
          (unsigned long long)statistics(device).bad_consumer, reader.why);
    need(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach");
    reader_free(&reader);
    checker_free(&check);
    CloseHandle(sample);
    CloseHandle(device);
}

/* ---- one acquisition fails -------------------------------------------------------------------------------------- */

/*
 * The driver under test fails its n-th acquisition, once (fault.h). Every request here may fail that once; tried again it
 * must work.
 */
void test_faults(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    uint32_t failed = 0;
    DWORD error = configure(device, 65536, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    if (error != ERROR_SUCCESS) {
        failed++;
        error = configure(device, 65536, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    }
    claim(error == ERROR_SUCCESS, "configure, at the second try at most", "error %lu", error);

    ring_reader reader;
    error = reader_attach(&reader, device, NULL);
    if (error != ERROR_SUCCESS) {
        failed++;
        claim(statistics(device).reader_pid == 0, "an attach that failed leaves no reader", "");
        error = reader_attach(&reader, device, NULL);
    }
    claim(error == ERROR_SUCCESS, "attach, at the second try at most", "error %lu", error);
    if (error == ERROR_SUCCESS) {
        claim(reader.session->ring_bytes == 65536 && reader_state(&reader) == RV_STATE_RUNNING, "and it is whole", "");
    }

    rv_ioctl_capture on = {RV_CAPTURE_PROCESS | RV_CAPTURE_THREAD | RV_CAPTURE_IMAGE, 0}, now;
    error = control(device, RV_IOCTL_CAPTURE, &on, sizeof on, &now, sizeof now, NULL);
    if (error != ERROR_SUCCESS) {
        failed++;
        claim(statistics(device).capturing == 0, "captures that failed are all off", "");
        error = control(device, RV_IOCTL_CAPTURE, &on, sizeof on, &now, sizeof now, NULL);
    }
    claim(error == ERROR_SUCCESS, "captures, at the second try at most", "error %lu", error);
    on.mask = 0;
    need(control(device, RV_IOCTL_CAPTURE, &on, sizeof on, &now, sizeof now, NULL) == ERROR_SUCCESS, "captures off");
    claim(failed <= 1, "one failure at most", "%u", failed);
    printf("# %u failed\n", failed);
    CloseHandle(device);
}
