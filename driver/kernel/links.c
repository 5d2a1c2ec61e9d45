/*
 * links.c - the list of attachments. Each attachment is memory of its own driver, which removes it from the list before
 * that memory is freed.
 */
#include "links.h"

#include "../include/ringview/attach.h"
#include "lock.h"

static rv_lock lock;
static LIST_ENTRY list;
static uint32_t count;
static bool paused; /* no session takes calls: doors are closed, and those who come wait for one */
static bool closed; /* the driver ends */

void rv_links_init(void)
{
    rv_lock_init(&lock);
    InitializeListHead(&list);
    count = 0;
    paused = false;
    closed = false;
}

static rv_attachment *attachment_of(PLIST_ENTRY entry)
{
    return CONTAINING_RECORD(entry, rv_attachment, entry);
}

/* The table of calls is stored before the door is opened, so that whoever enters finds it. */
static void open_door(rv_attachment *attachment)
{
    (void)InterlockedExchange64(&attachment->uses, 0);
}

/* Called by the driver that owns the attachment. It holds a reference to this driver's image; see rv_attach_detach. */
static void forget(rv_attachment *attachment)
{
    rv_lock_take(&lock);
    for (PLIST_ENTRY entry = list.Flink; entry != &list; entry = entry->Flink) {
        if (attachment_of(entry) == attachment) {
            RemoveEntryList(entry);
            count--;
            break;
        }
    }
    rv_lock_release(&lock);
}

static NTSTATUS attach(rv_attachment *attachment)
{
    if (closed) {
        return STATUS_DELETE_PENDING;
    }
    attachment->calls.write = rv_log_write;
    attachment->calls.text = LogMessageV;
    attachment->calls.forget = forget;
    InsertTailList(&list, &attachment->entry);
    count++;
    if (!paused) {
        open_door(attachment);
    }
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS rv_links_request(uint32_t code, const void *input, uint32_t input_bytes)
{
    const rv_attach_request *request = input;
    if (code != RV_INTERNAL_ATTACH) {
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
    NTSTATUS status = attach(request->attachment);
    rv_lock_release(&lock);
    return status;
}

_Use_decl_annotations_ void rv_links_pause(void)
{
    rv_lock_take(&lock);
    paused = true;
    for (PLIST_ENTRY entry = list.Flink; entry != &list; entry = entry->Flink) {
        rv_attachment_close(attachment_of(entry));
    }
    rv_lock_release(&lock);
}

_Use_decl_annotations_ void rv_links_resume(void)
{
    rv_lock_take(&lock);
    if (paused) {
        paused = false;
        for (PLIST_ENTRY entry = list.Flink; entry != &list; entry = entry->Flink) {
            open_door(attachment_of(entry));
        }
    }
    rv_lock_release(&lock);
}

_Use_decl_annotations_ void rv_links_close(void)
{
    rv_lock_take(&lock);
    closed = true;
    while (!IsListEmpty(&list)) {
        rv_attachment *attachment = attachment_of(RemoveHeadList(&list));
        count--;
        rv_attachment_close(attachment);
        PVOID owner = InterlockedExchangePointer(&attachment->owner, NULL);
        if (owner != NULL) {
            /* The last access to the attachment: afterwards its memory belongs to its driver alone. A driver that took
             * its reference away itself is waiting for the lock. */
            (void)InterlockedExchange(&attachment->gone, 1);
            ObDereferenceObject(owner);
        }
    }
    rv_lock_release(&lock);
}

uint32_t rv_links_count(void)
{
    return count;
}
