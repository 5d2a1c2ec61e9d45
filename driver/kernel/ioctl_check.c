/*
 * ioctl_check.c - one table of control codes, and the rules for their values.
 */
#include "ioctl_check.h"

#include "event_filter.h"

typedef struct rule {
    uint32_t code;
    uint32_t input_bytes;
    uint32_t output_bytes;
} rule;

static const rule rules[] = {
    {RV_IOCTL_VERSION, 0, sizeof(rv_ioctl_version)},
    {RV_IOCTL_CONFIGURE, sizeof(rv_ioctl_configure), 0},
    {RV_IOCTL_ATTACH, sizeof(rv_ioctl_attach_request), RV_IOCTL_ATTACH_HEADER_BYTES},
    {RV_IOCTL_DETACH, 0, 0},
    {RV_IOCTL_STATISTICS, 0, sizeof(rv_ioctl_statistics)},
    {RV_IOCTL_CAPTURE, sizeof(rv_ioctl_capture), sizeof(rv_ioctl_capture)},
    {RV_IOCTL_REGISTER_EVENT, sizeof(rv_ioctl_register_event), 0},
    {RV_IOCTL_WAIT, 0, sizeof(rv_ioctl_wait)},
    {RV_IOCTL_STOP, 0, 0},
    {RV_IOCTL_LOGGERS, 0, sizeof(rv_ioctl_loggers)},
    {RV_IOCTL_MASK, sizeof(rv_ioctl_mask), 0},
    {RV_IOCTL_PROGRAMS, 0, sizeof(rv_ioctl_programs)},
    {RV_IOCTL_EVENT_FILTER, sizeof(rv_ioctl_event_filter), 0},
    {RV_IOCTL_EVENT_FILTERS, 0, sizeof(rv_ioctl_event_filters)},
    {RV_IOCTL_STACKS, sizeof(rv_ioctl_stacks), 0},
};

static const rule *find(uint32_t code)
{
    for (uint32_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].code == code) {
            return &rules[i];
        }
    }
    return 0;
}

uint32_t rv_ioctl_input_bytes(uint32_t code)
{
    const rule *found = find(code);
    return found ? found->input_bytes : 0;
}

uint32_t rv_ioctl_output_bytes(uint32_t code, uint32_t cpu_count)
{
    const rule *found = find(code);
    if (!found) {
        return 0;
    }
    return code == RV_IOCTL_ATTACH ? rv_ioctl_attach_bytes(cpu_count) : found->output_bytes;
}

rv_ioctl_verdict rv_ioctl_check_lengths(uint32_t code, uint64_t input_bytes, uint64_t output_bytes, uint32_t cpu_count)
{
    const rule *found = find(code);
    if (!found) {
        return RV_IOCTL_UNKNOWN;
    }
    if (input_bytes != found->input_bytes) {
        return RV_IOCTL_BAD_INPUT;
    }
    /* The one answer that has grown; see ioctl.h. */
    uint64_t least = code == RV_IOCTL_STATISTICS ? RV_IOCTL_STATISTICS_LEAST : rv_ioctl_output_bytes(code, cpu_count);
    if (output_bytes < least) {
        return RV_IOCTL_SMALL_OUTPUT;
    }
    return RV_IOCTL_FINE;
}

bool rv_ioctl_check_configure(const rv_ioctl_configure *configure, uint32_t cpu_count)
{
    rv_session_config config = {
        .cpu_count = cpu_count,
        .ring_mode = configure->ring_mode,
        .order_mode = configure->order_mode,
        .ring_bytes = configure->ring_bytes,
        .qpc_frequency = 1,
    };
    rv_geometry geometry;
    /* The geometry bounds ring_bytes to 2^30 and the CPUs to 2^11: the product cannot overflow. */
    return rv_session_geometry(&config, &geometry) == RV_OK &&
           configure->ring_bytes * cpu_count <= RV_IOCTL_MAX_TOTAL_BYTES;
}

bool rv_ioctl_check_capture(const rv_ioctl_capture *capture)
{
    return (capture->mask & ~RV_CAPTURE_ALL) == 0 && capture->reserved == 0;
}

bool rv_ioctl_check_name(const char name[RV_LOGGER_NAME_BYTES])
{
    uint32_t length = 0;
    if (name[RV_LOGGER_NAME_BYTES - 1u] != '\0') {
        return false;
    }
    while (length < RV_LOGGER_NAME_BYTES - 1u && name[length] > ' ' && name[length] <= '~') {
        length++;
    }
    if (length == 0) {
        return false;
    }
    for (uint32_t i = length; i < RV_LOGGER_NAME_BYTES; i++) {
        if (name[i] != '\0') {
            return false;
        }
    }
    return true;
}

bool rv_ioctl_check_stacks(const rv_ioctl_stacks *request)
{
    return rv_ioctl_check_name(request->name) && request->reserved == 0;
}

bool rv_ioctl_check_event_filter(const rv_ioctl_event_filter *request)
{
    uint32_t allowed = request->filter.path_mode == RV_FILTER_ALL ? RV_CAPTURE_FILTERED : RV_CAPTURE_WITH_PATH;
    return request->captures != 0 && (request->captures & ~allowed) == 0 && request->reserved == 0 &&
           rv_filter_check(&request->filter);
}
