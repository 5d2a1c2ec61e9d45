/*
 * session.h - a session that is measured: its writer frees its own room, so that neither a reader's speed nor a full ring
 * is part of the figure.
 */
#ifndef RINGVIEW_BENCH_SESSION_H
#define RINGVIEW_BENCH_SESSION_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/platform_host.h"
#include "../include/ringview/ring.h"
#include "../ring/platform.h"

/* Makes a session and its `cpus` rings, and returns its memory for free(). Ends the program if there is none. */
static inline void *bench_session(rv_ring *rings, uint32_t cpus, uint64_t ring_bytes, uint32_t mode, uint32_t order)
{
    rv_session_config config = {.cpu_count = cpus,
                                .ring_mode = mode,
                                .order_mode = order,
                                .ring_bytes = ring_bytes,
                                .qpc_frequency = RV_HOST_CLOCK_FREQUENCY};
    rv_geometry geometry;
    void *image = NULL;

    if (rv_session_geometry(&config, &geometry) == RV_OK) {
        image = aligned_alloc(RV_PAGE, geometry.image_bytes);
    }
    if (image == NULL) {
        fprintf(stderr, "no memory for a session\n");
        exit(1);
    }
    memset(image, 0, geometry.image_bytes);
    rv_image_init(image, geometry.image_bytes, &config, rings);
    return image;
}

/* What a reader does that has read everything. */
static inline void bench_make_room(rv_ring *ring)
{
    uint64_t *consumed = (uint64_t *)(uintptr_t)&ring->consumer->consumed;
    rv_store(consumed, ring->producer->published);
}

/* Ends the program if a record was lost: it cost less than one that is written. */
static inline void bench_none_lost(const rv_ring *ring)
{
    if (ring->producer->lost != 0) {
        fprintf(stderr, "records were lost: the figures are worthless\n");
        exit(1);
    }
}

#endif
