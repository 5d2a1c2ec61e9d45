/*
 * request.c - from the parameters of an operation to a record.
 */
#include "request.h"

#include <stddef.h>
#include <string.h>

/* ByteOffset of who means the file's current position, or its end: no offset. */
#define NO_OFFSET 0xffffffffffffffffu

static bool deletes(const FLT_PARAMETERS *parameters)
{
    const void *buffer = parameters->SetFileInformation.InfoBuffer;
    ULONG bytes = parameters->SetFileInformation.Length;
    if (buffer == NULL) {
        return false;
    }
    if (parameters->SetFileInformation.FileInformationClass == FileDispositionInformation) {
        return bytes >= sizeof(FILE_DISPOSITION_INFORMATION) &&
               ((const FILE_DISPOSITION_INFORMATION *)buffer)->DeleteFile;
    }
    return bytes >= sizeof(FILE_DISPOSITION_INFORMATION_EX) &&
           (((const FILE_DISPOSITION_INFORMATION_EX *)buffer)->Flags & FILE_DISPOSITION_DELETE) != 0;
}

static uint32_t set_information(const FLT_PARAMETERS *parameters)
{
    switch (parameters->SetFileInformation.FileInformationClass) {
    case FileRenameInformation:
    case FileRenameInformationEx:
        return RV_FILE_RENAME;
    case FileDispositionInformation:
    case FileDispositionInformationEx:
        /* The same requests also take a deletion back. */
        return deletes(parameters) ? RV_FILE_DELETE : 0;
    default:
        return 0;
    }
}

uint32_t rv_request_operation(const FLT_IO_PARAMETER_BLOCK *request)
{
    switch (request->MajorFunction) {
    case IRP_MJ_CREATE:
        return RV_FILE_CREATE;
    case IRP_MJ_READ:
        return RV_FILE_READ;
    case IRP_MJ_WRITE:
        return RV_FILE_WRITE;
    case IRP_MJ_SET_INFORMATION:
        return set_information(&request->Parameters);
    case IRP_MJ_CLEANUP:
        return RV_FILE_CLOSE;
    default:
        return 0;
    }
}

bool rv_request_is_paging(const FLT_IO_PARAMETER_BLOCK *request)
{
    return (request->IrpFlags & (IRP_PAGING_IO | IRP_SYNCHRONOUS_PAGING_IO)) != 0;
}

static uint64_t offset_of(LARGE_INTEGER offset)
{
    return offset.QuadPart < 0 ? NO_OFFSET : (uint64_t)offset.QuadPart;
}

void rv_request_read(rv_event_file *event, uint32_t operation, const FLT_IO_PARAMETER_BLOCK *request)
{
    const FLT_PARAMETERS *parameters = &request->Parameters;
    memset(event, 0, sizeof *event);
    event->operation = operation;
    event->object = (uint64_t)(ULONG_PTR)request->TargetFileObject;
    event->irp_flags = request->IrpFlags;
    if (operation == RV_FILE_READ) {
        event->offset = offset_of(parameters->Read.ByteOffset);
    } else if (operation == RV_FILE_WRITE) {
        event->offset = offset_of(parameters->Write.ByteOffset);
    } else if (operation == RV_FILE_CREATE) {
        event->options = parameters->Create.Options;
        event->access =
            parameters->Create.SecurityContext == NULL ? 0 : parameters->Create.SecurityContext->DesiredAccess;
    }
}

void rv_request_ended(rv_event_file *event, const IO_STATUS_BLOCK *ended)
{
    event->status = (uint32_t)ended->Status;
    if (!NT_SUCCESS(ended->Status)) {
        return;
    }
    if (event->operation == RV_FILE_READ || event->operation == RV_FILE_WRITE) {
        event->bytes = (uint32_t)ended->Information;
    } else if (event->operation == RV_FILE_CREATE && ended->Status != STATUS_REPARSE) {
        /* Whoever is sent to another path by a reparse point comes again by that, and is told its tag by this. */
        event->result = (uint32_t)ended->Information;
    }
}

bool rv_request_new_name(const FLT_IO_PARAMETER_BLOCK *request, HANDLE *root, PWSTR *name, uint32_t *name_bytes)
{
    FILE_RENAME_INFORMATION *rename = request->Parameters.SetFileInformation.InfoBuffer;
    uint32_t bytes = request->Parameters.SetFileInformation.Length;
    const uint32_t head = offsetof(FILE_RENAME_INFORMATION, FileName);
    if (rename == NULL || bytes < head || rename->FileNameLength > bytes - head || rename->FileNameLength == 0) {
        return false;
    }
    *root = rename->RootDirectory;
    *name = rename->FileName;
    *name_bytes = rename->FileNameLength;
    return true;
}
