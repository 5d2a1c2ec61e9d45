/*
 * boot_values.c - each value is tried alone against the standard: what a session needs of one does not depend on the others.
 */
#include "boot_values.h"

#include <string.h>

#include "ioctl_check.h"

static bool number(uint32_t type, uint32_t bytes, const void *data, uint32_t *value)
{
    if (type != RV_BOOT_VALUE_TYPE || bytes != sizeof *value) {
        return false;
    }
    memcpy(value, data, sizeof *value);
    return true;
}

void rv_boot_standard(rv_boot_plan *plan)
{
    static const rv_boot_plan standard = {
        .configure =
            {
                .ring_bytes = RV_IOCTL_DEFAULT_RING_BYTES,
                .ring_mode = RV_MODE_DROP_NEW,
                .order_mode = RV_ORDER_INDEX,
            },
        .start_type = RV_START_UNKNOWN,
    };
    *plan = standard;
}

/* ring_bytes is at most 2^30 and there are at most 2^11 CPUs. */
static bool spares_memory(uint64_t ring_bytes, const rv_boot_machine *machine)
{
    return machine->memory_bytes == 0 || ring_bytes <= RV_IOCTL_DEFAULT_RING_BYTES ||
           ring_bytes * machine->cpu_count <= machine->memory_bytes / RV_BOOT_MEMORY_PART;
}

/* Whether the plan with this value is one, which it is then. */
static bool fits(rv_boot_plan *plan, uint32_t which, uint32_t value, const rv_boot_machine *machine)
{
    rv_ioctl_configure with = plan->configure;
    if (which == RV_BOOT_CAPTURES) {
        rv_ioctl_capture capture = {.mask = value};
        if (!rv_ioctl_check_capture(&capture)) {
            return false;
        }
        plan->captures = value;
        return true;
    }
    if (which == RV_BOOT_RING_BYTES) {
        with.ring_bytes = value;
    } else if (which == RV_BOOT_RING_MODE) {
        with.ring_mode = value;
    } else {
        with.order_mode = value;
    }
    if (!rv_ioctl_check_configure(&with, machine->cpu_count) ||
        (which == RV_BOOT_RING_BYTES && !spares_memory(with.ring_bytes, machine))) {
        return false;
    }
    plan->configure = with;
    return true;
}

void rv_boot_take(rv_boot_plan *plan, uint32_t which, uint32_t type, uint32_t bytes, const void *data,
                  const rv_boot_machine *machine)
{
    uint32_t value;
    if (number(type, bytes, data, &value) && fits(plan, which, value, machine)) {
        plan->set |= which;
    } else {
        plan->ignored |= which;
    }
}

void rv_boot_take_start(rv_boot_plan *plan, uint32_t type, uint32_t bytes, const void *data)
{
    uint32_t value;
    if (number(type, bytes, data, &value) && value <= RV_START_DISABLED) {
        plan->start_type = value;
    }
}
