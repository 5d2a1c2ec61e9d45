/*
 * programs.h - programs that log through this driver: who has the device open, what each has had written and lost.
 */
#ifndef RINGVIEW_PROGRAMS_H
#define RINGVIEW_PROGRAMS_H

#include "../include/ringview/ioctl.h"
#include "../include/ringview/write.h"
#include "wdk.h"

/* On failure nothing is held. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_programs_start(void);

/* No call of these is under way, and none comes. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_programs_stop(void);

/*
 * A handle was opened by the calling process. STATUS_INSUFFICIENT_RESOURCES; also when RV_PROGRAMS others have one open.
 * STATUS_QUOTA_EXCEEDED when processes of its user have as many as they leave to others.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_programs_open(_Inout_ PFILE_OBJECT file);

/* The last reference to it is gone, so no request of it is under way. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_programs_closed(_Inout_ PFILE_OBJECT file);

/*
 * RV_IOCTL_WRITE of the calling process. `batch` is a private copy. STATUS_INVALID_PARAMETER, STATUS_ACCESS_DENIED,
 * STATUS_DEVICE_NOT_READY; then nothing of it was logged.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_programs_write(_In_ PFILE_OBJECT file, _In_reads_bytes_opt_(bytes) const void *batch, uint32_t bytes,
                  _Out_ rv_write_answer *answer);

/* RV_IOCTL_PROGRAMS; `answer` is zeroed. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_programs_list(_Inout_ rv_ioctl_programs *answer);

#endif
