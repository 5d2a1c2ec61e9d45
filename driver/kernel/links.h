/*
 * links.h - the drivers that log through this one (attach.h from the side of ringview.sys).
 */
#ifndef RINGVIEW_LINKS_H
#define RINGVIEW_LINKS_H

#include "../include/ringview/ioctl.h"
#include "wdk.h"

/* `self` is the name of this driver among those who log. */
void rv_links_init(_In_ const char *self);

/*
 * Handles an IRP_MJ_INTERNAL_DEVICE_CONTROL: its code, Type3InputBuffer and length. STATUS_INVALID_DEVICE_REQUEST for
 * other codes, STATUS_REVISION_MISMATCH for another version, STATUS_DELETE_PENDING while this driver ends.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_links_request(uint32_t code, _In_opt_ const void *input, uint32_t input_bytes);

/*
 * Keeps out calls of attached drivers, and waits for those under way. rv_links_resume lets them in again, including
 * drivers that attach meanwhile.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_links_pause(void);
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_links_resume(void);

/* Closes every attachment, waits for calls under way, releases all drivers, and admits no more. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_links_close(void);

uint32_t rv_links_count(void);

/*
 * From now on the names of those who log are shown in this session page, those known so far at once; NULL: in none. The
 * page must stay until the next call.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_links_show(_Inout_opt_ rv_session_page *page);

/* RV_IOCTL_LOGGERS. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_links_list(_Out_ rv_ioctl_loggers *answer);

/* RV_IOCTL_MASK. STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_links_mask(_In_ const rv_ioctl_mask *request);

/* RV_IOCTL_STACKS. STATUS_INVALID_PARAMETER, STATUS_NOT_SUPPORTED, STATUS_INSUFFICIENT_RESOURCES. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_links_stacks(_In_ const rv_ioctl_stacks *request);

/* What is left out of programs that log (RV_LOGGER_PROGRAMS); at any IRQL. */
uint64_t rv_links_programs_off(void);

#endif
