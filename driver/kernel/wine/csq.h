/*
 * csq.h - the functions of the cancel-safe queue. Wine 8 exports them without implementing them, so they are
 * implemented here as documented, in order that tests run the callbacks of notify.c. On Windows the kernel's own are
 * used.
 */
#ifndef RINGVIEW_WINE_CSQ_H
#define RINGVIEW_WINE_CSQ_H

#ifdef RV_WINE

#include "../wdk.h"

NTSTATUS rv_wine_csq_initialize(PIO_CSQ queue, PIO_CSQ_INSERT_IRP insert, PIO_CSQ_REMOVE_IRP remove,
                                PIO_CSQ_PEEK_NEXT_IRP peek, PIO_CSQ_ACQUIRE_LOCK acquire, PIO_CSQ_RELEASE_LOCK release,
                                PIO_CSQ_COMPLETE_CANCELED_IRP complete);
void rv_wine_csq_insert(PIO_CSQ queue, PIRP irp);
PIRP rv_wine_csq_remove_next(PIO_CSQ queue, PVOID context);

#define rv_csq_initialize rv_wine_csq_initialize
#define rv_csq_insert(queue, irp) rv_wine_csq_insert(queue, irp)
#define rv_csq_remove_next(queue, context) rv_wine_csq_remove_next(queue, context)

#else

#define rv_csq_initialize IoCsqInitialize
#define rv_csq_insert(queue, irp) IoCsqInsertIrp(queue, irp, NULL)
#define rv_csq_remove_next(queue, context) IoCsqRemoveNextIrp(queue, context)

#endif

#endif
