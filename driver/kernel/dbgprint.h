/*
 * dbgprint.h - captures what every driver prints with DbgPrint: records of origin RV_ORIGIN_DBGPRINT, remarks = the
 * component id, level mapped to RV_LEVEL_*.
 */
#ifndef RINGVIEW_DBGPRINT_H
#define RINGVIEW_DBGPRINT_H

#include "wdk.h"

/* Whether this system offers the callback (DbgSetDebugPrintCallback, not in any header). */
bool rv_dbgprint_available(void);

/* STATUS_NOT_SUPPORTED, STATUS_INSUFFICIENT_RESOURCES or what the system says. Starting twice is fine. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_dbgprint_start(void);

/* Emits what is unfinished. When this returns, no callback is under way. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_dbgprint_stop(void);

bool rv_dbgprint_running(void);

/* Calls captured, and how many of them DbgPrint had cut. */
void rv_dbgprint_counts(_Out_ uint64_t *calls, _Out_ uint64_t *cut);

#endif
