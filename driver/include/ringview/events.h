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
/* It was there before the capture began: told once then, so that every number has a name. */
#define RV_EVENT_RUNDOWN 3u

/* Bytes of a name at most; a longer one keeps its end, which is the part that tells images apart. */
#define RV_EVENT_NAME_BYTES 260u
/* Bytes of a command line at most; a longer one keeps its end, for its begin is the program. */
#define RV_EVENT_COMMAND_BYTES 1024u

/*
 * Structs whose `header_bytes` says where their texts begin grow at their end: a reader takes the fields it knows, and none
 * that the header does not have. 0 is the first version, whose texts begin where `header_bytes` ends.
 */
#define RV_EVENT_PROCESS_BYTES_0 24u
#define RV_EVENT_IMAGE_BYTES_0 32u

/* rv_event_process.session_id: the system does not tell. */
#define RV_SESSION_UNKNOWN 0xffffffffu

/* rv_event_process.flags */
#define RV_PROCESS_NAME_CUT 1u    /* the name lacks its begin */
#define RV_PROCESS_COMMAND_CUT 2u /* the command line lacks its begin */
#define RV_PROCESS_SUBSYSTEM 4u /* of another subsystem than Win32, as of Linux: name and command line may be missing */
#define RV_PROCESS_NAME_ONLY 8u /* the name is that of the file, without its path */
#define RV_PROCESS_EXIT_STATUS 16u /* exit_status is known */

/*
 * RV_TYPE_PROCESS; behind `header_bytes` follow `name_bytes` of UTF-8, the image's path, and `command_bytes`, the command
 * line. At the end of a process there is neither; in a rundown there is no command line.
 */
typedef struct rv_event_process {
    uint32_t action; /* RV_EVENT_* */
    uint32_t pid;
    uint32_t parent_pid;  /* 0 at the end */
    uint32_t creator_pid; /* who called CreateProcess; differs from the parent if that was assigned; 0 in a rundown */
    uint32_t name_bytes;
    uint32_t header_bytes; /* of this struct; 0: RV_EVENT_PROCESS_BYTES_0 */
    uint32_t session_id;   /* of Windows, RV_SESSION_UNKNOWN at the end */
    uint32_t flags;        /* RV_PROCESS_* */
    uint32_t exit_status;  /* NTSTATUS or the program's own number, at the end */
    uint32_t command_bytes;
    uint32_t creator_tid; /* the thread of creator_pid; 0: not known */
    uint32_t reserved;
    uint64_t create_time; /* when it was created, as FILETIME: a number and this are a process; 0: not known */
} rv_event_process;

/* RV_TYPE_THREAD */
typedef struct rv_event_thread {
    uint32_t action; /* RV_EVENT_* */
    uint32_t pid;
    uint32_t tid;
    uint32_t caller_pid; /* in whose context it was started: another than `pid` is a remote thread */
} rv_event_thread;

/* rv_event_image.flags */
#define RV_IMAGE_NAME_CUT 1u    /* the name lacks its begin */
#define RV_IMAGE_SYSTEM_MODE 2u /* a driver or another part of the kernel */
#define RV_IMAGE_PARTIAL 4u     /* only a part of the file is mapped */
#define RV_IMAGE_SIGNATURE 8u   /* signature_level and signature_type are known */

/* RV_TYPE_IMAGE; behind `header_bytes` follow `name_bytes` of UTF-8. */
typedef struct rv_event_image {
    uint32_t action; /* RV_EVENT_START, RV_EVENT_RUNDOWN */
    uint32_t pid;    /* 0: loaded into the kernel */
    uint64_t base;
    uint64_t bytes;
    uint32_t name_bytes;
    uint32_t header_bytes;    /* of this struct; 0: RV_EVENT_IMAGE_BYTES_0 */
    uint32_t flags;           /* RV_IMAGE_* */
    uint32_t signature_level; /* SE_SIGNING_LEVEL_*, 0 to 15: what code integrity took the file for */
    uint32_t signature_type;  /* SE_IMAGE_SIGNATURE_*: none, embedded, cached, in a catalog, ... */
    uint32_t reserved;
} rv_event_image;

RV_ASSERT_SIZE(rv_event_process, 56);
RV_ASSERT_OFFSET(rv_event_process, session_id, RV_EVENT_PROCESS_BYTES_0);
RV_ASSERT_OFFSET(rv_event_process, create_time, 48);
RV_ASSERT_SIZE(rv_event_thread, 16);
RV_ASSERT_SIZE(rv_event_image, 48);
RV_ASSERT_OFFSET(rv_event_image, flags, RV_EVENT_IMAGE_BYTES_0);

#endif
