/*
 * ring.h - one per-CPU ring seen from its writers, and the making of a session image.
 *
 * The rules a caller keeps; nothing here can check them:
 *  - A ring is written only on its own CPU, at an IRQL at which the thread cannot move to another CPU (DISPATCH_LEVEL or
 *    above). Writers that land on one another must be strictly last in, first out, which is what interrupts are.
 *    On a host a thread stands for the CPU and its signal handlers for the interrupts.
 *  - Between rv_ring_enter and rv_ring_leave a writer does not wait for another one.
 *  - `rv_ring` lives in private memory. It is never mapped to a client: it holds the pointers and the geometry.
 *
 * What the writer reads from shared memory: its own producer page and ring bytes, which no client can write, and
 * `consumed` of the consumer page, which is loaded once per use and checked.
 */
#ifndef RINGVIEW_RING_H
#define RINGVIEW_RING_H

#include <stdbool.h>

#include "layout.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a session is asked to be. */
typedef struct rv_session_config {
    uint32_t cpu_count;
    uint32_t ring_mode;     /* RV_MODE_* */
    uint32_t order_mode;    /* RV_ORDER_* */
    uint32_t producer_pid;  /* 0 for a kernel driver */
    uint64_t ring_bytes;    /* data bytes of each ring, a power of two */
    uint64_t session_id;    /* random */
    uint64_t qpc_frequency; /* ticks a second of the clock */
    uint64_t start_qpc;
    uint64_t start_filetime;
    const char *producer; /* NUL-terminated name for people; cut to fit */
} rv_session_config;

/* Where the regions of a session lie, in bytes from the begin of the image. */
typedef struct rv_geometry {
    uint64_t consumer_offset;
    uint64_t rings_offset;
    uint64_t ring_stride;
    uint64_t image_bytes;
} rv_geometry;

/* The private half of a ring. Padded so that two CPUs' rings in one array share no cache line pair. */
typedef struct rv_ring {
    rv_session_page *session;
    rv_producer_page *producer;
    const rv_consumer_page *consumer;
    uint8_t *data;
    uint64_t mask;     /* ring_bytes - 1 */
    uint64_t accepted; /* the consumer position last found valid; only grows */
    uint32_t cpu;
    uint32_t mode;       /* RV_MODE_* */
    uint32_t order;      /* RV_ORDER_* */
    uint32_t max_length; /* data bytes of the longest record */
    uint8_t reserved[64];
} rv_ring;

/* What the caller says of a record. */
typedef struct rv_record_info {
    uint8_t level;   /* RV_LEVEL_* or the caller's own */
    uint16_t origin; /* RV_ORIGIN_* */
    uint16_t type;   /* RV_TYPE_TEXT or the caller's own */
    uint32_t remarks;
    uint16_t flags;    /* RV_FLAG_TRUNCATED; RV_FLAG_NESTED is set by the ring */
    uint16_t delay_ms; /* how long ago it happened what this tells of, see rv_record */
    bool thread_given; /* `pid` and `tid` are whose record it is; otherwise they are of the thread that runs */
    uint8_t irql;      /* of the caller, before it was held on its CPU; rv_log_write finds it out unless thread_given */
    uint32_t pid;
    uint32_t tid;
} rv_record_info;

/* Where a caller was called from, the innermost first. */
typedef struct rv_stack {
    uint32_t count; /* at most RV_MAX_FRAMES; more are taken for none */
    uint32_t reserved;
    uint64_t frames[RV_MAX_FRAMES]; /* return addresses */
} rv_stack;

/* A place in the ring that belongs to one writer until it commits. */
typedef struct rv_reservation {
    uint8_t *payload; /* `length` bytes to fill, contiguous, 8-byte aligned */
    uint32_t length;
    uint32_t depth; /* what rv_ring_enter returned */
    uint64_t timestamp;
    uint64_t index;
} rv_reservation;

/*
 * Checks `config` and computes where its regions lie. Nothing is written on failure.
 * Returns RV_OK or RV_BAD_*.
 */
rv_status rv_session_geometry(const rv_session_config *config, rv_geometry *geometry);

/*
 * Fills a session page, all but its magic, in state RV_STATE_STARTING. `page` may hold anything.
 * Returns RV_OK or RV_BAD_*.
 */
rv_status rv_session_init(rv_session_page *page, const rv_session_config *config);

/*
 * Fills the producer and the consumer page of one ring and its private half. The session page has been initialised.
 * `data` is ring_bytes of zeroed memory, page-aligned; the pages may hold anything. The pages of different rings need
 * not be neighbours: a kernel driver holds them in separate sections.
 */
void rv_ring_init(rv_ring *ring, rv_session_page *session, rv_producer_page *producer, rv_consumer_page *consumer,
                  void *data, uint32_t cpu);

/* Makes a session whose rings are initialised visible to readers: state RUNNING, then the magic, in this order. */
void rv_session_publish(rv_session_page *page);

/* Sets state STOPPED: no further record will come. The caller has made sure that no writer is under way. */
void rv_session_stop(rv_session_page *page);

/*
 * All of the above for a session in one piece of zeroed memory (`bytes` long, RV_PAGE-aligned), laid out as layout.h
 * says. `rings` has room for config->cpu_count. Does not publish.
 * Returns RV_OK or RV_BAD_*.
 */
rv_status rv_image_init(void *image, uint64_t bytes, const rv_session_config *config, rv_ring *rings);

/*
 * Begins a write. Returns the depth, 1 for a writer that landed on no other, up to RV_MAX_NESTING; or 0 when that is
 * exceeded: the attempt is counted as lost, and the caller must not call rv_ring_leave.
 */
uint32_t rv_ring_enter(rv_ring *ring);

/*
 * Reserves a record of `length` bytes for the writer that entered at `depth`. `data` is only compared with NULL: pass
 * the buffer that will be copied, or any other non-NULL pointer.
 * Returns RV_OK, after which rv_ring_commit must follow before rv_ring_leave; or RV_LOST_* (counted).
 */
rv_status rv_ring_reserve(rv_ring *ring, uint32_t depth, const void *data, uint64_t length,
                          rv_reservation *reservation);

/*
 * Writes the header of a filled reservation. From here on it is a record; a reservation left without commit stays a
 * PAD, which readers skip.
 */
void rv_ring_commit(rv_ring *ring, const rv_reservation *reservation, const rv_record_info *info);

/* Ends a write. The outermost writer numbers and publishes everything reserved so far, its interrupts' records too. */
void rv_ring_leave(rv_ring *ring);

/* Enter, reserve, copy, commit, leave. Returns RV_OK or RV_LOST_* (counted). */
rv_status rv_ring_write(rv_ring *ring, const rv_record_info *info, const void *data, uint64_t length);

/*
 * rv_ring_write of a record that carries a stack. Where there is room only without it, be it in the ring or in the longest
 * record, it is written without: `frames` of its header is 0 then. So nothing is lost or counted that rv_ring_write would
 * not have lost. rv_ring_put is the same for a writer that has entered at `depth`: reserve, copy, commit.
 */
rv_status rv_ring_write_stack(rv_ring *ring, const rv_record_info *info, const rv_stack *stack, const void *data,
                              uint64_t length);
rv_status rv_ring_put(rv_ring *ring, uint32_t depth, const rv_record_info *info, const rv_stack *stack,
                      const void *data, uint64_t length);

/* An attempt that its caller does not let into the ring: numbered, and counted as lost by quota. Returns RV_LOST_QUOTA, or
 * RV_LOST_NESTING (counted). */
rv_status rv_ring_refuse(rv_ring *ring);

/*
 * What a caller goes by who bounds what is in the ring; on its CPU, as all of this. Everything below the position that
 * rv_ring_passed returns is read or overwritten. rv_ring_need is the bytes that a record of `length` (at most RV_MAX_RECORD_BYTES)
 * takes, with what it leaves at the end of the ring. rv_ring_end is the position behind the last record.
 */
uint64_t rv_ring_passed(rv_ring *ring);
uint64_t rv_ring_need(const rv_ring *ring, uint32_t length);
uint64_t rv_ring_end(const rv_ring *ring);

/*
 * Copies into ring memory as 8-byte stores; `to` is 8-byte aligned and has room for `length` rounded up to 8. The bytes
 * after `length` in the last word become zero.
 */
void rv_ring_copy(uint8_t *to, const void *from, uint32_t length);

#ifdef __cplusplus
}
#endif

#endif
