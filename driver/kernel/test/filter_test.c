/*
 * filter_test.c - host tests of the filter of events: the check against a struct that has one fault, the decisions against a
 * search that is written down plainly, and what is asked while another thread replaces the filter.
 */
#include <pthread.h>
#include <string.h>

#include "../event_filter.h"
#include "host_test.h"

static uint64_t random_state = 88172645463325252ull;

static uint32_t random_below(uint32_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % bound;
}

static void add_pid(rv_event_filter *filter, uint32_t mode, uint32_t pid)
{
    filter->pid_mode = mode;
    filter->pids[filter->pid_count++] = pid;
}

static void add_part(rv_event_filter *filter, uint32_t mode, const char *text)
{
    rv_filter_path *path = &filter->paths[filter->path_count++];
    filter->path_mode = mode;
    for (path->units = 0; text[path->units] != '\0'; path->units++) {
        path->text[path->units] = (uint8_t)text[path->units];
    }
}

static bool asked(const rv_event_filter *request, const char *path)
{
    static rv_filter filter; /* goes on from generation to generation */
    static uint16_t wide[512];
    uint32_t units = 0;
    for (; path[units] != '\0'; units++) {
        wide[units] = (uint8_t)path[units];
    }
    rv_filter_set(&filter, request);
    return rv_filter_passes_path(&filter, wide, units);
}

/* ---- the check -------------------------------------------------------------------------------------------------- */

static rv_event_filter good(void)
{
    rv_event_filter filter = {0};
    add_pid(&filter, RV_FILTER_EXCLUDE, 4);
    add_pid(&filter, RV_FILTER_EXCLUDE, 0);
    add_part(&filter, RV_FILTER_INCLUDE, "\\Services\\");
    add_part(&filter, RV_FILTER_INCLUDE, "x");
    return filter;
}

static void test_check(void)
{
    rv_event_filter filter = {0};
    check(sizeof filter == 1104, "the size that clients are built with");
    check(rv_filter_check(&filter), "nothing is a filter");
    filter = good();
    check(rv_filter_check(&filter), "a good one");

    /* Every word in turn gets every value of one bit, or all of them; a second statement says what may stand there. */
    uint32_t wrong = 0;
    for (uint32_t half = 0; half < sizeof filter / 2; half++) {
        for (uint32_t bit = 0; bit <= 16; bit++) {
            uint16_t words[sizeof filter / 2];
            filter = good();
            memcpy(words, &filter, sizeof words);
            words[half] = (uint16_t)(bit == 16 ? 0 : words[half] ^ 1u << bit);
            memcpy(&filter, words, sizeof filter);
            uint32_t at = half * 2;
            bool mode = (at == 0 || at == 72) && (words[half] == 1 || words[half] == 2);
            bool pid = at >= 8 && at < 16;
            /* Process 0 is one like others, so that a longer list has it more than once. */
            bool count = at == 4 && words[half] >= 2 && words[half] <= 16;
            bool first = at >= 84 && at < 84 + 20 && words[half] != 0;
            bool second = at == 340 && words[half] != 0;
            rv_event_filter as_it_was = good();
            bool same = memcmp(&filter, &as_it_was, sizeof filter) == 0;
            wrong += rv_filter_check(&filter) != (mode || pid || count || first || second || same);
        }
    }
    check(wrong == 0, "each field is checked");

    for (uint32_t count = 0; count < 40; count++) {
        memset(&filter, 0, sizeof filter);
        filter.pid_mode = RV_FILTER_INCLUDE;
        filter.pid_count = count;
        check(rv_filter_check(&filter) == (count >= 1 && count <= 16), "1 to 16 processes");
        memset(&filter, 0, sizeof filter);
        filter.path_mode = RV_FILTER_INCLUDE;
        filter.path_count = count;
        for (uint32_t i = 0; i < count && i < 4; i++) {
            filter.paths[i].units = 1;
            filter.paths[i].text[0] = 'p';
        }
        check(rv_filter_check(&filter) == (count >= 1 && count <= 4), "1 to 4 parts of a path");
    }
    for (uint32_t units = 0; units < 65536; units++) {
        memset(&filter, 0, sizeof filter);
        filter.path_mode = RV_FILTER_EXCLUDE;
        filter.path_count = 1;
        filter.paths[0].units = (uint16_t)units;
        for (uint32_t i = 0; i < units && i < RV_FILTER_PATH_UNITS; i++) {
            filter.paths[0].text[i] = 0xffff;
        }
        wrong += rv_filter_check(&filter) != (units >= 1 && units <= 126);
    }
    check(wrong == 0, "parts of 1 to 126 units");
}

/* ---- the decisions ---------------------------------------------------------------------------------------------- */

static void test_pids(void)
{
    static rv_filter filter;
    rv_event_filter request = {0};
    check(rv_filter_passes_pid(&filter, 0) && rv_filter_passes_pid(&filter, ~0u), "zeroed memory lets all pass");
    for (uint32_t n = 0; n < RV_FILTER_PIDS; n++) {
        add_pid(&request, RV_FILTER_INCLUDE, n * 4);
        rv_filter_set(&filter, &request);
        uint32_t wrong = 0;
        for (uint32_t pid = 0; pid < 100; pid++) {
            wrong += rv_filter_passes_pid(&filter, pid) != (pid % 4 == 0 && pid <= n * 4);
        }
        request.pid_mode = RV_FILTER_EXCLUDE;
        rv_filter_set(&filter, &request);
        for (uint32_t pid = 0; pid < 100; pid++) {
            wrong += rv_filter_passes_pid(&filter, pid) == (pid % 4 == 0 && pid <= n * 4);
        }
        check(wrong == 0, "the processes of the list, or all others");
    }
    memset(&request, 0, sizeof request);
    rv_filter_set(&filter, &request);
    check(rv_filter_passes_pid(&filter, 4), "and all of them again");
    check(rv_filter_passes_path(&filter, NULL, 0), "also what has no path");
}

static void test_paths(void)
{
    rv_event_filter request = {0};
    add_part(&request, RV_FILTER_INCLUDE, "\\services\\");
    add_part(&request, RV_FILTER_INCLUDE, ".INI");
    check(asked(&request, "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\a"), "a part in the middle");
    check(asked(&request, "C:\\win.ini"), "a part at the end");
    check(asked(&request, ".ini"), "a part that is all");
    check(!asked(&request, "C:\\win.in"), "less than the part");
    check(!asked(&request, ""), "nothing");
    static rv_filter filter;
    rv_filter_set(&filter, &request);
    check(!rv_filter_passes_path(&filter, NULL, 7), "what is not known is not included");
    request.path_mode = RV_FILTER_EXCLUDE;
    rv_filter_set(&filter, &request);
    check(rv_filter_passes_path(&filter, NULL, 7), "nor excluded");
    check(!asked(&request, "C:\\win.ini") && asked(&request, "C:\\win.in"), "the opposite of included");
}

/* The same as it is said in the header. */
static bool plainly(const char *path, const char *part)
{
    for (; *path != '\0'; path++) {
        uint32_t n = 0;
        while (part[n] != '\0' && (path[n] | 0x20) == (part[n] | 0x20)) {
            n++;
        }
        if (part[n] == '\0') {
            return true;
        }
    }
    return false;
}

/* Few letters, so that what is searched for begins anew within itself. */
static void random_text(char *text, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        text[i] = "abAB"[random_below(4)];
    }
    text[length] = '\0';
}

static void test_search(void)
{
    uint32_t wrong = 0, found = 0;
    for (uint32_t n = 0; n < 60000; n++) {
        char path[64], parts[RV_FILTER_PATHS][16];
        rv_event_filter request = {0};
        bool fits = false;
        random_text(path, random_below(60));
        for (uint32_t i = 0, count = 1 + random_below(RV_FILTER_PATHS); i < count; i++) {
            random_text(parts[i], 1 + random_below(12));
            add_part(&request, 1 + n % 2, parts[i]);
            fits = fits || plainly(path, parts[i]);
        }
        found += fits;
        wrong += asked(&request, path) != (fits == (n % 2 == 0));
    }
    check(wrong == 0 && found > 20000 && found < 50000, "the search finds what is there, and nothing else");

    char longest[RV_FILTER_PATH_UNITS + 1], path[400];
    random_text(longest, RV_FILTER_PATH_UNITS);
    memset(path, 'a', sizeof path);
    memcpy(path + 399 - RV_FILTER_PATH_UNITS, longest, sizeof longest);
    rv_event_filter request = {0};
    add_part(&request, RV_FILTER_INCLUDE, longest);
    check(rv_filter_check(&request) && asked(&request, path), "the longest part");
    path[398] ^= 0x7;
    check(!asked(&request, path), "and all of it");
}

/* Pairs of small and capital letters, from the charts. */
static void test_case(void)
{
    static const uint16_t pairs[][2] = {{'a', 'A'},     {'z', 'Z'},     {0xe0, 0xc0},   {0xf6, 0xd6},   {0xfe, 0xde},
                                        {0xff, 0x178},  {0x101, 0x100}, {0x137, 0x136}, {0x13a, 0x139}, {0x148, 0x147},
                                        {0x14b, 0x14a}, {0x17e, 0x17d}, {0x3b1, 0x391}, {0x3c9, 0x3a9}, {0x430, 0x410},
                                        {0x44f, 0x42f}, {0x450, 0x400}, {0x45f, 0x40f}};
    static const uint16_t others[][2] = {{'@', '`'},     {'[', '{'},       {0xf7, 0xd7},   {0xdf, 0xff},
                                         {0x131, 0x130}, {0x138, 0x137},   {0x149, 0x148}, {0x178, 0x179},
                                         {0x3c2, 0x3a2}, {0xd800, 0xdc00}, {'A', 0x141}};
    static rv_filter filter;
    for (uint32_t n = 0; n < sizeof pairs / sizeof pairs[0]; n++) {
        for (uint32_t way = 0; way < 2; way++) {
            rv_event_filter request = {.path_mode = RV_FILTER_INCLUDE, .path_count = 1};
            request.paths[0].units = 1;
            request.paths[0].text[0] = pairs[n][way];
            rv_filter_set(&filter, &request);
            check(rv_filter_passes_path(&filter, &pairs[n][!way], 1), "a letter fits its other case");
        }
    }
    for (uint32_t n = 0; n < sizeof others / sizeof others[0]; n++) {
        rv_event_filter request = {.path_mode = RV_FILTER_INCLUDE, .path_count = 1};
        request.paths[0].units = 1;
        request.paths[0].text[0] = others[n][0];
        rv_filter_set(&filter, &request);
        check(!rv_filter_passes_path(&filter, &others[n][1], 1), "and no other character");
    }
}

/* ---- replaced while it is asked --------------------------------------------------------------------------------- */

static rv_filter shared;
static bool stop;

/* Three lists, so that each copy of the rules gets another one each time. All let the same pass, each for another entry. */
static void *replace(void *unused)
{
    rv_event_filter lists[3] = {{0}, {0}, {0}};
    for (uint32_t n = 0; n < 3; n++) {
        for (uint32_t i = 0; i < 3; i++) {
            add_pid(&lists[n], RV_FILTER_INCLUDE, i == n ? 5000 : 100 + i);
            add_part(&lists[n], RV_FILTER_INCLUDE, i == n ? "abac" : "abaabaabb");
        }
    }
    for (uint32_t n = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); n = (n + 1) % 3) {
        rv_filter_set(&shared, &lists[n]);
    }
    return unused;
}

static void test_replaced(void)
{
    static uint16_t path[8192]; /* which takes longer than to replace the filter a few times */
    pthread_t thread;
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < sizeof path / 2; i++) {
        path[i] = "aab"[i % 3] & 0xff;
    }
    path[sizeof path / 2 - 1] = 'c';
    path[sizeof path / 2 - 2] = 'a';
    path[sizeof path / 2 - 3] = 'b';
    path[sizeof path / 2 - 4] = 'a';
    check(pthread_create(&thread, NULL, replace, NULL) == 0, "a thread");
    /* Until it has happened often enough, however seldom the two threads run side by side. */
    for (uint32_t met = 0; met < 100;) {
        uint32_t before = __atomic_load_n(&shared.generation, __ATOMIC_ACQUIRE);
        wrong += !rv_filter_passes_path(&shared, path, sizeof path / 2);
        wrong += !rv_filter_passes_pid(&shared, 5000);
        met += __atomic_load_n(&shared.generation, __ATOMIC_ACQUIRE) - before > 1;
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    (void)pthread_join(thread, NULL);
    check(wrong == 0, "what all of them let pass passes while one replaces another");
}

int main(void)
{
    test_check();
    test_pids();
    test_paths();
    test_search();
    test_case();
    test_replaced();
    return report();
}
