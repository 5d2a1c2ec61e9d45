/*
 * dbgprint_lines.c - see the header. No allocation, no loop that does not move forward: it runs at up to HIGH_LEVEL.
 */
#include "dbgprint_lines.h"

#include <string.h>

static bool same_key(const rv_line_key *a, const rv_line_key *b)
{
    return a->thread == b->thread && a->component == b->component && a->level == b->level;
}

static rv_line_slot *find_slot(rv_lines *lines, const rv_line_key *key)
{
    for (uint32_t i = 0; i < RV_LINE_SLOTS; i++) {
        rv_line_slot *slot = &lines->slots[i];
        if (slot->length != 0 && same_key(&slot->key, key)) {
            return slot;
        }
    }
    return NULL;
}

static void emit_line(const rv_line_key *key, const char *text, uint32_t length, bool truncated, rv_line_sink *sink,
                      void *context)
{
    if (length != 0 && text[length - 1] == '\r') {
        length--;
    }
    if (length == 0) {
        text = " ";
        length = 1;
    }
    sink(context, key, text, length, truncated);
}

static void emit_slot(rv_line_slot *slot, rv_line_sink *sink, void *context)
{
    emit_line(&slot->key, slot->text, slot->length, slot->truncated, sink, context);
    slot->length = 0;
    slot->truncated = false;
}

/* A free slot; if there is none, the one that waited longest is emitted to make room. */
static rv_line_slot *take_slot(rv_lines *lines, const rv_line_key *key, rv_line_sink *sink, void *context)
{
    rv_line_slot *oldest = &lines->slots[0];
    for (uint32_t i = 0; i < RV_LINE_SLOTS; i++) {
        rv_line_slot *slot = &lines->slots[i];
        if (slot->length == 0) {
            slot->key = *key;
            return slot;
        }
        if (slot->time < oldest->time) {
            oldest = slot;
        }
    }
    emit_slot(oldest, sink, context);
    oldest->key = *key;
    return oldest;
}

/* Appends; each time the slot is full, it is emitted as a line. Leaves at least one byte in the slot if length > 0. */
static void append(rv_line_slot *slot, const char *text, uint32_t length, rv_line_sink *sink, void *context)
{
    while (length != 0) {
        if (slot->length == RV_LINE_BYTES) {
            sink(context, &slot->key, slot->text, slot->length, false);
            slot->length = 0;
        }
        uint32_t room = RV_LINE_BYTES - slot->length;
        uint32_t count = length < room ? length : room;
        memcpy(slot->text + slot->length, text, count);
        slot->length += count;
        text += count;
        length -= count;
    }
}

/* Bytes before the first line end, or `length` if there is none. */
static uint32_t line_length(const char *text, uint32_t length)
{
    uint32_t n = 0;
    while (n < length && text[n] != '\n') {
        n++;
    }
    return n;
}

void rv_lines_feed(rv_lines *lines, const rv_line_key *key, uint64_t time, const char *text, uint32_t length,
                   rv_line_sink *sink, void *context)
{
    bool cut = length >= RV_DBGPRINT_BYTES;
    rv_line_slot *slot = find_slot(lines, key);

    while (length != 0) {
        uint32_t n = line_length(text, length);
        bool ended = n < length;
        uint32_t used = ended ? n + 1 : n;
        bool truncated = cut && used == length;

        if (slot == NULL && ended) {
            emit_line(key, text, n, truncated, sink, context); /* nothing to join: not copied */
        } else {
            if (slot == NULL) {
                slot = take_slot(lines, key, sink, context);
            }
            append(slot, text, n, sink, context);
            slot->time = time;
            slot->truncated = slot->truncated || truncated;
            if (ended) {
                emit_slot(slot, sink, context);
                slot = NULL;
            }
        }
        text += used;
        length -= used;
    }
}

void rv_lines_flush(rv_lines *lines, uint64_t time, rv_line_sink *sink, void *context)
{
    for (uint32_t i = 0; i < RV_LINE_SLOTS; i++) {
        rv_line_slot *slot = &lines->slots[i];
        if (slot->length != 0 && slot->time <= time) {
            emit_slot(slot, sink, context);
        }
    }
}

void rv_lines_whole(const rv_line_key *key, const char *text, uint32_t length, rv_line_sink *sink, void *context)
{
    bool cut = length >= RV_DBGPRINT_BYTES;
    while (length != 0) {
        uint32_t n = line_length(text, length);
        uint32_t used = n < length ? n + 1 : n;
        emit_line(key, text, n, cut && used == length, sink, context);
        text += used;
        length -= used;
    }
}
