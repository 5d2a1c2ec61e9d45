/*
 * event_captures.c - switches the captures of events, all or none.
 */
#include "event_captures.h"

#include <string.h>

#include "../include/ringview/log.h"
#include "handle_events.h"
#include "registry_events.h"
#include "rundown.h"

#define BY_NOTIFY_ROUTINES (RV_CAPTURE_PROCESS | RV_CAPTURE_THREAD | RV_CAPTURE_IMAGE)

static PDRIVER_OBJECT self;
static rv_filter filters[RV_EVENT_KINDS];
static rv_event_filter requested[RV_EVENT_KINDS];

_Use_decl_annotations_ void rv_event_captures_init(PDRIVER_OBJECT driver)
{
    self = driver;
    memset(filters, 0, sizeof filters);
    memset(requested, 0, sizeof requested);
}

_Use_decl_annotations_ uint32_t rv_event_captures_available(void)
{
    return BY_NOTIFY_ROUTINES | (rv_registry_events_available() ? RV_CAPTURE_REGISTRY : 0) |
           (rv_handle_events_available() ? RV_CAPTURE_HANDLES : 0);
}

uint32_t rv_event_captures_mask(void)
{
    return rv_process_events_mask() | (rv_registry_events_running() ? RV_CAPTURE_REGISTRY : 0) |
           (rv_handle_events_running() ? RV_CAPTURE_HANDLES : 0);
}

static NTSTATUS switch_on(uint32_t mask, rv_event_sink *sink)
{
    NTSTATUS status = rv_process_events_set((mask & BY_NOTIFY_ROUTINES) | rv_process_events_mask(), sink, filters);
    if (NT_SUCCESS(status) && (mask & RV_CAPTURE_REGISTRY)) {
        status = rv_registry_events_start(self, sink, &filters[RV_EVENT_KIND_REGISTRY]);
    }
    if (NT_SUCCESS(status) && (mask & RV_CAPTURE_HANDLES)) {
        status = rv_handle_events_start(sink, &filters[RV_EVENT_KIND_HANDLES]);
    }
    return status;
}

/* Cannot fail: nothing is added. */
static void switch_off(uint32_t mask, rv_event_sink *sink)
{
    if (mask & RV_CAPTURE_HANDLES) {
        rv_handle_events_stop();
    }
    if (mask & RV_CAPTURE_REGISTRY) {
        rv_registry_events_stop();
    }
    NTSTATUS status = rv_process_events_set(rv_process_events_mask() & ~mask, sink, filters);
    UNREFERENCED_PARAMETER(status);
}

/* The capture goes on without it; but that names are missing has to be seen. */
static void tell_what_runs(uint32_t begun, rv_event_sink *sink)
{
    NTSTATUS status = rv_rundown(begun, sink, filters);
    if (!NT_SUCCESS(status)) {
        (void)LogMessageLevel(RV_LEVEL_WARNING,
                              "ringview: what runs already is not listed (status 0x%x): names of it will be missing",
                              (unsigned)status);
    }
}

_Use_decl_annotations_ NTSTATUS rv_event_captures_set(uint32_t mask, rv_event_sink *sink)
{
    uint32_t before = rv_event_captures_mask();
    NTSTATUS status = switch_on(mask, sink);
    switch_off(NT_SUCCESS(status) ? ~mask : ~before, sink);
    if (NT_SUCCESS(status)) {
        tell_what_runs(mask & ~before, sink);
    }
    return status;
}

_Use_decl_annotations_ void rv_event_captures_filter(const rv_ioctl_event_filter *request)
{
    for (uint32_t kind = 0; kind < RV_EVENT_KINDS; kind++) {
        if (request->captures & 1u << kind) {
            requested[kind] = request->filter;
            rv_filter_set(&filters[kind], &request->filter);
        }
    }
}

_Use_decl_annotations_ void rv_event_captures_filters(rv_ioctl_event_filters *answer)
{
    memcpy(answer->filters, requested, sizeof answer->filters);
}
