/*
 * observed.h - the handle a test has on what ringview-net.sys and ringview-file.sys look at: the filter engine, the filter
 * manager, and a ringview.sys that keeps what they log.
 */
#ifndef RINGVIEW_SHIM_OBSERVED_H
#define RINGVIEW_SHIM_OBSERVED_H

#include <fltkernel.h>
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

/* ---- the filter manager ---- */

/* A file that is open, or is about to be. */
typedef struct shim_file_object {
    FILE_OBJECT object;
    const WCHAR *path; /* NULL: the file system does not tell */
    bool opened;
    PFLT_CONTEXT context;
    bool no_contexts;             /* as a paging file */
    bool busy;                    /* the file system may not be asked just now */
    struct shim_operation *rival; /* one that begins and ends while the path of the file is asked for */
} shim_file_object;

/* Attaches the filter to a volume; false: it refused. */
bool shim_volume(DEVICE_TYPE type, FLT_FILESYSTEM_TYPE file_system);
/* Whether a filter is registered and started. */
bool shim_filtering(void);

/* An operation on its way: `data` is filled in by the test, then begun, then ended. */
typedef struct shim_operation {
    FLT_CALLBACK_DATA data;
    FLT_IO_PARAMETER_BLOCK iopb;
    uint32_t pid;
    shim_file_object *file;
    bool asked_back; /* the filter wants to see its end */
    PVOID completion;
} shim_operation;
void shim_begin(shim_operation *operation, KIRQL irql);
/* `draining`: the instance goes while the operation is under way. */
void shim_end(shim_operation *operation, NTSTATUS status, ULONG_PTR information, KIRQL irql, bool draining);
/* The file is closed for good: its context goes. */
void shim_forget_file(shim_file_object *file);
/* Names asked for since this was last asked. */
uint32_t shim_names_asked(void);
/* The filter is unloaded; false: it does not want to. */
bool shim_unload_filter(bool mandatory);

#endif
