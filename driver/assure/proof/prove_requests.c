/*
 * prove_requests.c - drives Eva through the checks of control requests (ioctl_check.c): any code, lengths, values and
 * number of processors, and session.c, which judges the geometry.
 */
#include "../../kernel/ioctl_check.h"

#include "any_words.h"

int main(void)
{
    rv_ioctl_configure configure;
    rv_ioctl_capture capture;
    rv_ioctl_mask mask;
    rv_ioctl_stacks stacks;
    rv_ioctl_event_filter filter;
    uint32_t code = any32();
    uint32_t cpu_count = any32();
    uint64_t input_bytes = any64();

    any_bytes(&configure, sizeof configure);
    any_bytes(&capture, sizeof capture);
    any_bytes(&mask, sizeof mask);
    any_bytes(&stacks, sizeof stacks);
    any_bytes(&filter, sizeof filter);
    if (rv_ioctl_check_lengths(code, input_bytes, any64(), cpu_count) == RV_IOCTL_FINE) {
        /* The largest struct that comes with a request: what a buffer of that length is read as. */
        //@ assert known_length: input_bytes <= sizeof(rv_ioctl_event_filter);
    }
    uint32_t expected = rv_ioctl_input_bytes(code);
    //@ assert input_small: expected <= sizeof(rv_ioctl_event_filter);
    (void)rv_ioctl_output_bytes(code, cpu_count);
    (void)rv_ioctl_check_configure(&configure, cpu_count);
    (void)rv_ioctl_check_capture(&capture);
    if (rv_ioctl_check_event_filter(&filter)) {
        /* What the filter is made ready from. */
        //@ assert pids: filter.filter.pid_count <= 16;
        //@ assert parts: filter.filter.path_count <= 4;
    }
    if (rv_ioctl_check_name(mask.name)) {
        /* What strings are made of: it ends inside. */
        //@ assert ends: mask.name[23] == 0;
    }
    if (rv_ioctl_check_stacks(&stacks)) {
        //@ assert ends: stacks.name[23] == 0;
    }
    Frama_C_show_each_end_of_main();
    return 0;
}
