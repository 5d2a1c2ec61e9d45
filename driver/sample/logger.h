/*
 * logger.h - the two ways to log, behind one face, so that the rest of the sample is the same for both:
 * logger_attach.c through ringview.sys (attach.h), logger_embed.c with rings of its own (ringview_driver.h).
 */
#ifndef RINGVIEW_SAMPLE_LOGGER_H
#define RINGVIEW_SAMPLE_LOGGER_H

#include "../kernel/wdk.h"

#include "../include/ringview/log.h"

/* The sample runs without a log too: what it could not log it counts. */
NTSTATUS logger_start(PDRIVER_OBJECT driver);
void logger_stop(void);

BOOLEAN logger_attached(void);

/* Whether a ringview.sys that is started now would be found. */
BOOLEAN logger_looking(void);

/* An IRP of a device that the log itself owns. False: it is the sample's own. */
BOOLEAN logger_dispatch(PDEVICE_OBJECT device, PIRP irp, NTSTATUS *status);

/* Any IRQL. */
RV_PRINTF(2, 3) rv_status logger_log(uint8_t level, RV_FORMAT_STRING const char *format, ...);
rv_status logger_send(uint16_t type, uint32_t remarks, const void *data, uint32_t length);

#endif
