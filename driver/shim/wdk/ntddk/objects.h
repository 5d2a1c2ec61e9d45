/* objects.h - part of ntddk.h: the callbacks about handles to processes and threads. */
#ifndef RINGVIEW_SHIM_NTDDK_OBJECTS_H
#define RINGVIEW_SHIM_NTDDK_OBJECTS_H

#include "processes.h"

typedef struct ETHREAD *PETHREAD;
extern POBJECT_TYPE *PsProcessType, *PsThreadType;
HANDLE PsGetProcessId(PEPROCESS process);
HANDLE PsGetThreadId(PETHREAD thread);
HANDLE PsGetThreadProcessId(PETHREAD thread);

typedef ULONG OB_OPERATION;
#define OB_FLT_REGISTRATION_VERSION 0x100
#define OB_OPERATION_HANDLE_CREATE 1u
#define OB_OPERATION_HANDLE_DUPLICATE 2u
typedef struct {
    ACCESS_MASK DesiredAccess, OriginalDesiredAccess;
} OB_PRE_CREATE_HANDLE_INFORMATION;
typedef struct {
    ACCESS_MASK DesiredAccess, OriginalDesiredAccess;
    PVOID SourceProcess, TargetProcess;
} OB_PRE_DUPLICATE_HANDLE_INFORMATION;
typedef union {
    OB_PRE_CREATE_HANDLE_INFORMATION CreateHandleInformation;
    OB_PRE_DUPLICATE_HANDLE_INFORMATION DuplicateHandleInformation;
} OB_PRE_OPERATION_PARAMETERS, *POB_PRE_OPERATION_PARAMETERS;
typedef struct {
    OB_OPERATION Operation;
    ULONG Flags;
    PVOID Object;
    POBJECT_TYPE ObjectType;
    PVOID CallContext;
    POB_PRE_OPERATION_PARAMETERS Parameters;
} OB_PRE_OPERATION_INFORMATION, *POB_PRE_OPERATION_INFORMATION;
typedef struct {
    ACCESS_MASK GrantedAccess;
} OB_POST_CREATE_HANDLE_INFORMATION, OB_POST_DUPLICATE_HANDLE_INFORMATION;
typedef union {
    OB_POST_CREATE_HANDLE_INFORMATION CreateHandleInformation;
    OB_POST_DUPLICATE_HANDLE_INFORMATION DuplicateHandleInformation;
} OB_POST_OPERATION_PARAMETERS, *POB_POST_OPERATION_PARAMETERS;
typedef struct {
    OB_OPERATION Operation;
    ULONG Flags;
    PVOID Object;
    POBJECT_TYPE ObjectType;
    PVOID CallContext;
    NTSTATUS ReturnStatus;
    POB_POST_OPERATION_PARAMETERS Parameters;
} OB_POST_OPERATION_INFORMATION, *POB_POST_OPERATION_INFORMATION;
typedef enum {
    OB_PREOP_SUCCESS
} OB_PREOP_CALLBACK_STATUS;
typedef OB_PREOP_CALLBACK_STATUS (*POB_PRE_OPERATION_CALLBACK)(PVOID context, POB_PRE_OPERATION_INFORMATION info);
typedef VOID (*POB_POST_OPERATION_CALLBACK)(PVOID context, POB_POST_OPERATION_INFORMATION info);
typedef struct {
    POBJECT_TYPE *ObjectType;
    OB_OPERATION Operations;
    POB_PRE_OPERATION_CALLBACK PreOperation;
    POB_POST_OPERATION_CALLBACK PostOperation;
} OB_OPERATION_REGISTRATION;
typedef struct {
    USHORT Version, OperationRegistrationCount;
    UNICODE_STRING Altitude;
    PVOID RegistrationContext;
    OB_OPERATION_REGISTRATION *OperationRegistration;
} OB_CALLBACK_REGISTRATION, *POB_CALLBACK_REGISTRATION;

#endif
