/*
 * operations.h - the callbacks of this filter, before and after an operation of a file system. They look: an operation is never
 * changed, delayed or completed by them.
 */
#ifndef RINGVIEW_FILE_OPERATIONS_H
#define RINGVIEW_FILE_OPERATIONS_H

#include "flt.h"

/*
 * What the filter manager is told of them. The end of a file's use is IRP_MJ_CLEANUP, the close of its last handle, which comes
 * in the process that closes it. IRP_MJ_CLOSE comes when nobody refers to the file object any more, often minutes later, when
 * the cache lets go of it, in the system's process: it says neither who nor when.
 */
extern const FLT_OPERATION_REGISTRATION rv_operations[];

/* The memory of operations under way: before the filter is registered, and after it is unregistered. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_operations_start(void);
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_operations_stop(void);

#endif
