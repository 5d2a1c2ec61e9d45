/*
 * mask.h - what a logger leaves out: one word, looked at once before anything of a record is read, formatted or stored. A
 * record that is left out is no attempt: it is not numbered, and not counted as lost.
 *
 * A bit that is set switches something off, so that zeroed memory logs everything. The low half has a bit for each level,
 * the high half one for each type; what is beyond shares the last bit. With a level and type that the compiler knows, the
 * look is a load and a test.
 */
#ifndef RINGVIEW_MASK_H
#define RINGVIEW_MASK_H

#include "layout.h"

/* Levels, and types, from this one on share a bit. */
#define RV_MASK_LAST 31u

static inline uint64_t rv_mask_level(uint32_t level)
{
    return (uint64_t)1 << (level < RV_MASK_LAST ? level : RV_MASK_LAST);
}

static inline uint64_t rv_mask_type(uint32_t type)
{
    return (uint64_t)1 << (32u + (type < RV_MASK_LAST ? type : RV_MASK_LAST));
}

/* Whether a mask leaves records of this level and type out. */
static inline int rv_mask_hides(uint64_t off, uint8_t level, uint16_t type)
{
    return (off & (rv_mask_level(level) | rv_mask_type(type))) != 0;
}

#endif
