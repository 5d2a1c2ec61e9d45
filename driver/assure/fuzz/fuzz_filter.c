/*
 * fuzz_filter.c - filters of events: what the check lets through, against a second statement of what a filter is, and what the
 * filter lets through, against a search that is written down plainly. A filter goes on from one input to the next, as it does
 * in a driver.
 */
#include "platform_fuzz.h"

#include "../../kernel/event_filter.h"
#include "../../kernel/ioctl_check.h"

static bool is_list(uint32_t mode, uint32_t count, uint32_t most)
{
    return (mode == 0 && count == 0) || ((mode == 1 || mode == 2) && count >= 1 && count <= most);
}

static bool is_filter(const rv_event_filter *filter)
{
    bool good = is_list(filter->pid_mode, filter->pid_count, 16) && is_list(filter->path_mode, filter->path_count, 4);
    for (uint32_t i = 0; i < 16; i++) {
        good = good && (i < filter->pid_count || filter->pids[i] == 0);
    }
    for (uint32_t i = 0; i < 4; i++) {
        const rv_filter_path *path = &filter->paths[i];
        good = good && path->reserved == 0 && path->units <= 126 && (path->units > 0) == (i < filter->path_count);
        for (uint32_t unit = 0; unit < 126; unit++) {
            good = good && (path->text[unit] != 0) == (unit < path->units);
        }
    }
    return good;
}

/* Of the first 256 characters. */
static uint32_t plain(uint32_t c)
{
    bool small = (c >= 'a' && c <= 'z') || (c >= 0xe0 && c < 0xff && c != 0xf7);
    return c == 0xff ? 0x178 : small ? c - 32 : c;
}

static bool occurs(const rv_filter_path *part, const uint16_t *path, uint32_t units)
{
    for (uint32_t at = 0; at + part->units <= units; at++) {
        uint32_t n = 0;
        while (n < part->units && plain(path[at + n]) == plain(part->text[n])) {
            n++;
        }
        if (n == part->units) {
            return true;
        }
    }
    return false;
}

static bool passes(uint32_t mode, bool fits)
{
    return mode == 0 || (mode == 1) == fits;
}

static rv_event_filter take_filter(fuzz_input *input)
{
    rv_event_filter filter = {0};
    filter.pid_mode = (uint32_t)take(input, 1) % 4;
    filter.pid_count = (uint32_t)take(input, 1) % 18;
    for (uint32_t i = 0; i < filter.pid_count && i < 16; i++) {
        filter.pids[i] = (uint32_t)take(input, 1) % 8;
    }
    filter.path_mode = (uint32_t)take(input, 1) % 4;
    filter.path_count = (uint32_t)take(input, 1) % 6;
    for (uint32_t i = 0; i < filter.path_count && i < 4; i++) {
        filter.paths[i].units = (uint16_t)(take(input, 1) % 129);
        for (uint32_t unit = 0; unit < filter.paths[i].units && unit < 126; unit++) {
            filter.paths[i].text[unit] = (uint16_t)take(input, 1);
        }
    }
    uint32_t broken = (uint32_t)take(input, 2);
    if (broken & 0x8000u) {
        ((uint8_t *)&filter)[broken % sizeof filter] ^= 0x11;
    }
    return filter;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rv_filter rules;
    static uint16_t path[4096];
    fuzz_input input = {data, size};
    rv_ioctl_event_filter request = {.captures = (uint32_t)take(&input, 1), .filter = take_filter(&input)};
    const rv_event_filter *filter = &request.filter;
    bool good = is_filter(filter);
    REQUIRE(rv_filter_check(filter) == good);
    bool wanted = request.captures != 0 && (request.captures & ~62u) == 0 &&
                  (filter->path_mode == 0 || (request.captures & ~26u) == 0);
    REQUIRE(rv_ioctl_check_event_filter(&request) == (good && wanted));
    if (!good) {
        return 0;
    }
    rv_filter_set(&rules, filter);
    for (uint32_t pid = 0; pid < 8; pid++) {
        bool listed = false, other_listed = false;
        for (uint32_t i = 0; i < filter->pid_count; i++) {
            listed = listed || filter->pids[i] == pid;
            other_listed = other_listed || filter->pids[i] == pid + 1;
        }
        REQUIRE(rv_filter_passes_pid(&rules, pid) == passes(filter->pid_mode, listed));
        REQUIRE(rv_filter_passes_pids(&rules, pid, pid + 1) == passes(filter->pid_mode, listed || other_listed));
    }
    uint32_t units = 0, joint = 0;
    while (input.left > 0 && units < 4096) {
        path[units] = (uint16_t)take(&input, 1);
        joint = path[units] == '\\' ? units : joint;
        units++;
    }
    bool fits = false;
    for (uint32_t i = 0; i < filter->path_count; i++) {
        fits = fits || occurs(&filter->paths[i], path, units);
    }
    REQUIRE(rv_filter_passes_path(&rules, path, units) == passes(filter->path_mode, fits));
    REQUIRE(rv_filter_passes_path(&rules, 0, units) == passes(filter->path_mode, false));
    if (joint > 0) {
        rv_filter_pieces pieces = {path, path + joint + 1, joint, units - joint - 1};
        REQUIRE(rv_filter_passes_pieces(&rules, &pieces) == passes(filter->path_mode, fits));
    }
    return 0;
}
