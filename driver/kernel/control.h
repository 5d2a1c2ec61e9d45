/*
 * control.h - what the control requests do. device.c passes on buffers whose lengths have been checked.
 */
#ifndef RINGVIEW_CONTROL_H
#define RINGVIEW_CONTROL_H

#include "boot_values.h"
#include "wdk.h"

/*
 * Starts the session with what `plan` says, which statistics tell from then on, and its captures. Rings that cannot be had are
 * those of the standard instead, and captures that the system refuses stay off: both are remembered. On failure nothing is
 * left behind.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_control_start(_In_ const char *producer, _In_ const rv_boot_plan *plan);

/* RV_BOOT_*: what the system refused while the driver was loaded, and still does. */
_IRQL_requires_max_(PASSIVE_LEVEL) uint32_t rv_control_refusals(void);

/* Notes that the system refused this of RV_BOOT_*, or has done it after all. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_control_refused(uint32_t which, bool refused);

/* Tries once more to switch on the captures that were refused: the system has come further meanwhile. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_control_catch_up(void);

/* Ends the captures, the attachments, the session and the reader, in this order. */
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

/* Called when a handle is closed. If it was the reader's, there is no reader any more. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_control_handle_closed(_In_ PFILE_OBJECT file);

/* Called when the system is back from sleep. What the system forgot meanwhile is registered again. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_control_resumed(void);

#endif
