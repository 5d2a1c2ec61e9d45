/*
 * key_callback.c - the registry: its callback, and the names of keys. It lets every operation pass that the driver does not refuse,
 * which breaks a rule here.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static PEX_CALLBACK_FUNCTION callback;
static PVOID callback_context;
static int64_t cookies; /* given so far */

static NTSTATUS add_callback(PEX_CALLBACK_FUNCTION function, PCUNICODE_STRING altitude, PVOID driver, PVOID context,
                             PLARGE_INTEGER cookie, PVOID reserved)
{
    shim_need_passive("CmRegisterCallbackEx");
    if (altitude == NULL || altitude->Length == 0 || driver == NULL || reserved != NULL || callback != NULL) {
        shim_violation("CmRegisterCallbackEx: no altitude, no driver, or twice");
    }
    if (shim_fails("CmRegisterCallbackEx")) {
        return STATUS_FLT_INSTANCE_ALTITUDE_COLLISION;
    }
    /* Operations go on meanwhile: the callback may be called before its owner knows the cookie. */
    callback = function;
    callback_context = context;
    shim_registry_idle();
    cookie->QuadPart = ++cookies;
    shim_state.callbacks++;
    return STATUS_SUCCESS;
}

static NTSTATUS remove_callback(LARGE_INTEGER cookie)
{
    shim_need_passive("CmUnRegisterCallback");
    if (callback == NULL || cookie.QuadPart != cookies) {
        shim_violation("CmUnRegisterCallback of what is not registered");
        return STATUS_INVALID_PARAMETER;
    }
    callback = NULL;
    shim_state.callbacks--;
    return STATUS_SUCCESS;
}

static NTSTATUS name_of(PLARGE_INTEGER cookie, PVOID object, ULONG_PTR *id, PCUNICODE_STRING *name, ULONG flags)
{
    const shim_key *key = object;
    if (callback == NULL || cookie->QuadPart != cookies || id != NULL || flags != 0) {
        shim_violation("CmCallbackGetKeyObjectIDEx: not by the cookie of the callback");
    }
    if (key->magic != SHIM_KEY) {
        shim_violation("CmCallbackGetKeyObjectIDEx of what is no key");
        return STATUS_INVALID_PARAMETER;
    }
    if (key->nameless || shim_fails("CmCallbackGetKeyObjectIDEx")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    UNICODE_STRING *copy = malloc(sizeof *copy + key->path.Length);
    *copy = key->path;
    copy->Buffer = (PWSTR)(void *)(copy + 1);
    memcpy(copy->Buffer, key->path.Buffer, key->path.Length);
    *name = copy;
    shim_state.names++;
    return STATUS_SUCCESS;
}

static void release_name(PCUNICODE_STRING name)
{
    shim_state.names--;
    free((void *)(uintptr_t)name);
}

static KPROCESSOR_MODE previous_mode = UserMode;

KPROCESSOR_MODE ExGetPreviousMode(void)
{
    return previous_mode;
}

void shim_previous_mode(bool kernel)
{
    previous_mode = kernel ? KernelMode : UserMode;
}

PVOID shim_registry_routine_of(PUNICODE_STRING name)
{
    static const struct {
        const char *name, *missing;
        uintptr_t routine;
    } routines[] = {
        {"CmRegisterCallbackEx", "CmRegisterCallbackEx is missing", (uintptr_t)add_callback},
        {"CmUnRegisterCallback", "CmUnRegisterCallback is missing", (uintptr_t)remove_callback},
        {"CmCallbackGetKeyObjectIDEx", "CmCallbackGetKeyObjectIDEx is missing", (uintptr_t)name_of},
        {"CmCallbackReleaseKeyObjectIDEx", "CmCallbackReleaseKeyObjectIDEx is missing", (uintptr_t)release_name},
    };
    for (size_t n = 0; n < sizeof routines / sizeof routines[0]; n++) {
        if (shim_is(name, routines[n].name)) {
            return shim_fails(routines[n].missing) ? NULL : (PVOID)routines[n].routine;
        }
    }
    return NULL;
}

/* ---- operations ---- */

void shim_registry_notify(uint32_t class, void *info)
{
    shim_held held = shim_state;
    if (callback != NULL && callback(callback_context, (PVOID)(uintptr_t) class, info) != STATUS_SUCCESS) {
        shim_violation("an operation on the registry is refused");
    }
    if (memcmp(&held, &shim_state, sizeof held) != 0) {
        shim_violation("a callback of the registry keeps something");
    }
}

void shim_name(UNICODE_STRING *to, uint16_t *units, uint32_t capacity, const char *text)
{
    uint16_t length = 0;
    for (; text[length] != '\0' && length < capacity; length++) {
        units[length] = (uint8_t)text[length];
    }
    *to = (UNICODE_STRING){(USHORT)(length * 2u), (USHORT)(length * 2u), (PWSTR)units};
}

void shim_key_make(shim_key *key, const char *path)
{
    key->magic = SHIM_KEY;
    key->nameless = false;
    shim_name(&key->path, key->units, sizeof key->units / 2, path);
}

void shim_registry_idle(void)
{
    static shim_key key;
    REG_QUERY_KEY_INFORMATION info = {.Object = &key};
    shim_key_make(&key, "\\REGISTRY\\MACHINE\\SOFTWARE");
    shim_registry_notify(RegNtPreQueryKey, &info);
    REG_POST_OPERATION_INFORMATION post = {.Object = &key, .PreInformation = &info, .CallContext = info.CallContext};
    shim_registry_notify(RegNtPostQueryKey, &post);
}
