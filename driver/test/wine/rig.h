/*
 * rig.h - what the tests of the real driver share: verdicts, the devices, control requests, services and child processes.
 */
#ifndef RINGVIEW_WINE_RIG_H
#define RINGVIEW_WINE_RIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <windows.h>

#include "../../include/ringview/ioctl.h"
#include "../../sample/sample_ioctl.h"

/*
 * How long anything that must happen is waited for. It only tells a hang from a machine that has other things to do: no test
 * takes anywhere near as long where it is quiet, and none fails where it is not.
 */
#define PATIENCE_MS 90000u

/* Prints `ok NAME` or `FAIL NAME: ...` for one named claim, and remembers failures. Returns `holds`. */
bool claim(bool holds, const char *name, const char *detail, ...) __attribute__((format(printf, 3, 4)));
int failures(void);

/* A step without which the test cannot go on: prints and exits if it did not work. */
void need(bool worked, const char *what);

HANDLE open_device(const wchar_t *path, bool overlapped);

/* DeviceIoControl; returns ERROR_SUCCESS or the error. `*answered` may be NULL. For handles that are not overlapped. */
DWORD control(HANDLE device, uint32_t code, const void *input, uint32_t input_bytes, void *output,
              uint32_t output_bytes, uint32_t *answered);

/* Asks the driver for a session. */
DWORD configure(HANDLE device, uint64_t ring_bytes, uint32_t ring_mode, uint32_t order_mode);

/* The totals of the session. */
rv_ioctl_statistics statistics(HANDLE device);

HANDLE open_sample(void);
sample_status run_status(HANDLE sample);
void start_run(HANDLE sample, uint64_t messages, uint32_t threads, uint32_t burst);
/* Waits until the run's threads ended; false if they do not. */
bool run_ended(HANDLE sample);

/* Whether the sample is attached to ringview.sys in the end. */
bool attached_again(HANDLE sample);
/* Waits until a logging driver has seen that ringview.sys is gone, so that it finds one that is started then. */
bool looks_for_driver(HANDLE sample);
/* Waits until a process, a thread or an event is signalled; false if that does not happen. */
bool signalled(HANDLE handle);
/* Asks again and again until a request that another client's handle, closed just now, may still refuse gets through. */
bool configure_soon(HANDLE device, uint64_t ring_bytes, uint32_t ring_mode, uint32_t order_mode);

typedef enum service_outcome {
    SERVICE_DONE,    /* it runs, or has stopped, as asked */
    SERVICE_REFUSED, /* it does not, and will not: a driver whose DriverEntry failed is stopped again */
    SERVICE_STUCK    /* nobody can say */
} service_outcome;

/*
 * Starts or stops a service and waits until its state says what became of that. `*error` is what the manager answered; that
 * it did not answer in time says nothing about the service.
 */
service_outcome service_set(const wchar_t *name, bool start, DWORD *error);
bool service_start(const wchar_t *name);
bool service_stop(const wchar_t *name);

/* This program with another test as argument. */
HANDLE child(const wchar_t *arguments);

/* xorshift64*: the same numbers in every run. */
uint64_t next_random(uint64_t *state);

#endif
