/*
 * registry_kinds.h - the operations on the registry that are reported, and where the system puts what it tells of each.
 */
#ifndef RINGVIEW_REGISTRY_KINDS_H
#define RINGVIEW_REGISTRY_KINDS_H

#include "wdk.h"

#define RV_NOWHERE 0xffffu

typedef struct rv_registry_kind {
    REG_NOTIFY_CLASS before, after;
    uint32_t operation;       /* RV_REGISTRY_* */
    uint16_t object, context; /* offsets: a key, or the one that `path` is below; the call's context */
    uint16_t path, value;     /* offsets of pointers to names, or RV_NOWHERE */
    bool opens;               /* the key is there at the end only; `access` is asked for */
    bool early;               /* what the key is called has to be found out before */
} rv_registry_kind;

/* NULL: operations of this class are not reported. */
const rv_registry_kind *rv_registry_kind_of(REG_NOTIFY_CLASS class);

/* A pointer in the struct of an operation; NULL if it is RV_NOWHERE. */
static inline PVOID rv_registry_field(_In_ const void *info, uint16_t at)
{
    return at == RV_NOWHERE ? NULL : *(PVOID const *)(const void *)((const uint8_t *)info + at);
}

#endif
