/*
 * filter_internal.h - what the two halves of the filter manager share.
 */
#ifndef RINGVIEW_SHIM_FILTER_INTERNAL_H
#define RINGVIEW_SHIM_FILTER_INTERNAL_H

#include "observed.h"

struct FLT_FILTER {
    FLT_REGISTRATION registration;
    bool registered, started;
};
struct FLT_INSTANCE {
    int unused;
};

/* There is one of each. */
extern struct FLT_FILTER shim_filter;
extern struct FLT_INSTANCE shim_instance;
/* Whose callback runs, before its operation; NULL: none. */
extern shim_operation *shim_current;

/* The contexts of all files go. */
void shim_forget_files(void);

#endif
