/*
 * layers.h - the places in the network stack at which this driver looks on, each for IPv4 and IPv6:
 *
 *   ALE_FLOW_ESTABLISHED  a TCP connection has been made or a datagram flow authorized, in either direction. The layer tells of
 *                         what has been decided, once for each flow. ALE_AUTH_CONNECT would be where it is decided: there a
 *                         callout is asked before anybody knows whether the peer answers, is asked again when policy changes,
 *                         and other filters may still refuse. So connections that fail are not reported.
 *   ALE_AUTH_LISTEN       a socket is about to listen.
 *   ALE_ENDPOINT_CLOSURE  an endpoint is closed, whatever it was used for.
 *
 * Each has a callout, and a filter without conditions whose action is FWP_ACTION_CALLOUT_INSPECTION: such a callout has no say.
 * The engine takes nothing from it but FWP_ACTION_CONTINUE, and where the callout is gone passes its filters over.
 */
#ifndef RINGVIEW_NETWORK_LAYERS_H
#define RINGVIEW_NETWORK_LAYERS_H

#include "wfp.h"

#define RV_LAYERS 6u

typedef struct rv_layer {
    GUID layer;    /* of the system: FWPM_LAYER_* of fwpmu.h */
    GUID callout;  /* of this driver */
    wchar_t *name; /* what `netsh wfp show filters` says */
    FWPS_CALLOUT_CLASSIFY_FN1 classify;
} rv_layer;

extern const rv_layer rv_layers[RV_LAYERS];
extern const GUID rv_sublayer;

#endif
