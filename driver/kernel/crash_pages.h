/*
 * crash_pages.h - which pages of a ring go into a crash dump. Pure: tested on a host.
 *
 * A dump is limited to the size of the page file, and one that does not fit is not written at all. So all rings
 * together get at most RV_CRASH_BYTES, which is little beside what the kernel itself takes. Rings that fit are added
 * completely; of larger ones the newest part is added, an equal share for each.
 */
#ifndef RINGVIEW_CRASH_PAGES_H
#define RINGVIEW_CRASH_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#define RV_CRASH_BYTES 67108864ull

/* The most ranges of a ring: its producer page, and its newest part, which may wrap around and so have two pieces. */
#define RV_CRASH_RANGES 3u

/* Data bytes of each of `rings` rings, whole pages and at least one. */
uint64_t rv_crash_share(uint64_t ring_bytes, uint32_t rings);

/*
 * The same for a small dump, which takes `budget` bytes in all: what the session page, the pages of consumers and those of
 * producers leave of it. 0 where they leave less than a page for each ring.
 */
uint64_t rv_crash_small_share(uint64_t ring_bytes, uint32_t rings, uint64_t budget);

/*
 * Range `n` of a ring whose producer page and data lie behind one another: from `*offset` `*bytes` bytes, whole pages.
 * `published` is where its newest record ends. False: there is no such range.
 */
bool rv_crash_range(uint32_t n, uint64_t ring_bytes, uint64_t share, uint64_t published, uint64_t *offset,
                    uint64_t *bytes);

#endif
