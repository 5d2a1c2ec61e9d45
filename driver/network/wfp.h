/*
 * wfp.h - the only file that includes the headers of the Windows Filtering Platform.
 */
#ifndef RINGVIEW_NETWORK_WFP_H
#define RINGVIEW_NETWORK_WFP_H

#include "../kernel/wdk.h"

#ifdef _MSC_VER
#pragma warning(push)
#pragma warning(disable : 4201) /* they have unions without a name */
#endif
#include <fwpsk.h>

#include <fwpmk.h>
#ifdef _MSC_VER
#pragma warning(pop)
#endif

#endif
