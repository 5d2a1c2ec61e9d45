/*
 * ioctl.h - how a user-mode reader talks to a driver that carries RingView: device names, control codes and the structs
 * that cross. No system header: a host test and the TypeScript twin read the same lines.
 *
 * All codes are METHOD_BUFFERED and need read and write access to the device, whose ACL admits SYSTEM and
 * Administrators. Input must have exactly the size of its struct, output at least that of its own; a call that fails
 * changes nothing. Every reserved field must be 0.
 *
 * How a reader lives: open the device (FILE_FLAG_OVERLAPPED if it uses RV_IOCTL_WAIT), RV_IOCTL_VERSION, RV_IOCTL_ATTACH,
 * read the views, RV_IOCTL_DETACH, close. Closing the handle detaches as well; so does the death of the process. The
 * driver can only be unloaded once no handle is open: the I/O manager waits for it. A reader that sees RV_STATE_STOPPED
 * therefore reads what is left and closes its handle. The views stay valid whatever the driver does.
 */
#ifndef RINGVIEW_IOCTL_H
#define RINGVIEW_IOCTL_H

#include "event_filter.h"
#include "layout.h"

/* Version of this file's structs. Another one is refused by RV_IOCTL_ATTACH. */
#define RV_IOCTL_PROTOCOL 1u

#define RV_DEVICE_NAME L"\\Device\\RingView"
#define RV_DEVICE_LINK L"\\DosDevices\\RingView"
/* What CreateFileW takes. */
#define RV_DEVICE_PATH L"\\\\.\\RingView"

/* CTL_CODE(FILE_DEVICE_UNKNOWN, function, METHOD_BUFFERED, FILE_READ_DATA | FILE_WRITE_DATA) */
#define RV_IOCTL_CODE(function) (0x22u << 16 | 3u << 14 | (uint32_t)(function) << 2)

#define RV_IOCTL_VERSION RV_IOCTL_CODE(0x800)
#define RV_IOCTL_CONFIGURE RV_IOCTL_CODE(0x801)
#define RV_IOCTL_ATTACH RV_IOCTL_CODE(0x802)
#define RV_IOCTL_DETACH RV_IOCTL_CODE(0x803)
#define RV_IOCTL_STATISTICS RV_IOCTL_CODE(0x804)
#define RV_IOCTL_CAPTURE RV_IOCTL_CODE(0x805)
#define RV_IOCTL_REGISTER_EVENT RV_IOCTL_CODE(0x806)
#define RV_IOCTL_WAIT RV_IOCTL_CODE(0x807)
#define RV_IOCTL_STOP RV_IOCTL_CODE(0x808)
#define RV_IOCTL_LOGGERS RV_IOCTL_CODE(0x809)
#define RV_IOCTL_MASK RV_IOCTL_CODE(0x80a)
#define RV_IOCTL_PROGRAMS RV_IOCTL_CODE(0x80b)
#define RV_IOCTL_EVENT_FILTER RV_IOCTL_CODE(0x80c)
#define RV_IOCTL_EVENT_FILTERS RV_IOCTL_CODE(0x80d)
#define RV_IOCTL_STACKS RV_IOCTL_CODE(0x80e)

/* All rings of a session together, which are locked in physical memory. */
#define RV_IOCTL_MAX_TOTAL_BYTES 4294967296ull

/* What a driver starts with, before any RV_IOCTL_CONFIGURE. */
#define RV_IOCTL_DEFAULT_RING_BYTES 1048576u

/* rv_ioctl_version.features and the capture masks: what this driver can capture on this system. */
#define RV_CAPTURE_DBGPRINT 1u
#define RV_CAPTURE_PROCESS 2u
#define RV_CAPTURE_THREAD 4u
#define RV_CAPTURE_IMAGE 8u
#define RV_CAPTURE_REGISTRY 16u
#define RV_CAPTURE_HANDLES 32u
#define RV_CAPTURE_ALL 63u

/* Captures of events, which have filters; and those whose events have a path. */
#define RV_CAPTURE_FILTERED 62u
#define RV_CAPTURE_WITH_PATH 26u

/* Kinds of events: RV_CAPTURE_* is 1 << kind. */
#define RV_EVENT_KIND_PROCESS 1u
#define RV_EVENT_KIND_THREAD 2u
#define RV_EVENT_KIND_IMAGE 3u
#define RV_EVENT_KIND_REGISTRY 4u
#define RV_EVENT_KIND_HANDLES 5u
#define RV_EVENT_KINDS 6u

/* RV_IOCTL_VERSION: no input. */
typedef struct rv_ioctl_version {
    uint32_t protocol;     /* RV_IOCTL_PROTOCOL */
    uint16_t layout_major; /* RV_VERSION_MAJOR */
    uint16_t layout_minor; /* RV_VERSION_MINOR */
    uint32_t cpu_count;    /* rings of a session */
    uint32_t captures;     /* RV_CAPTURE_* that exist on this system */
    char driver[24];       /* NUL-padded name: "ringview.sys" */
} rv_ioctl_version;

/*
 * RV_IOCTL_CONFIGURE: begins a new session with new rings, after RV_IOCTL_STOP too. No output.
 * Fails with ERROR_BUSY (STATUS_DEVICE_BUSY) while a reader is attached, ERROR_INVALID_PARAMETER for values that
 * rv_session_geometry refuses or that exceed RV_IOCTL_MAX_TOTAL_BYTES. When memory is short the old session stays.
 */
typedef struct rv_ioctl_configure {
    uint64_t ring_bytes;
    uint32_t ring_mode;
    uint32_t order_mode;
} rv_ioctl_configure;

/* RV_IOCTL_ATTACH, input. */
typedef struct rv_ioctl_attach_request {
    uint32_t protocol;     /* RV_IOCTL_PROTOCOL */
    uint16_t layout_major; /* RV_VERSION_MAJOR */
    uint16_t reserved;
} rv_ioctl_attach_request;

/*
 * RV_IOCTL_ATTACH, output: addresses in the caller's process. Needs rv_ioctl_attach_bytes(cpu_count) of buffer.
 *
 * With another reader attached the call fails with ERROR_BUSY (STATUS_DEVICE_BUSY) and still returns this struct: all
 * zero but `reader_pid`, who it is. ERROR_REVISION_MISMATCH (STATUS_REVISION_MISMATCH): another protocol or layout.
 * A stopped session can be attached to as well: what it holds can still be read.
 */
typedef struct rv_ioctl_attach {
    uint32_t protocol;
    uint32_t cpu_count;
    uint32_t reader_pid; /* the caller, or who holds the session */
    uint32_t reserved;
    uint64_t session;       /* session page, read-only */
    uint64_t consumers;     /* cpu_count consumer pages in a row, read-write */
    uint64_t ring_bytes;    /* data bytes of one ring */
    uint64_t view_bytes;    /* bytes of one ring's view: RV_PAGE + ring_bytes */
    uint64_t ring_views[1]; /* cpu_count of them: producer page, then data, read-only */
} rv_ioctl_attach;

#define RV_IOCTL_ATTACH_HEADER_BYTES 48u

static inline uint32_t rv_ioctl_attach_bytes(uint32_t cpu_count)
{
    return RV_IOCTL_ATTACH_HEADER_BYTES + cpu_count * 8u;
}

/* With what a driver begins: values of the key Parameters below that of its service, all REG_DWORD. Each may be absent. */
#define RV_BOOT_RING_BYTES_NAME L"RingBytes"
#define RV_BOOT_RING_MODE_NAME L"RingMode"
#define RV_BOOT_ORDER_MODE_NAME L"OrderMode"
#define RV_BOOT_CAPTURES_NAME L"Captures"

/* Which of them: bits of rv_ioctl_statistics.boot_*. */
#define RV_BOOT_RING_BYTES 1u
#define RV_BOOT_RING_MODE 2u
#define RV_BOOT_ORDER_MODE 4u
#define RV_BOOT_CAPTURES 8u
#define RV_BOOT_REGISTRY 16u /* of boot_failed: the registry could not be read */
#define RV_BOOT_LINK 32u     /* of boot_failed: the name by which programs open a device could not be made */

/* rv_ioctl_statistics.start_type: when the service is started, as its value Start says; 0 to 4, or not known. */
#define RV_START_BOOT 0u
#define RV_START_SYSTEM 1u
#define RV_START_AUTO 2u
#define RV_START_DEMAND 3u
#define RV_START_DISABLED 4u
#define RV_START_UNKNOWN 0xffffffffu

/*
 * RV_IOCTL_STATISTICS: no input. The totals are sums over the rings of the session, each read at its own moment.
 *
 * The struct grows at its end, under the same protocol: output may have RV_IOCTL_STATISTICS_LEAST bytes or more, and what is
 * answered is as much of the struct as fits. What an older driver does not answer is not known.
 */
typedef struct rv_ioctl_statistics {
    uint32_t state;      /* RV_STATE_* */
    uint32_t reader_pid; /* 0: none */
    uint32_t cpu_count;
    uint32_t capturing; /* RV_CAPTURE_* in force */
    uint64_t session_id;
    uint64_t written;
    uint64_t written_bytes;
    uint64_t lost;
    uint64_t lost_full;
    uint64_t lost_too_big;
    uint64_t lost_zero_length;
    uint64_t lost_missing_data;
    uint64_t lost_nesting;
    uint64_t overwritten;
    uint64_t wrapped;
    uint64_t bad_consumer;
    uint64_t index_holes;
    uint64_t no_ring;          /* attempts on a CPU that has no ring */
    uint64_t wake_ups;         /* events set and waits completed because of data */
    uint64_t dbgprint_calls;   /* DbgPrint calls captured */
    uint64_t dbgprint_cut;     /* of them, cut by DbgPrint at 510 bytes */
    uint32_t attached_drivers; /* drivers that log through attach.h */
    /* How often the capture of DbgPrint was registered anew since it began, because the system had slept. */
    uint32_t dbgprint_renewals;
    uint64_t lost_quota;   /* of programs, beyond their share; with the five above it is all of `lost` */
    uint32_t start_type;   /* RV_START_*, when the driver was loaded */
    uint32_t boot_set;     /* RV_BOOT_*: the values with which it began */
    uint32_t boot_ignored; /* RV_BOOT_*: of another type, or not allowed; it began with the standard one instead */
    uint32_t boot_failed;  /* RV_BOOT_*: what the system refused; rings are those of the standard then */
} rv_ioctl_statistics;

/* What the first version of the struct had. */
#define RV_IOCTL_STATISTICS_LEAST 160u

/*
 * RV_IOCTL_CAPTURE: sets which captures run; needs no reader. Output of the same type: `mask` as it now is.
 * ERROR_NOT_SUPPORTED (STATUS_NOT_SUPPORTED) for a capture that rv_ioctl_version.captures lacks; other failures are the
 * system's own, and what was switched on by this call is off again: ERROR_ACCESS_DENIED, processes and handles are told only to
 * a driver that is linked with /INTEGRITYCHECK and signed; ERROR_ALREADY_EXISTS, registry or handles are told
 * to another driver at this altitude.
 */
typedef struct rv_ioctl_capture {
    uint32_t mask;
    uint32_t reserved;
} rv_ioctl_capture;

/*
 * RV_IOCTL_EVENT_FILTER: sets which events of these captures are worth a record, at once and until the driver is unloaded, also
 * while they are off; needs no reader. No output. ERROR_INVALID_PARAMETER for a filter that event_filter.h does not allow, for
 * captures that are not of RV_CAPTURE_FILTERED, and for paths of captures that are not of RV_CAPTURE_WITH_PATH.
 *
 * Processes are those that start, end, or load an image; those that ask for something of the registry; those that ask for a
 * handle and those that it leads to.
 */
typedef struct rv_ioctl_event_filter {
    uint32_t captures; /* RV_CAPTURE_*, at least one */
    uint32_t reserved;
    rv_event_filter filter;
} rv_ioctl_event_filter;

/* RV_IOCTL_EVENT_FILTERS: no input. The filter of the capture 1 << n is filters[n]. */
typedef struct rv_ioctl_event_filters {
    rv_event_filter filters[RV_EVENT_KINDS];
} rv_ioctl_event_filters;

/*
 * RV_IOCTL_REGISTER_EVENT: an event to be set while records are unread, at most once in RV_NOTIFY_PERIOD_MS; 0 lets go of
 * it. Only for the attached reader. It is a hint: the rings are the truth. No output.
 */
typedef struct rv_ioctl_register_event {
    uint64_t event; /* handle of the caller's process with EVENT_MODIFY_STATE */
} rv_ioctl_register_event;

#define RV_NOTIFY_PERIOD_MS 10u

/*
 * RV_IOCTL_WAIT: no input; completes when records are unread or the session stopped, at once if that is so already. Only
 * for the attached reader, one at a time (ERROR_BUSY). Ends with ERROR_OPERATION_ABORTED when it is cancelled or
 * the reader detaches.
 */
typedef struct rv_ioctl_wait {
    uint32_t state; /* RV_STATE_* */
    uint32_t reserved;
} rv_ioctl_wait;

/* Loggers that are always there. */
#define RV_LOGGER_SELF 0u     /* the driver that carries the rings: its LogMessage and SendData */
#define RV_LOGGER_PROGRAMS 1u /* programs that log through it */
#define RV_LOGGER_OTHERS 2u   /* attached drivers for whose names there was no room */
#define RV_LOGGER_FIRST 3u

/* One who logs: a driver by the name it attached under, whether it is attached now or not. */
typedef struct rv_ioctl_logger {
    char name[RV_LOGGER_NAME_BYTES]; /* NUL-padded; empty: there is no such logger */
    uint64_t off;                    /* bits of mask.h that are switched off */
    uint32_t attached;               /* attachments under this name now; 1 for the driver itself */
    uint32_t stacks;                 /* levels whose texts carry a stack: bits of the low half of mask.h */
} rv_ioctl_logger;

/* RV_IOCTL_LOGGERS: no input. Logger n is RV_ORIGIN_LOGGER + n in records. */
typedef struct rv_ioctl_loggers {
    rv_ioctl_logger loggers[RV_LOGGERS];
} rv_ioctl_loggers;

/*
 * RV_IOCTL_MASK: sets what the logger of this name leaves out, at once and until the driver is unloaded; needs no reader. A
 * name that is not known yet is remembered for the driver that attaches under it. No output. ERROR_INVALID_PARAMETER for a
 * name that none can have, ERROR_NO_SYSTEM_RESOURCES (STATUS_INSUFFICIENT_RESOURCES) where there is no room for another.
 */
typedef struct rv_ioctl_mask {
    char name[RV_LOGGER_NAME_BYTES]; /* printable ASCII without blanks, NUL-padded */
    uint64_t off;
} rv_ioctl_mask;

/*
 * RV_IOCTL_STACKS: sets the levels of which texts of the logger of this name carry the stack of the call, up to RV_MAX_FRAMES
 * return addresses; at once and until the driver is unloaded, as a mask, and for a name that is yet to come as well. Needs no
 * reader, no output. What is not text carries none. ERROR_INVALID_PARAMETER for a name that none can have,
 * ERROR_NOT_SUPPORTED (STATUS_NOT_SUPPORTED) for RV_LOGGER_PROGRAMS, whose records come long after their calls,
 * ERROR_NO_SYSTEM_RESOURCES (STATUS_INSUFFICIENT_RESOURCES) where there is no room for another name.
 */
typedef struct rv_ioctl_stacks {
    char name[RV_LOGGER_NAME_BYTES]; /* printable ASCII without blanks, NUL-padded */
    uint32_t levels;                 /* bits of the low half of mask.h; 0: none */
    uint32_t reserved;
} rv_ioctl_stacks;

/* Processes that may have the device for programs (write.h) open at a time; those of one user at most as many as they leave
 * to others, which is half. */
#define RV_PROGRAMS 256u

/* A process that logs, or has logged and closed its handles; then its place is given to another one when none is left. */
typedef struct rv_ioctl_program {
    uint32_t pid;     /* 0: nobody */
    uint32_t handles; /* that it has open; 0: the process may be gone, and its number another's */
    uint64_t written;
    uint64_t lost;    /* by the rings, or at the end of a session */
    uint64_t refused; /* by its quota */
    uint64_t masked;  /* switched off: not attempted */
} rv_ioctl_program;

/* RV_IOCTL_PROGRAMS: no input. */
typedef struct rv_ioctl_programs {
    rv_ioctl_program programs[RV_PROGRAMS];
} rv_ioctl_programs;

/*
 * RV_IOCTL_DETACH: no input, no output. Unmaps the views. ERROR_INVALID_FUNCTION if the handle is not the reader's.
 *
 * RV_IOCTL_STOP: no input, no output. Ends the session: no further record, state becomes RV_STATE_STOPPED, waits complete,
 * the reader stays attached until it detaches. What an installer calls before it stops the service, so that readers let
 * go of the driver.
 */

RV_ASSERT_SIZE(rv_ioctl_version, 40);
RV_ASSERT_OFFSET(rv_ioctl_version, cpu_count, 8);
RV_ASSERT_OFFSET(rv_ioctl_version, captures, 12);
RV_ASSERT_OFFSET(rv_ioctl_version, driver, 16);
RV_ASSERT_SIZE(rv_ioctl_configure, 16);
RV_ASSERT_SIZE(rv_ioctl_attach_request, 8);
RV_ASSERT_SIZE(rv_ioctl_attach, 56);
RV_ASSERT_OFFSET(rv_ioctl_attach, reader_pid, 8);
RV_ASSERT_OFFSET(rv_ioctl_attach, session, 16);
RV_ASSERT_OFFSET(rv_ioctl_attach, consumers, 24);
RV_ASSERT_OFFSET(rv_ioctl_attach, ring_bytes, 32);
RV_ASSERT_OFFSET(rv_ioctl_attach, view_bytes, 40);
RV_ASSERT_OFFSET(rv_ioctl_attach, ring_views, RV_IOCTL_ATTACH_HEADER_BYTES);
RV_ASSERT_SIZE(rv_ioctl_statistics, 184);
RV_ASSERT_OFFSET(rv_ioctl_statistics, session_id, 16);
RV_ASSERT_OFFSET(rv_ioctl_statistics, lost, 40);
RV_ASSERT_OFFSET(rv_ioctl_statistics, no_ring, 120);
RV_ASSERT_OFFSET(rv_ioctl_statistics, attached_drivers, 152);
RV_ASSERT_OFFSET(rv_ioctl_statistics, dbgprint_renewals, 156);
RV_ASSERT_OFFSET(rv_ioctl_statistics, lost_quota, 160);
RV_ASSERT_OFFSET(rv_ioctl_statistics, start_type, 168);
RV_ASSERT_OFFSET(rv_ioctl_statistics, boot_set, 172);
RV_ASSERT_OFFSET(rv_ioctl_statistics, boot_ignored, 176);
RV_ASSERT_OFFSET(rv_ioctl_statistics, boot_failed, 180);
RV_ASSERT_SIZE(rv_ioctl_capture, 8);
RV_ASSERT_SIZE(rv_ioctl_event_filter, 1112);
RV_ASSERT_OFFSET(rv_ioctl_event_filter, filter, 8);
RV_ASSERT_SIZE(rv_ioctl_event_filters, 6624);
RV_ASSERT_SIZE(rv_ioctl_register_event, 8);
RV_ASSERT_SIZE(rv_ioctl_wait, 8);
RV_ASSERT_SIZE(rv_ioctl_logger, 40);
RV_ASSERT_OFFSET(rv_ioctl_logger, off, 24);
RV_ASSERT_OFFSET(rv_ioctl_logger, attached, 32);
RV_ASSERT_OFFSET(rv_ioctl_logger, stacks, 36);
RV_ASSERT_SIZE(rv_ioctl_loggers, 2560);
RV_ASSERT_SIZE(rv_ioctl_mask, 32);
RV_ASSERT_OFFSET(rv_ioctl_mask, off, 24);
RV_ASSERT_SIZE(rv_ioctl_stacks, 32);
RV_ASSERT_OFFSET(rv_ioctl_stacks, levels, 24);
RV_ASSERT_SIZE(rv_ioctl_program, 40);
RV_ASSERT_OFFSET(rv_ioctl_program, handles, 4);
RV_ASSERT_OFFSET(rv_ioctl_program, written, 8);
RV_ASSERT_OFFSET(rv_ioctl_program, lost, 16);
RV_ASSERT_OFFSET(rv_ioctl_program, refused, 24);
RV_ASSERT_OFFSET(rv_ioctl_program, masked, 32);
RV_ASSERT_SIZE(rv_ioctl_programs, 10240);

#endif
