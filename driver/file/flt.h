/*
 * flt.h - the only file that includes the filter manager's header. It comes before every other header of a source: fltkernel.h
 * brings ntifs.h, which has to be there before ntddk.h.
 */
#ifndef RINGVIEW_FILE_FLT_H
#define RINGVIEW_FILE_FLT_H

#include <fltkernel.h>

#include "../kernel/wdk.h"

#endif
