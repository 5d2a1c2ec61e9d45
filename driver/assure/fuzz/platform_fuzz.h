/*
 * platform_fuzz.h - the platform of a fuzz target: a clock that counts, one CPU. Included once by each.
 */
#ifndef RINGVIEW_PLATFORM_FUZZ_H
#define RINGVIEW_PLATFORM_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/ringview/ring.h"
#include "../lib/plain_platform.h"

static uint64_t fuzz_clock;

uint64_t rv_clock(void)
{
    return ++fuzz_clock;
}

#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* The input as a stream of numbers; zeroes after its end. */
typedef struct fuzz_input {
    const uint8_t *bytes;
    size_t left;
} fuzz_input;

static inline uint64_t take(fuzz_input *input, size_t bytes)
{
    uint64_t value = 0;
    size_t taken = bytes < input->left ? bytes : input->left;
    if (taken != 0) {
        memcpy(&value, input->bytes, taken);
    }
    input->bytes += taken;
    input->left -= taken;
    return value;
}

#endif
