/*
 * plain_platform.h - the platform of a test program in which each thread stands for a CPU and stays on it, so that
 * there is nothing to pin, no paging, and a single process. The program supplies the clock. Included once by each.
 */
#ifndef RINGVIEW_PLAIN_PLATFORM_H
#define RINGVIEW_PLAIN_PLATFORM_H

#include "../../ring/platform.h"

/* The process number in every record. */
#define PLAIN_PID 7u
/* And the thread number. */
#define PLAIN_TID 11u

uint32_t rv_pid(void)
{
    return PLAIN_PID;
}

uint32_t rv_tid(void)
{
    return PLAIN_TID;
}

bool rv_may_page(void)
{
    return false;
}

uint32_t rv_capture_stack(uint64_t *frames, uint32_t count)
{
    (void)frames;
    (void)count;
    return 0;
}

rv_pin rv_pin_cpu(void)
{
    return (rv_pin){.irql = 2};
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)pin;
}

#endif
