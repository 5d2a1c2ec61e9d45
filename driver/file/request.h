/*
 * request.h - what an operation of a file system is, in the words of kernel_events.h, and what of it can be said before it is
 * done. Looks at nothing that a program could still change: parameters of set-information are in a buffer of the system, of a
 * length that is checked.
 */
#ifndef RINGVIEW_FILE_REQUEST_H
#define RINGVIEW_FILE_REQUEST_H

#include "flt.h"

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/kernel_events.h"

/* RV_FILE_*; 0: an operation that is not reported. */
uint32_t rv_request_operation(const FLT_IO_PARAMETER_BLOCK *request);

/* Whether it is the memory manager or the cache that moves pages, for whoever has read and written them. */
bool rv_request_is_paging(const FLT_IO_PARAMETER_BLOCK *request);

/* Fills in what is known before: object, offset, access, options, irp_flags; all else is 0. */
void rv_request_read(rv_event_file *event, uint32_t operation, const FLT_IO_PARAMETER_BLOCK *request);

/* Fills in what is known after it: status, and bytes or result. */
void rv_request_ended(rv_event_file *event, const IO_STATUS_BLOCK *ended);

/* The new name of a rename, as its caller has it. False: the buffer does not hold it. */
bool rv_request_new_name(const FLT_IO_PARAMETER_BLOCK *request, HANDLE *root, PWSTR *name, uint32_t *name_bytes);

#endif
