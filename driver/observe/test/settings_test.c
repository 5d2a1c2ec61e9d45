/*
 * settings_test.c - host tests of the pure parts of ringview-net.sys and ringview-file.sys: what a client may send, durations,
 * and the table of endpoints against a plain account.
 */
#include <stdlib.h>
#include <string.h>

#include "../../kernel/test/host_test.h"
#include "../../network/endpoints.h"
#include "../elapsed.h"
#include "../settings.h"

static void test_lengths(void)
{
    check(RV_IOCTL_OBSERVE == 0x22e040, "the code that clients were built with");
    check(sizeof(rv_observe_settings) == 1120 && sizeof(rv_observe_state) == 1160, "and the sizes");
    uint32_t wrong = 0;
    for (uint64_t input = 0; input < 2300; input++) {
        for (uint64_t output = 1150; output < 1170; output++) {
            rv_ioctl_verdict expected = input != 0 && input != 1120 ? RV_IOCTL_BAD_INPUT
                                        : output < 1160             ? RV_IOCTL_SMALL_OUTPUT
                                                                    : RV_IOCTL_FINE;
            wrong += rv_observe_check_lengths(RV_IOCTL_OBSERVE, input, output) != expected;
        }
    }
    check(wrong == 0, "nothing or all of the settings, and room for the answer");
    check(rv_observe_check_lengths(RV_IOCTL_OBSERVE, 1120ull + (1ull << 32), 2000) == RV_IOCTL_BAD_INPUT,
          "lengths that only look right in 32 bits");
    for (uint32_t code = 0x22a000; code < 0x230000; code++) {
        wrong += (rv_observe_check_lengths(code, 0, 4096) != RV_IOCTL_UNKNOWN) != (code == RV_IOCTL_OBSERVE);
    }
    check(wrong == 0, "there is one code");
}

static void test_settings(void)
{
    static const uint32_t known = RV_OBSERVE_FILE_ALL | RV_OBSERVE_FILE_PAGING;
    rv_observe_settings good = {.protocol = RV_OBSERVE_PROTOCOL};
    check(rv_observe_check_settings(&good, known), "nothing switched on");
    for (uint32_t bit = 0; bit < 32; bit++) {
        rv_observe_settings one = {.protocol = RV_OBSERVE_PROTOCOL, .operations = 1u << bit};
        check(rv_observe_check_settings(&one, known) == ((bit >= 1 && bit <= 6) || bit == 31), "operations of files");
        check(rv_observe_check_settings(&one, RV_OBSERVE_NETWORK_ALL) == (bit >= 1 && bit <= 4),
              "operations of connections");
        rv_observe_settings reserved = {.protocol = RV_OBSERVE_PROTOCOL, .reserved = 1u << bit};
        check(!rv_observe_check_settings(&reserved, known), "what is reserved is 0");
    }
    for (uint32_t protocol = 0; protocol < 5; protocol++) {
        rv_observe_settings other = {.protocol = protocol, .left_out_pid = 4711};
        check(rv_observe_check_settings(&other, known) == (protocol == 1), "one protocol");
    }
    rv_observe_settings filtered = good;
    filtered.filter.pid_mode = RV_FILTER_INCLUDE;
    check(!rv_observe_check_settings(&filtered, known), "a filter that is none");
    filtered.filter.pid_count = 1;
    filtered.filter.pids[0] = 7;
    check(rv_observe_check_settings(&filtered, known), "and one that is");
    check((RV_OBSERVE_FILE_DEFAULT & ~known) == 0 && (RV_OBSERVE_NETWORK_DEFAULT & ~RV_OBSERVE_NETWORK_ALL) == 0,
          "what they begin with they know");
}

static void test_durations(void)
{
    check(rv_nanoseconds(0, 10000000) == 0 && rv_nanoseconds(1, 10000000) == 100, "100 ns a tick");
    check(rv_nanoseconds(10000000, 10000000) == 1000000000, "a second");
    check(rv_nanoseconds(7, 3) == 2333333333u, "a clock of thirds");
    check(rv_nanoseconds(1ull << 62, 1000000000) == 1ull << 62, "146 years");
    check(rv_nanoseconds(17999999999u, 18000000000u) == 999999999u, "a fast clock");
    check(rv_nanoseconds(5, 0) == 0, "no clock");
}

/* ---- endpoints -------------------------------------------------------------------------------------------------- */

#define HANDLES 64u

static rv_endpoints *fresh(void)
{
    rv_endpoints *table = calloc(1, sizeof *table);
    rv_endpoints_forget(table);
    return table;
}

/* Few enough for the table: then it knows each of them, whatever happens. */
static void test_account(void)
{
    rv_endpoints *table = fresh();
    uint64_t plain[HANDLES] = {0}; /* 0: closed */
    uint32_t wrong = 0, closed = 0, kept = 0;
    srand(3);
    for (uint64_t now = 1; now < 200000; now++) {
        uint32_t n = (uint32_t)rand() % HANDLES;
        uint64_t handle = 0xffffa00000000000u + 0x40u * n, since = 0;
        switch (rand() % 4) {
        case 0:
            wrong += !rv_endpoints_opened(table, handle, now, false);
            plain[n] = now;
            break;
        case 1:
            wrong += !rv_endpoints_opened(table, handle, now, true);
            kept += plain[n] != 0;
            plain[n] = plain[n] != 0 ? plain[n] : now;
            break;
        case 2:
            wrong += rv_endpoints_closed(table, handle, &since) != (plain[n] != 0) || since != plain[n];
            closed += plain[n] != 0;
            plain[n] = 0;
            break;
        default:
            if (rand() % 1000 == 0) {
                rv_endpoints_forget(table);
                memset(plain, 0, sizeof plain);
            }
        }
    }
    check(wrong == 0 && closed > 1000 && kept > 1000, "the table agrees with a plain account");
    free(table);
}

static void test_full(void)
{
    rv_endpoints *table = fresh();
    uint32_t most = RV_ENDPOINT_SETS * RV_ENDPOINT_WAYS, evicted = 0, known = 0, wrong = 0;
    uint64_t since = 0;
    for (uint32_t n = 1; n <= 2 * most; n++) {
        evicted += !rv_endpoints_opened(table, (uint64_t)n << 6, n, false);
    }
    for (uint32_t n = 1; n <= 2 * most; n++) {
        if (rv_endpoints_closed(table, (uint64_t)n << 6, &since)) {
            known++;
            wrong += since != n;
        }
    }
    check(known == 2 * most - evicted && evicted >= most, "what gave its place up is counted");
    check(known > most * 9 / 10, "handles spread over the whole table");
    check(wrong == 0, "and those that stayed have their own time");

    rv_endpoints_forget(table);
    uint64_t first = 0;
    for (uint64_t handle = 1, found = 0; found <= RV_ENDPOINT_WAYS; handle++) {
        /* Handles of one set: the last one takes the place of the one that is open longest. */
        if ((handle * 0x9e3779b97f4a7c15u >> 54 & (RV_ENDPOINT_SETS - 1u)) != 5) {
            continue;
        }
        first = found == 0 ? handle : first;
        found++;
        check(rv_endpoints_opened(table, handle, 100 + found, false) == (found <= RV_ENDPOINT_WAYS),
              "a set has room for so many");
    }
    check(!rv_endpoints_closed(table, first, &since), "and the oldest gives way");
    check(rv_endpoints_opened(table, 0, 5, false) && !rv_endpoints_closed(table, 0, &since), "0 is nobody's handle");
    free(table);
}

static void test_forgetting(void)
{
    rv_endpoints *table = fresh();
    uint64_t since = 0;
    table->epoch = 0xffffffffu;
    (void)rv_endpoints_opened(table, 64, 7, false);
    rv_endpoints_forget(table);
    check(table->epoch == 1 && !rv_endpoints_closed(table, 64, &since),
          "the numbers begin anew, and nothing comes back");
    (void)rv_endpoints_opened(table, 64, 8, false);
    check(rv_endpoints_closed(table, 64, &since) && since == 8, "and it goes on");
    free(table);
}

int main(void)
{
    test_lengths();
    test_settings();
    test_durations();
    test_account();
    test_full();
    test_forgetting();
    return report();
}
