/*
 * callbacks.c - callback objects: the system's of sleep, and the one by which ringview.sys is announced.
 */
#include "internal.h"

#include <stdlib.h>

static CALLBACK_FUNCTION *power_callback;

/* Who has registered with the other one, and what of. */
#define WATCHERS 4
static struct {
    CALLBACK_FUNCTION *function;
    PVOID context;
} watchers[WATCHERS];

NTSTATUS ExCreateCallback(PCALLBACK_OBJECT *object, POBJECT_ATTRIBUTES attributes, BOOLEAN create, BOOLEAN multiple)
{
    shim_need_passive("ExCreateCallback");
    bool announces = shim_is(attributes->ObjectName, "\\Callback\\RingView");
    if (create != announces || multiple != TRUE ||
        (!announces && !shim_is(attributes->ObjectName, "\\Callback\\PowerState"))) {
        shim_violation("ExCreateCallback: not the object of the system, nor that of ringview.sys for many");
    }
    if (shim_fails("ExCreateCallback")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *object = (PCALLBACK_OBJECT)(void *)(announces ? &shim_watch : &shim_power);
    (void)ObReferenceObject(*object);
    return STATUS_SUCCESS;
}

PVOID ExRegisterCallback(PCALLBACK_OBJECT object, CALLBACK_FUNCTION *function, PVOID context)
{
    bool announces = object == (PCALLBACK_OBJECT)(void *)&shim_watch;
    if (!announces && (object != (PCALLBACK_OBJECT)(void *)&shim_power || power_callback != NULL)) {
        shim_violation("ExRegisterCallback: another object, or twice");
    }
    if (shim_fails("ExRegisterCallback")) {
        return NULL;
    }
    shim_state.callbacks++;
    if (announces) {
        uintptr_t n = 0;
        while (watchers[n].function != NULL) {
            n++;
        }
        watchers[n].function = function;
        watchers[n].context = context;
        return (PVOID)(0x100 + n);
    }
    power_callback = function;
    return (PVOID)(uintptr_t)0x77;
}

void ExUnregisterCallback(PVOID registration)
{
    shim_need_passive("ExUnregisterCallback");
    uintptr_t n = (uintptr_t)registration - 0x100;
    if (n < WATCHERS && watchers[n].function != NULL) {
        shim_state.callbacks--;
        watchers[n].function = NULL;
        return;
    }
    if (registration != (PVOID)(uintptr_t)0x77 || power_callback == NULL) {
        shim_violation("ExUnregisterCallback of what is not registered");
    }
    shim_state.callbacks--;
    power_callback = NULL;
}

void ExNotifyCallback(PCALLBACK_OBJECT object, PVOID argument1, PVOID argument2)
{
    shim_need_passive("ExNotifyCallback");
    if (object != (PCALLBACK_OBJECT)(void *)&shim_watch || shim_critical != 0) {
        shim_violation("ExNotifyCallback: another object, or under a lock");
    }
    for (int n = 0; n < WATCHERS; n++) {
        if (watchers[n].function != NULL) {
            watchers[n].function(watchers[n].context, argument1, argument2);
        }
    }
}

/* Its callers may hold a spin lock. What it is told besides is not its business: 0 is the AC adapter. */
void shim_sleep(void)
{
    shim_doze();
    if (power_callback != NULL) {
        KIRQL old;
        KeRaiseIrql(DISPATCH_LEVEL, &old);
        power_callback(NULL, (PVOID)(uintptr_t)0, (PVOID)(uintptr_t)1);
        power_callback(NULL, (PVOID)(uintptr_t)PO_CB_SYSTEM_STATE_LOCK, (PVOID)(uintptr_t)0);
        shim_run_work();
        power_callback(NULL, (PVOID)(uintptr_t)PO_CB_SYSTEM_STATE_LOCK, (PVOID)(uintptr_t)1);
        KeLowerIrql(old);
        shim_run_work();
    }
}
