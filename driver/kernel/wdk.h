/*
 * wdk.h - the only file that includes the WDK. It also makes SAL annotations and __try usable with mingw.
 */
#ifndef RINGVIEW_WDK_H
#define RINGVIEW_WDK_H

#include <ntddk.h>
#include <stdbool.h>
#include <stdint.h>

#ifndef _IRQL_requires_max_
#define _IRQL_requires_max_(irql)
#endif
#ifndef _IRQL_requires_
#define _IRQL_requires_(irql)
#endif
#ifndef _IRQL_requires_same_
#define _IRQL_requires_same_
#endif
#ifndef _IRQL_raises_
#define _IRQL_raises_(irql)
#endif
#ifndef _IRQL_saves_
#define _IRQL_saves_
#endif
#ifndef _IRQL_restores_
#define _IRQL_restores_
#endif
#ifndef _Function_class_
#define _Function_class_(name)
#endif
#ifndef _Dispatch_type_
#define _Dispatch_type_(major)
#endif
#ifndef _Use_decl_annotations_
#define _Use_decl_annotations_
#endif
#ifndef _Must_inspect_result_
#define _Must_inspect_result_
#endif
#ifndef _In_
#define _In_
#define _Inout_
#define _Out_
#define _In_opt_
#define _Out_opt_
#define _Inout_opt_
#endif
#ifndef _In_reads_bytes_
#define _In_reads_bytes_(bytes)
#endif
#ifndef _In_reads_bytes_opt_
#define _In_reads_bytes_opt_(bytes)
#endif
#ifndef _Out_writes_bytes_
#define _Out_writes_bytes_(bytes)
#endif
#ifndef _Inout_updates_bytes_
#define _Inout_updates_bytes_(bytes)
#endif
#ifndef DECLSPEC_NOINLINE
#define DECLSPEC_NOINLINE
#endif

/* Role types of callbacks, for which mingw's headers define only pointers. */
#ifdef __MINGW64_VERSION_MAJOR
typedef VOID NTAPI DRIVER_REINITIALIZE(PDRIVER_OBJECT driver, PVOID context, ULONG count);
typedef VOID NTAPI IO_CSQ_INSERT_IRP(PIO_CSQ queue, PIRP irp);
typedef VOID NTAPI IO_CSQ_REMOVE_IRP(PIO_CSQ queue, PIRP irp);
typedef PIRP NTAPI IO_CSQ_PEEK_NEXT_IRP(PIO_CSQ queue, PIRP irp, PVOID context);
typedef VOID NTAPI IO_CSQ_ACQUIRE_LOCK(PIO_CSQ queue, PKIRQL irql);
typedef VOID NTAPI IO_CSQ_RELEASE_LOCK(PIO_CSQ queue, KIRQL irql);
typedef VOID NTAPI IO_CSQ_COMPLETE_CANCELED_IRP(PIO_CSQ queue, PIRP irp);
#endif

/* Constants of Windows 8 and later, which mingw's headers lack. */
#ifndef MdlMappingNoExecute
#define MdlMappingNoExecute 0x40000000
#endif

/*
 * Structured exceptions, which GCC does not have. Drivers built with GCC are for Wine, where the guarded code is not
 * compiled. A file that needs exceptions on Windows checks that with #error.
 */
#if defined(_MSC_VER) || defined(__clang__) || defined(__try)
#define RV_HAS_SEH 1
#else
#define RV_HAS_SEH 0
#endif

/* 'RngV', as it is shown in a dump. */
#define RV_POOL_TAG 0x56676e52u

#endif
