/*
 * fnv1a.h - the checksum that `rvhost --checksum` puts behind a text: FNV-1a, 32 bits.
 */
#ifndef RINGVIEW_FNV1A_H
#define RINGVIEW_FNV1A_H

#include <stdint.h>

static inline uint32_t fnv1a32(const void *bytes, uint32_t length)
{
    const uint8_t *byte = (const uint8_t *)bytes;
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < length; i++) {
        hash = (hash ^ byte[i]) * 16777619u;
    }
    return hash;
}

#endif
