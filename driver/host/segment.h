/*
 * segment.h - the named shared memory of a simulated ring session and the locks that tell who is alive.
 *
 * The object is `/ringview.NAME`. Its bytes 0 and 1 carry open-file-description locks: the producer holds byte 0 for its
 * life, a reader byte 1 for its own. The system drops them with the process, however it ends.
 */
#ifndef RINGVIEW_SEGMENT_H
#define RINGVIEW_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct segment {
    char path[64]; /* `/ringview.NAME` */
    int fd;
    void *image;
    uint64_t bytes;
} segment;

/* Whether `name` may name a session: 1 to 48 of A-Z a-z 0-9 . _ - */
bool segment_name_valid(const char *name);

/*
 * Creates the object zeroed, `bytes` long and backed by memory, takes the producer's lock and maps it. An object left by a producer
 * that died is replaced. On failure returns false, and `error` says what failed and why.
 */
bool segment_create(segment *segment, const char *name, uint64_t bytes, char *error, uint32_t error_bytes);

/* Whether a reader holds its lock. */
bool segment_has_reader(const segment *segment);

/* Removes the name, unmaps and lets go of the lock. A reader keeps what it has mapped. */
void segment_destroy(segment *segment);

#endif
