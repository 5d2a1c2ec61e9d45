/*
 * ntddk.h - as much of the WDK as driver/kernel uses, for a host program in which every acquisition can be made to fail
 * and every one is accounted for. The driver's Windows sources are compiled against it unchanged, those that Wine cannot
 * run included. Behaviour is that of the documentation, reduced to one thread: nothing here blocks.
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

/* ---- types -------------------------------------------------------------------------------------------------------- */

typedef void VOID, *PVOID, *HANDLE, **PHANDLE;
typedef char CHAR, *PCHAR, *PSTR;
typedef uint8_t UCHAR, *PUCHAR, BOOLEAN, KIRQL, *PKIRQL;
typedef int16_t CSHORT;
typedef uint16_t USHORT, WCHAR, *PWSTR;
typedef const uint16_t *PCWSTR;
typedef int32_t LONG, *PLONG, NTSTATUS;
typedef uint32_t ULONG, *PULONG, DEVICE_TYPE, ACCESS_MASK;
typedef int64_t LONG64, LONGLONG;
typedef uint64_t ULONG64, ULONGLONG;
typedef uintptr_t ULONG_PTR, KAFFINITY, KSPIN_LOCK, *PKSPIN_LOCK;
typedef size_t SIZE_T, *PSIZE_T;

#define TRUE 1
#define FALSE 0
#define NTAPI
#define UNREFERENCED_PARAMETER(p) ((void)(p))
#define CONTAINING_RECORD(at, type, field) ((type *)(void *)((char *)(at)-offsetof(type, field)))

typedef union LARGE_INTEGER {
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef struct UNICODE_STRING {
    USHORT Length, MaximumLength;
    PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;
typedef struct STRING {
    USHORT Length, MaximumLength;
    PCHAR Buffer;
} STRING, *PSTRING;
#define RTL_CONSTANT_STRING(s)                                                                                         \
    {                                                                                                                  \
        sizeof(s) - sizeof((s)[0]), sizeof(s), (void *)(uintptr_t)(s)                                                  \
    }

typedef struct GUID {
    ULONG a;
    USHORT b, c;
    UCHAR d[8];
} GUID;
typedef const GUID *LPCGUID;

typedef struct LIST_ENTRY {
    struct LIST_ENTRY *Flink, *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

/* ---- status ------------------------------------------------------------------------------------------------------- */

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define STATUS_SUCCESS ((NTSTATUS)0)
#define STATUS_PENDING ((NTSTATUS)0x103)
#define STATUS_UNSUCCESSFUL ((NTSTATUS)0xc0000001)
#define STATUS_INVALID_HANDLE ((NTSTATUS)0xc0000008)
#define STATUS_INVALID_PARAMETER ((NTSTATUS)0xc000000d)
#define STATUS_INVALID_DEVICE_REQUEST ((NTSTATUS)0xc0000010)
#define STATUS_NO_MEMORY ((NTSTATUS)0xc0000017)
#define STATUS_BUFFER_TOO_SMALL ((NTSTATUS)0xc0000023)
#define STATUS_REVISION_MISMATCH ((NTSTATUS)0xc0000059)
#define STATUS_INSUFFICIENT_RESOURCES ((NTSTATUS)0xc000009a)
#define STATUS_WORKING_SET_QUOTA ((NTSTATUS)0xc00000a1)
#define STATUS_DEVICE_NOT_READY ((NTSTATUS)0xc00000a3)
#define STATUS_NOT_SUPPORTED ((NTSTATUS)0xc00000bb)
#define STATUS_DELETE_PENDING ((NTSTATUS)0xc0000056)
#define STATUS_DEVICE_BUSY ((NTSTATUS)0x80000011)
#define STATUS_CANCELLED ((NTSTATUS)0xc0000120)
#define STATUS_NOT_FOUND ((NTSTATUS)0xc0000225)
#define STATUS_ACCESS_DENIED ((NTSTATUS)0xc0000022)

/* ---- exceptions: only MmProbeAndLockPages raises -------------------------------------------------------------------- */

#define EXCEPTION_EXECUTE_HANDLER 1
#ifdef _MSC_VER
unsigned long __cdecl _exception_code(void);
#define GetExceptionCode() ((NTSTATUS)_exception_code())
#else
extern jmp_buf shim_exception;
#define __try if (setjmp(shim_exception) == 0)
/* The formatter would put a blank before the parameter. */
/* clang-format off */
#define __except(filter) else
/* clang-format on */
#define GetExceptionCode() STATUS_WORKING_SET_QUOTA
#endif

/* ---- the lists and interlocked operations ---------------------------------------------------------------------------- */

static inline void InitializeListHead(PLIST_ENTRY head)
{
    head->Flink = head->Blink = head;
}

static inline BOOLEAN IsListEmpty(const LIST_ENTRY *head)
{
    return head->Flink == head;
}

static inline BOOLEAN RemoveEntryList(PLIST_ENTRY entry)
{
    entry->Flink->Blink = entry->Blink;
    entry->Blink->Flink = entry->Flink;
    return entry->Flink == entry->Blink;
}

static inline PLIST_ENTRY RemoveHeadList(PLIST_ENTRY head)
{
    PLIST_ENTRY first = head->Flink;
    (void)RemoveEntryList(first);
    return first;
}

static inline void InsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry)
{
    entry->Flink = head;
    entry->Blink = head->Blink;
    head->Blink->Flink = entry;
    head->Blink = entry;
}

#define InterlockedExchange(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedExchangePointer(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedExchange64(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd64(p, v) __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedIncrement(p) __atomic_add_fetch((p), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement(p) __atomic_sub_fetch((p), 1, __ATOMIC_SEQ_CST)
#define InterlockedCompareExchange(p, new_value, old) shim_compare((p), (new_value), (old))
#define InterlockedCompareExchange64(p, new_value, old) shim_compare64((p), (new_value), (old))

static inline LONG shim_compare(volatile LONG *p, LONG new_value, LONG old)
{
    __atomic_compare_exchange_n(p, &old, new_value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return old;
}

static inline LONG64 shim_compare64(volatile LONG64 *p, LONG64 new_value, LONG64 old)
{
    __atomic_compare_exchange_n(p, &old, new_value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return old;
}

#define KeMemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)

#ifdef _MSC_VER
#define _IRQL_requires_max_(irql)
#define _IRQL_requires_min_(irql)
#define _IRQL_raises_(irql)
#endif

/* What platform.h asks of the WDK where the compiler is Microsoft's. */
#ifdef _MSC_VER
#define ReadNoFence(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define ReadNoFence64(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define ReadAcquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define ReadAcquire64(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define ReadPointerAcquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define WriteNoFence(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define WriteNoFence64(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define WriteRelease(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define WriteRelease64(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define WritePointerRelease(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define KeMemoryBarrierWithoutFence() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#ifdef _M_AMD64
#define _mm_lfence() __builtin_ia32_lfence()
#else
#define _ARM64_BARRIER_ISH 11
#define _ARM64_BARRIER_SY 15
#define __dsb(kind) __builtin_arm_dsb(kind)
#define __isb(kind) __builtin_arm_isb(kind)
#endif
#endif

/* ---- IRQL, locks, events, timers, DPCs -------------------------------------------------------------------------------- */

#define PASSIVE_LEVEL 0
#define APC_LEVEL 1
#define DISPATCH_LEVEL 2
#define HIGH_LEVEL 15
KIRQL KeGetCurrentIrql(void);
void KeRaiseIrql(KIRQL level, PKIRQL old);
void KeLowerIrql(KIRQL level);
void KeAcquireSpinLock(PKSPIN_LOCK lock, PKIRQL old);
void KeReleaseSpinLock(PKSPIN_LOCK lock, KIRQL old);
void KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock);
void KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock);
#define KeInitializeSpinLock(lock) ((void)(*(lock) = 0))
void KeEnterCriticalRegion(void);
void KeLeaveCriticalRegion(void);

typedef enum {
    NotificationEvent,
    SynchronizationEvent
} EVENT_TYPE;
typedef enum {
    Executive
} KWAIT_REASON;
typedef enum {
    KernelMode,
    UserMode
} KPROCESSOR_MODE;
typedef struct KEVENT {
    bool set, synchronization;
} KEVENT, *PKEVENT, *PRKEVENT;
void KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state);
LONG KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait);
NTSTATUS KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode, BOOLEAN alertable,
                               PLARGE_INTEGER timeout);
NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval);
#define IO_NO_INCREMENT 0

struct KDPC;
typedef VOID KDEFERRED_ROUTINE(struct KDPC *dpc, PVOID context, PVOID argument1, PVOID argument2);
typedef enum {
    LowImportance,
    MediumImportance,
    HighImportance
} KDPC_IMPORTANCE;
typedef struct KDPC {
    KDEFERRED_ROUTINE *routine;
    PVOID context;
    KDPC_IMPORTANCE importance;
    ULONG target;
    bool queued;
} KDPC, *PKDPC;
typedef struct KTIMER {
    PKDPC dpc;
    struct KTIMER *next;
    bool armed;
} KTIMER, *PKTIMER;
void KeInitializeDpc(PKDPC dpc, KDEFERRED_ROUTINE *routine, PVOID context);
void KeSetImportanceDpc(PKDPC dpc, KDPC_IMPORTANCE importance);
BOOLEAN KeInsertQueueDpc(PKDPC dpc, PVOID argument1, PVOID argument2);
void KeInitializeTimer(PKTIMER timer);
BOOLEAN KeSetTimerEx(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc);
BOOLEAN KeCancelTimer(PKTIMER timer);
void KeFlushQueuedDpcs(void);

typedef struct PROCESSOR_NUMBER {
    USHORT Group;
    UCHAR Number, Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;
typedef struct GROUP_AFFINITY {
    KAFFINITY Mask;
    USHORT Group, Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;
USHORT KeQueryHighestNodeNumber(void);
void KeQueryNodeActiveAffinity(USHORT node, PGROUP_AFFINITY affinity, USHORT *count);
void KeSetSystemGroupAffinityThread(PGROUP_AFFINITY affinity, PGROUP_AFFINITY previous);
void KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY previous);
#define ALL_PROCESSOR_GROUPS 0xffff
ULONG KeQueryMaximumProcessorCountEx(USHORT group);
ULONG KeQueryActiveProcessorCountEx(USHORT group);
ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number);
NTSTATUS KeGetProcessorNumberFromIndex(ULONG index, PPROCESSOR_NUMBER number);
NTSTATUS KeSetTargetProcessorDpcEx(PKDPC dpc, PPROCESSOR_NUMBER number);
LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER frequency);
void KeQuerySystemTime(PLARGE_INTEGER time);

/* ---- memory and objects -------------------------------------------------------------------------------------------- */

typedef enum {
    NonPagedPool,
    NonPagedPoolNx = 512
} POOL_TYPE;
PVOID ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T bytes, ULONG tag);
void ExFreePoolWithTag(PVOID memory, ULONG tag);

typedef struct OBJECT_ATTRIBUTES {
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
#define OBJ_CASE_INSENSITIVE 0x40
#define OBJ_KERNEL_HANDLE 0x200
#define InitializeObjectAttributes(p, name, attributes, root, descriptor)                                              \
    ((void)((p)->Attributes = (attributes), (p)->ObjectName = (name)))
typedef struct OBJECT_TYPE OBJECT_TYPE, *POBJECT_TYPE;
extern POBJECT_TYPE *ExEventObjectType;
#define EVENT_MODIFY_STATE 2
NTSTATUS ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                   PVOID *object, PVOID information);
LONG ObReferenceObject(PVOID object);
LONG ObDereferenceObject(PVOID object);

#define SECTION_QUERY 1
#define SECTION_MAP_WRITE 2
#define SECTION_MAP_READ 4
#define SEC_COMMIT 0x8000000
#define PAGE_READONLY 2
#define PAGE_READWRITE 4
typedef enum {
    ViewShare = 1,
    ViewUnmap = 2
} SECTION_INHERIT;
NTSTATUS ZwCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PLARGE_INTEGER size,
                         ULONG protection, ULONG allocation, HANDLE file);
NTSTATUS ZwClose(HANDLE handle);
NTSTATUS ZwMapViewOfSection(HANDLE section, HANDLE process, PVOID *address, ULONG_PTR zero_bits, SIZE_T commit,
                            PLARGE_INTEGER offset, PSIZE_T bytes, SECTION_INHERIT inherit, ULONG allocation,
                            ULONG protection);
NTSTATUS ZwUnmapViewOfSection(HANDLE process, PVOID address);
#define ZwCurrentProcess() ((HANDLE)(intptr_t)-1)
NTSTATUS MmMapViewInSystemSpace(PVOID section, PVOID *address, PSIZE_T bytes);
NTSTATUS MmUnmapViewInSystemSpace(PVOID address);

typedef struct MDL {
    PVOID address;
    bool locked;
} MDL, *PMDL;
typedef enum {
    IoReadAccess,
    IoWriteAccess,
    IoModifyAccess
} LOCK_OPERATION;
#define NormalPagePriority 16
PMDL IoAllocateMdl(PVOID address, ULONG bytes, BOOLEAN secondary, BOOLEAN quota, PVOID irp);
void IoFreeMdl(PMDL mdl);
void MmProbeAndLockPages(PMDL mdl, KPROCESSOR_MODE mode, LOCK_OPERATION operation);
void MmUnlockPages(PMDL mdl);
PVOID MmGetSystemAddressForMdlSafe(PMDL mdl, ULONG priority);
PVOID MmGetSystemRoutineAddress(PUNICODE_STRING name);
void RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text);

/* ---- processes --------------------------------------------------------------------------------------------------- */

typedef struct EPROCESS *PEPROCESS;
typedef struct CLIENT_ID {
    HANDLE UniqueProcess, UniqueThread;
} CLIENT_ID;
typedef struct PS_CREATE_NOTIFY_INFO {
    HANDLE ParentProcessId;
    CLIENT_ID CreatingThreadId;
    PCUNICODE_STRING ImageFileName;
} PS_CREATE_NOTIFY_INFO, *PPS_CREATE_NOTIFY_INFO;
typedef struct IMAGE_INFO {
    PVOID ImageBase;
    SIZE_T ImageSize;
} IMAGE_INFO, *PIMAGE_INFO;
typedef VOID (*shim_process_routine)(PEPROCESS, HANDLE, PPS_CREATE_NOTIFY_INFO);
typedef VOID (*shim_thread_routine)(HANDLE, HANDLE, BOOLEAN);
typedef VOID (*shim_image_routine)(PUNICODE_STRING, HANDLE, PIMAGE_INFO);
NTSTATUS PsSetCreateProcessNotifyRoutineEx(shim_process_routine routine, BOOLEAN remove);
NTSTATUS PsSetCreateThreadNotifyRoutine(shim_thread_routine routine);
NTSTATUS PsRemoveCreateThreadNotifyRoutine(shim_thread_routine routine);
NTSTATUS PsSetLoadImageNotifyRoutine(shim_image_routine routine);
NTSTATUS PsRemoveLoadImageNotifyRoutine(shim_image_routine routine);
HANDLE PsGetCurrentProcessId(void);
HANDLE PsGetCurrentThreadId(void);
PEPROCESS PsGetCurrentProcess(void);

/* ---- bugcheck ------------------------------------------------------------------------------------------------------ */

typedef enum {
    KbCallbackInvalid,
    KbCallbackAddPages = 4
} KBUGCHECK_CALLBACK_REASON;
struct _KBUGCHECK_REASON_CALLBACK_RECORD;
typedef VOID KBUGCHECK_REASON_CALLBACK_ROUTINE(KBUGCHECK_CALLBACK_REASON, struct _KBUGCHECK_REASON_CALLBACK_RECORD *,
                                               PVOID, ULONG);
typedef KBUGCHECK_REASON_CALLBACK_ROUTINE *shim_bugcheck_routine;
typedef struct _KBUGCHECK_REASON_CALLBACK_RECORD {
    shim_bugcheck_routine routine;
} KBUGCHECK_REASON_CALLBACK_RECORD, *PKBUGCHECK_REASON_CALLBACK_RECORD;
typedef struct KBUGCHECK_ADD_PAGES {
    PVOID Context;
    ULONG Flags, BugCheckCode;
    ULONG_PTR Address, Count;
} KBUGCHECK_ADD_PAGES, *PKBUGCHECK_ADD_PAGES;
#define KB_ADD_PAGES_FLAG_VIRTUAL_ADDRESS 1
#define KB_ADD_PAGES_FLAG_ADDITIONAL_RANGES_EXIST 0x80000000u
#define KeInitializeCallbackRecord(record) ((void)((record)->routine = NULL))
BOOLEAN KeRegisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record, shim_bugcheck_routine routine,
                                         KBUGCHECK_CALLBACK_REASON reason, PUCHAR component);
BOOLEAN KeDeregisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record);

/* ---- devices and IRPs ---------------------------------------------------------------------------------------------- */

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

/* ---- threads, and the rest of what only the sample uses: declared, not there -------------------------------------------- */

#define InterlockedIncrement64(p) __atomic_add_fetch((p), 1, __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd(p, v) __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define NTSYSAPI
#define THREAD_ALL_ACCESS 0x1fffff
typedef VOID KSTART_ROUTINE(PVOID context);
NTSTATUS PsCreateSystemThread(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes, HANDLE process,
                              CLIENT_ID *client, KSTART_ROUTINE *routine, PVOID context);
NTSTATUS PsTerminateSystemThread(NTSTATUS status);
ULONG KeQueryActiveProcessorCount(KAFFINITY *active);
void KeSetTargetProcessorDpc(PKDPC dpc, CHAR number);
typedef CHAR CCHAR;

#endif
