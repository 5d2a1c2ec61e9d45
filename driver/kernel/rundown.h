/*
 * rundown.h - tells what was there before the capture began: processes, and what is loaded into the kernel, so that every number
 * and every address of the kernel has a name.
 *
 * What programs have loaded is left out: the system keeps that list in memory of each program, which may change it or lie, and
 * to read it one has to enter its address space. The program itself is told with its process.
 */
#ifndef RINGVIEW_RUNDOWN_H
#define RINGVIEW_RUNDOWN_H

#include "process_events.h"

/*
 * Reports RV_EVENT_RUNDOWN for those of RV_CAPTURE_PROCESS and RV_CAPTURE_IMAGE in `captures`; `filters` as for
 * rv_process_events_set. Processes that start or end meanwhile may be told twice, by the callback too, or only there.
 * Fails with what the system says, or STATUS_INSUFFICIENT_RESOURCES; what was told before stays told.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_rundown(uint32_t captures, _In_ rv_event_sink *sink, _In_ const rv_filter *filters);

#endif
