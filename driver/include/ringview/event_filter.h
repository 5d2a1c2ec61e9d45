/*
 * event_filter.h - which events of the kernel are worth a record: by process and by path, as a client states it. No system
 * header: a host test and the TypeScript twin read the same lines.
 *
 * A path part fits a path that contains it anywhere, whatever the case: nobody knows paths of the kernel by their begin
 * (\Device\HarddiskVolume3\..., \REGISTRY\USER\S-1-5-...). Case is that of the letters a-z and of those from U+00E0 to U+017F,
 * U+03B1 to U+03CB and U+0430 to U+045F; any other letter fits only itself.
 */
#ifndef RINGVIEW_EVENT_FILTER_H
#define RINGVIEW_EVENT_FILTER_H

#include "layout.h"

#define RV_FILTER_PIDS 16u
#define RV_FILTER_PATHS 4u
/* UTF-16 units of a path part at most. */
#define RV_FILTER_PATH_UNITS 126u

/* rv_event_filter.pid_mode, .path_mode */
#define RV_FILTER_ALL 0u     /* every event passes; there is nothing in the list */
#define RV_FILTER_INCLUDE 1u /* events pass that fit one of the list, which is not empty */
#define RV_FILTER_EXCLUDE 2u /* events pass that fit none of the list, which is not empty */

typedef struct rv_filter_path {
    uint16_t units; /* of `text`, 1 to RV_FILTER_PATH_UNITS; 0: there is no such part */
    uint16_t reserved;
    uint16_t text[RV_FILTER_PATH_UNITS]; /* UTF-16 without NUL, then zeros */
} rv_filter_path;

/*
 * An event has to pass both lists. One whose path the system does not tell fits no path part. The struct is all zero where
 * everything passes; fields behind the counts are 0, as is what is reserved.
 */
typedef struct rv_event_filter {
    uint32_t pid_mode;  /* RV_FILTER_* */
    uint32_t pid_count; /* at most RV_FILTER_PIDS */
    uint32_t pids[RV_FILTER_PIDS];
    uint32_t path_mode;  /* RV_FILTER_* */
    uint32_t path_count; /* at most RV_FILTER_PATHS */
    rv_filter_path paths[RV_FILTER_PATHS];
} rv_event_filter;

RV_ASSERT_SIZE(rv_filter_path, 256);
RV_ASSERT_SIZE(rv_event_filter, 1104);
RV_ASSERT_OFFSET(rv_event_filter, path_mode, 72);
RV_ASSERT_OFFSET(rv_event_filter, paths, 80);

#endif
