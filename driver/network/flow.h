/*
 * flow.h - reads what the filter engine says of an endpoint. It may say less than its documentation promises: each value is
 * looked at only where it is there and of its type, and what is missing is 0 in the record.
 */
#ifndef RINGVIEW_NETWORK_FLOW_H
#define RINGVIEW_NETWORK_FLOW_H

#include "../include/ringview/kernel_events.h"
#include "wfp.h"

/* Where a layer has its values; RV_NO_FIELD: it has none of these. */
typedef struct rv_flow_fields {
    uint16_t family; /* 4 or 6 */
    uint16_t path, protocol, local, local_port, remote, remote_port, direction;
} rv_flow_fields;

#define RV_NO_FIELD 0xffffu

/* The path of a program, as the engine has it. */
typedef struct rv_flow_path {
    const WCHAR *text; /* NULL: it does not tell */
    uint32_t units;
} rv_flow_path;

/* Fills in all of the record but operation, duration, flags and path_bytes. Any pointer may be NULL. */
void rv_flow_read(rv_event_network *record, const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values,
                  const FWPS_INCOMING_METADATA_VALUES0 *metadata);

/* Whether the peer has begun it. */
BOOLEAN rv_flow_is_inbound(const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values);

/* The program's path; what this points to stays as long as the engine's call. */
rv_flow_path rv_flow_path_of(const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values,
                             const FWPS_INCOMING_METADATA_VALUES0 *metadata);

#endif
