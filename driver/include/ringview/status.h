/*
 * status.h - what a call of the ring or of the logging API reports. Every way to lose a record has a value of its own,
 * and the same name as its counter in the producer page.
 */
#ifndef RINGVIEW_STATUS_H
#define RINGVIEW_STATUS_H

typedef enum rv_status {
    RV_OK = 0,

    /* An attempt to write produced no record. Each is counted in the producer page of its CPU. */
    RV_LOST_FULL = 1,         /* drop-new: no room; overwrite-old: the room belongs to an unfinished outer writer */
    RV_LOST_TOO_BIG = 2,      /* longer than the longest record of this ring */
    RV_LOST_ZERO_LENGTH = 3,  /* nothing to write */
    RV_LOST_MISSING_DATA = 4, /* a length without a buffer, or no format */
    RV_LOST_NESTING = 5,      /* deeper than RV_MAX_NESTING */
    RV_LOST_QUOTA = 6,        /* a program that already has its share of the ring */

    /* No session to write to, so no page to count in. */
    RV_NOT_ATTACHED = 16, /* rv_log_attach has not been called, or rv_log_detach has */
    RV_NO_RING = 17,      /* the current CPU has no ring; counted in rv_log.no_ring */

    RV_MASKED = 18, /* switched off by a mask (mask.h): not an attempt, and nothing is lost */

    /* A session that cannot be built. */
    RV_BAD_CPU_COUNT = 32,  /* not 1..RV_MAX_CPUS */
    RV_BAD_RING_BYTES = 33, /* not a power of two in RV_MIN_RING_BYTES..RV_MAX_RING_BYTES */
    RV_BAD_RING_MODE = 34,  /* not an RV_MODE_* */
    RV_BAD_ORDER_MODE = 35, /* not an RV_ORDER_* */
    RV_BAD_FREQUENCY = 36,  /* a clock of 0 ticks a second */
    RV_BAD_IMAGE = 37,      /* no memory, less than the geometry needs, or not aligned to RV_PAGE */
    RV_BAD_LOG = 38         /* a log without rings, or without scratch memory */
} rv_status;

#endif
