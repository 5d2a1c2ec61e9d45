/*
 * elapsed.h - durations. Pure.
 */
#ifndef RINGVIEW_OBSERVE_ELAPSED_H
#define RINGVIEW_OBSERVE_ELAPSED_H

#include <stdint.h>

/*
 * Nanoseconds of `ticks` of a clock that has `frequency` of them a second. The seconds are taken out first, so that nothing
 * overflows below 584 years for clocks up to 18 GHz. 0 for a clock of frequency 0.
 */
static inline uint64_t rv_nanoseconds(uint64_t ticks, uint64_t frequency)
{
    const uint64_t second = 1000000000u;
    return frequency == 0 ? 0 : ticks / frequency * second + ticks % frequency * second / frequency;
}

#endif
