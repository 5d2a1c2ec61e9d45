/*
 * dbgprint_lines.h - turns the pieces that DbgPrint calls hand over into lines: a piece without a line end waits for the
 * next piece of the same thread, component and level. Pure: no WDK, tested on a host.
 *
 * One rv_lines serves one CPU; its calls do not overlap. A caller that lands on another call (an interrupt) emits its text
 * whole with rv_lines_whole, which touches no state.
 */
#ifndef RINGVIEW_DBGPRINT_LINES_H
#define RINGVIEW_DBGPRINT_LINES_H

#include <stdbool.h>
#include <stdint.h>

/* DbgPrint keeps so many bytes of a call; the last one becomes a line end when there was more. */
#define RV_DBGPRINT_BYTES 512u

/* A longer line is emitted in pieces of this size, nothing of it is dropped. */
#define RV_LINE_BYTES 1024u

/* Unfinished lines held at once; one more pushes the oldest out. */
#define RV_LINE_SLOTS 4u

/* Whose piece it is. */
typedef struct rv_line_key {
    uint64_t thread;
    uint32_t component; /* DPFLTR_*_ID */
    uint32_t level;     /* DPFLTR_*_LEVEL */
} rv_line_key;

typedef struct rv_line_slot {
    rv_line_key key;
    uint64_t time;   /* of its last piece */
    uint32_t length; /* 0: free */
    bool truncated;
    char text[RV_LINE_BYTES];
} rv_line_slot;

/* Zeroed memory is an empty one. */
typedef struct rv_lines {
    rv_line_slot slots[RV_LINE_SLOTS];
} rv_lines;

/* A line without its end; `length` is at least 1: an empty line is one space. */
typedef void rv_line_sink(void *context, const rv_line_key *key, const char *text, uint32_t length, bool truncated);

/*
 * Takes the text of one DbgPrint call. `time` is any clock that rv_lines_flush is called with too. A text of
 * RV_DBGPRINT_BYTES was cut by DbgPrint (or filled its buffer exactly, which cannot be told apart): its last line is
 * marked truncated.
 */
void rv_lines_feed(rv_lines *lines, const rv_line_key *key, uint64_t time, const char *text, uint32_t length,
                   rv_line_sink *sink, void *context);

/* Emits unfinished lines whose last piece came at `time` or before. */
void rv_lines_flush(rv_lines *lines, uint64_t time, rv_line_sink *sink, void *context);

/* Emits the lines of `text` without keeping anything, the unfinished last one too. */
void rv_lines_whole(const rv_line_key *key, const char *text, uint32_t length, rv_line_sink *sink, void *context);

#endif
