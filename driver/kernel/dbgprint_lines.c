/*
 * dbgprint_lines.c - see the header. It may run at up to HIGH_LEVEL, so it does not allocate, and each of its loops is
 * bounded.
 */
#include "dbgprint_lines.h"

#include <string.h>

#include "../ring/platform.h"

/* One call of DbgPrint. */
typedef struct piece {
    const rv_line_key *key;
    rv_line_writer writer;
    uint64_t time;
    rv_line_sink *sink;
    void *context;
} piece;

static bool same_key(const rv_line_key *a, const rv_line_key *b)
{
    return a->thread == b->thread && a->component == b->component && a->level == b->level;
}

static bool hold(rv_line_slot *slot)
{
    return rv_cas(&slot->held, 0, 1);
}

static void let_go(rv_line_slot *slot)
{
    rv_store_release(&slot->held, 0);
}

static rv_line_slot *slot_of(rv_lines *lines, uint64_t thread, uint32_t probe)
{
    /* Thread ids are multiples of four and often consecutive. */
    uint32_t hash = (uint32_t)(thread >> 2) * 0x9e3779b1u >> 16;
    return &lines->slots[(hash + probe) & (RV_LINE_SLOTS - 1)];
}

/* Finds the unfinished line of this key; its slot is returned held. NULL if there is none. */
static rv_line_slot *find_slot(rv_lines *lines, const rv_line_key *key)
{
    for (uint32_t probe = 0; probe < RV_LINE_PROBES; probe++) {
        rv_line_slot *slot = slot_of(lines, key->thread, probe);
        if (rv_load(&slot->owner) != key->thread + 1 || !hold(slot)) {
            continue;
        }
        if (slot->length != 0 && same_key(&slot->key, key)) {
            return slot;
        }
        let_go(slot);
    }
    return NULL;
}

static void emit_line(rv_line line, rv_line_sink *sink, void *context)
{
    if (line.length != 0 && line.text[line.length - 1] == '\r') {
        line.length--;
    }
    if (line.length == 0) {
        line.text = " ";
        line.length = 1;
    }
    sink(context, &line);
}

static rv_line line_of(const rv_line_slot *slot, bool truncated)
{
    return (rv_line){slot->key, slot->writer, slot->begun, slot->text, slot->length, truncated};
}

/* Emits the line of a slot that is held, and frees the slot. */
static void emit_slot(rv_line_slot *slot, bool truncated, rv_line_sink *sink, void *context)
{
    emit_line(line_of(slot, truncated), sink, context);
    slot->length = 0;
    rv_store(&slot->owner, 0);
}

/*
 * Takes a slot for a new line and returns it held: a free one, or that of the line that has waited longest, which is
 * emitted to make room. NULL if all slots that the thread may use are being used at the moment.
 */
static rv_line_slot *take_slot(rv_lines *lines, const piece *from)
{
    rv_line_slot *taken = NULL;
    for (uint32_t probe = 0; probe < RV_LINE_PROBES; probe++) {
        rv_line_slot *slot = slot_of(lines, from->key->thread, probe);
        if (!hold(slot)) {
            continue;
        }
        bool better = taken == NULL || slot->length == 0 || slot->time < taken->time;
        rv_line_slot *worse = better ? taken : slot;
        taken = better ? slot : taken;
        if (worse != NULL) {
            let_go(worse);
        }
        if (taken->length == 0) {
            break;
        }
    }
    if (taken == NULL) {
        return NULL;
    }
    if (taken->length != 0) {
        emit_slot(taken, false, from->sink, from->context);
    }
    taken->key = *from->key;
    taken->writer = from->writer;
    taken->begun = from->time;
    rv_store(&taken->owner, from->key->thread + 1);
    return taken;
}

/*
 * Appends text; each time the slot is full, its contents are emitted as a line. Leaves at least one byte in the slot
 * if length > 0.
 *
 * The contract is for the proof (assure/proof), which takes it for this function where it is called and shows that the
 * function keeps it: what a slot holds never exceeds its text, so there is never less than no room.
 */
/*@ requires held: \valid(slot) && slot->length <= RV_LINE_BYTES;
    requires given: \valid_read(text + (0 .. length - 1));
    assigns slot->text[0 .. RV_LINE_BYTES - 1], slot->length, slot->time;
    ensures bounded: slot->length <= RV_LINE_BYTES;
    ensures something: length > 0 ==> slot->length > 0; */
static void append(rv_line_slot *slot, const char *text, uint32_t length, const piece *from)
{
    while (length != 0) {
        if (slot->length == RV_LINE_BYTES) {
            rv_line line = line_of(slot, false);
            from->sink(from->context, &line);
            slot->length = 0;
        }
        uint32_t room = RV_LINE_BYTES - slot->length;
        if (length <= room) {
            memcpy(slot->text + slot->length, text, length);
            slot->length += length;
            break;
        }
        memcpy(slot->text + slot->length, text, room);
        slot->length = RV_LINE_BYTES;
        text += room;
        length -= room;
    }
    slot->time = from->time;
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

bool rv_lines_cut(const char *text, uint32_t length)
{
    return length >= RV_DBGPRINT_CUT_BYTES && text[length - 1] == '\n';
}

void rv_lines_feed(rv_lines *lines, const rv_line_key *key, rv_line_writer writer, uint64_t time, const char *text,
                   uint32_t length, rv_line_sink *sink, void *context)
{
    piece from = {key, writer, time, sink, context};
    bool cut = rv_lines_cut(text, length);
    rv_line_slot *slot = length != 0 ? find_slot(lines, key) : NULL;

    while (length != 0) {
        uint32_t n = line_length(text, length);
        bool ended = n < length;
        uint32_t used = ended ? n + 1 : n;
        bool truncated = cut && used == length;

        if (slot == NULL && !ended) {
            slot = take_slot(lines, &from);
        }
        if (slot == NULL) {
            /* The line is complete, or there is no slot in which it could wait: it is emitted without being copied. */
            emit_line((rv_line){*key, writer, time, text, n, truncated}, sink, context);
        } else {
            append(slot, text, n, &from);
            if (ended) {
                emit_slot(slot, truncated, sink, context);
            }
            let_go(slot);
            slot = NULL;
        }
        text += used;
        length -= used;
    }
}

void rv_lines_flush(rv_lines *lines, uint64_t time, rv_line_sink *sink, void *context)
{
    for (uint32_t i = 0; i < RV_LINE_SLOTS; i++) {
        rv_line_slot *slot = &lines->slots[i];
        if (rv_load(&slot->owner) == 0 || !hold(slot)) {
            continue;
        }
        if (slot->length != 0 && slot->time <= time) {
            emit_slot(slot, false, sink, context);
        }
        let_go(slot);
    }
}
