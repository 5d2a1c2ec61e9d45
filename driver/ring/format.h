/*
 * format.h - printf-like formatting that is safe at any IRQL and in a signal handler.
 */
#ifndef RINGVIEW_FORMAT_H
#define RINGVIEW_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The memory layout of UNICODE_STRING and ANSI_STRING; lengths in bytes. */
typedef struct rv_counted_string {
    uint16_t length;
    uint16_t maximum_length;
    const void *buffer;
} rv_counted_string;

/*
 * Formats into `text`, at most `capacity` bytes, without a terminating NUL. `*truncated` tells whether something did
 * not fit; the text then ends with a complete UTF-8 sequence. The supported conversions are described at LogMessage
 * in log.h. Returns the number of bytes written.
 */
uint32_t rv_format(char *text, uint32_t capacity, bool *truncated, const char *format, va_list arguments);

#endif
