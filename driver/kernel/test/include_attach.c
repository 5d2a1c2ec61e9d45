/*
 * include_attach.c - another driver that logs through ringview.sys, as its project comes from the WDK's template.
 */
#include <ntddk.h>

#include "../../include/ringview/attach.h"

static rv_attachment ringview = RV_ATTACHMENT_INIT;
static rv_watch watch;

NTSTATUS log_something(void);

NTSTATUS log_something(void)
{
    NTSTATUS status = rv_attach_watch(&watch, &ringview, "mydriver");
    (void)rv_attach_log(&ringview, RV_LEVEL_INFO, "status 0x%08x", (unsigned)status);
    (void)rv_attach_send(&ringview, 1, 2, &status, sizeof status);
    rv_attach_unwatch(&watch);
    return status;
}
