/*
 * prove_dump.c - drives Eva through crash_pages.c: every ring size, every number of rings, any position of the newest
 * record. Ranges are whole pages. That each also ends within its ring needs the place and the length of a range together,
 * of which Eva keeps no relation: so it is shown page by page, for rings of up to PAGES pages.
 */
#include "../../include/ringview/layout.h"
#include "../../kernel/crash_pages.h"

#include "arbitrary.h"

static void any_ring(uint64_t ring_bytes)
{
    uint64_t share = rv_crash_share(ring_bytes, (uint32_t)any_between(1, UINT32_MAX));
    //@ assert share_bounded: 4096 <= share <= ring_bytes;
    uint64_t offset = 0;
    uint64_t bytes = 0;
    (void)rv_crash_range(any32(), ring_bytes, share, any64(), &offset, &bytes);
    //@ assert whole_pages: offset % 4096 == 0 && bytes % 4096 == 0;
    /* In a small dump a ring may get no page at all. */
    uint64_t small = rv_crash_small_share(ring_bytes, (uint32_t)any_between(1, UINT32_MAX), any64());
    //@ assert small_share_bounded: small <= ring_bytes && small % 4096 == 0;
}

static void ranges(uint64_t ring_bytes, uint64_t share, uint64_t published)
{
    //@ loop unroll 5;
    for (uint32_t n = 0; n <= RV_CRASH_RANGES; n++) {
        uint64_t offset;
        uint64_t bytes;
        if (rv_crash_range(n, ring_bytes, share, published, &offset, &bytes)) {
            //@ assert inside: bytes >= 4096 && offset + bytes <= 4096 + ring_bytes;
        }
    }
}

int main(void)
{
    //@ loop unroll 32;
    for (uint32_t log2 = 12; log2 <= 30; log2++) {
        any_ring(1ull << log2);
    }
    //@ loop unroll 32;
    for (uint64_t pages = 1; pages <= PAGES; pages *= 2) {
        //@ loop unroll 2000;
        for (uint64_t share = 0; share <= pages; share++) {
            /* Where the newest record ends: with a page, or within the next one. Of a later lap only the rest is looked at. */
            //@ loop unroll 2000;
            for (uint64_t page = 0; page < pages; page++) {
                ranges(pages * RV_PAGE, share * RV_PAGE, page * RV_PAGE);
                ranges(pages * RV_PAGE, share * RV_PAGE, page * RV_PAGE + any_between(1, RV_PAGE - 1));
            }
        }
    }
    Frama_C_show_each_end_of_main();
    return 0;
}
