/*
 * observer.h - what ringview-net.sys and ringview-file.sys have in common: they log through ringview.sys, ask what a person
 * wants to see before they do anything else, and have a device by which that is set. A driver has one of it.
 *
 * Everything that callbacks ask here is answered at DISPATCH_LEVEL and below without waiting, and writes nothing that CPUs
 * share.
 */
#ifndef RINGVIEW_OBSERVE_OBSERVER_H
#define RINGVIEW_OBSERVE_OBSERVER_H

#include "../kernel/wdk.h"

#include "../include/ringview/attach.h"
#include "../include/ringview/kernel_drivers.h"
#include "../kernel/event_filter.h"
#include "elapsed.h"

typedef struct rv_observer_names {
    PCWSTR device;
    PCWSTR link;
    const char *logger;
    uint16_t type;       /* of its records */
    uint32_t known;      /* operations that it can report */
    uint32_t operations; /* that it reports at first */
} rv_observer_names;

typedef struct rv_observer {
    rv_attachment ringview;
    rv_filter filter;
    volatile LONG operations;
    volatile LONG left_out_pid;
    uint16_t type;
    uint64_t frequency; /* ticks a second of rv_observer_now */
    volatile LONG64 lost;
    volatile LONG64 no_memory;
    volatile LONG64 no_room;
    volatile LONG engine_code;
} rv_observer;

/* Of this driver. Callbacks only read it, by the functions below. */
extern rv_observer rv_observer_state;

/*
 * Makes the device and watches for ringview.sys. The driver's dispatch routines are of the observer from now on. On failure
 * nothing is left behind. `names` must stay valid.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_observer_start(_In_ PDRIVER_OBJECT driver, _In_ const rv_observer_names *names);

/* The device, for what wants one; NULL before rv_observer_start and after rv_observer_stop. */
PDEVICE_OBJECT rv_observer_device(void);

/* Whether a client has the device open. */
BOOLEAN rv_observer_is_open(void);

/* Takes the device away and lets go of ringview.sys. No callback that logs may be under way any more. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_observer_stop(void);

/*
 * The first question of each callback: whether this operation (RV_NETWORK_*, RV_FILE_*) would become a record now. Three
 * loads of this driver's own memory: switched on, attached, and not off by the mask of its logger.
 */
static inline BOOLEAN rv_observer_wants(uint32_t operation)
{
    const rv_observer *observer = &rv_observer_state;
    return ((uint32_t)observer->operations & RV_OBSERVE(operation)) != 0 && rv_is_attached(&observer->ringview) &&
           !rv_attachment_off(&observer->ringview, RV_LEVEL_INFO, observer->type);
}

/* Whether operations of this process pass: the second question. */
static inline BOOLEAN rv_observer_wants_process(uint32_t pid)
{
    LONG left_out = rv_observer_state.left_out_pid;
    return (left_out == 0 || (uint32_t)left_out != pid) && rv_filter_passes_pid(&rv_observer_state.filter, pid);
}

/* Whether an operation on this path passes. NULL: it is not known. */
static inline BOOLEAN rv_observer_wants_path(const WCHAR *path, uint32_t units)
{
    return rv_filter_passes_path(&rv_observer_state.filter, (const uint16_t *)path, units);
}

/* Changes whenever the filter does, for who keeps what rv_observer_wants_path has said. */
static inline uint32_t rv_observer_filter_generation(void)
{
    return *(const volatile uint32_t *)&rv_observer_state.filter.generation;
}

static inline uint64_t rv_observer_now(void)
{
    return (uint64_t)KeQueryPerformanceCounter(NULL).QuadPart;
}

/* Nanoseconds since `then`, which rv_observer_now returned. */
static inline uint64_t rv_observer_since(uint64_t then)
{
    return rv_nanoseconds(rv_observer_now() - then, rv_observer_state.frequency);
}

/*
 * Logs a record of this driver's type, of the thread that runs. `data` is resident. What the rings refuse is counted.
 * rv_observer_send_as: of another thread, for what is told of by whoever comes by.
 */
void rv_observer_send(_In_reads_bytes_(bytes) const void *data, uint32_t bytes);
void rv_observer_send_as(uint32_t pid, uint32_t tid, _In_reads_bytes_(bytes) const void *data, uint32_t bytes);

#endif
