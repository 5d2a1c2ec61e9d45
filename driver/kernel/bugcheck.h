/*
 * bugcheck.h - adds the memory of the session to the dump of a crash, where the magic of each page lets it be
 * found. How much of large rings, see crash_pages.h.
 */
#ifndef RINGVIEW_BUGCHECK_H
#define RINGVIEW_BUGCHECK_H

#include "capture_session.h"

/* Whether the system took the callback; without it everything else works, and complete dumps hold the pages anyway. */
bool rv_bugcheck_register(void);
void rv_bugcheck_deregister(void);

/* The session to save; NULL for none. Its memory may go once this returned. */
void rv_bugcheck_watch(_In_opt_ const rv_capture_session *session);

#endif
