/*
 * ringview_driver.h - RingView inside a driver. ringview.sys is nothing but this with the standard names; another driver
 * embeds it under names of its own, see driver/README.md for the files to add.
 *
 *     DriverEntry:   rv_driver_start(driver, &names);      last, before anything logs
 *     dispatch:      if (rv_driver_owns(device)) return rv_driver_dispatch(device, irp);
 *     anywhere:      LogMessage(...), SendData(...)        log.h
 *     DriverUnload:  rv_driver_stop();                     when nothing of this driver logs any more
 */
#ifndef RINGVIEW_DRIVER_H
#define RINGVIEW_DRIVER_H

#include "wdk.h"

typedef struct rv_driver_names {
    PCWSTR device;        /* L"\\Device\\RingView" */
    PCWSTR link;          /* L"\\DosDevices\\RingView" */
    PCWSTR write_device;  /* L"\\Device\\RingViewLog", for programs (write.h); NULL: there is none */
    PCWSTR write_link;    /* L"\\DosDevices\\RingViewLog" */
    const char *producer; /* for people, at most 23 bytes: "ringview.sys" */
    BOOLEAN take_entries; /* TRUE: rv_driver_dispatch becomes the driver's dispatch routine for all it handles */
    BOOLEAN announced; /* TRUE: drivers that watch for ringview.sys (attach.h) are told of this one; only one may be */
    /* The path that DriverEntry was given, whose key Parameters says with what to begin (ioctl.h); NULL: with the standard.
     * One that the boot loader loads begins logging at once, and finishes what was refused that early when the system is up. */
    PCUNICODE_STRING service;
} rv_driver_names;

/*
 * Creates a session, with the default configuration unless the registry says another one, and the device. The strings must
 * stay valid. On failure nothing is left behind. STATUS_NOT_SUPPORTED: the system cannot give the device an ACL, and without one it is not created.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_driver_start(_In_ PDRIVER_OBJECT driver, _In_ const rv_driver_names *names);

/*
 * Ends everything in reverse order: captures, attached drivers, the session (state STOPPED after the last record),
 * waits, device. Safe while a reader is attached, whose views stay.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_driver_stop(void);

/* Whether an IRP for `device` has to be passed to rv_driver_dispatch. */
BOOLEAN rv_driver_owns(_In_ PDEVICE_OBJECT device);

/* Handles CREATE, CLEANUP, CLOSE, DEVICE_CONTROL and INTERNAL_DEVICE_CONTROL; completes anything else as not
 * supported. */
DRIVER_DISPATCH rv_driver_dispatch;

#endif
