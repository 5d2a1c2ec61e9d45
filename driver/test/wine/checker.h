/*
 * checker.h - proves that what the sample wrote arrived whole, once and in order.
 */
#ifndef RINGVIEW_WINE_CHECKER_H
#define RINGVIEW_WINE_CHECKER_H

#include "ring_reader.h"

typedef struct checker {
    uint64_t records;   /* of a run */
    uint64_t others;    /* the sample's other records */
    uint64_t torn;      /* wrong checksum or content */
    uint64_t timer;     /* records of the timer and its DPCs */
    uint64_t events;    /* typed records of events.h about what happens */
    uint64_t present;   /* those about what was there before */
    uint8_t *thread_at; /* by global index: thread + 1 */
    uint32_t *number_at;
    uint64_t capacity;
    uint64_t beyond; /* indices above the capacity */
} checker;

/* `capacity` global indices can be ordered. */
void checker_init(checker *check, uint64_t capacity);
void checker_free(checker *check);

/* A record_sink; `context` is the checker. */
void checker_take(void *context, const rv_record *record, const uint8_t *data);

/*
 * Whether, along the global index, the numbers of each thread only grow: the order in which a thread wrote is the order in
 * which its records come out. To be called once all is read.
 */
bool checker_ordered(const checker *check);

#endif
