/*
 * lttng_provider.h - one LTTng-UST event with 64 bytes of data, for the comparison in lttng_write.c. The header is read
 * several times, as LTTng's macros want it.
 */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER ringview_bench

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./lttng_provider.h"

#if !defined(RINGVIEW_LTTNG_PROVIDER_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define RINGVIEW_LTTNG_PROVIDER_H

#include <lttng/tracepoint.h>
#include <stdint.h>

LTTNG_UST_TRACEPOINT_EVENT(ringview_bench, record, LTTNG_UST_TP_ARGS(const uint8_t *, data),
                           LTTNG_UST_TP_FIELDS(lttng_ust_field_array(uint8_t, data, data, 64)))

#endif

#include <lttng/tracepoint-event.h>
