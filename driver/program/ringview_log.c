/*
 * ringview_log.c - see the header.
 */
#include "ringview_log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define AGAIN_MS 1000u

static DWORD find_device(rvp_log *log)
{
    log->device = CreateFileW(RV_WRITE_DEVICE_PATH, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);
    log->again_at = GetTickCount64() + AGAIN_MS;
    return log->device == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
}

DWORD rvp_open(rvp_log *log)
{
    memset(log, 0, sizeof *log);
    InitializeSRWLock(&log->lock);
    log->used = sizeof(rv_write_header);
    return find_device(log);
}

/* A handle keeps ringview.sys loaded: it is not kept when nothing can be sent by it. */
static void let_go(rvp_log *log)
{
    CloseHandle(log->device);
    log->device = INVALID_HANDLE_VALUE;
    log->again_at = GetTickCount64() + AGAIN_MS;
}

static DWORD send_batch(rvp_log *log)
{
    rv_write_header header = {RV_WRITE_VERSION, log->count};
    rv_write_answer answer;
    DWORD bytes, error = ERROR_SUCCESS;
    if (log->count == 0) {
        return ERROR_SUCCESS;
    }
    if (log->device == INVALID_HANDLE_VALUE) {
        error = GetTickCount64() < log->again_at ? ERROR_FILE_NOT_FOUND : find_device(log);
    }
    if (error == ERROR_SUCCESS) {
        memcpy(log->batch, &header, sizeof header);
        if (DeviceIoControl(log->device, RV_IOCTL_WRITE, log->batch, log->used, &answer, sizeof answer, &bytes, NULL)) {
            log->written += answer.written;
            log->lost += answer.lost;
            log->refused += answer.refused;
            log->masked += answer.masked;
            log->attempted -= answer.masked;
            log->off = answer.off;
        } else {
            error = GetLastError();
            let_go(log);
        }
    }
    if (error != ERROR_SUCCESS) {
        log->unsent += log->count;
    }
    log->used = sizeof header;
    log->count = 0;
    return error;
}

static void put(rvp_log *log, const rv_write_record *record, const void *data)
{
    uint32_t bytes;
    log->attempted++;
    if (record->length > RV_WRITE_BYTES - sizeof(rv_write_header) - sizeof *record) {
        log->unsent++;
        return;
    }
    bytes = rv_write_record_bytes(record->length);
    if (bytes > RV_WRITE_BYTES - log->used) {
        (void)send_batch(log);
    }
    uint8_t *to = (uint8_t *)log->batch + log->used;
    memcpy(to, record, sizeof *record);
    memcpy(to + sizeof *record, data, record->length);
    memset(to + sizeof *record + record->length, 0, bytes - sizeof *record - record->length);
    log->used += bytes;
    log->count++;
}

void rvp_data(rvp_log *log, uint8_t level, uint16_t type, uint32_t remarks, const void *data, uint32_t length)
{
    rv_write_record record = {length, type, level, 0, remarks, 0};
    AcquireSRWLockExclusive(&log->lock);
    if (rv_mask_hides(log->off, level, type)) {
        log->masked++;
    } else {
        put(log, &record, data);
    }
    ReleaseSRWLockExclusive(&log->lock);
}

void rvp_print(rvp_log *log, uint8_t level, const char *format, ...)
{
    char text[RVP_TEXT_BYTES];
    va_list arguments;
    int length;
    if (rv_mask_hides(log->off, level, RV_TYPE_TEXT)) {
        AcquireSRWLockExclusive(&log->lock);
        log->masked++;
        ReleaseSRWLockExclusive(&log->lock);
        return;
    }
    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        length = 0;
    }
    rvp_data(log, level, RV_TYPE_TEXT, 0, text,
             (uint32_t)length < sizeof text ? (uint32_t)length : (uint32_t)sizeof text - 1);
}

DWORD rvp_flush(rvp_log *log)
{
    DWORD error;
    AcquireSRWLockExclusive(&log->lock);
    error = send_batch(log);
    ReleaseSRWLockExclusive(&log->lock);
    return error;
}

void rvp_close(rvp_log *log)
{
    (void)rvp_flush(log);
    if (log->device != INVALID_HANDLE_VALUE) {
        CloseHandle(log->device);
        log->device = INVALID_HANDLE_VALUE;
    }
}
