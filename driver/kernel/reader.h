/*
 * reader.h - the one client that is attached: the handle through which it attached, and where its views are.
 */
#ifndef RINGVIEW_READER_H
#define RINGVIEW_READER_H

#include "capture_session.h"

typedef struct rv_reader {
    PFILE_OBJECT file; /* NULL: no reader */
    uint32_t pid;
    PEPROCESS process; /* referenced: an id may be used again, this pointer not */
    uint32_t view_count;
    void **views; /* in the order they were made */
} rv_reader;

/*
 * Maps the session into the calling process and fills `reader` and the answer (rv_ioctl_attach_bytes of zeroed memory). On
 * failure nothing is mapped and `reader` is zeroed.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_reader_attach(_Inout_ rv_reader *reader, _In_ PFILE_OBJECT file, _In_ const rv_capture_session *session,
                 _Inout_ rv_ioctl_attach *answer);

/*
 * Unmaps the views if this runs in the reader's process; otherwise they disappear with that process. The session itself
 * is not changed. Zeroes `reader`.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_reader_detach(_Inout_ rv_reader *reader);

#endif
