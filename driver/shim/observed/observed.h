/*
 * observed.h - the handle a test has on what ringview-net.sys and ringview-file.sys look at: the filter engine, the filter
 * manager, and a ringview.sys that keeps what they log.
 */
#ifndef RINGVIEW_SHIM_OBSERVED_H
#define RINGVIEW_SHIM_OBSERVED_H

#include <fwpmk.h>
#include <fwpsk.h>

#include "../internal.h"

/* ---- ringview.sys ---- */

/* It is loaded, and tells who watches; it ends, and tells them before. */
void shim_ringview_arrives(void);
void shim_ringview_leaves(void);
/* What the logger of that name leaves out: bits of mask.h. */
void shim_ringview_mask(const char *name, uint64_t off);
/* From now on the rings are full. */
void shim_ringview_full(bool full);

#define SHIM_RECORDS 64u
typedef struct shim_record {
    uint16_t type;
    uint32_t length;
    uint32_t pid, tid; /* 0: those of the thread that ran */
    uint8_t irql;
    union {
        uint8_t data[2048];
        uint64_t align;
    };
} shim_record;
/* Records since this was last asked, and the first of them; the next call forgets them. */
uint32_t shim_records(const shim_record **first);

/* ---- the filter engine ---- */

/* The Base Filtering Engine starts or stops; it does not run at first. */
void shim_engine_becomes(FWPM_SERVICE_STATE state);
/* How many filters lead to callouts now. */
uint32_t shim_engine_filters(void);
/* So many calls that unregister a callout come to nothing, since it is busy. */
void shim_callouts_busy(uint32_t calls);
/*
 * Something happens at the layer with this GUID, whose values are handed to the callouts that filters lead to; returns how many
 * were called. `rights` is what they may write.
 */
uint32_t shim_classify(const GUID *layer, const FWPS_INCOMING_VALUES0 *values,
                       const FWPS_INCOMING_METADATA_VALUES0 *metadata, UINT32 rights, KIRQL irql);

#endif
