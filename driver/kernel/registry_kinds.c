/*
 * registry_kinds.c - one table of operations.
 */
#include "registry_kinds.h"

#ifndef RV_WINE

#include "../include/ringview/kernel_events.h"

#define KIND(name, operation, type, ...)                                                                               \
    {                                                                                                                  \
        RegNtPre##name, RegNtPost##name, operation, offsetof(type, Object), offsetof(type, CallContext), __VA_ARGS__   \
    }
#define OPENS(name, operation, type)                                                                                   \
    {                                                                                                                  \
        RegNtPre##name, RegNtPost##name, operation, offsetof(type, RootObject), offsetof(type, CallContext),           \
            offsetof(type, CompleteName), RV_NOWHERE, true, false                                                      \
    }

/* What happens most comes first. */
static const rv_registry_kind kinds[] = {
    OPENS(OpenKeyEx, RV_REGISTRY_OPEN_KEY, REG_OPEN_KEY_INFORMATION),
    KIND(QueryValueKey, RV_REGISTRY_QUERY_VALUE, REG_QUERY_VALUE_KEY_INFORMATION, RV_NOWHERE,
         offsetof(REG_QUERY_VALUE_KEY_INFORMATION, ValueName), false, false),
    KIND(KeyHandleClose, RV_REGISTRY_CLOSE_KEY, REG_KEY_HANDLE_CLOSE_INFORMATION, RV_NOWHERE, RV_NOWHERE, false, true),
    KIND(QueryKey, RV_REGISTRY_QUERY_KEY, REG_QUERY_KEY_INFORMATION, RV_NOWHERE, RV_NOWHERE, false, false),
    KIND(EnumerateKey, RV_REGISTRY_ENUMERATE_KEY, REG_ENUMERATE_KEY_INFORMATION, RV_NOWHERE, RV_NOWHERE, false, false),
    KIND(EnumerateValueKey, RV_REGISTRY_ENUMERATE_VALUE, REG_ENUMERATE_VALUE_KEY_INFORMATION, RV_NOWHERE, RV_NOWHERE,
         false, false),
    KIND(SetValueKey, RV_REGISTRY_SET_VALUE, REG_SET_VALUE_KEY_INFORMATION, RV_NOWHERE,
         offsetof(REG_SET_VALUE_KEY_INFORMATION, ValueName), false, false),
    OPENS(CreateKeyEx, RV_REGISTRY_CREATE_KEY, REG_CREATE_KEY_INFORMATION),
    KIND(DeleteValueKey, RV_REGISTRY_DELETE_VALUE, REG_DELETE_VALUE_KEY_INFORMATION, RV_NOWHERE,
         offsetof(REG_DELETE_VALUE_KEY_INFORMATION, ValueName), false, false),
    KIND(QueryMultipleValueKey, RV_REGISTRY_QUERY_VALUES, REG_QUERY_MULTIPLE_VALUE_KEY_INFORMATION, RV_NOWHERE,
         RV_NOWHERE, false, false),
    KIND(DeleteKey, RV_REGISTRY_DELETE_KEY, REG_DELETE_KEY_INFORMATION, RV_NOWHERE, RV_NOWHERE, false, true),
    KIND(RenameKey, RV_REGISTRY_RENAME_KEY, REG_RENAME_KEY_INFORMATION, RV_NOWHERE,
         offsetof(REG_RENAME_KEY_INFORMATION, NewName), false, true),
    KIND(FlushKey, RV_REGISTRY_FLUSH_KEY, REG_FLUSH_KEY_INFORMATION, RV_NOWHERE, RV_NOWHERE, false, false),
    KIND(SetKeySecurity, RV_REGISTRY_SET_SECURITY, REG_SET_KEY_SECURITY_INFORMATION, RV_NOWHERE, RV_NOWHERE, false,
         false),
    KIND(SaveKey, RV_REGISTRY_SAVE_KEY, REG_SAVE_KEY_INFORMATION, RV_NOWHERE, RV_NOWHERE, false, false),
    KIND(LoadKey, RV_REGISTRY_LOAD_HIVE, REG_LOAD_KEY_INFORMATION, offsetof(REG_LOAD_KEY_INFORMATION, KeyName),
         RV_NOWHERE, false, false),
    KIND(UnLoadKey, RV_REGISTRY_UNLOAD_HIVE, REG_UNLOAD_KEY_INFORMATION, RV_NOWHERE, RV_NOWHERE, false, true),
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const rv_registry_kind *rv_registry_kind_of(REG_NOTIFY_CLASS class)
{
    for (uint32_t n = 0; n < KINDS; n++) {
        if (class == kinds[n].before || class == kinds[n].after) {
            return &kinds[n];
        }
    }
    return NULL;
}

#endif
