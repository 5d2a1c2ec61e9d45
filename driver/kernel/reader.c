/*
 * reader.c - the views of the attached client.
 */
#include "reader.h"

#include "pool.h"

static NTSTATUS map(rv_reader *reader, HANDLE process, const rv_region *region, ULONG protection, uint64_t *address)
{
    void *view;
    NTSTATUS status = rv_region_map(region, process, protection, &view);
    if (NT_SUCCESS(status)) {
        reader->views[reader->view_count++] = view;
        *address = (uint64_t)(ULONG_PTR)view;
    }
    return status;
}

static NTSTATUS map_all(rv_reader *reader, HANDLE process, const rv_capture_session *session, rv_ioctl_attach *answer)
{
    NTSTATUS status = map(reader, process, &session->session, PAGE_READONLY, &answer->session);
    if (NT_SUCCESS(status)) {
        status = map(reader, process, &session->consumers, PAGE_READWRITE, &answer->consumers);
    }
    for (uint32_t cpu = 0; cpu < session->cpu_count && NT_SUCCESS(status); cpu++) {
        status = map(reader, process, &session->rings_memory[cpu], PAGE_READONLY, &answer->ring_views[cpu]);
    }
    return status;
}

_Use_decl_annotations_ NTSTATUS rv_reader_attach(rv_reader *reader, PFILE_OBJECT file,
                                                 const rv_capture_session *session, rv_ioctl_attach *answer)
{
    HANDLE process;
    NTSTATUS status = rv_client_open(&process);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    reader->process = PsGetCurrentProcess();
    ObReferenceObject(reader->process);
    reader->pid = (uint32_t)(ULONG_PTR)PsGetCurrentProcessId();
    reader->views = rv_allocate((session->cpu_count + 2u) * sizeof *reader->views);
    status = reader->views == NULL ? STATUS_INSUFFICIENT_RESOURCES : map_all(reader, process, session, answer);
    rv_client_close(process);
    if (!NT_SUCCESS(status)) {
        rv_reader_detach(reader);
        return status;
    }
    reader->file = file;
    answer->protocol = RV_IOCTL_PROTOCOL;
    answer->cpu_count = session->cpu_count;
    answer->reader_pid = reader->pid;
    answer->ring_bytes = session->ring_bytes;
    answer->view_bytes = RV_PAGE + session->ring_bytes;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_reader_detach(rv_reader *reader)
{
    HANDLE process;
    /* A handle can be closed from another process, to which it was duplicated, or after its process has ended. */
    if (reader->process == PsGetCurrentProcess() && NT_SUCCESS(rv_client_open(&process))) {
        while (reader->view_count > 0) {
            /* Fails if the client has unmapped the view already, which does no harm. */
            (void)ZwUnmapViewOfSection(process, reader->views[--reader->view_count]);
        }
        rv_client_close(process);
    }
    if (reader->process != NULL) {
        ObDereferenceObject(reader->process);
    }
    rv_free(reader->views);
    *reader = (rv_reader){0};
}
