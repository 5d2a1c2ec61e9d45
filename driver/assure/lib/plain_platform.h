/*
 * plain_platform.h - the platform of a program in which a thread stands for a CPU and stays on it: nothing to pin, nothing
 * to page, one process. The clock is the program's own. Included once by each.
 */
#ifndef RINGVIEW_PLAIN_PLATFORM_H
#define RINGVIEW_PLAIN_PLATFORM_H

#include "../../ring/platform.h"

/* What every record names as its writer's process. */
#define PLAIN_PID 7u

uint32_t rv_pid(void)
{
    return PLAIN_PID;
}

bool rv_may_page(void)
{
    return false;
}

rv_pin rv_pin_cpu(void)
{
    return (rv_pin){0};
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)pin;
}

#endif
