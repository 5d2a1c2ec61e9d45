/*
 * prove_filter.c - drives Eva through event_filter.c: a request of any bytes, made ready if it is one, and the decisions by rules
 * of which each word is anything at each look, as they are while another one writes them. Paths end where their memory does.
 */
#include "../../kernel/event_filter.h"

#include "any_words.h"

#define LONGEST_PATH 32767u

static uint16_t path[LONGEST_PATH];

static void decide(const rv_filter *filter, uint32_t units)
{
    rv_filter_pieces pieces = {.root = any_bool() ? path : 0,
                               .name = any_bool() ? path + LONGEST_PATH - units : 0,
                               .root_units = LONGEST_PATH,
                               .name_units = units};
    (void)rv_filter_passes_path(filter, path + LONGEST_PATH - units, units);
    (void)rv_filter_passes_pieces(filter, &pieces);
}

int main(void)
{
    static rv_filter filter;
    rv_event_filter request;
    any_bytes(&request, sizeof request);
    any_bytes(path, sizeof path);
    if (rv_filter_check(&request)) {
        rv_filter_set(&filter, &request);
    }
    (void)rv_filter_passes_pid(&filter, any32());
    decide(&filter, 0);
    decide(&filter, 1);
    decide(&filter, LONGEST_PATH);
    Frama_C_show_each_end_of_main();
    return 0;
}
