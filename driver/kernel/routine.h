/*
 * routine.h - routines of the kernel that not every system has, or that its headers declare only for some. They are looked up by
 * name, so that the driver loads without them.
 */
#ifndef RINGVIEW_ROUTINE_H
#define RINGVIEW_ROUTINE_H

#include "wdk.h"

/* NULL: this system has none of that name. */
_IRQL_requires_max_(PASSIVE_LEVEL) static inline PVOID rv_find_routine(_In_ PCWSTR name)
{
    UNICODE_STRING string;
    RtlInitUnicodeString(&string, name);
    return MmGetSystemRoutineAddress(&string);
}

#endif
