/*
 * region.c - sections and their views.
 */
#include "fault.h"
#include "region.h"

_Use_decl_annotations_ NTSTATUS rv_region_create(rv_region *region, SIZE_T bytes)
{
    OBJECT_ATTRIBUTES attributes;
    LARGE_INTEGER size = {.QuadPart = (LONGLONG)bytes};
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

    /* The section has no name and a kernel handle, so that no process can open it or be given it by accident. */
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    if (!RV_FAULT()) {
        status = ZwCreateSection(&region->section, SECTION_MAP_READ | SECTION_MAP_WRITE | SECTION_QUERY, &attributes,
                                 &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    }
    if (!NT_SUCCESS(status)) {
        region->section = NULL;
        return status;
    }
    RV_HOLD(1);
    region->bytes = bytes;

    status = rv_mapping_create(region->section, bytes, &region->mapping);
    if (!NT_SUCCESS(status)) {
        rv_region_destroy(region);
    }
    return status;
}

_Use_decl_annotations_ void rv_region_destroy(rv_region *region)
{
    rv_mapping_destroy(&region->mapping);
    if (region->section != NULL) {
        (void)ZwClose(region->section);
        RV_HOLD(-1);
    }
    *region = (rv_region){0};
}

_Use_decl_annotations_ NTSTATUS rv_region_map(const rv_region *region, HANDLE process, ULONG protection, void **address)
{
    SIZE_T view_bytes = region->bytes;
    *address = NULL;
    if (RV_FAULT()) {
        return STATUS_NO_MEMORY;
    }
    NTSTATUS status = ZwMapViewOfSection(region->section, process, address, 0, 0, NULL, &view_bytes, ViewUnmap,
                                         rv_client_view_type(), protection);
    if (!NT_SUCCESS(status)) {
        *address = NULL;
    }
    return status;
}
