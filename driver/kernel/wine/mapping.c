/*
 * mapping.c - mapping.h for Wine 8. There a driver runs in a separate process (winedevice.exe), in which its view
 * lies; MmMapViewInSystemSpace is missing, and a client's view needs a handle of the client's process.
 */
#ifdef RV_WINE

#include "../fault.h"
#include "../mapping.h"

_Use_decl_annotations_ NTSTATUS rv_mapping_create(HANDLE section, SIZE_T bytes, rv_mapping *mapping)
{
    SIZE_T view_bytes = bytes;
    if (RV_FAULT()) {
        return STATUS_NO_MEMORY;
    }
    NTSTATUS status = ZwMapViewOfSection(section, NtCurrentProcess(), &mapping->address, 0, 0, NULL, &view_bytes,
                                         ViewUnmap, 0, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) {
        mapping->address = NULL;
        return status;
    }
    RV_HOLD(1);
    return status;
}

_Use_decl_annotations_ void rv_mapping_destroy(rv_mapping *mapping)
{
    if (mapping->address != NULL) {
        (void)ZwUnmapViewOfSection(NtCurrentProcess(), mapping->address);
        RV_HOLD(-1);
    }
    *mapping = (rv_mapping){0};
}

_Use_decl_annotations_ NTSTATUS rv_client_open(HANDLE *process)
{
    CLIENT_ID client = {.UniqueProcess = PsGetCurrentProcessId()};
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    return ZwOpenProcess(process, PROCESS_ALL_ACCESS, &attributes, &client);
}

_Use_decl_annotations_ void rv_client_close(HANDLE process)
{
    (void)ZwClose(process);
}

ULONG rv_client_view_type(void)
{
    return 0; /* Wine keeps a view of a section within the protection it was made with */
}

#endif
