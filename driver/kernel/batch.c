/*
 * batch.c - walks a batch. Lengths are compared with what is left, so that no sum can overflow.
 */
#include "batch.h"

#include <string.h>

bool rv_batch_record(const uint8_t *batch, uint32_t bytes, uint32_t at, rv_write_record *record)
{
    if (at > bytes || bytes - at < sizeof *record) {
        return false;
    }
    memcpy(record, batch + at, sizeof *record);
    uint32_t left = bytes - at - (uint32_t)sizeof *record;
    return record->length <= left && record->type < RV_WRITE_TYPES && record->reserved0 == 0 && record->reserved1 == 0;
}

bool rv_batch_check(const uint8_t *batch, uint32_t bytes)
{
    rv_write_header header;
    rv_write_record record;
    /* A multiple of RV_ALIGN, so that the last record can be rounded up like the others. */
    if (bytes < sizeof header || bytes > RV_WRITE_BYTES || bytes % RV_ALIGN != 0) {
        return false;
    }
    memcpy(&header, batch, sizeof header);
    if (header.version != RV_WRITE_VERSION) {
        return false;
    }
    uint32_t at = sizeof header;
    uint32_t count = 0;
    while (at < bytes) {
        if (!rv_batch_record(batch, bytes, at, &record)) {
            return false;
        }
        at += rv_write_record_bytes(record.length);
        count++;
    }
    return count == header.count;
}
