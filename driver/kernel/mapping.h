/*
 * mapping.h - the two things about memory in which Windows and Wine differ: the driver's own view of a section, and
 * the process handle with which a client's view is made. mapping.c is for Windows, wine/mapping.c for Wine.
 */
#ifndef RINGVIEW_MAPPING_H
#define RINGVIEW_MAPPING_H

#include "wdk.h"

/* The driver's view of a section: always resident, and addressable at every IRQL and in every process. */
typedef struct rv_mapping {
    void *address;
    void *object;      /* the section, referenced */
    void *system_view; /* the view that the pages were locked through */
    PMDL mdl;
    bool locked;
} rv_mapping;

/* `mapping` is zeroed memory. On failure nothing is held. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_mapping_create(_In_ HANDLE section, SIZE_T bytes, _Inout_ rv_mapping *mapping);

/* A zeroed mapping is allowed. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_mapping_destroy(_Inout_ rv_mapping *mapping);

/* A handle of the calling process, for ZwMapViewOfSection and ZwUnmapViewOfSection. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_client_open(_Out_ HANDLE *process);
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_client_close(_In_ HANDLE process);

/* The AllocationType for ZwMapViewOfSection with which the client cannot make a read-only view writable. */
ULONG rv_client_view_type(void);

#endif
