/*
 * event_filter.c - the check of a client's filter, its replacement, and the two decisions.
 *
 * Why a filter can be replaced under those who ask. There are two copies of the rules; the lowest bit of `generation` says which
 * is in force. rv_filter_set writes the other copy and only then counts the generation up, so that who sees the new number sees
 * the new rules. The copy in force in generation g is written again only after g + 1 was stored. Who asks remembers g, decides by
 * that copy, and looks at the number again: where it is still g, nothing of the copy had been written, and the decision is by
 * one filter. Otherwise it decides anew. Between the two looks the copy may be half of one filter and half of another; so every
 * word is loaded once, as a whole, and trusted no further than its range.
 */
#include "event_filter.h"

#include "../ring/platform.h"

/* Each attempt that comes to nothing has met another rv_filter_set, and a client sends one at a time. */
#define ATTEMPTS 8u

/* ---- the check -------------------------------------------------------------------------------------------------- */

static bool list_fits(uint32_t mode, uint32_t count, uint32_t most)
{
    return mode <= RV_FILTER_EXCLUDE && count <= most && (mode == RV_FILTER_ALL) == (count == 0);
}

static bool path_fits(const rv_filter_path *path, bool wanted)
{
    if (path->reserved != 0 || path->units > RV_FILTER_PATH_UNITS || (path->units != 0) != wanted) {
        return false;
    }
    for (uint32_t i = 0; i < RV_FILTER_PATH_UNITS; i++) {
        if ((path->text[i] != 0) != (i < path->units)) {
            return false;
        }
    }
    return true;
}

bool rv_filter_check(const rv_event_filter *request)
{
    if (!list_fits(request->pid_mode, request->pid_count, RV_FILTER_PIDS) ||
        !list_fits(request->path_mode, request->path_count, RV_FILTER_PATHS)) {
        return false;
    }
    for (uint32_t i = request->pid_count; i < RV_FILTER_PIDS; i++) {
        if (request->pids[i] != 0) {
            return false;
        }
    }
    for (uint32_t i = 0; i < RV_FILTER_PATHS; i++) {
        if (!path_fits(&request->paths[i], i < request->path_count)) {
            return false;
        }
    }
    return true;
}

/* ---- the replacement -------------------------------------------------------------------------------------------- */

/* The letter that stands for both of its cases. RtlUpcaseUnicodeChar knows more of them, but only at PASSIVE_LEVEL. */
static uint32_t fold(uint32_t c)
{
    if (c < 0x80) {
        return c >= 'a' && c <= 'z' ? c - 0x20 : c;
    }
    if ((c >= 0xe0 && c <= 0xfe && c != 0xf7) || (c >= 0x3b1 && c <= 0x3cb && c != 0x3c2) ||
        (c >= 0x430 && c <= 0x44f)) {
        return c - 0x20;
    }
    if (c >= 0x450 && c <= 0x45f) {
        return c - 0x50;
    }
    if ((c >= 0x100 && c <= 0x137 && c != 0x131) || (c >= 0x14a && c <= 0x177)) {
        return c & ~1u;
    }
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e)) {
        return c - (c % 2 == 0);
    }
    return c == 0xff ? 0x178 : c;
}

static uint32_t at_most(uint32_t value, uint32_t most)
{
    return value < most ? value : most;
}

static uint32_t unit_of(uint32_t word)
{
    return word & 0xffffu;
}

/* How many units are matched when `at` were and `c` is next, in a part that is in `text` up to there. */
static uint32_t step(const uint32_t *text, uint32_t at, uint32_t c)
{
    for (;;) {
        if (unit_of(rv_load32(&text[at])) == c) {
            return at + 1;
        }
        if (at == 0) {
            return 0;
        }
        /* Always less than before, also in rules that are being written: the search ends. */
        uint32_t shorter = rv_load32(&text[at - 1]) >> 16;
        at = shorter < at ? shorter : at - 1;
    }
}

/* Prepares a part for the search of Knuth, Morris and Pratt, which never looks back in the path. */
static void prepare(uint32_t *text, const rv_filter_path *path)
{
    uint32_t begin = 0;
    for (uint32_t i = 0; i < path->units; i++) {
        uint32_t c = fold(path->text[i]);
        begin = i == 0 ? 0 : step(text, at_most(begin, i - 1), c); /* a begin is never as long as what it is one of */
        rv_store32(&text[i], c | begin << 16);
    }
}

void rv_filter_set(rv_filter *filter, const rv_event_filter *request)
{
    uint32_t next = rv_load32(&filter->generation) + 1;
    rv_filter_rules *rules = &filter->rules[next % 2];

    /* The number that took this copy out of force is seen by all who see a word of what follows. */
    rv_fence_release();
    rv_store32(&rules->pid_mode, request->pid_mode);
    rv_store32(&rules->pid_count, request->pid_count);
    for (uint32_t i = 0; i < request->pid_count; i++) {
        rv_store32(&rules->pids[i], request->pids[i]);
    }
    rv_store32(&rules->path_mode, request->path_mode);
    rv_store32(&rules->path_count, request->path_count);
    for (uint32_t i = 0; i < request->path_count; i++) {
        rv_store32(&rules->paths[i].units, request->paths[i].units);
        prepare(rules->paths[i].text, &request->paths[i]);
    }
    rv_store32_release(&filter->generation, next);
}

/* ---- the decisions ---------------------------------------------------------------------------------------------- */

static bool passes(uint32_t mode, bool fits)
{
    return mode == RV_FILTER_ALL || fits == (mode == RV_FILTER_INCLUDE);
}

static bool has_pid(const rv_filter_rules *rules, uint32_t pid, uint32_t other)
{
    uint32_t count = at_most(rv_load32(&rules->pid_count), RV_FILTER_PIDS);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t listed = rv_load32(&rules->pids[i]);
        if (listed == pid || listed == other) {
            return true;
        }
    }
    return false;
}

/* Goes on with the search in a piece of the path. Returns how many units are matched at its end, or `length` once it is found. */
static uint32_t search(const uint32_t *text, uint32_t length, uint32_t at, const uint16_t *piece, uint32_t units)
{
    for (uint32_t i = 0; i < units && at < length; i++) {
        at = step(text, at, fold(((const volatile uint16_t *)piece)[i]));
    }
    return at;
}

static bool contains(const rv_filter_pieces *path, const uint32_t *text, uint32_t length)
{
    static const uint16_t between = '\\';
    uint32_t at = 0;
    if (path->root != 0) {
        at = search(text, length, at, path->root, path->root_units);
    }
    if (path->root != 0 && path->name != 0) {
        at = search(text, length, at, &between, 1);
    }
    if (path->name != 0) {
        at = search(text, length, at, path->name, path->name_units);
    }
    return at == length;
}

static bool has_part_of(const rv_filter_rules *rules, const rv_filter_pieces *path)
{
    uint32_t count = at_most(rv_load32(&rules->path_count), RV_FILTER_PATHS);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = at_most(rv_load32(&rules->paths[i].units), RV_FILTER_PATH_UNITS);
        if (contains(path, rules->paths[i].text, length)) {
            return true;
        }
    }
    return false;
}

/* Whether the rules of this generation may have been written to since it was loaded. */
static bool replaced(const rv_filter *filter, uint32_t generation)
{
    rv_fence_acquire();
    return rv_load32(&filter->generation) != generation;
}

bool rv_filter_passes_pids(const rv_filter *filter, uint32_t pid, uint32_t other)
{
    for (uint32_t attempt = 0; attempt < ATTEMPTS; attempt++) {
        uint32_t generation = rv_load32_acquire(&filter->generation);
        const rv_filter_rules *rules = &filter->rules[generation % 2];
        uint32_t mode = rv_load32(&rules->pid_mode);
        bool pass = passes(mode, mode != RV_FILTER_ALL && has_pid(rules, pid, other));
        if (!replaced(filter, generation)) {
            return pass;
        }
    }
    return true; /* a record too many, rather than one that is missing */
}

bool rv_filter_passes_pieces(const rv_filter *filter, const rv_filter_pieces *path)
{
    for (uint32_t attempt = 0; attempt < ATTEMPTS; attempt++) {
        uint32_t generation = rv_load32_acquire(&filter->generation);
        const rv_filter_rules *rules = &filter->rules[generation % 2];
        uint32_t mode = rv_load32(&rules->path_mode);
        bool pass = passes(mode, mode != RV_FILTER_ALL && has_part_of(rules, path));
        if (!replaced(filter, generation)) {
            return pass;
        }
    }
    return true;
}

bool rv_filter_passes_pid(const rv_filter *filter, uint32_t pid)
{
    return rv_filter_passes_pids(filter, pid, pid);
}

bool rv_filter_passes_path(const rv_filter *filter, const uint16_t *path, uint32_t units)
{
    rv_filter_pieces whole = {.name = path, .name_units = units};
    return rv_filter_passes_pieces(filter, &whole);
}
