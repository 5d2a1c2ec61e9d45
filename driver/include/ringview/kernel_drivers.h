/*
 * kernel_drivers.h - the two drivers beside ringview.sys that report what the kernel does for others, and log it through
 * ringview.sys: ringview-net.sys (RV_TYPE_NETWORK) and ringview-file.sys (RV_TYPE_FILE). Their devices, and the one request
 * by which a client chooses what they report. No system header: a host test and the TypeScript twin read the same lines.
 *
 * A device admits SYSTEM and Administrators. While a handle to it is open, Windows keeps the driver loaded.
 */
#ifndef RINGVIEW_KERNEL_DRIVERS_H
#define RINGVIEW_KERNEL_DRIVERS_H

#include "event_filter.h"
#include "ioctl.h"
#include "kernel_events.h"

#define RV_NETWORK_DEVICE_NAME L"\\Device\\RingViewNetwork"
#define RV_NETWORK_DEVICE_LINK L"\\DosDevices\\RingViewNetwork"
#define RV_NETWORK_DEVICE_PATH L"\\\\.\\RingViewNetwork" /* what CreateFileW takes */
#define RV_NETWORK_LOGGER "ringview-net"                 /* its name among those who log, and its service's */

#define RV_FILE_DEVICE_NAME L"\\Device\\RingViewFile"
#define RV_FILE_DEVICE_LINK L"\\DosDevices\\RingViewFile"
#define RV_FILE_DEVICE_PATH L"\\\\.\\RingViewFile"
#define RV_FILE_LOGGER "ringview-file"

/* Version of this file's structs. Another one is refused. */
#define RV_OBSERVE_PROTOCOL 1u

/* rv_observe_settings.operations: a bit for each operation (RV_NETWORK_*, RV_FILE_*) that is reported. */
#define RV_OBSERVE(operation) (1u << (operation))
#define RV_OBSERVE_NETWORK_ALL                                                                                         \
    (RV_OBSERVE(RV_NETWORK_CONNECT) | RV_OBSERVE(RV_NETWORK_ACCEPT) | RV_OBSERVE(RV_NETWORK_CLOSE) |                   \
     RV_OBSERVE(RV_NETWORK_LISTEN))
#define RV_OBSERVE_FILE_ALL                                                                                            \
    (RV_OBSERVE(RV_FILE_CREATE) | RV_OBSERVE(RV_FILE_READ) | RV_OBSERVE(RV_FILE_WRITE) | RV_OBSERVE(RV_FILE_RENAME) |  \
     RV_OBSERVE(RV_FILE_DELETE) | RV_OBSERVE(RV_FILE_CLOSE))
/* Of ringview-file.sys: reads and writes of the memory manager too, which move what programs have read and written. */
#define RV_OBSERVE_FILE_PAGING 0x80000000u

/* What the drivers begin with. Reads and writes are far more than all others. */
#define RV_OBSERVE_NETWORK_DEFAULT RV_OBSERVE_NETWORK_ALL
#define RV_OBSERVE_FILE_DEFAULT (RV_OBSERVE_FILE_ALL & ~(RV_OBSERVE(RV_FILE_READ) | RV_OBSERVE(RV_FILE_WRITE)))

/*
 * RV_IOCTL_OBSERVE, METHOD_BUFFERED. Input: none, or an rv_observe_settings, which replaces the one before. Output: an
 * rv_observe_state, as it is then. ERROR_INVALID_PARAMETER, and nothing has changed: another protocol, an operation that the
 * driver does not know, a filter that is none, or another length.
 */
#define RV_IOCTL_OBSERVE RV_IOCTL_CODE(0x810)

typedef struct rv_observe_settings {
    uint32_t protocol;     /* RV_OBSERVE_PROTOCOL */
    uint32_t operations;   /* RV_OBSERVE(operation), RV_OBSERVE_FILE_PAGING */
    uint32_t left_out_pid; /* a process that is never reported, whatever the filter says; 0: none. See below */
    uint32_t reserved;     /* 0 */
    rv_event_filter filter;
} rv_observe_settings;

/*
 * `left_out_pid` is for the reader of the rings. What it does is reported as what all others do, so that each record that it
 * writes to a file would be another record to write. It stays when that process ends.
 */

typedef struct rv_observe_state {
    rv_observe_settings settings;
    uint32_t known;    /* bits that `operations` may have */
    uint32_t attached; /* 1: logs through ringview.sys; 0: that is not loaded, or has no session */
    /* Since the driver was loaded. */
    uint64_t lost;      /* records that the rings refused (the rings count them too, in their place) */
    uint64_t no_memory; /* operations that were not reported because there was no memory */
    uint64_t no_room;   /* of ringview-net: connections whose duration will not be known; of ringview-file: files whose
                             path could not be kept, so that some of their operations come without */
    uint64_t engine_code; /* of ringview-net: NTSTATUS of the last attempt to add its filters; 0: they are there, or the
                             Base Filtering Engine has not run yet */
} rv_observe_state;

RV_ASSERT_SIZE(rv_observe_settings, 1120);
RV_ASSERT_OFFSET(rv_observe_settings, filter, 16);
RV_ASSERT_SIZE(rv_observe_state, 1160);
RV_ASSERT_OFFSET(rv_observe_state, lost, 1128);

#endif
