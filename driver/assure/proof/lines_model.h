/*
 * lines_model.h - what the slots for unfinished lines (dbgprint_lines.h) are to one of their users: whoever holds one may
 * find anything in it that another could have left. What all rely on is that its length is at most RV_LINE_BYTES.
 */
#ifndef RINGVIEW_PROOF_LINES_MODEL_H
#define RINGVIEW_PROOF_LINES_MODEL_H

#include "arbitrary.h"

static rv_lines lines;

static void any_slot(rv_line_slot *slot)
{
    any_bytes(slot, sizeof *slot);
    slot->length = (uint32_t)any_between(0, RV_LINE_BYTES);
}

static void any_slots(void)
{
    //@ loop unroll 64;
    for (uint32_t i = 0; i < RV_LINE_SLOTS; i++) {
        any_slot(&lines.slots[i]);
    }
}

uint64_t proof_load(const void *p, uint64_t bytes)
{
    //@ assert inside: \valid_read((char *)p + (0 .. bytes - 1));
    return any64();
}

/* Letting go of a slot is a store to `held`, which is its first word. */
void proof_store(void *p, uint64_t bytes, uint64_t value)
{
    //@ assert inside: \valid((char *)p + (0 .. bytes - 1));
    if ((char *)p - (char *)&lines == ((char *)p - (char *)&lines) / sizeof lines.slots[0] * sizeof lines.slots[0]) {
        //@ assert left_bounded: ((rv_line_slot *)p)->length <= RV_LINE_BYTES;
    }
    (void)value;
}

/* Taking hold of one, or not, because another has it. Whoever had it last left anything in it. */
bool proof_exchange(void *p, uint64_t desired)
{
    //@ assert inside: \valid((uint64_t *)p);
    (void)desired;
    if (any_bool()) {
        any_slot(p);
        return true;
    }
    return false;
}

/* What receives a line: it reads all of it. */
static void sink(void *context, const rv_line *line)
{
    (void)context;
    //@ assert not_empty: 1 <= line->length;
    //@ assert whole: \valid_read(line->text + (0 .. line->length - 1)) && \initialized(line->text + (0 .. line->length - 1));
}

#endif
