/*
 * paths.h - the paths of open files. The path of a file is asked for once and kept beside its file object (a stream handle
 * context of the filter manager), so that its reads and writes need not ask, and those that must not ask have it.
 *
 * A path is as the file was opened, without the detours that the file system knows (links, short names): that needs no further
 * request to it. Who renames a file has the new path from then on; others that have it open keep the old one.
 */
#ifndef RINGVIEW_FILE_PATHS_H
#define RINGVIEW_FILE_PATHS_H

#include "flt.h"

#include <stdbool.h>
#include <stdint.h>

/* UTF-16 units that are kept of a path, from its end. What is longer is filtered by these. */
#define RV_PATH_UNITS 1024u
/* Paths that are kept at a time. A file beyond has none where it may not be asked for. */
#define RV_PATHS 32768

typedef struct rv_path {
    volatile LONG verdict; /* of the filter: its generation, and below it whether the path passes; 0: not asked yet */
    uint32_t units;        /* 0: the path is not known */
    bool cut;              /* the begin is missing */
    WCHAR text[1];
} rv_path;

/* What the filter manager is told of the contexts. */
extern const FLT_CONTEXT_REGISTRATION rv_path_contexts[];

/*
 * The path of the file that is about to be opened. It is not kept yet: rv_path_keep, once it is open. NULL: there is no memory,
 * or too many are kept; an unknown path is not NULL. PASSIVE_LEVEL. rv_path_release gives it back, as it does the others.
 */
rv_path *rv_path_of_create(PFLT_CALLBACK_DATA data, PCFLT_RELATED_OBJECTS objects);

/* The path of an open file: the one that is kept, or else, where it may be asked for, asked for and kept. */
rv_path *rv_path_of_file(PFLT_CALLBACK_DATA data, PCFLT_RELATED_OBJECTS objects);

/* Keeps the path beside the file, which has been opened. PASSIVE_LEVEL. */
void rv_path_keep(rv_path *path, PCFLT_RELATED_OBJECTS objects);

/* Forgets the path of a file that has another one now: it is asked for again. Nothing above APC_LEVEL. */
void rv_path_forget(PCFLT_RELATED_OBJECTS objects);

/* NULL is allowed. DISPATCH_LEVEL and below. */
void rv_path_release(rv_path *path);

/* Whether operations on it pass the filter; a NULL path is one that is not known. */
bool rv_path_passes(rv_path *path);

/* As UTF-8; returns the bytes. `*cut`: the begin is missing. */
uint32_t rv_path_write(const rv_path *path, char *to, uint32_t capacity, bool *cut);

#endif
