/*
 * messages.c - see messages.h. Formats with the ring's own formatter: it runs in signal handlers.
 */
#include "messages.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "../include/ringview/log.h"
#include "../ring/format.h"
#include "fnv1a.h"

/* The arguments of every text: unsigned cpu, unsigned long long number, unsigned value. */
typedef struct template
{
    uint8_t level;
    const char *format;
}
template;

static const template templates[] = {
    {RV_LEVEL_TRACE, "cpu %u: #%llu enter DispatchRead, IRP %08x"},
    {RV_LEVEL_TRACE, "cpu %u: #%llu leave DispatchRead, %u bytes"},
    {RV_LEVEL_INFO, "cpu %u: #%llu request completed, information %u"},
    {RV_LEVEL_INFO, "cpu %u: #%llu timer fired, %u ticks late"},
    {RV_LEVEL_INFO, "cpu %u: #%llu Gerät „Träger“ bereit – Kanal %u"},
    {RV_LEVEL_INFO, "cpu %u: #%llu デバイス %u を開始しました"},
    {RV_LEVEL_WARNING, "cpu %u: #%llu queue is %u deep, throttling"},
    {RV_LEVEL_ERROR, "cpu %u: #%llu transfer failed, status 0x%08x 🛑"},
};

/* How often each template is used, out of 16. */
static const uint8_t choice[16] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 6, 7};

/* A well-mixed number from a counter (splitmix64). */
static uint64_t mix(uint64_t n)
{
    n += 0x9e3779b97f4a7c15ull;
    n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9ull;
    n = (n ^ n >> 27) * 0x94d049bb133111ebull;
    return n ^ n >> 31;
}

static uint32_t compose(char *text, uint32_t capacity, const char *format, ...)
{
    bool truncated;
    va_list arguments;
    va_start(arguments, format);
    uint32_t length = rv_format(text, capacity - 1, &truncated, format, arguments);
    va_end(arguments);
    text[length] = '\0';
    return length;
}

static rv_status log_fault(uint64_t kind, uint32_t remarks)
{
    static const uint8_t byte;
    switch (kind % 3) {
    case 0:
        return SendData(1, remarks, &byte, 0);
    case 1:
        return SendData(1, remarks, NULL, 16);
    default:
        return SendData(1, remarks, &byte, UINT32_MAX); /* refused before it is read */
    }
}

static rv_status log_binary(uint64_t random, uint32_t remarks)
{
    uint8_t bytes[64];
    uint32_t length = 1 + (uint32_t)(random >> 8) % sizeof bytes;
    for (uint32_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)(random >> i % 8 * 8) ^ (uint8_t)i;
    }
    return SendDataLevel(RV_LEVEL_TRACE, (uint16_t)(1 + random % 3), remarks, bytes, length);
}

rv_status message_log(const host_options *options, uint32_t cpu, uint64_t number)
{
    uint64_t random = mix((uint64_t)cpu << 48 ^ number);
    if (options->faults != 0 && number % options->faults == options->faults - 1) {
        return log_fault(number / options->faults, (uint32_t)number);
    }
    if (options->binary != 0 && number % options->binary == options->binary - 1) {
        return log_binary(random, (uint32_t)number);
    }

    char text[RV_LOG_TEXT_BYTES];
    const template *chosen = &templates[choice[random % 16]];
    uint32_t length =
        compose(text, sizeof text, chosen->format, cpu, (unsigned long long)number, (unsigned)(random >> 4 & 0xffff));
    if (options->checksum) {
        return LogMessageLevel(chosen->level, "%s #%08x", text, (unsigned)fnv1a32(text, length));
    }
    return LogMessageLevel(chosen->level, "%s", text);
}
