/*
 * prove_loggers.c - drives Eva through the table of those who log (loggers.c): any table, any name.
 */
#include "../../kernel/loggers.h"

#include "arbitrary.h"

static rv_loggers loggers;
static rv_session_page page;

static void any_name(char name[RV_LOGGER_NAME_BYTES])
{
    any_bytes(name, RV_LOGGER_NAME_BYTES);
}

int main(void)
{
    /* Each ends where its memory does. */
    static char self[3], name[RV_LOGGER_NAME_BYTES];

    any_bytes(self, sizeof self - 1);
    rv_loggers_init(&loggers, self);
    any_name(name);
    uint32_t first = rv_loggers_number(&loggers, name);
    //@ assert inside: first <= 64;
    any_bytes(&loggers, sizeof loggers);
    any_name(name);
    uint32_t number = rv_loggers_number(&loggers, name);
    //@ assert given_or_none: number <= 64;
    if (number < RV_LOGGERS) {
        rv_loggers_show(&loggers, number, &page);
        rv_loggers_mask(&loggers, number, any64());
        rv_loggers_stacks(&loggers, number, any32());
        (void)rv_loggers_came(&loggers, number);
        rv_loggers_left(&loggers, number);
    }
    static rv_ioctl_loggers answer;
    rv_loggers_show_all(&loggers, &page);
    rv_loggers_list(&loggers, &answer);
    Frama_C_show_each_end_of_main();
    return 0;
}
