/*
 * entry.c - ringview-net.sys: DriverEntry and Unload.
 */
#include "../observe/observer.h"
#include "callouts.h"
#include "engine.h"

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD unload;

static const rv_observer_names names = {
    .device = RV_NETWORK_DEVICE_NAME,
    .link = RV_NETWORK_DEVICE_LINK,
    .logger = RV_NETWORK_LOGGER,
    .type = RV_TYPE_NETWORK,
    .known = RV_OBSERVE_NETWORK_ALL,
    .operations = RV_OBSERVE_NETWORK_DEFAULT,
};

/* First nothing leads to the callouts any more, then they end, and then nobody logs. */
_Use_decl_annotations_ static VOID NTAPI unload(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    rv_engine_stop();
    rv_callouts_unregister();
    rv_observer_stop();
}

_Use_decl_annotations_ NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    UNREFERENCED_PARAMETER(registry_path);
    NTSTATUS status = rv_observer_start(driver, &names);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = rv_callouts_register(rv_observer_device());
    if (NT_SUCCESS(status)) {
        status = rv_engine_start(rv_observer_device());
        if (!NT_SUCCESS(status)) {
            rv_callouts_unregister();
        }
    }
    if (!NT_SUCCESS(status)) {
        rv_observer_stop();
        return status;
    }
    driver->DriverUnload = unload;
    return STATUS_SUCCESS;
}
