/*
 * links.h - the drivers that log through this one (attach.h from the side of ringview.sys).
 */
#ifndef RINGVIEW_LINKS_H
#define RINGVIEW_LINKS_H

#include "wdk.h"

void rv_links_init(void);

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

#endif
