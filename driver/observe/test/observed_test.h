/*
 * observed_test.h - what tests of the two drivers share: loading one, asking its device, and the run in which one call into the
 * system fails. Included once by each test program.
 */
#ifndef RINGVIEW_OBSERVED_TEST_H
#define RINGVIEW_OBSERVED_TEST_H

#include "../../shim/observed/observed.h"

#include <stdio.h>
#include <string.h>

#include "../../include/ringview/kernel_drivers.h"
#include "../../include/ringview/mask.h"
#include "../../kernel/test/host_test.h"

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);

static DRIVER_OBJECT driver;
static FILE_OBJECT client;

/* In runs with a failure it is told which call failed. */
static void expect(bool holds, const char *what)
{
    if (!holds && shim_failed() != NULL) {
        printf("(after %s failed) ", shim_failed());
    }
    check(holds, what);
}

static bool load(void)
{
    memset(&driver, 0, sizeof driver);
    return NT_SUCCESS(DriverEntry(&driver, NULL));
}

static NTSTATUS request(UCHAR major, uint32_t code, void *buffer, uint32_t input_bytes, uint32_t output_bytes,
                        ULONG_PTR *information)
{
    IRP irp = {0};
    irp.AssociatedIrp.SystemBuffer = buffer;
    irp.stack.MajorFunction = major;
    irp.stack.FileObject = &client;
    irp.stack.Parameters.DeviceIoControl.IoControlCode = code;
    irp.stack.Parameters.DeviceIoControl.InputBufferLength = input_bytes;
    irp.stack.Parameters.DeviceIoControl.OutputBufferLength = output_bytes;
    NTSTATUS status = driver.MajorFunction[major](shim_other_device, &irp);
    expect(irp.completed == 1 && irp.IoStatus.Status == status, "a request is completed once, with what is returned");
    *information = irp.IoStatus.Information;
    return status;
}

static rv_observe_state state(void)
{
    rv_observe_state answer;
    ULONG_PTR information;
    memset(&answer, 0x77, sizeof answer);
    NTSTATUS status = request(IRP_MJ_DEVICE_CONTROL, RV_IOCTL_OBSERVE, &answer, 0, sizeof answer, &information);
    expect(status == STATUS_SUCCESS && information == sizeof answer, "the state can always be asked");
    return answer;
}

static NTSTATUS set(const rv_observe_settings *settings)
{
    union {
        rv_observe_settings settings;
        rv_observe_state state;
    } buffer;
    ULONG_PTR information;
    memset(&buffer, 0x77, sizeof buffer);
    buffer.settings = *settings;
    NTSTATUS status =
        request(IRP_MJ_DEVICE_CONTROL, RV_IOCTL_OBSERVE, &buffer, sizeof *settings, sizeof buffer.state, &information);
    if (NT_SUCCESS(status)) {
        expect(information == sizeof buffer.state && memcmp(&buffer.state.settings, settings, sizeof *settings) == 0,
               "settings are answered as they are now");
    } else {
        expect(information == 0, "a request that fails answers nothing");
    }
    return status;
}

static rv_observe_settings settings_of(uint32_t operations)
{
    return (rv_observe_settings){.protocol = RV_OBSERVE_PROTOCOL, .operations = operations};
}

static void switch_on(uint32_t operations)
{
    rv_observe_settings wanted = settings_of(operations);
    expect(set(&wanted) == STATUS_SUCCESS, "operations are switched on");
}

/* Everything that a client may send and that is refused, and changes nothing. */
static void hostile_requests(uint32_t known)
{
    static uint8_t buffer[4096];
    ULONG_PTR information;
    rv_observe_state before = state();
    rv_observe_settings bad = settings_of(~known & 0x7fffffffu);
    expect(set(&bad) == STATUS_INVALID_PARAMETER, "an operation that there is not");
    bad = settings_of(known);
    bad.filter.path_mode = 9;
    expect(set(&bad) == STATUS_INVALID_PARAMETER, "a filter that is none");
    bad = settings_of(known);
    bad.protocol = 2;
    expect(set(&bad) == STATUS_INVALID_PARAMETER, "another protocol");
    expect(request(IRP_MJ_DEVICE_CONTROL, RV_IOCTL_OBSERVE, buffer, 8, 4096, &information) ==
                   STATUS_INVALID_PARAMETER &&
               information == 0,
           "a length that is none");
    expect(request(IRP_MJ_DEVICE_CONTROL, RV_IOCTL_OBSERVE, buffer, 0, 1159, &information) == STATUS_BUFFER_TOO_SMALL &&
               information == 0,
           "no room for the answer");
    expect(request(IRP_MJ_DEVICE_CONTROL, RV_IOCTL_OBSERVE, NULL, 0, 0, &information) == STATUS_BUFFER_TOO_SMALL,
           "no buffer at all");
    expect(request(IRP_MJ_DEVICE_CONTROL, RV_IOCTL_VERSION, buffer, 0, 4096, &information) ==
               STATUS_INVALID_DEVICE_REQUEST,
           "a code of another driver");
    rv_observe_state after = state();
    expect(memcmp(&before, &after, sizeof before) == 0, "what was refused has changed nothing");
}

static rv_event_filter only_path(const char *part, uint32_t mode)
{
    rv_event_filter filter = {.path_mode = mode, .path_count = 1};
    for (uint32_t i = 0; part[i] != 0; i++) {
        filter.paths[0].text[i] = (uint16_t)part[i];
        filter.paths[0].units = (uint16_t)(i + 1);
    }
    return filter;
}

static rv_event_filter only_pid(uint32_t pid, uint32_t mode)
{
    return (rv_event_filter){.pid_mode = mode, .pid_count = 1, .pids = {pid}};
}

/* Forgets what was logged until now. */
static void forget_records(void)
{
    const shim_record *records;
    (void)shim_records(&records);
}

/* The records since then, of which so many are expected. */
static const shim_record *logged(uint32_t expected, const char *what)
{
    static const shim_record none[SHIM_RECORDS];
    const shim_record *records;
    uint32_t count = shim_records(&records);
    if (count != expected) {
        printf("%u records instead of %u: ", (unsigned)count, (unsigned)expected);
    }
    expect(count == expected, what);
    return count == expected ? records : none;
}

static bool has_text(const shim_record *record, uint32_t at, uint32_t bytes, const char *text)
{
    return bytes == strlen(text) && at + bytes <= record->length && memcmp(record->data + at, text, bytes) == 0;
}

/* The life of the driver again and again, each time with another call into the system that fails; then one in which none does. */
static void fail_each(void (*life)(void))
{
    uint32_t runs = 0, calls;
    do {
        shim_fail(++runs);
        life();
        bool held_nothing = shim_nothing_held();
        expect(held_nothing, "nothing is held when the driver is gone");
        if (!held_nothing) {
            shim_print_held();
            break;
        }
        calls = shim_calls();
    } while (runs <= calls && runs < 1000);
    check(shim_failed() == NULL && runs > 10, "every call has failed once");
    shim_fail(0);
    printf("%u calls into the system, each failed once\n", (unsigned)(runs - 1));
}

#endif
