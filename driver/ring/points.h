/*
 * points.h - named places in the code at which a test lets an interrupt happen during a write. Outside of tests
 * they are empty.
 */
#ifndef RINGVIEW_POINTS_H
#define RINGVIEW_POINTS_H

typedef enum rv_point {
    RV_POINT_NESTING_LOADED, /* enter: loaded, not stored */
    RV_POINT_ENTERED,
    RV_POINT_RESERVED_LOADED,
    RV_POINT_ACCEPTED_LOADED, /* consumer: the accepted position loaded, the new one not yet */
    RV_POINT_CONSUMED_LOADED, /* consumer: loaded, not checked */
    RV_POINT_TAIL_LOADED,     /* overwrite: loaded, its record's size not read */
    RV_POINT_TAIL_SIZED,      /* overwrite: size read, the tail not moved */
    RV_POINT_TAIL_MOVED,
    RV_POINT_ROOM_FOUND,
    RV_POINT_INDEX_TAKEN,
    RV_POINT_CLOCK_READ,
    RV_POINT_RESERVED,
    RV_POINT_MARKED, /* the reservation is a PAD of its whole size */
    RV_POINT_COPIED,
    RV_POINT_DESCRIBED, /* commit: all of the header but its first word is stored */
    RV_POINT_COMMITTED,
    RV_POINT_DEPTH_LOADED, /* leave: loaded, not decided */
    RV_POINT_END_LOADED,   /* leave: `reserved` loaded, nothing published */
    RV_POINT_STAMPED,
    RV_POINT_PUBLISHED,
    RV_POINT_QUIET,   /* leave: nesting is 0, `reserved` not yet rechecked */
    RV_POINT_RESUMED, /* leave: something came in between, nesting is 1 again */
    RV_POINT_COUNT
} rv_point;

#ifdef RV_TEST_POINTS
struct rv_ring;
void rv_test_point(struct rv_ring *ring, rv_point point);
#define RV_POINT(ring, point) rv_test_point(ring, point)
#else
#define RV_POINT(ring, point) ((void)0)
#endif

#endif
