/*
 * boot_test.c - host tests of what the registry may say that the driver begins with, against a second statement of it.
 */
#include <stdlib.h>
#include <string.h>

#include "host_test.h"
#include "../boot_values.h"

static const rv_boot_machine big = {.cpu_count = 4, .memory_bytes = 64ull << 30};

static rv_boot_plan with(uint32_t which, uint32_t type, uint32_t bytes, uint64_t data, const rv_boot_machine *machine)
{
    rv_boot_plan plan;
    uint8_t exact[16] = {0};
    memcpy(exact, &data, sizeof data);
    rv_boot_standard(&plan);
    rv_boot_take(&plan, which, type, bytes, exact, machine);
    return plan;
}

static bool is_standard(const rv_boot_plan *plan)
{
    return plan->configure.ring_bytes == 1048576 && plan->configure.ring_mode == 1 && plan->configure.order_mode == 1 &&
           plan->captures == 0;
}

static void test_standard(void)
{
    rv_boot_plan plan;
    memset(&plan, 0xee, sizeof plan);
    rv_boot_standard(&plan);
    check(is_standard(&plan) && plan.set == 0 && plan.ignored == 0 && plan.failed == 0 && plan.start_type == ~0u,
          "the standard, when nothing is said");
}

static void test_values(void)
{
    static const struct {
        uint32_t which, value;
        bool fine;
    } cases[] = {
        {RV_BOOT_RING_BYTES, 0, false},       {RV_BOOT_RING_BYTES, 2048, false},
        {RV_BOOT_RING_BYTES, 4096, true},     {RV_BOOT_RING_BYTES, 4097, false},
        {RV_BOOT_RING_BYTES, 16777216, true}, {RV_BOOT_RING_BYTES, 16777215, false},
        {RV_BOOT_RING_BYTES, 1u << 30, true}, {RV_BOOT_RING_BYTES, 1u << 31, false},
        {RV_BOOT_RING_BYTES, ~0u, false},     {RV_BOOT_RING_MODE, 0, false},
        {RV_BOOT_RING_MODE, 1, true},         {RV_BOOT_RING_MODE, 2, true},
        {RV_BOOT_RING_MODE, 3, false},        {RV_BOOT_RING_MODE, ~0u, false},
        {RV_BOOT_ORDER_MODE, 0, false},       {RV_BOOT_ORDER_MODE, 1, true},
        {RV_BOOT_ORDER_MODE, 2, true},        {RV_BOOT_ORDER_MODE, 3, false},
        {RV_BOOT_CAPTURES, 0, true},          {RV_BOOT_CAPTURES, RV_CAPTURE_ALL, true},
        {RV_BOOT_CAPTURES, 1u << 31, false},  {RV_BOOT_CAPTURES, ~0u, false},
    };
    for (uint32_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        rv_boot_plan plan = with(cases[n].which, 4, 4, cases[n].value, &big);
        check(plan.set == (cases[n].fine ? cases[n].which : 0) && plan.ignored == (cases[n].fine ? 0 : cases[n].which),
              "a value is taken or ignored, and told");
        check(cases[n].fine || is_standard(&plan), "one that is ignored leaves the standard");
    }
    rv_boot_plan plan = with(RV_BOOT_RING_BYTES, 4, 4, 65536, &big);
    rv_boot_take(&plan, RV_BOOT_RING_MODE, 4, 4, &(uint32_t){2}, &big);
    rv_boot_take(&plan, RV_BOOT_ORDER_MODE, 4, 4, &(uint32_t){2}, &big);
    rv_boot_take(&plan, RV_BOOT_CAPTURES, 4, 4, &(uint32_t){3}, &big);
    check(plan.configure.ring_bytes == 65536 && plan.configure.ring_mode == 2 && plan.configure.order_mode == 2 &&
              plan.captures == 3 && plan.set == 15 && plan.ignored == 0,
          "all four");
}

/* Nothing of a value of another type or length is read: the sanitizers see to it. */
static void test_types(void)
{
    uint32_t wrong = 0;
    for (uint32_t type = 0; type < 16; type++) {
        for (uint32_t bytes = 0; bytes < 12; bytes++) {
            for (uint32_t which = RV_BOOT_RING_BYTES; which <= RV_BOOT_CAPTURES; which <<= 1) {
                rv_boot_plan plan;
                uint8_t *data = malloc(bytes + 1);
                memset(data, 0, bytes + 1);
                data[0] = 1;
                rv_boot_standard(&plan);
                rv_boot_take(&plan, which, type, bytes, bytes == 4 ? data : NULL, &big);
                bool number = type == 4 && bytes == 4;
                wrong += (plan.set != 0) != (number && which != RV_BOOT_RING_BYTES);
                rv_boot_take_start(&plan, type, bytes, bytes == 4 ? data : NULL);
                wrong += plan.start_type != (number ? 1u : ~0u);
                free(data);
            }
        }
    }
    check(wrong == 0, "only a REG_DWORD is a number");
}

/* A machine has to come up with them: all rings are an eighth of its memory at most. */
static void test_memory(void)
{
    uint32_t wrong = 0;
    for (uint32_t cpus = 1; cpus <= 2048; cpus *= 2) {
        for (uint32_t memory = 28; memory < 44; memory++) {
            for (uint32_t shift = 12; shift <= 31; shift++) {
                rv_boot_machine machine = {.cpu_count = cpus, .memory_bytes = 1ull << memory};
                rv_boot_plan plan = with(RV_BOOT_RING_BYTES, 4, 4, 1ull << shift, &machine);
                uint64_t all = (uint64_t)cpus << shift;
                bool fine = shift <= 30 && all <= 4294967296ull && (shift <= 20 || all <= (1ull << memory) / 8);
                /* What is no larger than the standard is what the driver would begin with anyway. */
                wrong += (plan.set != 0) != fine || (plan.ignored != 0) == fine;
            }
        }
    }
    check(wrong == 0, "rings that leave the system its memory");
    rv_boot_machine unknown = {.cpu_count = 4};
    check(with(RV_BOOT_RING_BYTES, 4, 4, 1u << 30, &unknown).set == RV_BOOT_RING_BYTES,
          "where the system does not say how much it has, the limit of a request holds");
}

static void test_start(void)
{
    uint32_t wrong = 0;
    for (uint32_t value = 0; value < 16; value++) {
        rv_boot_plan plan;
        rv_boot_standard(&plan);
        rv_boot_take_start(&plan, 4, 4, &value);
        wrong += plan.start_type != (value <= 4 ? value : ~0u);
    }
    check(wrong == 0, "start types that there are");
}

int main(void)
{
    test_standard();
    test_values();
    test_types();
    test_memory();
    test_start();
    return report();
}
