/*
 * boot_values.h - with what the driver begins, as the registry says: which values may be, and what becomes of those that may
 * not. Pure: fixed-width types only, built, fuzzed and proved on a host too.
 *
 * Whoever writes there is an administrator, and what is written is bounded all the same: a value of another type, or one
 * that RV_IOCTL_CONFIGURE or RV_IOCTL_CAPTURE would refuse, is left out and remembered, and the driver begins with the standard.
 */
#ifndef RINGVIEW_BOOT_VALUES_H
#define RINGVIEW_BOOT_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/ioctl.h"

typedef struct rv_boot_plan {
    rv_ioctl_configure configure; /* always such that a session of it may be built */
    uint32_t captures;            /* RV_CAPTURE_* to switch on */
    uint32_t start_type;          /* RV_START_* */
    uint32_t set;                 /* RV_BOOT_* that were taken */
    uint32_t ignored;             /* RV_BOOT_* that may not be */
    uint32_t failed;              /* RV_BOOT_* that the system refused */
} rv_boot_plan;

/* What bounds the rings of the first session. */
typedef struct rv_boot_machine {
    uint32_t cpu_count;
    uint64_t memory_bytes; /* of all physical memory; 0: not known */
} rv_boot_machine;

/*
 * All rings together take no more than this part of the memory: they are locked before anything else has had its own, and a
 * machine that does not start cannot be told of a smaller number. RV_IOCTL_CONFIGURE later may take more.
 */
#define RV_BOOT_MEMORY_PART 8u

/* REG_DWORD of the registry. */
#define RV_BOOT_VALUE_TYPE 4u

/* What a driver begins with when nothing is said. */
void rv_boot_standard(rv_boot_plan *plan);

/*
 * Takes one value: `which` is one of RV_BOOT_RING_BYTES to RV_BOOT_CAPTURES, `type` and `bytes` are what the registry says of
 * it, and `data` holds `bytes` of them if they are four; otherwise nothing of it is read.
 */
void rv_boot_take(rv_boot_plan *plan, uint32_t which, uint32_t type, uint32_t bytes, const void *data,
                  const rv_boot_machine *machine);

/* The value Start of the service. */
void rv_boot_take_start(rv_boot_plan *plan, uint32_t type, uint32_t bytes, const void *data);

#endif
