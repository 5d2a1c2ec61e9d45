/*
 * prove_lines.c - drives Eva through the assembly of lines (dbgprint_lines.c): texts of every length up to TEXT_BYTES, of any
 * bytes, from any thread at any time, into slots that others use at once. append() is taken for what its contract says,
 * which prove_append.c shows.
 */
#include "../../kernel/dbgprint_lines.c"

#include "lines_model.h"

static char text[TEXT_BYTES + 1];

static void feed(uint64_t thread)
{
    rv_line_key key;
    rv_line_writer writer;

    any_bytes(&key, sizeof key);
    key.thread = thread;
    any_bytes(&writer, sizeof writer);
    //@ loop unroll 1000;
    for (uint32_t length = 0; length <= TEXT_BYTES; length++) {
        /* It ends where the memory does. */
        rv_lines_feed(&lines, &key, writer, any64(), text + sizeof text - length, length, sink, NULL);
    }
}

/* A text that DbgPrint cut. */
static void feed_cut(void)
{
    static char cut[RV_DBGPRINT_CUT_BYTES];
    rv_line_key key = {0, any32(), any32()};
    rv_line_writer writer = {any32(), 0};

    memset(cut, 'x', sizeof cut - 1);
    cut[sizeof cut / 2] = '\n';
    cut[sizeof cut - 1] = '\n';
    rv_lines_feed(&lines, &key, writer, any64(), cut, sizeof cut, sink, NULL);
}

int main(void)
{
    any_slots();
    any_bytes(text, sizeof text);
    /* Of a thread only its slot is of consequence; Eva has to know which one that is, to know what is in it. */
    rv_line_slot *slot = slot_of(&lines, any64(), any32());
    //@ assert a_slot: \valid(slot) && \offset((char *)slot) % sizeof(rv_line_slot) == 0;
    /* Whether DbgPrint cut a text is seen at its end, which is not looked for in a shorter one. */
    static char longest[RV_DBGPRINT_CUT_BYTES];
    any_bytes(longest, sizeof longest);
    (void)rv_lines_cut(longest, sizeof longest);
    feed_cut();
    (void)rv_lines_cut(NULL, (uint32_t)any_between(0, RV_DBGPRINT_CUT_BYTES - 1));
    feed(0);
    feed(UINT64_MAX);
    rv_lines_flush(&lines, any64(), sink, NULL);
    Frama_C_show_each_end_of_main();
    return 0;
}
