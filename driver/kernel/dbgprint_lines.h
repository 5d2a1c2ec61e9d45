/*
 * dbgprint_lines.h - joins the pieces that DbgPrint calls pass on into lines: a piece without a line end waits for the
 * next piece of the same thread, component and level. Pure except for the atomics of platform.h: tested on a host.
 *
 * Unfinished lines wait in slots that all CPUs share, so that a thread that moves to another CPU between two pieces
 * still finds its first one. A slot is held by a single exchange, and nobody waits for a slot that is held: an
 * interrupt, or another CPU, takes the next one. So all of this may be called at any IRQL, from everywhere at once.
 */
#ifndef RINGVIEW_DBGPRINT_LINES_H
#define RINGVIEW_DBGPRINT_LINES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The length with which a text arrives that DbgPrint has cut. The last byte of the system's buffer of 512 bytes is then
 * NUL and the one before it a line end, whatever was there.
 */
#define RV_DBGPRINT_CUT_BYTES 511u

/* A longer line is emitted in several pieces of this size, so that nothing of it is dropped. */
#define RV_LINE_BYTES 1024u

/* The number of unfinished lines that can wait at the same time. A power of two. */
#define RV_LINE_SLOTS 64u

/* The number of slots that a thread may use, beginning with the one of its hash. If it needs another one, its oldest
 * line is emitted unfinished. */
#define RV_LINE_PROBES 4u

/* What the pieces of one line have in common. */
typedef struct rv_line_key {
    uint64_t thread;    /* its id; 0 is allowed */
    uint32_t component; /* DPFLTR_*_ID */
    uint32_t level;     /* DPFLTR_*_LEVEL */
} rv_line_key;

/* Who printed. */
typedef struct rv_line_writer {
    uint32_t pid;
    uint8_t irql; /* from RV_IRQL_BORROWED on, process and thread are those that it interrupted */
} rv_line_writer;

/* A line without its end; `length` is at least 1: an empty line is one space. */
typedef struct rv_line {
    rv_line_key key;
    rv_line_writer writer; /* of the first piece */
    uint64_t begun;        /* when it printed that */
    const char *text;
    uint32_t length;
    bool truncated; /* DbgPrint cut it */
} rv_line;

typedef struct rv_line_slot {
    uint64_t held;  /* 1: somebody reads or changes the rest */
    uint64_t owner; /* thread + 1; 0: free. Looked at before the slot is held, true only while it is */
    rv_line_key key;
    rv_line_writer writer; /* of the first piece */
    uint32_t length;
    uint64_t begun; /* time of the first piece */
    uint64_t time;  /* and of the last */
    char text[RV_LINE_BYTES];
} rv_line_slot;

/* Zeroed memory is an empty one. */
typedef struct rv_lines {
    rv_line_slot slots[RV_LINE_SLOTS];
} rv_lines;

/* Receives a line; what it points at is valid during the call. */
typedef void rv_line_sink(void *context, const rv_line *line);

/* Whether DbgPrint cut this text. A text of exactly that length that really ends with a line end looks the same. */
bool rv_lines_cut(const char *text, uint32_t length);

/*
 * Takes the text of one DbgPrint call by `writer`. `time` is of the same clock as that of
 * rv_lines_flush. If the text was cut, its last line is marked truncated.
 */
void rv_lines_feed(rv_lines *lines, const rv_line_key *key, rv_line_writer writer, uint64_t time, const char *text,
                   uint32_t length, rv_line_sink *sink, void *context);

/* Emits unfinished lines whose last piece came at `time` or before. Lines that are being used at the moment stay. */
void rv_lines_flush(rv_lines *lines, uint64_t time, rv_line_sink *sink, void *context);

#endif
