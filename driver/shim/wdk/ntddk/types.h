/* types.h - part of ntddk.h: the integer, string and list types that everything else is declared with. */
#ifndef RINGVIEW_SHIM_NTDDK_TYPES_H
#define RINGVIEW_SHIM_NTDDK_TYPES_H

#include <stddef.h>
#include <stdint.h>

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
typedef uintptr_t ULONG_PTR, *PULONG_PTR, KAFFINITY, KSPIN_LOCK, *PKSPIN_LOCK;
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

#endif
