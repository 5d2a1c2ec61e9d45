/*
 * reader.h - a reader of session images in C: the reader's half of the protocol as plainly as it can be written. Tests
 * use it as the other side; it shares nothing with the ring but layout.h and platform.h.
 */
#ifndef RINGVIEW_TEST_READER_H
#define RINGVIEW_TEST_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/layout.h"

/* One ring of a mapped image. */
typedef struct reader_ring {
    const rv_session_page *session;
    const rv_producer_page *producer;
    rv_consumer_page *consumer;
    const uint8_t *data;
    uint64_t ring_bytes;

    uint64_t position;      /* everything below has been read or found lost */
    uint64_t last_sequence; /* accounted for up to here */
    uint64_t read;          /* records */
    uint64_t lost;          /* by gaps in the sequence */
    uint64_t lapped;        /* bytes copied and thrown away because the writer had reclaimed them */
    uint64_t corrupt;       /* what lay in the ring was no record */
    uint8_t *copy;          /* ring_bytes */
    void (*copied)(void *); /* for tests: called between the copy and the recheck */
    void *copied_context;
} reader_ring;

/* Receives a record: its header, its payload (valid during the call), its position, the losses just before it. */
typedef void reader_sink(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                         uint64_t lost_before);

/* Finds ring `cpu` in an image. Returns false if the image is not a whole session or memory is short. */
bool reader_open(reader_ring *reader, void *image, uint64_t bytes, uint32_t cpu);
void reader_close(reader_ring *reader);

/* What is known of a CPU before its records are read: see reader_watch. */
typedef struct reader_watch {
    bool quiet;
    uint64_t published;
} reader_watch;

/* Loads nesting, reserved and published, in this order. The global index or clock has been read before. */
reader_watch reader_look(const reader_ring *reader);

/* Copies [position, published), rechecks the tail, hands on what is whole, and frees the room if `consume`. */
void reader_poll(reader_ring *reader, uint64_t published, bool consume, reader_sink *sink, void *context);

/* Losses after the last record. Exact when the ring is quiet and everything has been read. */
uint64_t reader_trailing_losses(const reader_ring *reader);

#endif
