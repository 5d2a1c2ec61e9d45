/*
 * admit.c - one record at a time, each held on its CPU no longer than a driver's own is.
 */
#include "admit.h"

#include "../include/ringview/ioctl.h"
#include "batch.h"

typedef struct attempt {
    const rv_shares *shares;
    rv_record_info info;
    const uint8_t *data;
    uint32_t length;
} attempt;

static rv_status write_within_quota(void *context, rv_ring *ring, uint8_t irql)
{
    attempt *of = context;
    if (ring->cpu >= of->shares->count) {
        return RV_NO_RING;
    }
    rv_share *own = &of->shares->own[ring->cpu];
    rv_share *all = &of->shares->all[ring->cpu];
    uint64_t session = ring->session->session_id;
    uint64_t passed = rv_ring_passed(ring);
    uint64_t bytes = rv_record_bytes(of->length);
    uint64_t need = rv_ring_need(ring, of->length);
    uint64_t held = rv_share_held(own, session, passed);
    uint64_t held_by_all = rv_share_held(all, session, passed);

    /* What is too long for any record is the ring's to refuse, by its own cause. */
    if (of->length <= ring->max_length && !rv_quota_admits(held, held_by_all, bytes, need, ring->mask + 1)) {
        return rv_ring_refuse(ring);
    }
    of->info.irql = irql;
    rv_status status = rv_ring_write(ring, &of->info, of->data, of->length);
    if (status == RV_OK) {
        uint64_t end = rv_ring_end(ring);
        rv_share_take(own, end, bytes);
        rv_share_take(all, end, need);
    }
    return status;
}

rv_status rv_admit_batch(const uint8_t *batch, uint32_t bytes, const rv_shares *shares, uint64_t off,
                         rv_write_answer *answer)
{
    uint32_t at = sizeof(rv_write_header);
    rv_write_record record;

    *answer = (rv_write_answer){.off = off};
    for (; rv_batch_record(batch, bytes, at, &record); at += rv_write_record_bytes(record.length)) {
        if (rv_mask_hides(off, record.level, record.type)) {
            answer->masked++;
            continue;
        }
        attempt of = {
            .shares = shares,
            .info = {.level = record.level,
                     .origin = RV_ORIGIN_LOGGER + RV_LOGGER_PROGRAMS,
                     .type = record.type,
                     .remarks = record.remarks},
            .data = batch + at + sizeof record,
            .length = record.length,
        };
        rv_status status = rv_log_with_ring(write_within_quota, &of);
        if (status == RV_NOT_ATTACHED && answer->written + answer->lost + answer->refused == 0) {
            return status;
        }
        answer->written += status == RV_OK;
        answer->refused += status == RV_LOST_QUOTA;
        answer->lost += status != RV_OK && status != RV_LOST_QUOTA;
    }
    return RV_OK;
}
