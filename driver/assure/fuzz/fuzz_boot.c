/*
 * fuzz_boot.c - what the registry may say that the driver begins with: any values of any type and length, on any machine. Whatever
 * they are, the driver begins, and with something that RV_IOCTL_CONFIGURE and RV_IOCTL_CAPTURE would take.
 */
#include "platform_fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "../../kernel/boot_values.h"
#include "../../kernel/ioctl_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    rv_boot_machine machine = {.cpu_count = 1 + take(&input, 2) % 2048};
    machine.memory_bytes = (uint64_t)take(&input, 2) << (take(&input, 1) % 40);
    rv_boot_plan plan;
    uint32_t said = 0;
    rv_boot_standard(&plan);
    while (input.left > 0) {
        uint32_t which = 1u << (take(&input, 1) % 5);
        uint32_t type = take(&input, 1) % 12;
        uint32_t bytes = take(&input, 1) % 12;
        /* In memory that ends where the value does. */
        uint8_t *value = malloc(bytes == 0 ? 1 : bytes);
        for (uint32_t n = 0; n < bytes; n++) {
            value[n] = (uint8_t)take(&input, 1);
        }
        rv_boot_plan before = plan;
        if (which == 16) {
            rv_boot_take_start(&plan, type, bytes, value);
        } else {
            said |= which;
            plan.set &= ~which;
            rv_boot_take(&plan, which, type, bytes, value, &machine);
            REQUIRE(((plan.set | plan.ignored) & which) != 0);
            if ((plan.set & which) == 0) {
                REQUIRE(memcmp(&plan.configure, &before.configure, sizeof plan.configure) == 0 &&
                        plan.captures == before.captures);
            }
        }
        free(value);
    }
    rv_ioctl_capture capture = {.mask = plan.captures};
    REQUIRE(rv_ioctl_check_configure(&plan.configure, machine.cpu_count) && rv_ioctl_check_capture(&capture));
    REQUIRE(((plan.set | plan.ignored) & ~said) == 0 && plan.failed == 0);
    REQUIRE(plan.configure.ring_bytes <= RV_IOCTL_DEFAULT_RING_BYTES || machine.memory_bytes == 0 ||
            plan.configure.ring_bytes * machine.cpu_count <= machine.memory_bytes / 8);
    REQUIRE(plan.start_type <= 4 || plan.start_type == ~0u);
    return 0;
}
