/*
 * entry.c - ringview.sys: DriverEntry and Unload.
 */
#include "../include/ringview/ioctl.h"
#include "../include/ringview/write.h"
#include "ringview_driver.h"

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD unload;

static const rv_driver_names names = {
    .device = RV_DEVICE_NAME,
    .link = RV_DEVICE_LINK,
    .write_device = RV_WRITE_DEVICE_NAME,
    .write_link = RV_WRITE_DEVICE_LINK,
    .producer = "ringview.sys",
    .take_entries = TRUE,
    .announced = TRUE,
};

_Use_decl_annotations_ static VOID NTAPI unload(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    rv_driver_stop();
}

_Use_decl_annotations_ NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    rv_driver_names here = names;
    here.service = registry_path;
    NTSTATUS status = rv_driver_start(driver, &here);
    if (NT_SUCCESS(status)) {
        driver->DriverUnload = unload;
    }
    return status;
}
