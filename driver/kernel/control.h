/*
 * control.h - what the control requests do. device.c hands over buffers whose lengths are checked.
 */
#ifndef RINGVIEW_CONTROL_H
#define RINGVIEW_CONTROL_H

#include "wdk.h"

/* The session with its default configuration, running. On failure nothing is left. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_control_start(_In_ const char *producer);

/* Ends captures, attachments, session and reader, in this order. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_control_stop(void);

/*
 * One RV_IOCTL_* but RV_IOCTL_WAIT. `input` is a private copy of as many bytes as the code has, `output` zeroed memory for
 * the answer. `*answered` is the bytes of `output` to hand back, also with STATUS_DEVICE_BUSY.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_control_request(uint32_t code, _In_ PFILE_OBJECT file, _In_ const void *input, _Inout_ void *output,
                   _Out_ uint32_t *answered);

/* RV_IOCTL_WAIT; see rv_notify_wait. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_control_wait(_In_ PFILE_OBJECT file, _Inout_ PIRP irp);

/* A handle is closed: if it was the reader's, there is no reader now. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_control_handle_closed(_In_ PFILE_OBJECT file);

/* The system is back from sleep: what it forgot meanwhile is done again. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_control_resumed(void);

#endif
