/*
 * settings.c - the lengths and values that RV_IOCTL_OBSERVE may come with.
 */
#include "settings.h"

#include "../kernel/event_filter.h"

rv_ioctl_verdict rv_observe_check_lengths(uint32_t code, uint64_t input_bytes, uint64_t output_bytes)
{
    if (code != RV_IOCTL_OBSERVE) {
        return RV_IOCTL_UNKNOWN;
    }
    if (input_bytes != 0 && input_bytes != sizeof(rv_observe_settings)) {
        return RV_IOCTL_BAD_INPUT;
    }
    return output_bytes < sizeof(rv_observe_state) ? RV_IOCTL_SMALL_OUTPUT : RV_IOCTL_FINE;
}

bool rv_observe_check_settings(const rv_observe_settings *settings, uint32_t known)
{
    return settings->protocol == RV_OBSERVE_PROTOCOL && (settings->operations & ~known) == 0 &&
           settings->reserved == 0 && rv_filter_check(&settings->filter);
}
