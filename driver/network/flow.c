/*
 * flow.c - from the filter engine's values to a record.
 */
#include "flow.h"

#include <string.h>

/* TCP: what the layer of sockets that listen does not say, since no other protocol has it. */
#define LISTENS_BY 6u

/* The value of a field if it is there and of that type; otherwise NULL. */
static const FWP_VALUE0 *value_of(const FWPS_INCOMING_VALUES0 *values, uint32_t field, FWP_DATA_TYPE type)
{
    if (values == NULL || values->incomingValue == NULL || field >= values->valueCount ||
        values->incomingValue[field].value.type != type) {
        return NULL;
    }
    return &values->incomingValue[field].value;
}

static uint16_t uint16_of(const FWPS_INCOMING_VALUES0 *values, uint32_t field)
{
    const FWP_VALUE0 *value = value_of(values, field, FWP_UINT16);
    return value == NULL ? 0 : value->uint16;
}

/* IPv4 comes as a number, IPv6 as its bytes. */
static void read_address(uint8_t to[16], uint16_t family, const FWPS_INCOMING_VALUES0 *values, uint32_t field)
{
    if (family == 4) {
        const FWP_VALUE0 *value = value_of(values, field, FWP_UINT32);
        for (uint32_t i = 0; i < 4 && value != NULL; i++) {
            to[i] = (uint8_t)(value->uint32 >> (24u - 8u * i));
        }
        return;
    }
    const FWP_VALUE0 *value = value_of(values, field, FWP_BYTE_ARRAY16_TYPE);
    if (value != NULL && value->byteArray16 != NULL) {
        memcpy(to, value->byteArray16->byteArray16, 16);
    }
}

static BOOLEAN has(const FWPS_INCOMING_METADATA_VALUES0 *metadata, UINT32 field)
{
    return metadata != NULL && (metadata->currentMetadataValues & field) != 0;
}

void rv_flow_read(rv_event_network *record, const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values,
                  const FWPS_INCOMING_METADATA_VALUES0 *metadata)
{
    const FWP_VALUE0 *protocol = value_of(values, fields->protocol, FWP_UINT8);

    record->pid = has(metadata, FWPS_METADATA_FIELD_PROCESS_ID) ? (uint32_t)metadata->processId : 0;
    record->endpoint =
        has(metadata, FWPS_METADATA_FIELD_TRANSPORT_ENDPOINT_HANDLE) ? metadata->transportEndpointHandle : 0;
    record->protocol = fields->protocol == RV_NO_FIELD ? LISTENS_BY : protocol == NULL ? 0u : protocol->uint8;
    record->family = fields->family;
    record->local_port = uint16_of(values, fields->local_port);
    record->remote_port = uint16_of(values, fields->remote_port);
    memset(record->local, 0, sizeof record->local);
    memset(record->remote, 0, sizeof record->remote);
    read_address(record->local, fields->family, values, fields->local);
    read_address(record->remote, fields->family, values, fields->remote);
}

BOOLEAN rv_flow_is_inbound(const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values)
{
    const FWP_VALUE0 *direction = value_of(values, fields->direction, FWP_UINT32);
    return direction != NULL && direction->uint32 == FWP_DIRECTION_INBOUND;
}

/* A text of the engine ends with NULs, which are no part of it. */
static rv_flow_path path_in(const FWP_BYTE_BLOB *blob)
{
    rv_flow_path path = {NULL, 0};
    if (blob == NULL || blob->data == NULL) {
        return path;
    }
    const WCHAR *text = (const WCHAR *)(const void *)blob->data;
    uint32_t units = blob->size / (uint32_t)sizeof(WCHAR);
    while (units > 0 && text[units - 1] == 0) {
        units--;
    }
    if (units > 0) {
        path.text = text;
        path.units = units;
    }
    return path;
}

rv_flow_path rv_flow_path_of(const rv_flow_fields *fields, const FWPS_INCOMING_VALUES0 *values,
                             const FWPS_INCOMING_METADATA_VALUES0 *metadata)
{
    rv_flow_path path = {NULL, 0};
    const FWP_VALUE0 *program = value_of(values, fields->path, FWP_BYTE_BLOB_TYPE);

    if (has(metadata, FWPS_METADATA_FIELD_PROCESS_PATH)) {
        path = path_in(metadata->processPath);
    }
    /* The layer of closures has none among its metadata. */
    return path.text != NULL || program == NULL ? path : path_in(program->byteBlob);
}
