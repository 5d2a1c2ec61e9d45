/*
 * prove_boot.c - drives Eva through what the registry may say that the driver begins with (boot_values.c): values of any type,
 * length and bytes, one after another.
 */
#include "../../kernel/boot_values.h"

#include "any_words.h"

static void take(rv_boot_plan *plan, uint32_t bytes, const uint8_t *data, const rv_boot_machine *machine)
{
    rv_boot_take(plan, any32(), any32(), bytes, data, machine);
    rv_boot_take_start(plan, any32(), bytes, data);
}

int main(void)
{
    rv_boot_machine machine = {.cpu_count = any32(), .memory_bytes = any64()};
    rv_boot_plan plan;
    uint8_t number[4], shorter[2];

    rv_boot_standard(&plan);
    while (any_bool()) {
        any_bytes(number, sizeof number);
        any_bytes(shorter, sizeof shorter);
        take(&plan, 4, number, &machine);
        /* Of a value of another length less may be there than of a number. */
        take(&plan, (uint32_t)any_between(0, 3), shorter, &machine);
        take(&plan, (uint32_t)any_between(5, 0xffffffffu), shorter, &machine);
    }
    Frama_C_show_each_end_of_main();
    return 0;
}
