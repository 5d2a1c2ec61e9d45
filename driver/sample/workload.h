/*
 * workload.h - what the sample logs: runs of system threads, a timer with its DPCs, and the life of processes.
 */
#ifndef RINGVIEW_SAMPLE_WORKLOAD_H
#define RINGVIEW_SAMPLE_WORKLOAD_H

#include "../kernel/wdk.h"

#include "sample_ioctl.h"

void workload_init(void);

/* Ends everything and waits for it. PASSIVE_LEVEL. */
void workload_stop(void);

/* PASSIVE_LEVEL, one at a time. */
NTSTATUS workload_run(const sample_run *run);
NTSTATUS workload_events(uint32_t mask);
NTSTATUS workload_timer(uint32_t period_ms);
void workload_status(sample_status *status);

#endif
