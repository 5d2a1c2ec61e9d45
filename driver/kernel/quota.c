/*
 * quota.c - see the header.
 */
#include "quota.h"

uint64_t rv_share_held(rv_share *share, uint64_t session, uint64_t passed)
{
    static const rv_share nothing;
    if (share->session != session) {
        *share = nothing;
        share->session = session;
    }
    if (share->end[0] <= passed) {
        share->end[0] = share->end[1];
        share->bytes[0] = share->bytes[1];
        share->bytes[1] = 0;
    }
    if (share->end[0] <= passed) {
        share->bytes[0] = 0;
    }
    return share->bytes[0] + share->bytes[1];
}

bool rv_quota_admits(uint64_t own, uint64_t all, uint64_t bytes, uint64_t need, uint64_t ring_bytes)
{
    return bytes <= ring_bytes / 4 && own <= ring_bytes / 4 - bytes && need <= ring_bytes / 2 &&
           all <= ring_bytes / 2 - need;
}

bool rv_quota_place(uint32_t own, uint32_t left)
{
    return own < left;
}

void rv_share_take(rv_share *share, uint64_t end, uint64_t bytes)
{
    share->end[1] = end;
    share->bytes[1] += bytes;
}
