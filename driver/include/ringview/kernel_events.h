/*
 * kernel_events.h - the typed records by which RingView's drivers report what the kernel does for others: operations on the
 * registry, on handles of processes and threads, connections, files. `type` of the record says which struct its data begins
 * with; process and thread of the record are those that asked, its time is when the operation was done.
 *
 * Every struct is followed by its texts, UTF-8 without NUL, in the order of their `*_bytes` fields. A text that is longer
 * than its limit keeps its end and is flagged. No record holds what was read or written: sizes only.
 */
#ifndef RINGVIEW_KERNEL_EVENTS_H
#define RINGVIEW_KERNEL_EVENTS_H

#include "events.h"

#define RV_TYPE_REGISTRY 0xff04u
#define RV_TYPE_HANDLE 0xff05u
#define RV_TYPE_NETWORK 0xff06u
#define RV_TYPE_FILE 0xff07u

/* Bytes of a path at most. */
#define RV_EVENT_PATH_BYTES 520u

/* `flags` of all of them: what was cut or is not known. */
#define RV_EVENT_PATH_CUT 1u      /* the first text lacks its begin */
#define RV_EVENT_SECOND_CUT 2u    /* the second text lacks its begin */
#define RV_EVENT_UNPAIRED 4u      /* the end was not seen: status and duration are 0 and mean nothing */
#define RV_EVENT_FROM_KERNEL 8u   /* a kernel-mode caller asked */
#define RV_EVENT_PATH_UNKNOWN 16u /* the system did not tell the path */

/* rv_event_registry.operation */
#define RV_REGISTRY_CREATE_KEY 1u
#define RV_REGISTRY_OPEN_KEY 2u
#define RV_REGISTRY_CLOSE_KEY 3u
#define RV_REGISTRY_DELETE_KEY 4u
#define RV_REGISTRY_RENAME_KEY 5u
#define RV_REGISTRY_QUERY_KEY 6u
#define RV_REGISTRY_ENUMERATE_KEY 7u
#define RV_REGISTRY_SET_VALUE 8u
#define RV_REGISTRY_DELETE_VALUE 9u
#define RV_REGISTRY_QUERY_VALUE 10u
#define RV_REGISTRY_ENUMERATE_VALUE 11u
#define RV_REGISTRY_QUERY_VALUES 12u
#define RV_REGISTRY_LOAD_HIVE 13u
#define RV_REGISTRY_UNLOAD_HIVE 14u
#define RV_REGISTRY_FLUSH_KEY 15u
#define RV_REGISTRY_SAVE_KEY 16u
#define RV_REGISTRY_SET_SECURITY 17u

/* RV_TYPE_REGISTRY, then the path of the key, then the name of the value (or a key's new name). */
typedef struct rv_event_registry {
    uint32_t operation;  /* RV_REGISTRY_* */
    uint32_t status;     /* NTSTATUS of the operation */
    uint64_t duration;   /* nanoseconds from before it to after it */
    uint64_t object;     /* address of the key object; 0: there is none yet */
    uint32_t access;     /* ACCESS_MASK that was asked for, of create and open */
    uint32_t value_type; /* REG_* of a value that is set */
    uint32_t data_bytes; /* bytes of a value that is set */
    uint32_t flags;      /* RV_EVENT_* */
    uint32_t key_bytes;
    uint32_t value_bytes;
} rv_event_registry;

/* rv_event_handle.operation, .object_type */
#define RV_HANDLE_OPEN 1u
#define RV_HANDLE_DUPLICATE 2u
#define RV_HANDLE_OF_PROCESS 1u
#define RV_HANDLE_OF_THREAD 2u

/* RV_TYPE_HANDLE; no text. */
typedef struct rv_event_handle {
    uint32_t operation;    /* RV_HANDLE_* */
    uint32_t status;       /* NTSTATUS of the operation */
    uint32_t object_type;  /* RV_HANDLE_OF_* */
    uint32_t target_pid;   /* the process, or that of the thread, to which there is a handle now */
    uint32_t target_tid;   /* 0 for a process */
    uint32_t desired;      /* ACCESS_MASK that was asked for */
    uint32_t granted;      /* ACCESS_MASK that was given; 0 after a failure */
    uint32_t flags;        /* RV_EVENT_* */
    uint32_t source_pid;   /* of a duplicate: whose handle it was */
    uint32_t receiver_pid; /* of a duplicate: whose it is now */
} rv_event_handle;

/* rv_event_network.operation */
#define RV_NETWORK_CONNECT 1u
#define RV_NETWORK_ACCEPT 2u
#define RV_NETWORK_CLOSE 3u
#define RV_NETWORK_LISTEN 4u

/* RV_TYPE_NETWORK, then the path of the program. Addresses are in network byte order; IPv4 takes the first 4 bytes. */
typedef struct rv_event_network {
    uint32_t operation; /* RV_NETWORK_* */
    uint32_t pid;       /* whose connection it is: what the record itself names may be another, or the system */
    uint16_t protocol;  /* of IP: 6 TCP, 17 UDP */
    uint16_t family;    /* 4 or 6 */
    uint16_t local_port;
    uint16_t remote_port;
    uint8_t local[16];
    uint8_t remote[16];
    uint64_t endpoint; /* the same for all events of one endpoint; 0: not known */
    uint64_t duration; /* of a close: nanoseconds since connect or accept, 0 if that was not seen */
    uint32_t flags;    /* RV_EVENT_* */
    uint32_t path_bytes;
} rv_event_network;

/* rv_event_file.operation */
#define RV_FILE_CREATE 1u
#define RV_FILE_READ 2u
#define RV_FILE_WRITE 3u
#define RV_FILE_RENAME 4u
#define RV_FILE_DELETE 5u
#define RV_FILE_CLOSE 6u

/* RV_TYPE_FILE, then the path, then the new path of a rename. */
typedef struct rv_event_file {
    uint32_t operation; /* RV_FILE_* */
    uint32_t status;    /* NTSTATUS of the operation */
    uint64_t duration;  /* nanoseconds from before it to after it */
    uint64_t object;    /* address of the file object */
    uint64_t offset;    /* of read and write, in bytes; all ones: where the file stood */
    uint32_t bytes;     /* of read and write: that were moved */
    uint32_t access;    /* of create: ACCESS_MASK that was asked for */
    uint32_t options;   /* of create: disposition in the upper 8 bits, options below, as IRP_MJ_CREATE has them */
    uint32_t result;    /* of create: FILE_OPENED, FILE_CREATED, ... */
    uint32_t irp_flags; /* IRP_PAGING_IO and others */
    uint32_t flags;     /* RV_EVENT_* */
    uint32_t path_bytes;
    uint32_t new_path_bytes;
} rv_event_file;

RV_ASSERT_SIZE(rv_event_registry, 48);
RV_ASSERT_SIZE(rv_event_handle, 40);
RV_ASSERT_SIZE(rv_event_network, 72);
RV_ASSERT_OFFSET(rv_event_network, endpoint, 48);
RV_ASSERT_SIZE(rv_event_file, 64);

#endif
