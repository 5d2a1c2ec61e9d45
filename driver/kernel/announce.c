/*
 * announce.c - the callback object \Callback\RingView. Whoever comes first makes it, ringview.sys or a driver that watches;
 * it is there as long as one of them is.
 */
#include "announce.h"

#ifdef RV_WINE

/* The callback objects of Wine do nothing; the sample looks for ringview.sys by itself there. */
_Use_decl_annotations_ NTSTATUS rv_announce_open(void)
{
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_announce_arrived(PDEVICE_OBJECT device)
{
    UNREFERENCED_PARAMETER(device);
}

_Use_decl_annotations_ void rv_announce_leaves(PDEVICE_OBJECT device)
{
    UNREFERENCED_PARAMETER(device);
}

_Use_decl_annotations_ void rv_announce_close(void)
{
}

#else

#include "../include/ringview/attach.h"
#include "fault.h"

static PCALLBACK_OBJECT object;

_Use_decl_annotations_ NTSTATUS rv_announce_open(void)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(RV_WATCH_OBJECT);
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    NTSTATUS status = RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : ExCreateCallback(&object, &attributes, TRUE, TRUE);
    if (!NT_SUCCESS(status)) {
        object = NULL;
    }
    return status;
}

_Use_decl_annotations_ void rv_announce_arrived(PDEVICE_OBJECT device)
{
    if (object != NULL) {
        ExNotifyCallback(object, (PVOID)(ULONG_PTR)RV_WATCH_ARRIVED, device);
    }
}

_Use_decl_annotations_ void rv_announce_leaves(PDEVICE_OBJECT device)
{
    if (object != NULL) {
        ExNotifyCallback(object, (PVOID)(ULONG_PTR)RV_WATCH_LEAVES, device);
    }
}

_Use_decl_annotations_ void rv_announce_close(void)
{
    if (object != NULL) {
        ObDereferenceObject(object);
        object = NULL;
    }
}

#endif
