/*
 * layout.h - the shared-memory layout of a RingView session. This file is the authority: the C ring, the kernel
 * driver, the simulated driver and the reader all follow it, and tests hold the TypeScript twin (native/core/layout.ts)
 * equal to its literals.
 *
 * In this room a session is what the viewer calls a ring session.
 *
 * A session is one image:
 *
 *   offset 0               session page      written by the producer, read-only for the reader
 *   consumer_offset        consumer pages    one page a CPU, the only memory the reader may write
 *   rings_offset + n*stride  ring n          producer page, then ring_bytes of data; read-only for the reader
 *
 * Every region starts on a multiple of RV_GRANULE, so that Windows can map each with its own protection. The kernel
 * driver may hold the regions in separate sections; the offsets then describe the order of the views, not one mapping.
 *
 * All integers are little-endian. Positions are byte counts since the session began: they only grow, never wrap, and
 * are multiples of RV_ALIGN; the byte at position p lives at data offset (p & (ring_bytes - 1)).
 */
#ifndef RINGVIEW_LAYOUT_H
#define RINGVIEW_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

/*
 * 2: a record says which thread wrote it and at which IRQL. Before that its header was 48 bytes, without the last eight.
 * 2.1: the session page names those who log, and losses by quota are counted.
 */
#define RV_VERSION_MAJOR 2u
#define RV_VERSION_MINOR 1u

/* "RVSESSN1", "RVRINGP1", "RVRINGC1" as little-endian ASCII: what a person sees in a hex dump. */
#define RV_MAGIC_SESSION 0x314e535345535652ull
#define RV_MAGIC_PRODUCER 0x3150474e49525652ull
#define RV_MAGIC_CONSUMER 0x3143474e49525652ull

#define RV_PAGE 4096u
#define RV_GRANULE 65536u
#define RV_ALIGN 8u

#define RV_MIN_RING_BYTES 4096u
#define RV_MAX_RING_BYTES 1073741824u
#define RV_MAX_CPUS 2048u
/* A record, header included, is at most the smaller of this and a quarter of the ring. */
#define RV_MAX_RECORD_BYTES 65536u
/* Return addresses that a writer puts before the data of a record. */
#define RV_MAX_FRAMES 16u
/* Interrupts nest at most this deep on one CPU; a deeper writer is refused and counted. */
#define RV_MAX_NESTING 8u

/* session.ring_mode */
#define RV_MODE_DROP_NEW 1u
#define RV_MODE_OVERWRITE_OLD 2u

/* session.order_mode: what the reader merges the CPUs by. */
#define RV_ORDER_INDEX 1u
#define RV_ORDER_CLOCK 2u

/* session.state */
#define RV_STATE_STARTING 0u
#define RV_STATE_RUNNING 1u
#define RV_STATE_STOPPED 2u

/* record.kind; zero is never written, so untouched memory is not a record. */
#define RV_KIND_RECORD 1u
#define RV_KIND_PAD 2u

/* record.level, most severe first. Other values are allowed and shown as numbers. */
#define RV_LEVEL_ERROR 0u
#define RV_LEVEL_WARNING 1u
#define RV_LEVEL_INFO 2u
#define RV_LEVEL_TRACE 3u

/* record.type 0 is UTF-8 text; 1..65535 belong to the caller of SendData. */
#define RV_TYPE_TEXT 0u

/* record.origin: who handed the record to the ring. */
#define RV_ORIGIN_DRIVER 0u
#define RV_ORIGIN_DBGPRINT 1u
/* Since 2.1: RV_ORIGIN_LOGGER + n is logger n of the session page. */
#define RV_ORIGIN_LOGGER 16u

/* Names of loggers: so many, each of so many bytes, padded with NUL and ending with one. */
#define RV_LOGGERS 64u
#define RV_LOGGER_NAME_BYTES 24u

/* record.flags */
#define RV_FLAG_TRUNCATED 1u /* the text was cut to fit its formatting buffer */
#define RV_FLAG_NESTED 2u    /* written by an interrupt that landed on a writer of the same CPU */

/*
 * record.irql of this or more: DISPATCH_LEVEL. A DPC or an interrupt wrote it; `pid` and `tid` are then those of the thread
 * that happened to run there.
 */
#define RV_IRQL_BORROWED 2u

/* record.delay_ms of this or more. */
#define RV_DELAY_LONGEST 65535u

/*
 * The session page. next_index sits on a cache line pair of its own: every CPU increments it.
 */
typedef struct rv_session_page {
    uint64_t magic;           /* RV_MAGIC_SESSION; stored last when a session is created */
    uint16_t version_major;   /* a reader refuses a major that it does not know */
    uint16_t version_minor;   /* fields are only ever added under a minor */
    uint32_t page_bytes;      /* RV_PAGE */
    uint64_t session_id;      /* random; tells a new session under an old name */
    uint64_t image_bytes;     /* size of the whole image */
    uint32_t cpu_count;       /* 1..RV_MAX_CPUS, system-wide index over all processor groups */
    uint32_t ring_mode;       /* RV_MODE_* */
    uint64_t ring_bytes;      /* data bytes of each ring, a power of two */
    uint64_t consumer_offset; /* RV_GRANULE */
    uint64_t rings_offset;    /* rv_align_granule(consumer_offset + cpu_count * RV_PAGE) */
    uint64_t ring_stride;     /* rv_align_granule(RV_PAGE + ring_bytes) */
    uint64_t qpc_frequency;   /* ticks a second of record.timestamp */
    uint64_t start_qpc;       /* the clock when the session began */
    uint64_t start_filetime;  /* the same moment, 100 ns units since 1601-01-01 UTC */
    uint32_t producer_pid;    /* 0 for a kernel driver */
    uint32_t order_mode;      /* RV_ORDER_* */
    char producer[24];        /* name for people, NUL-padded: "ringview.sys", "simulated driver" */
    uint8_t reserved0[128];
    uint64_t next_index; /* the global index the next record will take; starts at 1 */
    uint8_t reserved1[120];
    uint32_t state; /* RV_STATE_* */
    uint32_t reserved2;
    uint64_t heartbeat; /* the clock when the producer last did anything; 0 if it keeps none */
    uint8_t reserved3[112];
    /*
     * Since 2.1: the names of those who log. A name is stored before the first record of its number, and neither changes
     * nor goes while the session lasts; an empty one stands for nobody.
     */
    char loggers[RV_LOGGERS][RV_LOGGER_NAME_BYTES];
    uint8_t reserved4[2048];
} rv_session_page;

/*
 * The producer page of one ring. A writer of this CPU owns every field; nobody else writes here.
 *
 * `sequence` numbers attempts, lost ones included: a jump of n+1 between two records of a CPU says that n were lost
 * between them, whatever the cause. attempted = written + lost at any quiet moment.
 */
typedef struct rv_producer_page {
    uint64_t magic; /* RV_MAGIC_PRODUCER */
    uint32_t cpu;
    uint32_t ring_mode;
    uint64_t ring_bytes;
    uint64_t session_id;
    uint8_t reserved0[96];
    uint64_t reserved; /* position: end of the last reservation */
    uint32_t nesting;  /* writers on this CPU between enter and leave; 0 when quiet */
    uint32_t reserved1;
    uint8_t reserved2[48];
    uint64_t published; /* position: everything below is complete */
    uint64_t tail;      /* position of the oldest record that is still whole; stays 0 in drop-new mode */
    uint64_t sequence;  /* record.sequence of the last published record */
    uint8_t reserved3[40];
    uint64_t written;           /* records published */
    uint64_t written_bytes;     /* their bytes, headers and padding included, PAD records not */
    uint64_t lost;              /* attempts that produced no record, the sum of the causes below */
    uint64_t lost_full;         /* drop-new: no room; overwrite-old: the room belonged to an unfinished outer writer */
    uint64_t lost_too_big;      /* longer than the longest record */
    uint64_t lost_zero_length;  /* nothing to write */
    uint64_t lost_missing_data; /* a length without a buffer */
    uint64_t lost_nesting;      /* deeper than RV_MAX_NESTING */
    uint64_t overwritten;       /* overwrite-old: records reclaimed that the consumer had not passed */
    uint64_t wrapped;           /* PAD records written */
    uint64_t bad_consumer;      /* consumer positions refused */
    uint64_t index_holes;       /* global indices taken and not used because an interrupt reserved first */
    uint64_t lost_quota;        /* since 2.1: of programs that had their share of the ring already */
    uint8_t reserved4[3736];
} rv_producer_page;

/*
 * The consumer page of one ring: the only memory a client can write. The producer reads `consumed` and nothing else.
 */
typedef struct rv_consumer_page {
    uint64_t magic; /* RV_MAGIC_CONSUMER */
    uint32_t cpu;
    uint32_t reserved0;
    uint8_t reserved1[48];
    uint64_t consumed;          /* position: everything below has been copied out */
    uint64_t consumed_sequence; /* record.sequence up to which a reader has accounted; where the next one resumes */
    uint64_t read;              /* records copied out by all readers of this session */
    uint32_t reader_pid;
    uint32_t reserved2;
    uint8_t reserved3[4000];
} rv_consumer_page;

/*
 * A record: this header, then `length` bytes, then zeroes up to a multiple of RV_ALIGN. A record never crosses the end
 * of the ring. A PAD record fills the bytes before the end; only its length, kind and cpu are meaningful, and it may be
 * as short as 8 bytes (length 0: the first 8 bytes alone).
 * For a RECORD the next one begins at rv_record_bytes(length); for a PAD at RV_PAD_HEADER_BYTES + length.
 */
typedef struct rv_record {
    uint32_t length; /* bytes of data */
    uint16_t cpu;
    uint8_t kind; /* RV_KIND_* */
    uint8_t level;
    uint64_t timestamp; /* QPC ticks */
    uint64_t index;     /* global index; 0 when order_mode is RV_ORDER_CLOCK */
    uint64_t sequence;  /* attempt number on this CPU, stamped by the outermost writer before it publishes; from 1 */
    uint32_t pid;
    uint16_t type;
    uint16_t origin;
    uint32_t remarks; /* caller's number */
    uint16_t flags;   /* RV_FLAG_* */
    /*
     * Since 1.1: milliseconds between what the record tells of and its writing, which is when its clock was read; at most
     * RV_DELAY_LONGEST. A line of DbgPrint that waited for its end began so long before.
     */
    uint16_t delay_ms;
    /* Since 2. */
    uint32_t tid;
    uint8_t irql; /* of the caller; RV_IRQL_BORROWED or above: neither pid nor tid are its own */
    /*
     * The stack of the caller: so many return addresses, eight bytes each, the innermost first, lie between this header and
     * the data and count in `length`. A writer puts at most RV_MAX_FRAMES; a reader that does not show them skips them.
     */
    uint8_t frames;
    uint16_t reserved;
} rv_record;

#define RV_RECORD_HEADER_BYTES 56u
#define RV_PAD_HEADER_BYTES 8u

static inline uint64_t rv_align_granule(uint64_t n)
{
    return (n + (RV_GRANULE - 1u)) & ~(uint64_t)(RV_GRANULE - 1u);
}

static inline uint32_t rv_record_bytes(uint32_t length)
{
    return (RV_RECORD_HEADER_BYTES + length + (RV_ALIGN - 1u)) & ~(RV_ALIGN - 1u);
}

/* Literal sizes and offsets: the TypeScript twin's test reads these lines. */
#if defined(__cplusplus)
#define RV_STATIC_ASSERT(holds, what) static_assert(holds, what)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define RV_STATIC_ASSERT(holds, what) _Static_assert(holds, what)
#else /* a driver's project as the WDK makes it compiles C before C11: there an array has no negative size */
#define RV_STATIC_ASSERT(holds, what) extern char rv_static_assert[(holds) ? 1 : -1]
#endif
#define RV_ASSERT_SIZE(type, bytes) RV_STATIC_ASSERT(sizeof(type) == (bytes), #type " size")
#define RV_ASSERT_OFFSET(type, field, bytes) RV_STATIC_ASSERT(offsetof(type, field) == (bytes), #type "." #field)

RV_ASSERT_SIZE(rv_session_page, 4096);
RV_ASSERT_OFFSET(rv_session_page, magic, 0);
RV_ASSERT_OFFSET(rv_session_page, version_major, 8);
RV_ASSERT_OFFSET(rv_session_page, version_minor, 10);
RV_ASSERT_OFFSET(rv_session_page, page_bytes, 12);
RV_ASSERT_OFFSET(rv_session_page, session_id, 16);
RV_ASSERT_OFFSET(rv_session_page, image_bytes, 24);
RV_ASSERT_OFFSET(rv_session_page, cpu_count, 32);
RV_ASSERT_OFFSET(rv_session_page, ring_mode, 36);
RV_ASSERT_OFFSET(rv_session_page, ring_bytes, 40);
RV_ASSERT_OFFSET(rv_session_page, consumer_offset, 48);
RV_ASSERT_OFFSET(rv_session_page, rings_offset, 56);
RV_ASSERT_OFFSET(rv_session_page, ring_stride, 64);
RV_ASSERT_OFFSET(rv_session_page, qpc_frequency, 72);
RV_ASSERT_OFFSET(rv_session_page, start_qpc, 80);
RV_ASSERT_OFFSET(rv_session_page, start_filetime, 88);
RV_ASSERT_OFFSET(rv_session_page, producer_pid, 96);
RV_ASSERT_OFFSET(rv_session_page, order_mode, 100);
RV_ASSERT_OFFSET(rv_session_page, producer, 104);
RV_ASSERT_OFFSET(rv_session_page, next_index, 256);
RV_ASSERT_OFFSET(rv_session_page, state, 384);
RV_ASSERT_OFFSET(rv_session_page, heartbeat, 392);
RV_ASSERT_OFFSET(rv_session_page, loggers, 512);

RV_ASSERT_SIZE(rv_producer_page, 4096);
RV_ASSERT_OFFSET(rv_producer_page, magic, 0);
RV_ASSERT_OFFSET(rv_producer_page, cpu, 8);
RV_ASSERT_OFFSET(rv_producer_page, ring_mode, 12);
RV_ASSERT_OFFSET(rv_producer_page, ring_bytes, 16);
RV_ASSERT_OFFSET(rv_producer_page, session_id, 24);
RV_ASSERT_OFFSET(rv_producer_page, reserved, 128);
RV_ASSERT_OFFSET(rv_producer_page, nesting, 136);
RV_ASSERT_OFFSET(rv_producer_page, published, 192);
RV_ASSERT_OFFSET(rv_producer_page, tail, 200);
RV_ASSERT_OFFSET(rv_producer_page, sequence, 208);
RV_ASSERT_OFFSET(rv_producer_page, written, 256);
RV_ASSERT_OFFSET(rv_producer_page, written_bytes, 264);
RV_ASSERT_OFFSET(rv_producer_page, lost, 272);
RV_ASSERT_OFFSET(rv_producer_page, lost_full, 280);
RV_ASSERT_OFFSET(rv_producer_page, lost_too_big, 288);
RV_ASSERT_OFFSET(rv_producer_page, lost_zero_length, 296);
RV_ASSERT_OFFSET(rv_producer_page, lost_missing_data, 304);
RV_ASSERT_OFFSET(rv_producer_page, lost_nesting, 312);
RV_ASSERT_OFFSET(rv_producer_page, overwritten, 320);
RV_ASSERT_OFFSET(rv_producer_page, wrapped, 328);
RV_ASSERT_OFFSET(rv_producer_page, bad_consumer, 336);
RV_ASSERT_OFFSET(rv_producer_page, index_holes, 344);
RV_ASSERT_OFFSET(rv_producer_page, lost_quota, 352);

RV_ASSERT_SIZE(rv_consumer_page, 4096);
RV_ASSERT_OFFSET(rv_consumer_page, magic, 0);
RV_ASSERT_OFFSET(rv_consumer_page, cpu, 8);
RV_ASSERT_OFFSET(rv_consumer_page, consumed, 64);
RV_ASSERT_OFFSET(rv_consumer_page, consumed_sequence, 72);
RV_ASSERT_OFFSET(rv_consumer_page, read, 80);
RV_ASSERT_OFFSET(rv_consumer_page, reader_pid, 88);

RV_ASSERT_SIZE(rv_record, 56);
RV_ASSERT_OFFSET(rv_record, length, 0);
RV_ASSERT_OFFSET(rv_record, cpu, 4);
RV_ASSERT_OFFSET(rv_record, kind, 6);
RV_ASSERT_OFFSET(rv_record, level, 7);
RV_ASSERT_OFFSET(rv_record, timestamp, 8);
RV_ASSERT_OFFSET(rv_record, index, 16);
RV_ASSERT_OFFSET(rv_record, sequence, 24);
RV_ASSERT_OFFSET(rv_record, pid, 32);
RV_ASSERT_OFFSET(rv_record, type, 36);
RV_ASSERT_OFFSET(rv_record, origin, 38);
RV_ASSERT_OFFSET(rv_record, remarks, 40);
RV_ASSERT_OFFSET(rv_record, flags, 44);
RV_ASSERT_OFFSET(rv_record, delay_ms, 46);
RV_ASSERT_OFFSET(rv_record, tid, 48);
RV_ASSERT_OFFSET(rv_record, irql, 52);
RV_ASSERT_OFFSET(rv_record, frames, 53);
RV_ASSERT_OFFSET(rv_record, reserved, 54);

#endif
