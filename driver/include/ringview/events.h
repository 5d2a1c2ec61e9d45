/*
 * events.h - the typed records by which a driver reports the life of processes, threads and images. `type` of the
 * record says which struct its data begins with; numbers from RV_TYPE_RESERVED up belong to RingView.
 *
 * Windows notifies of the loading of an image, never of its unloading: an image ends with its process.
 */
#ifndef RINGVIEW_EVENTS_H
#define RINGVIEW_EVENTS_H

#include "layout.h"

#define RV_TYPE_RESERVED 0xff00u
#define RV_TYPE_PROCESS 0xff01u
#define RV_TYPE_THREAD 0xff02u
#define RV_TYPE_IMAGE 0xff03u

#define RV_EVENT_START 1u
#define RV_EVENT_END 2u

/* Bytes of a name at most; a longer one keeps its end, which is the part that tells images apart. */
#define RV_EVENT_NAME_BYTES 260u

/* RV_TYPE_PROCESS; `name_bytes` of UTF-8 follow, the image's path (none at the end of a process). */
typedef struct rv_event_process {
    uint32_t action; /* RV_EVENT_* */
    uint32_t pid;
    uint32_t parent_pid;  /* 0 at the end */
    uint32_t creator_pid; /* who called CreateProcess; differs from the parent if that was assigned */
    uint32_t name_bytes;
    uint32_t reserved;
} rv_event_process;

/* RV_TYPE_THREAD */
typedef struct rv_event_thread {
    uint32_t action; /* RV_EVENT_* */
    uint32_t pid;
    uint32_t tid;
    uint32_t caller_pid; /* in whose context it was started: another than `pid` is a remote thread */
} rv_event_thread;

/* RV_TYPE_IMAGE; `name_bytes` of UTF-8 follow. */
typedef struct rv_event_image {
    uint32_t action; /* RV_EVENT_START */
    uint32_t pid;    /* 0: loaded into the kernel */
    uint64_t base;
    uint64_t bytes;
    uint32_t name_bytes;
    uint32_t reserved;
} rv_event_image;

RV_ASSERT_SIZE(rv_event_process, 24);
RV_ASSERT_SIZE(rv_event_thread, 16);
RV_ASSERT_SIZE(rv_event_image, 32);

#endif
