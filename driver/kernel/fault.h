/*
 * fault.h - lets a test make the n-th acquisition (memory, section, mapping, object) fail, so that every unwinding path
 * is run, and counts what is held, so that a path that forgets to release something is noticed. Outside of test builds
 * (RV_FAULTS) all of this is empty.
 *
 * Before each acquisition: if (RV_FAULT()) { fail as the system would }
 */
#ifndef RINGVIEW_FAULT_H
#define RINGVIEW_FAULT_H

#include "wdk.h"

#ifdef RV_FAULTS
bool rv_fault_hit(void);
/* Counts what is held: 1 when memory, a section or a mapping is acquired, -1 when it is given back. */
void rv_fault_hold(int change);
/* Ends the process of the drivers, so that the test fails, if something is still held. */
void rv_fault_check_nothing_held(void);
#define RV_FAULT() rv_fault_hit()
#define RV_HOLD(change) rv_fault_hold(change)
#define RV_CHECK_NOTHING_HELD() rv_fault_check_nothing_held()
#else
#define RV_FAULT() false
#define RV_HOLD(change) ((void)0)
#define RV_CHECK_NOTHING_HELD() ((void)0)
#endif

#endif
