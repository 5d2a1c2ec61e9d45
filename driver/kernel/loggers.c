/*
 * loggers.c - a table without removal: a number that was once in a record keeps its name.
 */
#include "loggers.h"

static bool same(const char *a, const char *b)
{
    for (uint32_t i = 0; i < RV_LOGGER_NAME_BYTES; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

static void copy(char *to, const char *from)
{
    for (uint32_t i = 0; i + 1 < RV_LOGGER_NAME_BYTES && from[i] != '\0'; i++) {
        to[i] = from[i];
    }
}

void rv_loggers_init(rv_loggers *loggers, const char *self)
{
    static const rv_loggers none;
    *loggers = none;
    copy(loggers->entries[RV_LOGGER_SELF].name, self);
    copy(loggers->entries[RV_LOGGER_PROGRAMS].name, "programs");
    copy(loggers->entries[RV_LOGGER_OTHERS].name, "others");
    loggers->entries[RV_LOGGER_SELF].attached = 1;
}

uint32_t rv_loggers_number(rv_loggers *loggers, const char name[RV_LOGGER_NAME_BYTES])
{
    uint32_t number = 0;
    while (number < RV_LOGGERS && loggers->entries[number].name[0] != '\0') {
        if (same(loggers->entries[number].name, name)) {
            return number;
        }
        number++;
    }
    if (number < RV_LOGGERS) {
        copy(loggers->entries[number].name, name);
    }
    return number;
}

void rv_loggers_show(const rv_loggers *loggers, uint32_t number, rv_session_page *page)
{
    copy(page->loggers[number], loggers->entries[number].name);
}

void rv_loggers_show_all(const rv_loggers *loggers, rv_session_page *page)
{
    for (uint32_t number = 0; number < RV_LOGGERS; number++) {
        rv_loggers_show(loggers, number, page);
    }
}

void rv_loggers_list(const rv_loggers *loggers, rv_ioctl_loggers *answer)
{
    for (uint32_t number = 0; number < RV_LOGGERS; number++) {
        answer->loggers[number] = loggers->entries[number];
    }
}

uint64_t rv_loggers_came(rv_loggers *loggers, uint32_t number)
{
    loggers->entries[number].attached++;
    return loggers->entries[number].off;
}

void rv_loggers_left(rv_loggers *loggers, uint32_t number)
{
    loggers->entries[number].attached--;
}

void rv_loggers_mask(rv_loggers *loggers, uint32_t number, uint64_t off)
{
    loggers->entries[number].off = off;
}

void rv_loggers_stacks(rv_loggers *loggers, uint32_t number, uint32_t levels)
{
    loggers->entries[number].stacks = levels;
}
