/*
 * ioctl_test.c - host tests of the checks of control requests, against numbers: codes, sizes and bounds stand here as
 * ioctl.h documents them and as a client that was built years ago has them, not as the table under test computes them.
 */
#include <stddef.h>
#include <string.h>

#include "host_test.h"
#include "../ioctl_check.h"

static const struct {
    uint32_t code, input, output, per_cpu;
    const char *name;
} documented[] = {
    {0x22e000, 0, 40, 0, "VERSION"},
    {0x22e004, 16, 0, 0, "CONFIGURE"},
    {0x22e008, 8, 48, 8, "ATTACH"},
    {0x22e00c, 0, 0, 0, "DETACH"},
    {0x22e010, 0, 160, 0, "STATISTICS"},
    {0x22e014, 8, 8, 0, "CAPTURE"},
    {0x22e018, 8, 0, 0, "REGISTER_EVENT"},
    {0x22e01c, 0, 8, 0, "WAIT"},
    {0x22e020, 0, 0, 0, "STOP"},
    {0x22e024, 0, 2560, 0, "LOGGERS"},
    {0x22e028, 32, 0, 0, "MASK"},
    {0x22e02c, 0, 10240, 0, "PROGRAMS"},
    {0x22e030, 1112, 0, 0, "EVENT_FILTER"},
    {0x22e034, 0, 6624, 0, "EVENT_FILTERS"},
    {0x22e038, 32, 0, 0, "STACKS"},
};
#define DOCUMENTED (sizeof documented / sizeof documented[0])

static void test_codes(void)
{
    static const uint32_t named[DOCUMENTED] = {
        RV_IOCTL_VERSION, RV_IOCTL_CONFIGURE,      RV_IOCTL_ATTACH,       RV_IOCTL_DETACH,        RV_IOCTL_STATISTICS,
        RV_IOCTL_CAPTURE, RV_IOCTL_REGISTER_EVENT, RV_IOCTL_WAIT,         RV_IOCTL_STOP,          RV_IOCTL_LOGGERS,
        RV_IOCTL_MASK,    RV_IOCTL_PROGRAMS,       RV_IOCTL_EVENT_FILTER, RV_IOCTL_EVENT_FILTERS, RV_IOCTL_STACKS};
    for (size_t i = 0; i < DOCUMENTED; i++) {
        check(named[i] == documented[i].code, documented[i].name);
    }
    check(RV_IOCTL_PROTOCOL == 1 && RV_IOCTL_MAX_TOTAL_BYTES == 4294967296ull, "protocol 1, at most 4 GiB of rings");
}

/* Every length around every size that occurs, for each code, on machines of one to 2048 CPUs. */
static void test_lengths(void)
{
    static const uint32_t cpus[] = {1, 2, 8, 64, 2048};
    for (size_t i = 0; i < DOCUMENTED; i++) {
        for (size_t c = 0; c < sizeof cpus / sizeof cpus[0]; c++) {
            uint32_t code = documented[i].code;
            uint64_t answer = documented[i].output + (uint64_t)documented[i].per_cpu * cpus[c];
            bool right = rv_ioctl_input_bytes(code) == documented[i].input;
            /* Statistics have grown since; who asks with the first length gets what that holds. */
            uint64_t grown = code == 0x22e010 ? 24 : 0;
            right = right && rv_ioctl_output_bytes(code, cpus[c]) == answer + grown;
            for (uint64_t step = 0; step < 40; step++) {
                uint64_t input = step < 36 ? step : 1110 + step - 36;
                for (uint64_t output = 0; output < answer + 40; output++) {
                    rv_ioctl_verdict expected = input != documented[i].input ? RV_IOCTL_BAD_INPUT
                                                : output < answer            ? RV_IOCTL_SMALL_OUTPUT
                                                                             : RV_IOCTL_FINE;
                    right = right && rv_ioctl_check_lengths(code, input, output, cpus[c]) == expected;
                }
            }
            /* Lengths that only look right in 32 bits. */
            uint64_t wraps = 1ull << 32;
            right = right &&
                    rv_ioctl_check_lengths(code, documented[i].input + wraps, answer, cpus[c]) == RV_IOCTL_BAD_INPUT;
            right =
                right && rv_ioctl_check_lengths(code, documented[i].input, answer + wraps, cpus[c]) == RV_IOCTL_FINE;
            check(right, documented[i].name);
        }
    }
}

/* A code that differs in function, access or method from a documented one does not exist. */
static void test_unknown_codes(void)
{
    uint32_t wrong = 0;
    for (uint32_t code = 0x22e000 - 0x2000; code < 0x22e000 + 0x2000; code++) {
        bool known = false;
        for (size_t i = 0; i < DOCUMENTED; i++) {
            known = known || documented[i].code == code;
        }
        bool taken = rv_ioctl_check_lengths(code, 0, 65536, 1) != RV_IOCTL_UNKNOWN;
        wrong += taken != known;
        wrong += !known && (rv_ioctl_input_bytes(code) != 0 || rv_ioctl_output_bytes(code, 1) != 0);
    }
    check(wrong == 0, "only the documented codes exist");
    check(rv_ioctl_check_lengths(0, 0, 0, 1) == RV_IOCTL_UNKNOWN &&
              rv_ioctl_check_lengths(~0u, 0, 0, 1) == RV_IOCTL_UNKNOWN,
          "nor do 0 and the last one");
}

static void test_configure(void)
{
    rv_ioctl_configure good = {65536, 1, 1};
    check(rv_ioctl_check_configure(&good, 8), "a good configuration");
    static const uint64_t bad[] = {0, 1, 2048, 4097, 65537, 1ull << 31, 1ull << 63, ~0ull};
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        rv_ioctl_configure request = {bad[i], 1, 1};
        check(!rv_ioctl_check_configure(&request, 1), "a ring size that must not pass");
    }
    for (uint32_t shift = 12; shift <= 30; shift++) {
        rv_ioctl_configure request = {1ull << shift, 1, 1};
        uint64_t most = 4294967296ull >> shift;
        most = most < 2048 ? most : 2048;
        check(rv_ioctl_check_configure(&request, (uint32_t)most), "as many rings as fit together");
        check(!rv_ioctl_check_configure(&request, (uint32_t)most + 1), "and not one more");
    }
    check(!rv_ioctl_check_configure(&good, 0), "no CPU at all");
    for (uint32_t ring_mode = 0; ring_mode < 5; ring_mode++) {
        for (uint32_t order_mode = 0; order_mode < 5; order_mode++) {
            rv_ioctl_configure request = {65536, ring_mode, order_mode};
            bool exists = (ring_mode == 1 || ring_mode == 2) && (order_mode == 1 || order_mode == 2);
            check(rv_ioctl_check_configure(&request, 1) == exists, "only modes that exist");
        }
    }
}

static void test_capture(void)
{
    uint32_t wrong = 0;
    for (uint32_t mask = 0; mask < 256; mask++) {
        rv_ioctl_capture request = {mask, 0};
        wrong += rv_ioctl_check_capture(&request) != (mask <= 63);
    }
    for (uint32_t bit = 0; bit < 32; bit++) {
        rv_ioctl_capture high = {1u << bit, 0}, dirty = {63, 1u << bit};
        wrong += rv_ioctl_check_capture(&high) != (bit < 6);
        wrong += rv_ioctl_check_capture(&dirty);
    }
    check(wrong == 0, "captures are the six that exist, and what is reserved is 0");
}

static void test_event_filter(void)
{
    uint32_t wrong = 0;
    for (uint32_t mode = 0; mode < 3; mode++) {
        for (uint32_t captures = 0; captures < 256; captures++) {
            rv_ioctl_event_filter request = {.captures = captures};
            request.filter.path_mode = mode;
            request.filter.path_count = mode != 0;
            request.filter.paths[0].units = mode != 0;
            request.filter.paths[0].text[0] = mode != 0 ? 'x' : 0;
            /* dbgprint 1 has no filter; threads 4 and handles 32 have no path. */
            bool right = captures != 0 && captures < 64 && captures % 2 == 0 && (mode == 0 || (captures & 36) == 0);
            wrong += rv_ioctl_check_event_filter(&request) != right;
            request.reserved = captures;
            wrong += rv_ioctl_check_event_filter(&request);
        }
    }
    for (uint32_t bit = 0; bit < 32; bit++) {
        rv_ioctl_event_filter request = {.captures = 1u << bit};
        wrong += rv_ioctl_check_event_filter(&request) != (bit >= 1 && bit <= 5);
        request.filter.pid_mode = 1; /* an empty list */
        wrong += rv_ioctl_check_event_filter(&request);
    }
    check(wrong == 0, "filters of the captures that have them, with paths where events have one");
}

static void test_names(void)
{
    char name[RV_LOGGER_NAME_BYTES] = "driver";
    check(RV_LOGGER_NAME_BYTES == 24 && RV_LOGGERS == 64, "64 names of 24 bytes");
    check(rv_ioctl_check_name(name), "a name");
    for (uint32_t at = 0; at < 6; at++) {
        for (int c = 0; c < 256; c++) {
            name[at] = (char)c;
            check(rv_ioctl_check_name(name) == ((c > 0x20 && c < 0x7f) || (c == 0 && at == 5)),
                  "what a name is made of");
        }
        name[at] = "driver"[at];
    }
    memset(name, 0, sizeof name);
    check(!rv_ioctl_check_name(name), "no name");
    for (uint32_t length = 1; length <= sizeof name; length++) {
        memset(name, 0, sizeof name);
        memset(name, 'x', length);
        check(rv_ioctl_check_name(name) == (length < sizeof name), "a name ends with NUL");
        if (length < sizeof name - 1) {
            name[sizeof name - 1] = 'x';
            check(!rv_ioctl_check_name(name), "and only NULs follow");
        }
    }
}

static void test_stacks(void)
{
    rv_ioctl_stacks request = {.name = "driver", .levels = ~0u};
    check(rv_ioctl_check_stacks(&request), "stacks of all levels");
    uint32_t wrong = 0;
    for (uint32_t bit = 0; bit < 32; bit++) {
        request = (rv_ioctl_stacks){.name = "driver", .levels = 1u << bit};
        wrong += !rv_ioctl_check_stacks(&request);
        request.reserved = 1u << bit;
        wrong += rv_ioctl_check_stacks(&request);
    }
    check(wrong == 0, "any level, and nothing in what is reserved");
    request = (rv_ioctl_stacks){.name = "two words", .levels = 1};
    check(!rv_ioctl_check_stacks(&request), "a name that none can have");
    request = (rv_ioctl_stacks){.levels = 1};
    check(!rv_ioctl_check_stacks(&request), "nor none");
}

int main(void)
{
    test_event_filter();
    test_names();
    test_stacks();
    test_codes();
    test_lengths();
    test_unknown_codes();
    test_configure();
    test_capture();
    return report();
}
