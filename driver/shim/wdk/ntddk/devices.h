/* devices.h - part of ntddk.h: devices and IRPs, work items, callback objects, cancel-safe queues. */
#ifndef RINGVIEW_SHIM_NTDDK_DEVICES_H
#define RINGVIEW_SHIM_NTDDK_DEVICES_H

#include <stdbool.h>

#include "memory.h"

#define IRP_MJ_CREATE 0
#define IRP_MJ_CLOSE 2
#define IRP_MJ_DEVICE_CONTROL 14
#define IRP_MJ_INTERNAL_DEVICE_CONTROL 15
#define IRP_MJ_CLEANUP 18
#define IRP_MJ_MAXIMUM_FUNCTION 27
#define FILE_DEVICE_UNKNOWN 0x22
#define FILE_DEVICE_SECURE_OPEN 0x100
#define DO_DEVICE_INITIALIZING 0x80

typedef struct DEVICE_OBJECT {
    ULONG Flags;
    struct DRIVER_OBJECT *DriverObject;
} DEVICE_OBJECT, *PDEVICE_OBJECT;
typedef struct FILE_OBJECT {
    PDEVICE_OBJECT DeviceObject;
    PVOID FsContext;
} FILE_OBJECT, *PFILE_OBJECT;
struct IRP;
typedef struct DRIVER_OBJECT DRIVER_OBJECT, *PDRIVER_OBJECT;
typedef NTSTATUS DRIVER_DISPATCH(PDEVICE_OBJECT device, struct IRP *irp);
typedef NTSTATUS DRIVER_INITIALIZE(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);
typedef VOID DRIVER_UNLOAD(PDRIVER_OBJECT driver);
struct DRIVER_OBJECT {
    DRIVER_UNLOAD *DriverUnload;
    DRIVER_DISPATCH *MajorFunction[IRP_MJ_MAXIMUM_FUNCTION + 1];
};
typedef struct IO_STATUS_BLOCK {
    NTSTATUS Status;
    ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;
typedef struct IO_STACK_LOCATION {
    UCHAR MajorFunction;
    PFILE_OBJECT FileObject;
    struct {
        struct {
            ULONG OutputBufferLength, InputBufferLength, IoControlCode;
            PVOID Type3InputBuffer;
        } DeviceIoControl;
    } Parameters;
} IO_STACK_LOCATION, *PIO_STACK_LOCATION;
typedef struct IRP {
    IO_STATUS_BLOCK IoStatus;
    KPROCESSOR_MODE RequestorMode;
    union {
        PVOID SystemBuffer;
    } AssociatedIrp;
    struct {
        struct {
            LIST_ENTRY ListEntry;
        } Overlay;
    } Tail;
    IO_STACK_LOCATION stack;
    int completed;
    bool pending;
} IRP, *PIRP;
#define IoGetCurrentIrpStackLocation(irp) (&(irp)->stack)
#define IoMarkIrpPending(irp) ((void)((irp)->pending = true))
void IoCompleteRequest(PIRP irp, CHAR boost);
NTSTATUS IoCreateSymbolicLink(PUNICODE_STRING link, PUNICODE_STRING device);
NTSTATUS IoDeleteSymbolicLink(PUNICODE_STRING link);
void IoDeleteDevice(PDEVICE_OBJECT device);
PIRP IoBuildDeviceIoControlRequest(ULONG code, PDEVICE_OBJECT device, PVOID input, ULONG input_bytes, PVOID output,
                                   ULONG output_bytes, BOOLEAN internal, PKEVENT event, PIO_STATUS_BLOCK status);
NTSTATUS IoCallDriver(PDEVICE_OBJECT device, PIRP irp);
#define FILE_ALL_ACCESS 0x1f01ff
#define FILE_READ_DATA 1
#define FILE_WRITE_DATA 2
NTSTATUS IoGetDeviceObjectPointer(PUNICODE_STRING name, ACCESS_MASK access, PFILE_OBJECT *file, PDEVICE_OBJECT *device);

typedef struct IO_WORKITEM IO_WORKITEM, *PIO_WORKITEM;
typedef VOID IO_WORKITEM_ROUTINE(PDEVICE_OBJECT device, PVOID context);
typedef enum {
    CriticalWorkQueue,
    DelayedWorkQueue
} WORK_QUEUE_TYPE;
PIO_WORKITEM IoAllocateWorkItem(PDEVICE_OBJECT device);
void IoQueueWorkItem(PIO_WORKITEM item, IO_WORKITEM_ROUTINE *routine, WORK_QUEUE_TYPE type, PVOID context);
void IoFreeWorkItem(PIO_WORKITEM item);

typedef struct CALLBACK_OBJECT CALLBACK_OBJECT, *PCALLBACK_OBJECT;
typedef VOID CALLBACK_FUNCTION(PVOID context, PVOID argument1, PVOID argument2);
#define PO_CB_SYSTEM_STATE_LOCK 3
NTSTATUS ExCreateCallback(PCALLBACK_OBJECT *object, POBJECT_ATTRIBUTES attributes, BOOLEAN create, BOOLEAN multiple);
PVOID ExRegisterCallback(PCALLBACK_OBJECT object, CALLBACK_FUNCTION *function, PVOID context);
void ExUnregisterCallback(PVOID registration);
void ExNotifyCallback(PCALLBACK_OBJECT object, PVOID argument1, PVOID argument2);

struct IO_CSQ;
typedef VOID IO_CSQ_INSERT_IRP(struct IO_CSQ *queue, PIRP irp);
typedef IO_CSQ_INSERT_IRP *PIO_CSQ_INSERT_IRP;
typedef VOID IO_CSQ_REMOVE_IRP(struct IO_CSQ *queue, PIRP irp);
typedef IO_CSQ_REMOVE_IRP *PIO_CSQ_REMOVE_IRP;
typedef PIRP IO_CSQ_PEEK_NEXT_IRP(struct IO_CSQ *queue, PIRP irp, PVOID context);
typedef IO_CSQ_PEEK_NEXT_IRP *PIO_CSQ_PEEK_NEXT_IRP;
typedef VOID IO_CSQ_ACQUIRE_LOCK(struct IO_CSQ *queue, PKIRQL irql);
typedef IO_CSQ_ACQUIRE_LOCK *PIO_CSQ_ACQUIRE_LOCK;
typedef VOID IO_CSQ_RELEASE_LOCK(struct IO_CSQ *queue, KIRQL irql);
typedef IO_CSQ_RELEASE_LOCK *PIO_CSQ_RELEASE_LOCK;
typedef VOID IO_CSQ_COMPLETE_CANCELED_IRP(struct IO_CSQ *queue, PIRP irp);
typedef IO_CSQ_COMPLETE_CANCELED_IRP *PIO_CSQ_COMPLETE_CANCELED_IRP;
typedef struct IO_CSQ {
    PIO_CSQ_INSERT_IRP insert;
    PIO_CSQ_REMOVE_IRP remove;
    PIO_CSQ_PEEK_NEXT_IRP peek;
    PIO_CSQ_ACQUIRE_LOCK acquire;
    PIO_CSQ_RELEASE_LOCK release;
    PIO_CSQ_COMPLETE_CANCELED_IRP cancel;
} IO_CSQ, *PIO_CSQ;
NTSTATUS IoCsqInitialize(PIO_CSQ queue, PIO_CSQ_INSERT_IRP insert, PIO_CSQ_REMOVE_IRP remove,
                         PIO_CSQ_PEEK_NEXT_IRP peek, PIO_CSQ_ACQUIRE_LOCK acquire, PIO_CSQ_RELEASE_LOCK release,
                         PIO_CSQ_COMPLETE_CANCELED_IRP cancel);
void IoCsqInsertIrp(PIO_CSQ queue, PIRP irp, PVOID context);
PIRP IoCsqRemoveNextIrp(PIO_CSQ queue, PVOID context);

#endif
