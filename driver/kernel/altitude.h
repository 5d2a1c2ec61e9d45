/*
 * altitude.h - where RingView stands among the drivers that see operations before or after the system does them: high among the
 * activity monitors, to see what was asked before another one changes it. A fraction of its own keeps it from theirs.
 */
#ifndef RINGVIEW_ALTITUDE_H
#define RINGVIEW_ALTITUDE_H

#include "wdk.h"

#define RV_ALTITUDE L"389991.72610"

/* ntstatus.h of mingw lacks it. */
#ifndef STATUS_FLT_INSTANCE_ALTITUDE_COLLISION
#define STATUS_FLT_INSTANCE_ALTITUDE_COLLISION ((NTSTATUS)0xc01c0011)
#endif

/* What a client is told: that of a collision would reach it as a code that Win32 has no word for. */
static inline NTSTATUS rv_altitude_status(NTSTATUS status)
{
    return status == STATUS_FLT_INSTANCE_ALTITUDE_COLLISION ? STATUS_OBJECT_NAME_COLLISION : status;
}

#endif
