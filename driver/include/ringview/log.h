/*
 * log.h - the logging API: what a driver calls to log, and how the rings it logs to are put in place.
 *
 * Logging is callable at any IRQL, from any context, and from interrupts that land on it. It never waits, allocates or
 * takes a lock. Nothing that cannot be logged goes uncounted; the status tells why.
 *
 * Before rv_log_attach, and after rv_log_detach, every call returns RV_NOT_ATTACHED and does nothing.
 */
#ifndef RINGVIEW_LOG_H
#define RINGVIEW_LOG_H

#include <stdarg.h>

#include "mask.h"
#include "ring.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the longest text; what is longer is cut and flagged RV_FLAG_TRUNCATED. The default is DbgPrint's limit. */
#ifndef RV_LOG_TEXT_BYTES
#define RV_LOG_TEXT_BYTES 512u
#endif
RV_STATIC_ASSERT(RV_LOG_TEXT_BYTES >= 64 && RV_LOG_TEXT_BYTES <= RV_MIN_RING_BYTES / 4 - RV_RECORD_HEADER_BYTES,
                 "a text fits the smallest ring");

#if defined(__GNUC__)
#define RV_PRINTF(format_index, first_argument) __attribute__((format(printf, format_index, first_argument)))
#define RV_FORMAT_STRING
#elif defined(_MSC_VER)
#include <sal.h>
#define RV_PRINTF(format_index, first_argument)
#define RV_FORMAT_STRING _Printf_format_string_
#endif

/*
 * Logs a text of level RV_LEVEL_INFO; LogMessageLevel one of any level (0..255, RV_LEVEL_*).
 *
 * Formats: % flags width .precision, then c s d i u o x X p with the lengths hh h l ll j z t I I32 I64; wide text as
 * %S, %ls, %ws, %C, %lc and %wZ (PCUNICODE_STRING), which become UTF-8; %Z (PCANSI_STRING). %p is 16 hexadecimal
 * digits. Not floating point and not %n: from there on the format is logged as it stands.
 * Unlike DbgPrint, the wide formats may be used at any IRQL.
 *
 * Below DISPATCH_LEVEL the format and what it points at may be pageable; at or above it they must be resident.
 *
 * Returns RV_OK; RV_LOST_FULL; RV_LOST_ZERO_LENGTH for a text that comes out empty; RV_LOST_MISSING_DATA for a NULL
 * format; RV_LOST_NESTING; RV_NOT_ATTACHED; RV_NO_RING; RV_MASKED.
 */
rv_status LogMessage(RV_FORMAT_STRING const char *format, ...) RV_PRINTF(1, 2);
rv_status LogMessageLevel(uint8_t level, RV_FORMAT_STRING const char *format, ...) RV_PRINTF(2, 3);
rv_status LogMessageV(uint8_t level, RV_FORMAT_STRING const char *format, va_list arguments) RV_PRINTF(2, 0);

/*
 * Logs `length` bytes as they are. `type` tells the reader what they are (RV_TYPE_TEXT is UTF-8 text, 1..65535 are the
 * caller's), `remarks` is any number of the caller's. SendData's level is RV_LEVEL_INFO.
 *
 * `buffer` must be resident memory at every IRQL: it is read at DISPATCH_LEVEL or above. Nothing is cut: what is longer
 * than the longest record of the ring (a quarter of it, at most 64 KiB, less 56 bytes) is lost and counted.
 *
 * Returns RV_OK; RV_LOST_FULL; RV_LOST_TOO_BIG; RV_LOST_ZERO_LENGTH; RV_LOST_MISSING_DATA for a length without a
 * buffer; RV_LOST_NESTING; RV_NOT_ATTACHED; RV_NO_RING; RV_MASKED.
 */
rv_status SendData(uint16_t type, uint32_t remarks, const void *buffer, uint32_t length);
rv_status SendDataLevel(uint8_t level, uint16_t type, uint32_t remarks, const void *buffer, uint32_t length);

/*
 * SendData, and LogMessageV, with everything that can be said of a record: for code that passes on what others log, as the
 * capture of DbgPrint does. No mask is looked at. Returns what SendData does.
 */
rv_status rv_log_write(const rv_record_info *info, const void *data, uint32_t length);
rv_status rv_log_text(const rv_record_info *info, const char *format, va_list arguments);

/*
 * rv_log_text with a stack of up to RV_MAX_FRAMES return addresses, as rv_log_stack has it: from `caller` outwards, which is
 * where the call returns to that is to be seen first. Where that is not found, all of the walk is taken.
 */
rv_status rv_log_text_stack(const rv_record_info *info, const void *caller, const char *format, va_list arguments);

/*
 * Calls `use` with the ring of the current CPU, on which the caller is held meanwhile, and its IRQL before. Returns what
 * that returns; RV_NOT_ATTACHED or RV_NO_RING without calling it.
 */
typedef rv_status rv_log_use(void *context, rv_ring *ring, uint8_t irql);
rv_status rv_log_with_ring(rv_log_use *use, void *context);

/*
 * What LogMessage and SendData of this module leave out from now on: bits of mask.h, 0 for nothing. At any moment, from
 * any IRQL.
 */
void rv_log_mask(uint64_t off);

/*
 * How many return addresses the texts of this module (LogMessage) carry from now on, at most RV_MAX_FRAMES; 0, which it is at
 * first, for none. They are where the logging call was made and what called that, and cost a walk over the stack for each
 * text. At any moment, from any IRQL.
 *
 * What is logged above DISPATCH_LEVEL carries none, because the system's walk (RtlCaptureStackBackTrace) is documented up to
 * that level. Where memory may not be paged in, the walk may end early. What SendData and rv_log_write log
 * carries none: readers tell a stack as the last line of a text. Nor does what rv_log_text passes on: it is another's.
 */
void rv_log_stack(uint8_t frames);

/* The same for texts of these levels alone: bits of the low half of mask.h, 0 for none. */
void rv_log_stack_levels(uint8_t frames, uint32_t levels);

/* Where a text is formatted: one slot a CPU and nesting depth. */
typedef struct rv_log_slot {
    char text[RV_LOG_TEXT_BYTES];
} rv_log_slot;

#define RV_LOG_SLOTS(cpu_count) ((size_t)(cpu_count)*RV_MAX_NESTING)

/* The rings that a module logs to. In resident memory, as everything it points at is. */
typedef struct rv_log {
    rv_ring *rings; /* ring n belongs to CPU n, system-wide index over all processor groups */
    uint32_t cpu_count;
    uint32_t reserved;
    rv_log_slot *slots; /* RV_LOG_SLOTS(cpu_count) */
    uint64_t no_ring;   /* attempts on a CPU without a ring */
} rv_log;

/* Fills `log`. Returns RV_OK or RV_BAD_LOG. */
rv_status rv_log_init(rv_log *log, rv_ring *rings, uint32_t cpu_count, rv_log_slot *slots);

/*
 * Directs the logging calls of this module (driver or program) to `log`, whose rings are initialised. One log at a time;
 * a module that wants several sessions writes to rings by ring.h.
 */
void rv_log_attach(rv_log *log);

/*
 * Stops further calls from finding the log. Calls already under way may still use it when this returns. Before its
 * memory goes, every CPU must have left them: in a kernel driver run a DPC on each CPU (calls keep their CPU at
 * DISPATCH_LEVEL or above from before they look for the log until they are done), in a host program join the threads.
 */
void rv_log_detach(void);

#ifdef __cplusplus
}
#endif

#endif
