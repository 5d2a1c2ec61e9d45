/*
 * shim.c - which call fails, what is held, and which rules were broken.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>

jmp_buf shim_exception;

shim_held shim_state;
static uint32_t fail_at, calls, violations;
static const char *failed_call;
KIRQL shim_irql = PASSIVE_LEVEL;
int shim_critical;
uint32_t shim_delays;

void shim_violation(const char *what)
{
    fprintf(stderr, "rule of the WDK broken: %s\n", what);
    violations++;
}

bool shim_fails(const char *name)
{
    calls++;
    if (fail_at != 0 && calls == fail_at) {
        failed_call = name;
        return true;
    }
    return false;
}

void shim_need_passive(const char *name)
{
    if (shim_irql != PASSIVE_LEVEL) {
        shim_violation(name);
    }
}

void shim_fail(uint32_t nth)
{
    fail_at = nth;
    calls = 0;
    shim_delays = 0;
    failed_call = NULL;
}

uint32_t shim_calls(void)
{
    return calls;
}

const char *shim_failed(void)
{
    return failed_call;
}

uint32_t shim_violations(void)
{
    return violations;
}

shim_held shim_holding(void)
{
    return shim_state;
}

bool shim_nothing_held(void)
{
    static const shim_held nothing;
    return memcmp(&shim_state, &nothing, sizeof shim_state) == 0 && shim_irql == PASSIVE_LEVEL && shim_critical == 0 &&
           !shim_moved();
}

void shim_print_held(void)
{
    fprintf(
        stderr,
        "held: pool %d, handles %d, references %d, system views %d, client views %d, MDLs %d, locked %d, devices %d, "
        "links %d, callbacks %d, timers %d, work items %d, names %d, other %d; IRQL %d, critical regions %d\n",
        shim_state.pool, shim_state.handles, shim_state.references, shim_state.system_views, shim_state.client_views,
        shim_state.mdls, shim_state.locked, shim_state.devices, shim_state.links, shim_state.callbacks,
        shim_state.timers, shim_state.work_items, shim_state.names, shim_state.other, shim_irql, shim_critical);
}
