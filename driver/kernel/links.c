/*
 * links.c - the list of attachments, and the masks and stacks of those who log. Each attachment is memory of its own driver,
 * which removes it from the list before that memory is freed.
 */
#include "links.h"

#include "../include/ringview/attach.h"
#include "../ring/compiler.h"
#include "ioctl_check.h"
#include "lock.h"
#include "loggers.h"

static rv_lock lock;
static LIST_ENTRY list;
static uint32_t count;
static bool paused; /* no session takes calls: doors are closed, and those who come wait for one */
static bool closed; /* the driver ends */
static rv_loggers loggers;
static rv_session_page *shown;       /* where their names are; NULL: nowhere */
static volatile LONG64 programs_off; /* what is left out of programs; looked at without the lock */
/* Levels whose texts carry a stack, by the number of who logs; looked at without the lock. */
static volatile LONG stacked[RV_LOGGERS];

_Use_decl_annotations_ void rv_links_init(const char *self)
{
    rv_lock_init(&lock);
    InitializeListHead(&list);
    count = 0;
    paused = false;
    closed = false;
    rv_loggers_init(&loggers, self);
    shown = NULL;
    programs_off = 0;
    for (uint32_t number = 0; number < RV_LOGGERS; number++) {
        stacked[number] = 0;
    }
    rv_log_mask(0);
    rv_log_stack(0);
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

/* Bounded, because origins are read from memory of other drivers. */
static uint32_t number_at(uint32_t origin)
{
    return (origin - RV_ORIGIN_LOGGER) % RV_LOGGERS;
}

static uint32_t number_of(const rv_attachment *attachment)
{
    return number_at(attachment->origin);
}

typedef rv_status text_call(const rv_record_info *info, const char *format, va_list arguments);

/* `text` of those with a level whose texts carry a stack. */
static rv_status text_with_stack(const rv_record_info *info, const char *format, va_list arguments)
{
    if (((uint32_t)stacked[number_at(info->origin)] & rv_mask_level(info->level)) == 0) {
        return rv_log_text(info, format, arguments);
    }
    return rv_log_text_stack(info, RV_RETURN_ADDRESS(), format, arguments);
}

/*
 * Only where stacks are wanted do texts go to a function that looks at their level: who has none pays nothing for them. A
 * pointer is stored in one piece, and both functions are there for as long as the door is open.
 */
static void choose_text(rv_attachment *attachment, uint32_t number)
{
    static text_call *const by_wish[] = {rv_log_text, text_with_stack};
    attachment->calls.text = by_wish[stacked[number] != 0];
}

static void count_out(const rv_attachment *attachment)
{
    rv_loggers_left(&loggers, number_of(attachment));
    count--;
}

/* A name gets its number, and readers see it before its first record can come. */
static uint32_t number_for(const char *name)
{
    uint32_t number = rv_loggers_number(&loggers, name);
    if (number < RV_LOGGERS && shown != NULL) {
        rv_loggers_show(&loggers, number, shown);
    }
    return number;
}

/* Called by the driver that owns the attachment. It holds a reference to this driver's image; see rv_attach_detach. */
static void forget(rv_attachment *attachment)
{
    rv_lock_take(&lock);
    for (PLIST_ENTRY entry = list.Flink; entry != &list; entry = entry->Flink) {
        if (attachment_of(entry) == attachment) {
            RemoveEntryList(entry);
            count_out(attachment);
            break;
        }
    }
    rv_lock_release(&lock);
}

static NTSTATUS attach(rv_attachment *attachment, const char *name)
{
    if (closed) {
        return STATUS_DELETE_PENDING;
    }
    uint32_t number = number_for(name);
    if (number >= RV_LOGGERS || number < RV_LOGGER_FIRST) {
        number = RV_LOGGER_OTHERS;
    }
    attachment->origin = RV_ORIGIN_LOGGER + number;
    attachment->off = (LONG64)rv_loggers_came(&loggers, number);
    attachment->calls.write = rv_log_write;
    choose_text(attachment, number);
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
    /* One of another version may be of another length, but it begins in the same way. */
    if (request != NULL && input_bytes >= RV_ATTACH_REQUEST_BEGIN && request->version != RV_ATTACH_VERSION) {
        return STATUS_REVISION_MISMATCH;
    }
    if (request == NULL || input_bytes != sizeof *request || request->bytes != sizeof *request ||
        request->attachment == NULL || !rv_ioctl_check_name(request->name)) {
        return STATUS_INVALID_PARAMETER;
    }
    rv_lock_take(&lock);
    NTSTATUS status = attach(request->attachment, request->name);
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
        count_out(attachment);
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

_Use_decl_annotations_ void rv_links_show(rv_session_page *page)
{
    rv_lock_take(&lock);
    shown = page;
    if (page != NULL) {
        rv_loggers_show_all(&loggers, page);
    }
    rv_lock_release(&lock);
}

_Use_decl_annotations_ void rv_links_list(rv_ioctl_loggers *answer)
{
    rv_lock_take(&lock);
    rv_loggers_list(&loggers, answer);
    rv_lock_release(&lock);
}

_Use_decl_annotations_ NTSTATUS rv_links_mask(const rv_ioctl_mask *request)
{
    if (!rv_ioctl_check_name(request->name)) {
        return STATUS_INVALID_PARAMETER;
    }
    rv_lock_take(&lock);
    uint32_t number = number_for(request->name);
    if (number < RV_LOGGERS) {
        rv_loggers_mask(&loggers, number, request->off);
        if (number == RV_LOGGER_SELF) {
            rv_log_mask(request->off);
        } else if (number == RV_LOGGER_PROGRAMS) {
            (void)InterlockedExchange64(&programs_off, (LONG64)request->off);
        }
        for (PLIST_ENTRY entry = list.Flink; entry != &list; entry = entry->Flink) {
            rv_attachment *attachment = attachment_of(entry);
            if (number_of(attachment) == number) {
                (void)InterlockedExchange64(&attachment->off, (LONG64)request->off);
            }
        }
    }
    rv_lock_release(&lock);
    return number < RV_LOGGERS ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

_Use_decl_annotations_ NTSTATUS rv_links_stacks(const rv_ioctl_stacks *request)
{
    if (!rv_ioctl_check_stacks(request)) {
        return STATUS_INVALID_PARAMETER;
    }
    rv_lock_take(&lock);
    uint32_t number = number_for(request->name);
    NTSTATUS status = number >= RV_LOGGERS           ? STATUS_INSUFFICIENT_RESOURCES
                      : number == RV_LOGGER_PROGRAMS ? STATUS_NOT_SUPPORTED
                                                     : STATUS_SUCCESS;
    if (status == STATUS_SUCCESS) {
        rv_loggers_stacks(&loggers, number, request->levels);
        (void)InterlockedExchange(&stacked[number], (LONG)request->levels);
        if (number == RV_LOGGER_SELF) {
            rv_log_stack_levels(RV_MAX_FRAMES, request->levels);
        }
        for (PLIST_ENTRY entry = list.Flink; entry != &list; entry = entry->Flink) {
            rv_attachment *attachment = attachment_of(entry);
            if (number_of(attachment) == number) {
                choose_text(attachment, number);
            }
        }
    }
    rv_lock_release(&lock);
    return status;
}

uint64_t rv_links_programs_off(void)
{
    return (uint64_t)programs_off;
}
