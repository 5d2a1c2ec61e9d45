/*
 * pending.h - remembers operations of the system that have begun and not ended: a bounded number of places, and a token for each
 * that the system gives back at the end of the operation. Pure: tested on a host too.
 *
 * Places are taken and given back on any CPU at any IRQL, without a lock. The end of an operation need not come: another driver
 * may have refused it, or the capture ended in between. A place whose operation began long ago is therefore given to another one,
 * and the late end learns that it is no longer its own.
 *
 * What there is to remember the user keeps itself, in an array of RV_PENDING elements.
 */
#ifndef RINGVIEW_PENDING_H
#define RINGVIEW_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#define RV_PENDING 32u

/* Zeroed memory is a table without operations. */
typedef struct rv_pending {
    uint64_t begun[RV_PENDING]; /* 0: free */
} rv_pending;

/*
 * Takes a place for an operation that begins `now`, which is not 0 and below 2^58. One that began more than `patience` ago may
 * lose its own. Returns a token that is not 0 and below 2^63, or 0 if there is no place.
 */
uint64_t rv_pending_begin(rv_pending *pending, uint64_t now, uint64_t patience);

/* The place of a token, below RV_PENDING. */
uint32_t rv_pending_place(uint64_t token);

/* When the operation of a token began. */
uint64_t rv_pending_begun(uint64_t token);

/*
 * Gives the place back. What was remembered in it has to be copied before, and is worth something only if this returns true:
 * otherwise the place was another's by then.
 */
bool rv_pending_end(rv_pending *pending, uint64_t token);

#endif
