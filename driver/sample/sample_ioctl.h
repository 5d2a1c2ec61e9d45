/*
 * sample_ioctl.h - how a test asks the sample driver for records, and what it writes, so that a reader can prove that each
 * arrived whole, once and in order. No system header.
 */
#ifndef RINGVIEW_SAMPLE_IOCTL_H
#define RINGVIEW_SAMPLE_IOCTL_H

#include <stdint.h>

#include "../include/ringview/ioctl.h"

#ifdef SAMPLE_SECOND /* another driver beside the first */
#define SAMPLE_SUFFIX L"2"
#define SAMPLE_LOGGER "sample2"
#else
#define SAMPLE_SUFFIX L""
#define SAMPLE_LOGGER "sample"
#endif

#define SAMPLE_DEVICE_NAME L"\\Device\\RingViewSample" SAMPLE_SUFFIX
#define SAMPLE_DEVICE_LINK L"\\DosDevices\\RingViewSample" SAMPLE_SUFFIX
#define SAMPLE_DEVICE_PATH L"\\\\.\\RingViewSample"
#define SAMPLE_SECOND_PATH L"\\\\.\\RingViewSample2"

#define SAMPLE_IOCTL_RUN RV_IOCTL_CODE(0x900)
#define SAMPLE_IOCTL_STATUS RV_IOCTL_CODE(0x901)
#define SAMPLE_IOCTL_EVENTS RV_IOCTL_CODE(0x902)
#define SAMPLE_IOCTL_TIMER RV_IOCTL_CODE(0x903)

#define SAMPLE_MAX_THREADS 16u
#define SAMPLE_MAX_PAYLOAD 256u

/* SAMPLE_IOCTL_RUN: starts threads and returns. ERROR_BUSY while a run is under way. No output. */
typedef struct sample_run {
    uint64_t messages; /* of all threads together */
    uint32_t threads;  /* 1..SAMPLE_MAX_THREADS; the first ones write one more if it does not divide */
    uint32_t burst;    /* after so many messages a thread sleeps a millisecond; 0: never */
} sample_run;

/* SAMPLE_IOCTL_STATUS: no input. */
typedef struct sample_status {
    uint32_t running;   /* threads at work */
    uint16_t attached;  /* whether records still get through */
    uint16_t looking;   /* a ringview.sys that is started now would be found */
    uint64_t attempted; /* ok, lost and not_attached */
    uint64_t ok;
    uint64_t lost;         /* refused by the ring */
    uint64_t not_attached; /* no ring to write to */
    uint64_t masked;       /* switched off: not attempted */
    uint64_t timer_records;
    uint64_t event_records;
} sample_status;

/* SAMPLE_IOCTL_EVENTS: which of RV_CAPTURE_PROCESS, _THREAD, _IMAGE to report. No output. */
typedef struct sample_events {
    uint32_t mask;
    uint32_t reserved;
} sample_events;

/* SAMPLE_IOCTL_TIMER: a timer's DPC logs every `period_ms`, and so does a DPC on each CPU; 0 stops it. No output. */
typedef struct sample_timer {
    uint32_t period_ms;
    uint32_t reserved;
} sample_timer;

/* record.type of a run's data records; every fourth message is text: SAMPLE_TEXT_FORMAT. */
#define SAMPLE_TYPE_DATA 1u
#define SAMPLE_TEXT_FORMAT "thread %u message %I64u"

#define SAMPLE_MAGIC 0x4c504d53u /* "SMPL" */

/* What a data record begins with; `length` in all, the bytes after the header are sample_fill's. */
typedef struct sample_payload {
    uint32_t magic;
    uint32_t thread;
    uint64_t number; /* from 0, one up with each message of the thread, texts and lost ones included */
    uint32_t length;
    uint32_t checksum; /* sample_checksum */
} sample_payload;

static inline uint32_t sample_length(uint64_t number)
{
    return (uint32_t)(sizeof(sample_payload) +
                      (number * 7u + (number >> 5)) % (SAMPLE_MAX_PAYLOAD - sizeof(sample_payload)));
}

static inline uint8_t sample_fill(uint32_t thread, uint64_t number, uint32_t i)
{
    return (uint8_t)(number * 31u + thread * 7u + i);
}

/* FNV-1a over the whole payload with `checksum` taken as 0. */
static inline uint32_t sample_checksum(const void *payload, uint32_t length)
{
    const uint8_t *bytes = payload;
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < length; i++) {
        uint8_t byte = i >= offsetof(sample_payload, checksum) && i < sizeof(sample_payload) ? 0 : bytes[i];
        hash = (hash ^ byte) * 16777619u;
    }
    return hash;
}

RV_ASSERT_SIZE(sample_run, 16);
RV_ASSERT_SIZE(sample_status, 64);
RV_ASSERT_SIZE(sample_payload, 24);

#endif
