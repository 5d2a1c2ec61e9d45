/*
 * endpoints.c - a table of sets: a handle belongs to one set, and is looked for in each of its places.
 */
#include "endpoints.h"

#include <string.h>

void rv_endpoints_forget(rv_endpoints *table)
{
    table->epoch++;
    if (table->epoch == 0) {
        /* Once in 2^32 times the numbers begin anew, and no entry may have one that comes again. */
        memset(table->entries, 0, sizeof table->entries);
        table->epoch = 1;
    }
}

/* Handles differ in few bits, so all of them have to tell. */
static rv_endpoint *set_of(rv_endpoints *table, uint64_t handle)
{
    uint64_t mixed = handle * 0x9e3779b97f4a7c15u;
    return table->entries[mixed >> 54 & (RV_ENDPOINT_SETS - 1u)];
}

static bool is_taken(const rv_endpoints *table, const rv_endpoint *entry)
{
    return entry->epoch == table->epoch;
}

static rv_endpoint *find(rv_endpoints *table, rv_endpoint *set, uint64_t handle)
{
    for (uint32_t way = 0; way < RV_ENDPOINT_WAYS; way++) {
        if (is_taken(table, &set[way]) && set[way].handle == handle) {
            return &set[way];
        }
    }
    return NULL;
}

/* A free place of the set; otherwise the one whose connection is the oldest. */
static rv_endpoint *place_in(const rv_endpoints *table, rv_endpoint *set)
{
    rv_endpoint *oldest = &set[0];
    for (uint32_t way = 0; way < RV_ENDPOINT_WAYS; way++) {
        if (!is_taken(table, &set[way])) {
            return &set[way];
        }
        if (set[way].since < oldest->since) {
            oldest = &set[way];
        }
    }
    return oldest;
}

bool rv_endpoints_opened(rv_endpoints *table, uint64_t handle, uint64_t now, bool again)
{
    if (handle == 0) {
        return true;
    }
    rv_endpoint *set = set_of(table, handle);
    rv_endpoint *entry = find(table, set, handle);
    if (entry != NULL) {
        entry->since = again ? entry->since : now;
        return true;
    }
    entry = place_in(table, set);
    bool had_room = !is_taken(table, entry);
    *entry = (rv_endpoint){.handle = handle, .since = now, .epoch = table->epoch};
    return had_room;
}

bool rv_endpoints_closed(rv_endpoints *table, uint64_t handle, uint64_t *since)
{
    rv_endpoint *entry = handle == 0 ? NULL : find(table, set_of(table, handle), handle);
    if (entry == NULL) {
        return false;
    }
    *since = entry->since;
    entry->epoch = 0;
    return true;
}
