/*
 * settings.h - judges what a client sends by RV_IOCTL_OBSERVE. Pure: built and tested on a host too.
 */
#ifndef RINGVIEW_OBSERVE_SETTINGS_H
#define RINGVIEW_OBSERVE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/kernel_drivers.h"
#include "../kernel/ioctl_check.h"

/* Judges the lengths alone: nothing of a buffer may be read before this says RV_IOCTL_FINE. */
rv_ioctl_verdict rv_observe_check_lengths(uint32_t code, uint64_t input_bytes, uint64_t output_bytes);

/* Whether a driver that knows the operations `known` can do as it is told. */
bool rv_observe_check_settings(const rv_observe_settings *settings, uint32_t known);

#endif
