/*
 * ioctl_check.h - which control codes exist and what lengths and values each may come with. Pure: fixed-width types only,
 * built and fuzzed on a host too.
 */
#ifndef RINGVIEW_IOCTL_CHECK_H
#define RINGVIEW_IOCTL_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/ioctl.h"
#include "../include/ringview/ring.h"

typedef enum rv_ioctl_verdict {
    RV_IOCTL_FINE,
    RV_IOCTL_UNKNOWN,     /* no such code */
    RV_IOCTL_BAD_INPUT,   /* input of another length than its struct, or a value it may not have */
    RV_IOCTL_SMALL_OUTPUT /* the answer does not fit */
} rv_ioctl_verdict;

/* Judges the lengths alone: nothing of a buffer may be read before this says RV_IOCTL_FINE. */
rv_ioctl_verdict rv_ioctl_check_lengths(uint32_t code, uint64_t input_bytes, uint64_t output_bytes, uint32_t cpu_count);

/* Bytes of input that `code` comes with; 0 for none and for an unknown code. */
uint32_t rv_ioctl_input_bytes(uint32_t code);

/* Bytes of answer that `code` has when it succeeds. */
uint32_t rv_ioctl_output_bytes(uint32_t code, uint32_t cpu_count);

/* Whether a session of these values may be built on `cpu_count` CPUs. */
bool rv_ioctl_check_configure(const rv_ioctl_configure *configure, uint32_t cpu_count);

/* Whether the name is one that a logger can have: printable ASCII without blanks, then NULs up to its end. */
bool rv_ioctl_check_name(const char name[RV_LOGGER_NAME_BYTES]);

/* Whether the name is one that a logger can have, and nothing is said but levels. */
bool rv_ioctl_check_stacks(const rv_ioctl_stacks *request);

/* Whether the mask names captures only. */
bool rv_ioctl_check_capture(const rv_ioctl_capture *capture);

/* Whether the filter is one, of captures that can have it. */
bool rv_ioctl_check_event_filter(const rv_ioctl_event_filter *request);

#endif
