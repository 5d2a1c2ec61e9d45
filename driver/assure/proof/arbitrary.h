/*
 * arbitrary.h - values of which nothing is known, for the drivers of the analyses. Each call gives another one.
 */
#ifndef RINGVIEW_PROOF_ARBITRARY_H
#define RINGVIEW_PROOF_ARBITRARY_H

#include "__fc_builtin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Eva prints its name when an analysis comes by: the last thing that each main does. */
void Frama_C_show_each_end_of_main(void);

/* Eva takes a volatile object to hold anything at each look. */
static volatile uint64_t proof_anything;

static inline uint64_t any64(void)
{
    return proof_anything;
}

static inline uint32_t any32(void)
{
    return (uint32_t)proof_anything;
}

static inline bool any_bool(void)
{
    return (proof_anything & 1u) != 0;
}

static inline uint64_t any_between(uint64_t least, uint64_t most)
{
    return Frama_C_unsigned_long_interval(least, most);
}

/* Fills memory with bytes of which nothing is known. */
static inline void any_bytes(void *at, size_t bytes)
{
    Frama_C_make_unknown((char *)at, bytes);
}

#endif
