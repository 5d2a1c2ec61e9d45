/*
 * ring_reader.h - a plain reader of the rings, in C: the counterpart that the driver is judged by.
 */
#ifndef RINGVIEW_WINE_RING_READER_H
#define RINGVIEW_WINE_RING_READER_H

#include "rig.h"

#define MAX_CPUS 64u

typedef struct ring_reader {
    HANDLE device;
    uint32_t cpus;
    uint64_t ring_bytes;
    const rv_session_page *session;
    rv_consumer_page *consumers;
    const uint8_t *rings[MAX_CPUS];
    uint64_t position[MAX_CPUS];
    uint64_t sequence[MAX_CPUS]; /* of the last record read */
    uint64_t index[MAX_CPUS];
    uint64_t read;
    uint64_t gaps;   /* attempts that the sequence numbers say were lost */
    uint64_t broken; /* records that cannot be: what a correct driver never shows */
    char why[128];   /* the first of them */
    uint8_t *copy;
} ring_reader;

/* `data` begins with the stack, if the record carries one. */
typedef void record_sink(void *context, const rv_record *record, const uint8_t *data);

/* ERROR_SUCCESS, or why the driver refused; `*holder` is then the reader's pid if it told. */
DWORD reader_attach(ring_reader *reader, HANDLE device, uint32_t *holder);

/* Reads what is published on all CPUs and moves the consumer positions. Returns the records read. */
uint64_t reader_poll(ring_reader *reader, record_sink *sink, void *context);

/* After the writers went quiet: attempts behind the last record of each CPU that were lost. */
uint64_t reader_trailing(const ring_reader *reader);

uint32_t reader_state(const ring_reader *reader);

/* Lets go of what the reader itself holds; the views go with RV_IOCTL_DETACH or the handle. */
void reader_free(ring_reader *reader);

#endif
