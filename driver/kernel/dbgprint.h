/*
 * dbgprint.h - captures what every driver prints with DbgPrint: records of origin RV_ORIGIN_DBGPRINT, remarks = the
 * component id, level mapped to RV_LEVEL_*.
 */
#ifndef RINGVIEW_DBGPRINT_H
#define RINGVIEW_DBGPRINT_H

#include "../include/ringview/ioctl.h"
#include "wdk.h"

/* Whether this system offers the callback (DbgSetDebugPrintCallback, not in any header). */
bool rv_dbgprint_available(void);

/* STATUS_NOT_SUPPORTED, STATUS_INSUFFICIENT_RESOURCES or what the system says. Starting twice is fine. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_dbgprint_start(void);

/* Emits all unfinished lines. When this returns, no callback is under way. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_dbgprint_stop(void);

/*
 * Registers the callback anew. After hibernation, and so after every start of a Windows with fast startup, the system
 * keeps the registration but no longer calls it. If the system refuses to register it, the capture has ended.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_dbgprint_renew(void);

bool rv_dbgprint_running(void);

/* Fills in the dbgprint_* counts; they stay 0 while nothing is captured. */
void rv_dbgprint_counts(_Inout_ rv_ioctl_statistics *statistics);

#endif
