/*
 * quota.h - how much of a ring programs may hold, so that none of them can flood it. Pure: built, tested and proved on a
 * host too.
 *
 * What is bounded is what lies in the ring and has not been read or overwritten yet: no clock is needed, and a program that is
 * read as fast as it writes is not slowed down. Two quantities of records are enough to know an upper bound: the older ones are
 * forgotten when the reader has passed the last of them, and then the newer ones are the older.
 *
 * A share belongs to one ring and is only touched by who is held on the CPU of that ring.
 */
#ifndef RINGVIEW_QUOTA_H
#define RINGVIEW_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed memory is a share that holds nothing. */
typedef struct rv_share {
    uint64_t session; /* whose positions these are; of another one nothing is left */
    uint64_t end[2];  /* the position behind the last record of the older, of the newer */
    uint64_t bytes[2];
} rv_share;

/* At least as many bytes as are still held, when everything below `passed` is read or overwritten. */
uint64_t rv_share_held(rv_share *share, uint64_t session, uint64_t passed);

/*
 * Whether a process that holds `own` bytes, of `all` that programs hold, may have a record of `bytes` in a ring of `ring_bytes`.
 * `need` is what it takes with what it leaves at the end of the ring, less than twice as much: that is no record of the process,
 * and counts for all programs only. So who holds nothing is always let in by its own share, since a record is a quarter of the
 * ring at most, and by that of all if no other program holds anything.
 */
bool rv_quota_admits(uint64_t own, uint64_t all, uint64_t bytes, uint64_t need, uint64_t ring_bytes);

/*
 * Whether a user whose processes have `own` of the places may take another one of the `left`: nobody may have more than he
 * leaves. So there is always one for a user who has none, but for a number of users at once that halve them down to nothing.
 */
bool rv_quota_place(uint32_t own, uint32_t left);

/* Takes `bytes` that end at `end`, which does not go back. */
void rv_share_take(rv_share *share, uint64_t end, uint64_t bytes);

#endif
