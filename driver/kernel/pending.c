/*
 * pending.c - see the header. A place holds the moment at which its operation began: that tells whose it is, and how long.
 */
#include "pending.h"

#include "../ring/platform.h"

uint64_t rv_pending_begin(rv_pending *pending, uint64_t now, uint64_t patience)
{
    for (uint32_t n = 0; n < RV_PENDING; n++) {
        uint32_t place = (uint32_t)((now + n) % RV_PENDING); /* so that CPUs do not all begin with the same one */
        if (rv_load(&pending->begun[place]) == 0 && rv_cas(&pending->begun[place], 0, now)) {
            return now * RV_PENDING + place;
        }
    }
    for (uint32_t place = 0; place < RV_PENDING; place++) {
        uint64_t begun = rv_load(&pending->begun[place]);
        if (begun < now && now - begun > patience && rv_cas(&pending->begun[place], begun, now)) {
            return now * RV_PENDING + place;
        }
    }
    return 0;
}

uint32_t rv_pending_place(uint64_t token)
{
    return (uint32_t)(token % RV_PENDING);
}

uint64_t rv_pending_begun(uint64_t token)
{
    return token / RV_PENDING;
}

bool rv_pending_end(rv_pending *pending, uint64_t token)
{
    return rv_cas(&pending->begun[rv_pending_place(token)], rv_pending_begun(token), 0);
}
