/*
 * write.h - how a program logs through a driver that carries RingView: a device of its own, which ordinary users may write to
 * and nobody may read, and batches of records. No system header: a program's library, the driver, a host test and the
 * TypeScript twin read the same lines.
 *
 * A program sends RV_IOCTL_WRITE with a batch and gets rv_write_answer. The kernel stamps each record with the process and
 * thread that sent it, and takes no type that RingView itself uses (events.h). A batch that is not as it must be is refused
 * with ERROR_INVALID_PARAMETER and nothing of it is logged. ERROR_NOT_READY: no session takes records now; a program closes
 * its handle then, which lets ringview.sys be replaced, and opens it again later. ERROR_ACCESS_DENIED: the handle was opened by
 * another process. ERROR_NOT_ENOUGH_QUOTA, at the opening: processes of this user have it open so often that no more may.
 *
 * What a program has in the rings and nobody has read yet is bounded: a quarter of each ring for each process, which is at
 * least one record of any length that the ring takes, half of it for all programs together. What is beyond is refused, counted for the process, and numbered and counted in its ring as lost
 * (lost_quota), so that a reader sees how much is missing where. So a program can lose records of its own only.
 */
#ifndef RINGVIEW_WRITE_H
#define RINGVIEW_WRITE_H

#include "layout.h"

#define RV_WRITE_DEVICE_NAME L"\\Device\\RingViewLog"
#define RV_WRITE_DEVICE_LINK L"\\DosDevices\\RingViewLog"
/* What CreateFileW takes, with GENERIC_WRITE. */
#define RV_WRITE_DEVICE_PATH L"\\\\.\\RingViewLog"

/* CTL_CODE(FILE_DEVICE_UNKNOWN, 0x840, METHOD_BUFFERED, FILE_WRITE_DATA) */
#define RV_IOCTL_WRITE (0x22u << 16 | 2u << 14 | 0x840u << 2)

/* Version of these structs. */
#define RV_WRITE_VERSION 1u

/* Bytes of the longest batch, header included. */
#define RV_WRITE_BYTES 65536u

/* What a batch begins with; `count` records follow without a gap, and nothing else. */
typedef struct rv_write_header {
    uint32_t version; /* RV_WRITE_VERSION */
    uint32_t count;
} rv_write_header;

/* What a record begins with; `length` bytes follow, then zeroes or anything up to a multiple of RV_ALIGN. */
typedef struct rv_write_record {
    uint32_t length;
    uint16_t type; /* RV_TYPE_TEXT, or below RV_WRITE_TYPES */
    uint8_t level; /* RV_LEVEL_* or the caller's own */
    uint8_t reserved0;
    uint32_t remarks;
    uint32_t reserved1;
} rv_write_record;

/* RV_TYPE_RESERVED of events.h: types from here on are not for programs. */
#define RV_WRITE_TYPES 65280u

/* What became of a batch: the four add up to its `count`. */
typedef struct rv_write_answer {
    uint32_t written;
    uint32_t lost; /* by the ring: full, too long, empty; numbered and counted there. Or the session ended in between */
    uint32_t refused; /* by the quota: numbered and counted there as well */
    uint32_t masked;  /* switched off: not attempted */
    uint64_t off;     /* bits of mask.h that are switched off for programs: what need not be sent */
} rv_write_answer;

RV_ASSERT_SIZE(rv_write_header, 8);
RV_ASSERT_OFFSET(rv_write_header, count, 4);
RV_ASSERT_SIZE(rv_write_record, 16);
RV_ASSERT_OFFSET(rv_write_record, type, 4);
RV_ASSERT_OFFSET(rv_write_record, level, 6);
RV_ASSERT_OFFSET(rv_write_record, remarks, 8);
RV_ASSERT_SIZE(rv_write_answer, 24);
RV_ASSERT_OFFSET(rv_write_answer, lost, 4);
RV_ASSERT_OFFSET(rv_write_answer, refused, 8);
RV_ASSERT_OFFSET(rv_write_answer, masked, 12);
RV_ASSERT_OFFSET(rv_write_answer, off, 16);

/* Bytes that a record takes in a batch; `length` is at most RV_WRITE_BYTES. */
static inline uint32_t rv_write_record_bytes(uint32_t length)
{
    return (uint32_t)sizeof(rv_write_record) + ((length + (RV_ALIGN - 1u)) & ~(RV_ALIGN - 1u));
}

#endif
