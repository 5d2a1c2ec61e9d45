/*
 * altitude.h - where RingView stands among the drivers that see operations before or after the system does them: high among the
 * activity monitors, to see what was asked before another one changes it. A fraction of its own keeps it from theirs.
 */
#ifndef RINGVIEW_ALTITUDE_H
#define RINGVIEW_ALTITUDE_H

#define RV_ALTITUDE L"389991.72610"

#endif
