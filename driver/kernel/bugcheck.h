/*
 * bugcheck.h - adds the memory of the session to a crash dump, where it can be found by the magic of each page.
 * crash_pages.h says how much of large rings is added, and to a small dump.
 */
#ifndef RINGVIEW_BUGCHECK_H
#define RINGVIEW_BUGCHECK_H

#include "capture_session.h"

/* Returns whether the system accepted the callback. Without it everything else works, and complete dumps contain the
 * pages anyway. */
bool rv_bugcheck_register(void);
void rv_bugcheck_deregister(void);

/* Sets the session to save; NULL for none. When this returns, the memory of the session before may be freed. */
void rv_bugcheck_watch(_In_opt_ const rv_capture_session *session);

#endif
