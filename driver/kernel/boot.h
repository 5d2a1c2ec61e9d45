/*
 * boot.h - reads from the registry with what the driver begins.
 */
#ifndef RINGVIEW_BOOT_H
#define RINGVIEW_BOOT_H

#include "boot_values.h"
#include "wdk.h"

/*
 * Reads the values of the key Parameters below `service`, the path that DriverEntry was given; NULL: there is none to read.
 * Whatever is missing, wrong or cannot be read, `plan` is one that the driver can begin with.
 *
 * A driver that the boot loader has loaded may do this: the hive SYSTEM is in memory before the first of them is called.
 */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_boot_read(_In_opt_ PCUNICODE_STRING service, _Out_ rv_boot_plan *plan);

#endif
