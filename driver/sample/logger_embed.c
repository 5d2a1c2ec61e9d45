/*
 * logger_embed.c - carries the rings in the sample itself, under a device name of its own: no ringview.sys is needed. The
 * viewer attaches to \\.\RingViewEmbedded.
 */
#include "logger.h"

#include "../kernel/ringview_driver.h"

static BOOLEAN started;

static const rv_driver_names names = {
    .device = L"\\Device\\RingViewEmbedded",
    .link = L"\\DosDevices\\RingViewEmbedded",
    .producer = "sample-embedded.sys",
    .take_entries = FALSE,
    .announced = FALSE,
};

NTSTATUS logger_start(PDRIVER_OBJECT driver)
{
    NTSTATUS status = rv_driver_start(driver, &names);
    started = (BOOLEAN)NT_SUCCESS(status);
    return status;
}

void logger_stop(void)
{
    if (started) {
        started = FALSE;
        rv_driver_stop();
    }
}

BOOLEAN logger_looking(void)
{
    return FALSE;
}

BOOLEAN logger_attached(void)
{
    return started;
}

BOOLEAN logger_dispatch(PDEVICE_OBJECT device, PIRP irp, NTSTATUS *status)
{
    if (!started || !rv_driver_owns(device)) {
        return FALSE;
    }
    *status = rv_driver_dispatch(device, irp);
    return TRUE;
}

rv_status logger_log(uint8_t level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    rv_status status = LogMessageV(level, format, arguments);
    va_end(arguments);
    return status;
}

rv_status logger_send(uint16_t type, uint32_t remarks, const void *data, uint32_t length)
{
    return SendData(type, remarks, data, length);
}
