/*
 * messages.h - the content of the simulated driver's records: a function of the CPU and the number of the attempt alone,
 * so that runs can be repeated and a reader's test can say what must come out.
 */
#ifndef RINGVIEW_MESSAGES_H
#define RINGVIEW_MESSAGES_H

#include <stdint.h>

#include "../include/ringview/status.h"
#include "options.h"

/* Makes attempt `number` (from 0) of `cpu` to log something. Callable from a signal handler. */
rv_status message_log(const host_options *options, uint32_t cpu, uint64_t number);

#endif
