/*
 * ringview_log.h - logging from a program through ringview.sys: this header and ringview_log.c, for Windows, C11 or C++.
 *
 *     rvp_log log;
 *     rvp_open(&log);                                    failure means that nothing is logged, and that is counted
 *     rvp_print(&log, RV_LEVEL_INFO, "read %u bytes", n);
 *     rvp_data(&log, RV_LEVEL_INFO, MY_TYPE, 7, &data, sizeof data);
 *     rvp_flush(&log);                                   sends what is there; so does a full batch
 *     rvp_close(&log);
 *
 * Calls of several threads are put one behind the other. Records are kept until rvp_flush or until 64 KiB of them are together,
 * so that one request to the kernel carries hundreds; they get their time when they are sent. What is switched off by
 * `ringview driver mask programs` costs a comparison. Calls never fail a program: what became of records is in the counts.
 */
#ifndef RINGVIEW_LOG_PROGRAM_H
#define RINGVIEW_LOG_PROGRAM_H

#include <stdint.h>
#include <windows.h>

#include "../include/ringview/mask.h"
#include "../include/ringview/write.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longest text that rvp_print makes; the rest is cut off. */
#define RVP_TEXT_BYTES 1024u

typedef struct rvp_log {
    SRWLOCK lock;
    HANDLE device;     /* INVALID_HANDLE_VALUE: there is none */
    uint64_t again_at; /* when to look for one again; GetTickCount64 */
    uint64_t off;      /* what is switched off, as of the last batch */
    /* attempted = written + lost + refused + unsent, once all is flushed */
    uint64_t attempted;
    uint64_t written;
    uint64_t lost;    /* by the ring */
    uint64_t refused; /* beyond the quota */
    uint64_t unsent;  /* nobody to take it, or longer than a batch */
    uint64_t masked;  /* switched off: not attempted */
    uint32_t used;
    uint32_t count;
    uint64_t batch[RV_WRITE_BYTES / 8];
} rvp_log;

/* ERROR_SUCCESS, or why there is nobody to log to: ERROR_FILE_NOT_FOUND while ringview.sys is not loaded. It is looked for again
 * once a second when there is something to send. */
DWORD rvp_open(rvp_log *log);
void rvp_data(rvp_log *log, uint8_t level, uint16_t type, uint32_t remarks, const void *data, uint32_t length);
void rvp_print(rvp_log *log, uint8_t level, const char *format, ...);
/* ERROR_SUCCESS, or why the batch was not taken, whose records then count as unsent. */
DWORD rvp_flush(rvp_log *log);
void rvp_close(rvp_log *log);

#ifdef __cplusplus
}
#endif

#endif
