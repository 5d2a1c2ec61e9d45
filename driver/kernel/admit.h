/*
 * admit.h - a batch of a program goes into the rings as far as its quota lets it. Asks nothing of the system but the ring of
 * the CPU: built and measured on a host too.
 */
#ifndef RINGVIEW_ADMIT_H
#define RINGVIEW_ADMIT_H

#include "../include/ringview/log.h"
#include "../include/ringview/write.h"
#include "quota.h"

/* Shares by CPU: of the program, and of all programs together. */
typedef struct rv_shares {
    rv_share *own;
    rv_share *all;
    uint32_t count;
} rv_shares;

/*
 * Logs the records of a batch that rv_batch_check has taken, but for those that `off` hides. The answer tells what became of
 * them. RV_NOT_ATTACHED: nothing takes records, and none of them was attempted.
 *
 * Each record is written by itself, on a CPU that is held only so long: a session may end, and another begin, between two of
 * them. That waits for the record under way, no memory of the old session is touched after it, and shares are those of the
 * session of each record. Where none takes records in between, the answer counts them as lost: no ring can.
 */
rv_status rv_admit_batch(const uint8_t *batch, uint32_t bytes, const rv_shares *shares, uint64_t off,
                         rv_write_answer *answer);

#endif
