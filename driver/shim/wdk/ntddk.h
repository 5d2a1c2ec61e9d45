/*
 * ntddk.h - as much of the WDK as driver/kernel uses, for a host program in which every acquisition can be made to fail
 * and every one is counted. The driver's Windows sources are compiled against it unchanged, including those that Wine
 * cannot run. Functions behave as documented, reduced to one thread: nothing here blocks. The declarations are in
 * ntddk/, one header for each subject.
 */
#ifndef RINGVIEW_SHIM_NTDDK_H
#define RINGVIEW_SHIM_NTDDK_H

#ifdef _MSC_VER
#include <sal.h>
#else
#include <setjmp.h>
#endif
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ntddk/types.h"

#include "ntddk/atomics.h"
#include "ntddk/bugcheck.h"
#include "ntddk/devices.h"
#include "ntddk/key_callback.h"
#include "ntddk/memory.h"
#include "ntddk/objects.h"
#include "ntddk/processes.h"
#include "ntddk/registry.h"
#include "ntddk/sample.h"
#include "ntddk/scheduling.h"
#include "ntddk/status.h"

#endif
