/*
 * fwptypes.h - the values of the Windows Filtering Platform, as far as the driver uses them. Names, types and numbers are those
 * of the documentation of fwptypes.h (FWP_DATA_TYPE, FWP_ACTION_*).
 */
#ifndef RINGVIEW_SHIM_FWPTYPES_H
#define RINGVIEW_SHIM_FWPTYPES_H

#include <ntddk.h>

typedef uint8_t UINT8;
typedef uint16_t UINT16;
typedef uint32_t UINT32;
typedef uint64_t UINT64;

#define FWP_ACTION_FLAG_TERMINATING 0x1000u
#define FWP_ACTION_FLAG_NON_TERMINATING 0x2000u
#define FWP_ACTION_FLAG_CALLOUT 0x4000u
#define FWP_ACTION_BLOCK (1u | FWP_ACTION_FLAG_TERMINATING)
#define FWP_ACTION_PERMIT (2u | FWP_ACTION_FLAG_TERMINATING)
#define FWP_ACTION_CALLOUT_TERMINATING (3u | FWP_ACTION_FLAG_CALLOUT | FWP_ACTION_FLAG_TERMINATING)
#define FWP_ACTION_CALLOUT_INSPECTION (4u | FWP_ACTION_FLAG_CALLOUT | FWP_ACTION_FLAG_NON_TERMINATING)
#define FWP_ACTION_CONTINUE (6u | FWP_ACTION_FLAG_NON_TERMINATING)
typedef UINT32 FWP_ACTION_TYPE;

typedef enum FWP_DATA_TYPE_ {
    FWP_EMPTY,
    FWP_UINT8,
    FWP_UINT16,
    FWP_UINT32,
    FWP_UINT64,
    FWP_BYTE_ARRAY16_TYPE = 11,
    FWP_BYTE_BLOB_TYPE = 12
} FWP_DATA_TYPE;

typedef enum FWP_DIRECTION_ {
    FWP_DIRECTION_OUTBOUND,
    FWP_DIRECTION_INBOUND
} FWP_DIRECTION;

typedef struct FWP_BYTE_ARRAY16_ {
    UINT8 byteArray16[16];
} FWP_BYTE_ARRAY16;
typedef struct FWP_BYTE_BLOB_ {
    UINT32 size;
    UINT8 *data;
} FWP_BYTE_BLOB;

typedef struct FWP_VALUE0_ {
    FWP_DATA_TYPE type;
    union {
        UINT8 uint8;
        UINT16 uint16;
        UINT32 uint32;
        UINT64 *uint64;
        FWP_BYTE_ARRAY16 *byteArray16;
        FWP_BYTE_BLOB *byteBlob;
    };
} FWP_VALUE0;

/* Its names are not const: what is passed in is left as it is. */
typedef struct FWPM_DISPLAY_DATA0_ {
    wchar_t *name;
    wchar_t *description;
} FWPM_DISPLAY_DATA0;

#define STATUS_FWP_CALLOUT_NOT_FOUND ((NTSTATUS)0xc0220001)
#define STATUS_FWP_IN_USE ((NTSTATUS)0xc022000a)
#define STATUS_FWP_SESSION_ABORTED ((NTSTATUS)0xc022001c)

#endif
