/* key_callback.h - part of ntddk.h: the callback of the registry and the structs it is given. */
#ifndef RINGVIEW_SHIM_NTDDK_KEY_CALLBACK_H
#define RINGVIEW_SHIM_NTDDK_KEY_CALLBACK_H

#include "memory.h"

typedef enum {
    RegNtPreDeleteKey,
    RegNtPreSetValueKey,
    RegNtPreDeleteValueKey,
    RegNtPreSetInformationKey,
    RegNtPreRenameKey,
    RegNtPreEnumerateKey,
    RegNtPreEnumerateValueKey,
    RegNtPreQueryKey,
    RegNtPreQueryValueKey,
    RegNtPreQueryMultipleValueKey,
    RegNtPreCreateKey,
    RegNtPostCreateKey,
    RegNtPreOpenKey,
    RegNtPostOpenKey,
    RegNtPreKeyHandleClose,
    RegNtPostDeleteKey,
    RegNtPostSetValueKey,
    RegNtPostDeleteValueKey,
    RegNtPostSetInformationKey,
    RegNtPostRenameKey,
    RegNtPostEnumerateKey,
    RegNtPostEnumerateValueKey,
    RegNtPostQueryKey,
    RegNtPostQueryValueKey,
    RegNtPostQueryMultipleValueKey,
    RegNtPostKeyHandleClose,
    RegNtPreCreateKeyEx,
    RegNtPostCreateKeyEx,
    RegNtPreOpenKeyEx,
    RegNtPostOpenKeyEx,
    RegNtPreFlushKey,
    RegNtPostFlushKey,
    RegNtPreLoadKey,
    RegNtPostLoadKey,
    RegNtPreUnLoadKey,
    RegNtPostUnLoadKey,
    RegNtPreQueryKeySecurity,
    RegNtPostQueryKeySecurity,
    RegNtPreSetKeySecurity,
    RegNtPostSetKeySecurity,
    RegNtCallbackObjectContextCleanup,
    RegNtPreRestoreKey,
    RegNtPostRestoreKey,
    RegNtPreSaveKey,
    RegNtPostSaveKey,
    RegNtPreReplaceKey,
    RegNtPostReplaceKey,
    RegNtPreQueryKeyName,
    RegNtPostQueryKeyName,
    MaxRegNtNotifyClass
} REG_NOTIFY_CLASS;
typedef NTSTATUS EX_CALLBACK_FUNCTION(PVOID context, PVOID argument1, PVOID argument2);
typedef EX_CALLBACK_FUNCTION *PEX_CALLBACK_FUNCTION;

typedef struct {
    PVOID Object;
    PVOID CallContext, ObjectContext, Reserved;
} REG_DELETE_KEY_INFORMATION, REG_FLUSH_KEY_INFORMATION, REG_KEY_HANDLE_CLOSE_INFORMATION;
typedef struct {
    PVOID Object;
    PUNICODE_STRING ValueName;
    ULONG TitleIndex, Type;
    PVOID Data;
    ULONG DataSize;
    PVOID CallContext, ObjectContext, Reserved;
} REG_SET_VALUE_KEY_INFORMATION;
typedef struct {
    PVOID Object;
    PUNICODE_STRING ValueName;
    PVOID CallContext, ObjectContext, Reserved;
} REG_DELETE_VALUE_KEY_INFORMATION;
typedef struct {
    PVOID Object;
    PUNICODE_STRING NewName;
    PVOID CallContext, ObjectContext, Reserved;
} REG_RENAME_KEY_INFORMATION;
typedef struct {
    PVOID Object;
    ULONG Index, Class;
    PVOID Information;
    ULONG Length;
    PULONG ResultLength;
    PVOID CallContext, ObjectContext, Reserved;
} REG_ENUMERATE_KEY_INFORMATION, REG_ENUMERATE_VALUE_KEY_INFORMATION;
typedef struct {
    PVOID Object;
    ULONG Class;
    PVOID Information;
    ULONG Length;
    PULONG ResultLength;
    PVOID CallContext, ObjectContext, Reserved;
} REG_QUERY_KEY_INFORMATION;
typedef struct {
    PVOID Object;
    PUNICODE_STRING ValueName;
    ULONG Class;
    PVOID Information;
    ULONG Length;
    PULONG ResultLength;
    PVOID CallContext, ObjectContext, Reserved;
} REG_QUERY_VALUE_KEY_INFORMATION;
typedef struct {
    PVOID Object, ValueEntries;
    ULONG EntryCount;
    PVOID ValueBuffer;
    PULONG BufferLength, RequiredBufferLength;
    PVOID CallContext, ObjectContext, Reserved;
} REG_QUERY_MULTIPLE_VALUE_KEY_INFORMATION;
typedef struct {
    PUNICODE_STRING CompleteName;
    PVOID RootObject, ObjectType;
    ULONG CreateOptions;
    PUNICODE_STRING Class;
    PVOID SecurityDescriptor, SecurityQualityOfService;
    ACCESS_MASK DesiredAccess, GrantedAccess;
    PULONG Disposition;
    PVOID *ResultObject;
    PVOID CallContext, RootObjectContext, Transaction, Reserved;
} REG_CREATE_KEY_INFORMATION, REG_OPEN_KEY_INFORMATION;
typedef struct {
    PVOID Object, SecurityInformation, SecurityDescriptor;
    PVOID CallContext, ObjectContext, Reserved;
} REG_SET_KEY_SECURITY_INFORMATION;
typedef struct {
    PVOID Object;
    HANDLE FileHandle;
    ULONG Format;
    PVOID CallContext, ObjectContext, Reserved;
} REG_SAVE_KEY_INFORMATION;
typedef struct {
    PVOID Object;
    PUNICODE_STRING KeyName, SourceFile;
    ULONG Flags;
    PVOID TrustClassObject, UserEvent;
    ACCESS_MASK DesiredAccess;
    PHANDLE RootHandle;
    PVOID CallContext, ObjectContext, Reserved;
} REG_LOAD_KEY_INFORMATION;
typedef struct {
    PVOID Object, UserEvent;
    PVOID CallContext, ObjectContext, Reserved;
} REG_UNLOAD_KEY_INFORMATION;
typedef struct {
    PVOID Object;
    NTSTATUS Status;
    PVOID PreInformation;
    NTSTATUS ReturnStatus;
    PVOID CallContext, ObjectContext, Reserved;
} REG_POST_OPERATION_INFORMATION;

KPROCESSOR_MODE ExGetPreviousMode(void);

#endif
