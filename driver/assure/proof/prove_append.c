/*
 * prove_append.c - drives Eva through append() of dbgprint_lines.c, by itself: slots of every length, pieces of any length
 * that DbgPrint passes on. That what is copied fits into the room left needs the length of the slot, so each is looked at.
 */
#include "../../kernel/dbgprint_lines.c"

#include "lines_model.h"

static rv_line_slot slot;
static char text[RV_DBGPRINT_CUT_BYTES];

static void append_any(uint32_t held, uint32_t least, uint32_t most)
{
    rv_line_key key = {0};
    piece from = {&key, {0, 0}, any64(), sink, NULL};
    uint32_t length = (uint32_t)any_between(least, most);

    any_bytes(slot.text, sizeof slot.text);
    slot.length = held;
    append(&slot, text + sizeof text - most, length, &from);
}

int main(void)
{
    any_slots();
    any_bytes(text, sizeof text);
    any_bytes(&slot, sizeof slot);
    //@ loop unroll 1100;
    for (uint32_t held = 0; held <= RV_LINE_BYTES; held += STEP) {
        append_any(held, 1, sizeof text);
    }
    append_any(RV_LINE_BYTES, 0, 0);
    Frama_C_show_each_end_of_main();
    return 0;
}
