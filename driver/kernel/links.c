/*
 * links.c - the list of attachments. Each lies in the memory of its own driver, which takes it off the list before that
 * memory goes.
 */
#include "links.h"

#include "../include/ringview/attach.h"
#include "lock.h"

static rv_lock lock;
static LIST_ENTRY list;
static uint32_t count;
static bool closed;

void rv_links_init(void)
{
    rv_lock_init(&lock);
    InitializeListHead(&list);
    count = 0;
    closed = false;
}

static NTSTATUS attach(rv_attachment *attachment)
{
    if (closed) {
        return STATUS_DELETE_PENDING;
    }
    attachment->calls.write = rv_log_write;
    attachment->calls.text = LogMessageV;
    InsertTailList(&list, &attachment->entry);
    count++;
    /* The table before the door opens. */
    (void)InterlockedExchange64(&attachment->uses, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS detach(const rv_attachment *attachment)
{
    for (PLIST_ENTRY entry = list.Flink; entry != &list; entry = entry->Flink) {
        if (CONTAINING_RECORD(entry, rv_attachment, entry) == attachment) {
            RemoveEntryList(entry);
            count--;
            return STATUS_SUCCESS;
        }
    }
    return STATUS_NOT_FOUND;
}

_Use_decl_annotations_ NTSTATUS rv_links_request(uint32_t code, const void *input, uint32_t input_bytes)
{
    const rv_attach_request *request = input;
    if (code != RV_INTERNAL_ATTACH && code != RV_INTERNAL_DETACH) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (request == NULL || input_bytes != sizeof *request || request->bytes != sizeof *request ||
        request->attachment == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    if (request->version != RV_ATTACH_VERSION) {
        return STATUS_REVISION_MISMATCH;
    }
    rv_lock_take(&lock);
    NTSTATUS status = code == RV_INTERNAL_ATTACH ? attach(request->attachment) : detach(request->attachment);
    rv_lock_release(&lock);
    return status;
}

_Use_decl_annotations_ void rv_links_close(void)
{
    rv_lock_take(&lock);
    closed = true;
    while (!IsListEmpty(&list)) {
        rv_attachment *attachment = CONTAINING_RECORD(RemoveHeadList(&list), rv_attachment, entry);
        count--;
        rv_attachment_close(attachment);
        /* The last touch: after it the memory is its driver's alone. */
        (void)InterlockedExchange(&attachment->gone, 1);
    }
    rv_lock_release(&lock);
}

uint32_t rv_links_count(void)
{
    return count;
}
