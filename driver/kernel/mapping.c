/*
 * mapping.c - mapping.h for Windows.
 *
 * A view in system space is pageable, and the working-set manager may remove its page-table entries even while the
 * pages themselves are locked. So the view is used only to find the pages. They are locked by an MDL, and the ring
 * uses the system address of the MDL, which never faults.
 */
#ifndef RV_WINE

#include "fault.h"
#include "mapping.h"

#if !RV_HAS_SEH
#error "mapping.c: MmProbeAndLockPages raises exceptions; build it with a compiler that has __try"
#endif

/* Allocation type of a view whose protection cannot be changed afterwards. winnt.h defines it, but not for kernel
 * code. */
#ifndef SEC_NO_CHANGE
#define SEC_NO_CHANGE 0x00400000
#endif

static NTSTATUS lock_pages(PMDL mdl)
{
    NTSTATUS status = STATUS_SUCCESS;
    __try {
        MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

_Use_decl_annotations_ NTSTATUS rv_mapping_create(HANDLE section, SIZE_T bytes, rv_mapping *mapping)
{
    if (RV_FAULT()) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    NTSTATUS status = ObReferenceObjectByHandle(section, SECTION_MAP_READ | SECTION_MAP_WRITE, NULL, KernelMode,
                                                &mapping->object, NULL);
    if (!NT_SUCCESS(status)) {
        mapping->object = NULL;
        return status;
    }
    RV_HOLD(1);

    SIZE_T view_bytes = bytes;
    status =
        RV_FAULT() ? STATUS_NO_MEMORY : MmMapViewInSystemSpace(mapping->object, &mapping->system_view, &view_bytes);
    if (!NT_SUCCESS(status)) {
        mapping->system_view = NULL;
        goto failed;
    }

    mapping->mdl = RV_FAULT() ? NULL : IoAllocateMdl(mapping->system_view, (ULONG)bytes, FALSE, FALSE, NULL);
    if (mapping->mdl == NULL) {
        status = STATUS_INSUFFICIENT_RESOURCES;
        goto failed;
    }
    status = RV_FAULT() ? STATUS_WORKING_SET_QUOTA : lock_pages(mapping->mdl);
    if (!NT_SUCCESS(status)) {
        goto failed;
    }
    mapping->locked = true;

    mapping->address =
        RV_FAULT() ? NULL : MmGetSystemAddressForMdlSafe(mapping->mdl, NormalPagePriority | MdlMappingNoExecute);
    if (mapping->address == NULL) {
        status = STATUS_INSUFFICIENT_RESOURCES;
        goto failed;
    }
    return STATUS_SUCCESS;

failed:
    rv_mapping_destroy(mapping);
    return status;
}

_Use_decl_annotations_ void rv_mapping_destroy(rv_mapping *mapping)
{
    if (mapping->locked) {
        MmUnlockPages(mapping->mdl); /* unmaps the MDL's system address too */
    }
    if (mapping->mdl != NULL) {
        IoFreeMdl(mapping->mdl);
    }
    if (mapping->system_view != NULL) {
        (void)MmUnmapViewInSystemSpace(mapping->system_view);
    }
    if (mapping->object != NULL) {
        ObDereferenceObject(mapping->object);
        RV_HOLD(-1);
    }
    *mapping = (rv_mapping){0};
}

_Use_decl_annotations_ NTSTATUS rv_client_open(HANDLE *process)
{
    *process = ZwCurrentProcess();
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_client_close(HANDLE process)
{
    UNREFERENCED_PARAMETER(process);
}

ULONG rv_client_view_type(void)
{
    return SEC_NO_CHANGE;
}

#endif
