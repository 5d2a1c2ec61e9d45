/*
 * crash_pages.c - see the header.
 */
#include "crash_pages.h"

#include "../include/ringview/layout.h"

static uint64_t page_down(uint64_t n)
{
    return n & ~(uint64_t)(RV_PAGE - 1u);
}

static uint64_t page_up(uint64_t n)
{
    return page_down(n + RV_PAGE - 1u);
}

uint64_t rv_crash_share(uint64_t ring_bytes, uint32_t rings)
{
    uint64_t share = page_down(RV_CRASH_BYTES / rings);
    if (share < RV_PAGE) {
        share = RV_PAGE;
    }
    return share < ring_bytes ? share : ring_bytes;
}

uint64_t rv_crash_small_share(uint64_t ring_bytes, uint32_t rings, uint64_t budget)
{
    uint64_t fixed = (1 + 2 * (uint64_t)rings) * RV_PAGE;
    uint64_t share = budget > fixed ? page_down((budget - fixed) / rings) : 0;
    return share < ring_bytes ? share : ring_bytes;
}

bool rv_crash_range(uint32_t n, uint64_t ring_bytes, uint64_t share, uint64_t published, uint64_t *offset,
                    uint64_t *bytes)
{
    /* The newest part ends with the page of the newest record; it may wrap around in the data area and so have two
     * pieces. */
    uint64_t end = page_up(published & (ring_bytes - 1));
    bool whole = share == ring_bytes;
    uint64_t before = whole || end > share ? share : end;

    switch (n) {
    case 0:
        *offset = 0;
        *bytes = RV_PAGE;
        return true;
    case 1:
        *offset = RV_PAGE + (whole ? 0 : end - before);
        *bytes = before;
        return before != 0;
    case 2:
        *offset = RV_PAGE + ring_bytes - (share - before);
        *bytes = share - before;
        return before != share;
    default:
        return false;
    }
}
