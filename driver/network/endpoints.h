/*
 * endpoints.h - when connections were made, so that their end can say how long they lasted. A table of fixed size: what has no
 * room in it ends without a duration, and is counted. Pure: tested on a host. One caller at a time.
 */
#ifndef RINGVIEW_NETWORK_ENDPOINTS_H
#define RINGVIEW_NETWORK_ENDPOINTS_H

#include <stdbool.h>
#include <stdint.h>

/* Endpoints that can be open at once and are remembered, in sets of which one has to do for those that fall upon it. */
#define RV_ENDPOINT_SETS 1024u
#define RV_ENDPOINT_WAYS 8u

typedef struct rv_endpoint {
    uint64_t handle;
    uint64_t since; /* ticks */
    uint32_t epoch; /* entries of another one than the table's are empty, and so are those of epoch 0 */
    uint32_t reserved;
} rv_endpoint;

/* Zeroed memory, then rv_endpoints_forget. */
typedef struct rv_endpoints {
    uint32_t epoch;
    uint32_t reserved;
    rv_endpoint entries[RV_ENDPOINT_SETS][RV_ENDPOINT_WAYS];
} rv_endpoints;

/*
 * Empties the table at once. Also for when closes may have been missed: a handle comes again for another endpoint, which would
 * then seem older than it is.
 */
void rv_endpoints_forget(rv_endpoints *table);

/*
 * Remembers that this endpoint is connected since `now`. `again`: it may have been before, and then keeps its time (a datagram
 * socket has a flow for each peer); otherwise the time is of the new connection. False: there was no room, and the endpoint
 * that was connected longest gave its place up. `handle` 0 is nobody's and is not remembered.
 */
bool rv_endpoints_opened(rv_endpoints *table, uint64_t handle, uint64_t now, bool again);

/* Forgets the endpoint. Returns whether it was there, and then since when. */
bool rv_endpoints_closed(rv_endpoints *table, uint64_t handle, uint64_t *since);

#endif
