/*
 * event_filter.h - decides which events of the kernel become records, before anything else is done for them. Pure: nothing of
 * the WDK but its atomics; built, tested and proved on a host too.
 *
 * Callbacks ask at any IRQL and on any CPU while a client replaces the filter: nobody waits, and asking writes nothing that
 * CPUs share. The filter object must be resident; the path only as resident as the IRQL of its reader demands.
 */
#ifndef RINGVIEW_KERNEL_EVENT_FILTER_H
#define RINGVIEW_KERNEL_EVENT_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/event_filter.h"

/* A client's lists, made ready for the search. */
typedef struct rv_filter_rules {
    uint32_t pid_mode;
    uint32_t pid_count;
    uint32_t pids[RV_FILTER_PIDS];
    uint32_t path_mode;
    uint32_t path_count;
    struct {
        uint32_t units;
        /* A folded unit; in the upper half, how many units before it and with it are also the begin of the part. */
        uint32_t text[RV_FILTER_PATH_UNITS];
    } paths[RV_FILTER_PATHS];
} rv_filter_rules;

/* Zeroed memory is a filter that lets everything pass. */
typedef struct rv_filter {
    uint32_t generation; /* its lowest bit says which rules are in force */
    rv_filter_rules rules[2];
} rv_filter;

/* Whether a client's struct is one. It lies in memory that the client cannot reach any more. */
bool rv_filter_check(const rv_event_filter *request);

/* Replaces the rules by those of a struct that was checked. One caller at a time. */
void rv_filter_set(rv_filter *filter, const rv_event_filter *request);

/* Whether an event of this process passes. To be asked first: it costs a few loads. */
bool rv_filter_passes_pid(const rv_filter *filter, uint32_t pid);

/*
 * Whether an event with this path passes. `path` is UTF-16 of `units` units, NULL where it is not known; each unit is read once
 * for each part of the filter, so that the time is proportional to its length, and it may change meanwhile.
 */
bool rv_filter_passes_path(const rv_filter *filter, const uint16_t *path, uint32_t units);

/* A path that is told in two pieces, between which a backslash stands. Either may be missing (NULL). */
typedef struct rv_filter_pieces {
    const uint16_t *root, *name;
    uint32_t root_units, name_units;
} rv_filter_pieces;

/* The same for such a path; it is not known where both are missing. */
bool rv_filter_passes_pieces(const rv_filter *filter, const rv_filter_pieces *path);

/* Whether an event passes that is about two processes: those of the list are any of the two. */
bool rv_filter_passes_pids(const rv_filter *filter, uint32_t pid, uint32_t other);

#endif
