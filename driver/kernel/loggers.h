/*
 * loggers.h - the names of those who log, and what each of them leaves out. Pure: fixed-width types only, built and tested
 * on a host too. Names are as rv_ioctl_check_name wants them; whoever calls this holds the lock of what they are in.
 */
#ifndef RINGVIEW_LOGGERS_H
#define RINGVIEW_LOGGERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/ioctl.h"

typedef struct rv_loggers {
    rv_ioctl_logger entries[RV_LOGGERS];
} rv_loggers;

/* None but those that are always there; `self` is the name of the driver itself, cut to fit. */
void rv_loggers_init(rv_loggers *loggers, const char *self);

/* The number of the logger with this name, which gets one if it has none; RV_LOGGERS when all are given away. */
uint32_t rv_loggers_number(rv_loggers *loggers, const char name[RV_LOGGER_NAME_BYTES]);

/* Copies the name of logger `number` to where readers find it. */
void rv_loggers_show(const rv_loggers *loggers, uint32_t number, rv_session_page *page);
void rv_loggers_show_all(const rv_loggers *loggers, rv_session_page *page);

/* A driver attaches under this number; returns what it leaves out. And one goes. */
uint64_t rv_loggers_came(rv_loggers *loggers, uint32_t number);
void rv_loggers_left(rv_loggers *loggers, uint32_t number);

/* What drivers of this number leave out from now on. */
void rv_loggers_mask(rv_loggers *loggers, uint32_t number, uint64_t off);

/* Of which levels texts of drivers of this number carry a stack from now on. */
void rv_loggers_stacks(rv_loggers *loggers, uint32_t number, uint32_t levels);

/* What RV_IOCTL_LOGGERS answers. */
void rv_loggers_list(const rv_loggers *loggers, rv_ioctl_loggers *answer);

#endif
