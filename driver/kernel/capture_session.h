/*
 * capture_session.h - a session of the kernel driver: its sections, its rings and the log that writes to them. Its
 * geometry and pointers are kept here, in memory that no client sees.
 */
#ifndef RINGVIEW_CAPTURE_SESSION_H
#define RINGVIEW_CAPTURE_SESSION_H

#include "../include/ringview/ioctl.h"
#include "../include/ringview/log.h"
#include "region.h"

typedef struct rv_capture_session {
    uint32_t cpu_count;
    uint64_t ring_bytes;
    rv_region session;       /* the session page */
    rv_region consumers;     /* cpu_count consumer pages */
    rv_region *rings_memory; /* cpu_count producer pages, each with its data */
    rv_ring *rings;
    rv_log_slot *slots;
    rv_log log;
} rv_capture_session;

/* Rings a session has on this machine: one for every processor that was active when the driver was loaded. */
uint32_t rv_cpu_count(void);

/*
 * Builds a session in state STARTING. `configure` has been checked. `producer` is its name for people.
 * Returns STATUS_INSUFFICIENT_RESOURCES or what the memory manager says; then nothing is held.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_capture_session_create(_In_ const rv_ioctl_configure *configure, _In_ const char *producer,
                                   _Out_ rv_capture_session **session);

/*
 * Makes the session visible to readers in state RUNNING, and directs the logging calls of this driver to it, and so
 * away from the session before it if there is one.
 */
void rv_capture_session_start(_Inout_ rv_capture_session *session);

/* Waits until no logging call to a session that was replaced is under way, and then stores STOPPED, after which no
 * record follows. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_capture_session_retire(_Inout_ rv_capture_session *session);

/* Directs the logging calls away from the session and retires it. May be called again. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_capture_session_stop(_Inout_ rv_capture_session *session);

/* Frees everything; views of clients stay. NULL is allowed. The session must have been stopped, or never started. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_capture_session_destroy(_In_opt_ rv_capture_session *session);

/* Its first page, as readers see it. */
static inline rv_session_page *rv_capture_session_page(_In_ const rv_capture_session *session)
{
    return rv_region_address(&session->session);
}

/* RV_STATE_* as readers see it. */
uint32_t rv_capture_session_state(_In_ const rv_capture_session *session);

/*
 * Whether a ring has records that its reader has not passed. The consumer position comes from the client and cannot be
 * trusted, so it is only compared.
 */
_IRQL_requires_max_(DISPATCH_LEVEL) bool rv_capture_session_unread(_In_ const rv_capture_session *session);

/* Adds up the counters of all rings. */
void rv_capture_session_statistics(_In_ const rv_capture_session *session, _Inout_ rv_ioctl_statistics *statistics);

#endif
