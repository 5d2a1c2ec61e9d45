/*
 * fltkernel.h - the filter manager, and of ntifs.h what it needs, as far as the driver uses them: names, types and numbers of the
 * documentation of fltkernel.h and ntifs.h.
 */
#ifndef RINGVIEW_SHIM_FLTKERNEL_H
#define RINGVIEW_SHIM_FLTKERNEL_H

#include <ntddk.h>

#define FLTAPI
#define IRP_MJ_READ 3
#define IRP_MJ_WRITE 4
#define IRP_MJ_SET_INFORMATION 6
#define IRP_MJ_OPERATION_END ((UCHAR)0x80)
#define IRP_PAGING_IO 2u
#define IRP_SYNCHRONOUS_PAGING_IO 0x40u
#define SL_OPEN_PAGING_FILE 2u
#define FILE_DEVICE_CD_ROM_FILE_SYSTEM 3u
#define FILE_DEVICE_DISK_FILE_SYSTEM 8u
#define FILE_DEVICE_NETWORK_FILE_SYSTEM 0x14u

#define STATUS_REPARSE ((NTSTATUS)0x104)
#define STATUS_OBJECT_NAME_NOT_FOUND ((NTSTATUS)0xc0000034)
#define STATUS_FLT_DISALLOW_FAST_IO ((NTSTATUS)0xc01c0004)
#define STATUS_FLT_INVALID_NAME_REQUEST ((NTSTATUS)0xc01c0005)
#define STATUS_FLT_DELETING_OBJECT ((NTSTATUS)0xc01c000b)
#define STATUS_FLT_DO_NOT_ATTACH ((NTSTATUS)0xc01c000f)
#define STATUS_FLT_DO_NOT_DETACH ((NTSTATUS)0xc01c0010)
#define STATUS_FLT_CONTEXT_ALREADY_DEFINED ((NTSTATUS)0xc01c0002)

typedef struct ETHREAD *PETHREAD;
HANDLE PsGetThreadId(PETHREAD thread);

typedef enum FILE_INFORMATION_CLASS {
    FileRenameInformation = 10,
    FileDispositionInformation = 13,
    FileDispositionInformationEx = 64,
    FileRenameInformationEx = 65
} FILE_INFORMATION_CLASS;
typedef struct FILE_RENAME_INFORMATION {
    union {
        BOOLEAN ReplaceIfExists;
        ULONG Flags;
    };
    HANDLE RootDirectory;
    ULONG FileNameLength; /* in bytes */
    WCHAR FileName[1];
} FILE_RENAME_INFORMATION, *PFILE_RENAME_INFORMATION;
typedef struct FILE_DISPOSITION_INFORMATION {
    BOOLEAN DeleteFile;
} FILE_DISPOSITION_INFORMATION;
#define FILE_DISPOSITION_DELETE 1u
typedef struct FILE_DISPOSITION_INFORMATION_EX {
    ULONG Flags;
} FILE_DISPOSITION_INFORMATION_EX;
typedef struct IO_SECURITY_CONTEXT {
    ACCESS_MASK DesiredAccess;
} IO_SECURITY_CONTEXT, *PIO_SECURITY_CONTEXT;

typedef struct FLT_FILTER *PFLT_FILTER;
typedef struct FLT_INSTANCE *PFLT_INSTANCE;
typedef PVOID PFLT_CONTEXT;

typedef union FLT_PARAMETERS {
    struct {
        PIO_SECURITY_CONTEXT SecurityContext;
        ULONG Options; /* the disposition in the upper 8 bits */
    } Create;
    struct {
        ULONG Length;
        LARGE_INTEGER ByteOffset;
    } Read;
    struct {
        ULONG Length;
        LARGE_INTEGER ByteOffset;
    } Write;
    struct {
        ULONG Length;
        FILE_INFORMATION_CLASS FileInformationClass;
        PVOID InfoBuffer;
    } SetFileInformation;
} FLT_PARAMETERS;
typedef struct FLT_IO_PARAMETER_BLOCK {
    ULONG IrpFlags;
    UCHAR MajorFunction, MinorFunction, OperationFlags, Reserved;
    PFILE_OBJECT TargetFileObject;
    PFLT_INSTANCE TargetInstance;
    FLT_PARAMETERS Parameters;
} FLT_IO_PARAMETER_BLOCK, *PFLT_IO_PARAMETER_BLOCK;
typedef struct FLT_CALLBACK_DATA {
    ULONG Flags;
    PETHREAD Thread;
    PFLT_IO_PARAMETER_BLOCK Iopb;
    IO_STATUS_BLOCK IoStatus;
    KPROCESSOR_MODE RequestorMode;
} FLT_CALLBACK_DATA, *PFLT_CALLBACK_DATA;
typedef struct FLT_RELATED_OBJECTS {
    USHORT Size;
    PFLT_FILTER Filter;
    PFLT_INSTANCE Instance;
    PFILE_OBJECT FileObject;
} FLT_RELATED_OBJECTS;
typedef const FLT_RELATED_OBJECTS *PCFLT_RELATED_OBJECTS;

typedef enum FLT_PREOP_CALLBACK_STATUS {
    FLT_PREOP_SUCCESS_WITH_CALLBACK,
    FLT_PREOP_SUCCESS_NO_CALLBACK,
    FLT_PREOP_PENDING,
    FLT_PREOP_DISALLOW_FASTIO,
    FLT_PREOP_COMPLETE,
    FLT_PREOP_SYNCHRONIZE
} FLT_PREOP_CALLBACK_STATUS;
typedef enum FLT_POSTOP_CALLBACK_STATUS {
    FLT_POSTOP_FINISHED_PROCESSING,
    FLT_POSTOP_MORE_PROCESSING_REQUIRED
} FLT_POSTOP_CALLBACK_STATUS;
typedef ULONG FLT_POST_OPERATION_FLAGS;
#define FLTFL_POST_OPERATION_DRAINING 1u
typedef FLT_PREOP_CALLBACK_STATUS(FLTAPI *PFLT_PRE_OPERATION_CALLBACK)(PFLT_CALLBACK_DATA data,
                                                                       PCFLT_RELATED_OBJECTS objects,
                                                                       PVOID *completion);
typedef FLT_POSTOP_CALLBACK_STATUS(FLTAPI *PFLT_POST_OPERATION_CALLBACK)(PFLT_CALLBACK_DATA data,
                                                                         PCFLT_RELATED_OBJECTS objects,
                                                                         PVOID completion,
                                                                         FLT_POST_OPERATION_FLAGS flags);
typedef struct FLT_OPERATION_REGISTRATION {
    UCHAR MajorFunction;
    ULONG Flags;
    PFLT_PRE_OPERATION_CALLBACK PreOperation;
    PFLT_POST_OPERATION_CALLBACK PostOperation;
    PVOID Reserved1;
} FLT_OPERATION_REGISTRATION;

typedef USHORT FLT_CONTEXT_TYPE;
#define FLT_STREAMHANDLE_CONTEXT 0x10u
#define FLT_CONTEXT_END 0xffffu
#define FLT_VARIABLE_SIZED_CONTEXTS ((SIZE_T)-1)
typedef VOID(FLTAPI *PFLT_CONTEXT_CLEANUP_CALLBACK)(PFLT_CONTEXT context, FLT_CONTEXT_TYPE type);
typedef struct FLT_CONTEXT_REGISTRATION {
    FLT_CONTEXT_TYPE ContextType;
    USHORT Flags;
    PFLT_CONTEXT_CLEANUP_CALLBACK ContextCleanupCallback;
    SIZE_T Size;
    ULONG PoolTag;
} FLT_CONTEXT_REGISTRATION;

typedef enum FLT_FILESYSTEM_TYPE {
    FLT_FSTYPE_UNKNOWN,
    FLT_FSTYPE_RAW,
    FLT_FSTYPE_NTFS
} FLT_FILESYSTEM_TYPE;
typedef ULONG FLT_FILTER_UNLOAD_FLAGS, FLT_INSTANCE_SETUP_FLAGS, FLT_INSTANCE_QUERY_TEARDOWN_FLAGS;
#define FLTFL_FILTER_UNLOAD_MANDATORY 1u
typedef NTSTATUS(FLTAPI *PFLT_FILTER_UNLOAD_CALLBACK)(FLT_FILTER_UNLOAD_FLAGS flags);
typedef NTSTATUS(FLTAPI *PFLT_INSTANCE_SETUP_CALLBACK)(PCFLT_RELATED_OBJECTS objects, FLT_INSTANCE_SETUP_FLAGS flags,
                                                       DEVICE_TYPE device, FLT_FILESYSTEM_TYPE file_system);
typedef NTSTATUS(FLTAPI *PFLT_INSTANCE_QUERY_TEARDOWN_CALLBACK)(PCFLT_RELATED_OBJECTS objects,
                                                                FLT_INSTANCE_QUERY_TEARDOWN_FLAGS flags);
#define FLT_REGISTRATION_VERSION 0x0203
typedef struct FLT_REGISTRATION {
    USHORT Size, Version;
    ULONG Flags;
    const FLT_CONTEXT_REGISTRATION *ContextRegistration;
    const FLT_OPERATION_REGISTRATION *OperationRegistration;
    PFLT_FILTER_UNLOAD_CALLBACK FilterUnloadCallback;
    PFLT_INSTANCE_SETUP_CALLBACK InstanceSetupCallback;
    PFLT_INSTANCE_QUERY_TEARDOWN_CALLBACK InstanceQueryTeardownCallback;
} FLT_REGISTRATION;

NTSTATUS FLTAPI FltRegisterFilter(PDRIVER_OBJECT driver, const FLT_REGISTRATION *registration, PFLT_FILTER *filter);
NTSTATUS FLTAPI FltStartFiltering(PFLT_FILTER filter);
VOID FLTAPI FltUnregisterFilter(PFLT_FILTER filter);

NTSTATUS FLTAPI FltAllocateContext(PFLT_FILTER filter, FLT_CONTEXT_TYPE type, SIZE_T bytes, POOL_TYPE pool,
                                   PFLT_CONTEXT *context);
VOID FLTAPI FltReleaseContext(PFLT_CONTEXT context);
NTSTATUS FLTAPI FltGetStreamHandleContext(PFLT_INSTANCE instance, PFILE_OBJECT file, PFLT_CONTEXT *context);
typedef enum FLT_SET_CONTEXT_OPERATION {
    FLT_SET_CONTEXT_REPLACE_IF_EXISTS,
    FLT_SET_CONTEXT_KEEP_IF_EXISTS
} FLT_SET_CONTEXT_OPERATION;
NTSTATUS FLTAPI FltSetStreamHandleContext(PFLT_INSTANCE instance, PFILE_OBJECT file,
                                          FLT_SET_CONTEXT_OPERATION operation, PFLT_CONTEXT context, PFLT_CONTEXT *old);
NTSTATUS FLTAPI FltDeleteStreamHandleContext(PFLT_INSTANCE instance, PFILE_OBJECT file, PFLT_CONTEXT *old);

typedef ULONG FLT_FILE_NAME_OPTIONS;
#define FLT_FILE_NAME_OPENED 2u
#define FLT_FILE_NAME_QUERY_DEFAULT 0x100u
typedef struct FLT_FILE_NAME_INFORMATION {
    USHORT Size;
    UNICODE_STRING Name;
} FLT_FILE_NAME_INFORMATION, *PFLT_FILE_NAME_INFORMATION;
NTSTATUS FLTAPI FltGetFileNameInformation(PFLT_CALLBACK_DATA data, FLT_FILE_NAME_OPTIONS options,
                                          PFLT_FILE_NAME_INFORMATION *information);
NTSTATUS FLTAPI FltGetDestinationFileNameInformation(PFLT_INSTANCE instance, PFILE_OBJECT file, HANDLE root, PWSTR name,
                                                     ULONG name_bytes, FLT_FILE_NAME_OPTIONS options,
                                                     PFLT_FILE_NAME_INFORMATION *information);
VOID FLTAPI FltReleaseFileNameInformation(PFLT_FILE_NAME_INFORMATION information);
ULONG FLTAPI FltGetRequestorProcessId(PFLT_CALLBACK_DATA data);

typedef struct NPAGED_LOOKASIDE_LIST {
    SIZE_T bytes;
    int out;
} NPAGED_LOOKASIDE_LIST, *PNPAGED_LOOKASIDE_LIST;
#define POOL_NX_ALLOCATION 512u
VOID ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list, PVOID allocate, PVOID free, ULONG flags, SIZE_T bytes,
                                     ULONG tag, USHORT depth);
VOID ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list);
PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list);
VOID ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list, PVOID memory);

#endif
