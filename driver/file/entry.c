/*
 * entry.c - ringview-file.sys: DriverEntry, the registration with the filter manager, and its end. Unload comes by the filter
 * manager, which has the driver's DriverUnload to itself.
 */
#include "flt.h"

#include "../observe/observer.h"
#include "operations.h"
#include "paths.h"

DRIVER_INITIALIZE DriverEntry;

static PFLT_FILTER filter;

static const rv_observer_names names = {
    .device = RV_FILE_DEVICE_NAME,
    .link = RV_FILE_DEVICE_LINK,
    .logger = RV_FILE_LOGGER,
    .type = RV_TYPE_FILE,
    .known = RV_OBSERVE_FILE_ALL | RV_OBSERVE_FILE_PAGING,
    .operations = RV_OBSERVE_FILE_DEFAULT,
};

/* Volumes of disks, discs and the network. One without a file system that could be told paths of is of no use. */
static NTSTATUS FLTAPI attaches(PCFLT_RELATED_OBJECTS objects, FLT_INSTANCE_SETUP_FLAGS flags, DEVICE_TYPE device,
                                FLT_FILESYSTEM_TYPE file_system)
{
    UNREFERENCED_PARAMETER(objects);
    UNREFERENCED_PARAMETER(flags);
    UNREFERENCED_PARAMETER(device);
    return file_system == FLT_FSTYPE_RAW ? STATUS_FLT_DO_NOT_ATTACH : STATUS_SUCCESS;
}

/* Without it a person could not detach this filter from a volume (fltmc detach). There is nothing of an instance to give back:
 * operations under way end with `after`, and paths with their files. */
static NTSTATUS FLTAPI detaches(PCFLT_RELATED_OBJECTS objects, FLT_INSTANCE_QUERY_TEARDOWN_FLAGS flags)
{
    UNREFERENCED_PARAMETER(objects);
    UNREFERENCED_PARAMETER(flags);
    return STATUS_SUCCESS;
}

static NTSTATUS FLTAPI unload(FLT_FILTER_UNLOAD_FLAGS flags)
{
    if ((flags & FLTFL_FILTER_UNLOAD_MANDATORY) == 0 && rv_observer_is_open()) {
        return STATUS_FLT_DO_NOT_DETACH; /* a client has the device open: fltmc says so, and sc stop waits */
    }
    /* Waits for callbacks, ends operations under way (draining) and lets go of all paths. */
    FltUnregisterFilter(filter);
    filter = NULL;
    rv_operations_stop();
    rv_observer_stop();
    return STATUS_SUCCESS;
}

static const FLT_REGISTRATION registration = {
    .Size = sizeof(FLT_REGISTRATION),
    .Version = FLT_REGISTRATION_VERSION,
    .ContextRegistration = rv_path_contexts,
    .OperationRegistration = rv_operations,
    .FilterUnloadCallback = unload,
    .InstanceSetupCallback = attaches,
    .InstanceQueryTeardownCallback = detaches,
};

_Use_decl_annotations_ NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    UNREFERENCED_PARAMETER(registry_path);
    NTSTATUS status = rv_observer_start(driver, &names);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    rv_operations_start();
    status = FltRegisterFilter(driver, &registration, &filter);
    if (NT_SUCCESS(status)) {
        status = FltStartFiltering(filter);
        if (!NT_SUCCESS(status)) {
            FltUnregisterFilter(filter);
        }
    }
    if (!NT_SUCCESS(status)) {
        filter = NULL;
        rv_operations_stop();
        rv_observer_stop();
    }
    return status;
}
