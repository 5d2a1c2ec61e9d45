/*
 * links_test.c - host tests of the list of attachments: what is let in, what is refused, and what each side may count on
 * when ringview.sys ends. links.c is compiled unchanged against the host's ntddk.h (driver/shim); the few
 * services it calls are here, and tell whether they were called as the list promises.
 */
#include <stddef.h>
#include <string.h>

#include "host_test.h"
#include "../links.h"

#include "../../include/ringview/attach.h"

/* ---- the system ------------------------------------------------------------------------------------------------- */

static int critical;             /* critical regions entered and not left */
static int delays;               /* milliseconds that were waited */
static rv_attachment *under_way; /* a call that ends after three of them, when there is one */
static bool gone_under_way;      /* the attachment was given up while the call still ran */
static int held_wrongly;         /* the lock was taken twice, or waits with nobody to let it go */

void KeEnterCriticalRegion(void)
{
    critical++;
}

void KeLeaveCriticalRegion(void)
{
    critical--;
}

void KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state)
{
    (void)type;
    event->set = state;
}

LONG KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait)
{
    (void)increment;
    (void)wait;
    held_wrongly += event->set != 0;
    event->set = TRUE;
    return 0;
}

NTSTATUS KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode, BOOLEAN alertable,
                               PLARGE_INTEGER timeout)
{
    (void)reason;
    (void)mode;
    (void)alertable;
    (void)timeout;
    PKEVENT event = object;
    held_wrongly += event->set == 0;
    event->set = FALSE;
    return STATUS_SUCCESS;
}

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval)
{
    (void)mode;
    (void)alertable;
    (void)interval;
    delays++;
    if (under_way != NULL) {
        gone_under_way = gone_under_way || under_way->gone != 0;
        if (delays == 3) {
            rv_attachment_leave(under_way);
        }
    }
    return STATUS_SUCCESS;
}

static int written;
static rv_record_info last; /* what was said of the last record */

rv_status rv_log_write(const rv_record_info *info, const void *data, uint32_t length)
{
    last = *info;
    (void)data;
    (void)length;
    written++;
    return RV_OK;
}

static int texts;

rv_status rv_log_text(const rv_record_info *info, const char *format, va_list arguments)
{
    last = *info;
    (void)format;
    (void)arguments;
    texts++;
    return RV_OK;
}

static int stacks;              /* texts that were to carry one */
static const void *last_caller; /* from where on */

rv_status rv_log_text_stack(const rv_record_info *info, const void *caller, const char *format, va_list arguments)
{
    last_caller = caller;
    stacks++;
    return rv_log_text(info, format, arguments);
}

static uint64_t own_stacks = ~0ull;

void rv_log_stack(uint8_t frames)
{
    own_stacks = frames;
}

void rv_log_stack_levels(uint8_t frames, uint32_t levels)
{
    own_stacks = (uint64_t)frames << 32 | levels;
}

static uint64_t own_mask = ~0ull;

void rv_log_mask(uint64_t off)
{
    own_mask = off;
}

/* No test here makes an attachment by the I/O manager, or is told of one. */
NTSTATUS IoCallDriver(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    (void)irp;
    return STATUS_UNSUCCESSFUL;
}

/* The driver object of this driver: attachments hold it, and whoever takes that away lets go of it once. */
static int references;

LONG ObReferenceObject(PVOID object)
{
    (void)object;
    return ++references;
}

LONG ObDereferenceObject(PVOID object)
{
    (void)object;
    return --references;
}

/* ---- tests ------------------------------------------------------------------------------------------------------ */

/* As rv_attach_to does, without the I/O manager between. */
static NTSTATUS attach_as(rv_attachment *attachment, const char *name)
{
    rv_attach_request request = {sizeof request, RV_ATTACH_VERSION, attachment, {0}};
    memcpy(request.name, name, strnlen(name, sizeof request.name));
    attachment->gone = 0;
    attachment->owner = (PVOID)(uintptr_t)0x77;
    (void)ObReferenceObject(attachment->owner);
    NTSTATUS status = rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request);
    if (!NT_SUCCESS(status)) {
        attachment->owner = NULL;
        (void)ObDereferenceObject(attachment->owner);
    }
    return status;
}

static NTSTATUS attach(rv_attachment *attachment)
{
    return attach_as(attachment, "driver");
}

static void begin(void)
{
    rv_links_init("self.sys");
    critical = delays = held_wrongly = written = texts = stacks = references = 0;
    under_way = NULL;
    gone_under_way = false;
}

static void end(void)
{
    check(critical == 0 && held_wrongly == 0, "the lock is free after every request");
}

static void test_attach_and_detach(void)
{
    begin();
    rv_attachment one = RV_ATTACHMENT_INIT, two = RV_ATTACHMENT_INIT, three = RV_ATTACHMENT_INIT;
    check(rv_attach_send(&one, 1, 1, "x", 1) == RV_NOT_ATTACHED && written == 0,
          "before attaching nothing gets through");
    check(attach(&one) == STATUS_SUCCESS && rv_links_count() == 1, "one attaches");
    check(rv_is_attached(&one) && rv_attach_send(&one, 1, 1, "x", 1) == RV_OK && written == 1,
          "and its data gets through");
    check(rv_attach_log(&one, 1, "text") == RV_OK && texts == 1, "as its text does");
    check(one.uses == 0, "no call is left counted");
    check(attach(&two) == STATUS_SUCCESS && attach(&three) == STATUS_SUCCESS && rv_links_count() == 3 &&
              references == 3,
          "others attach beside it, each with a hold on the driver");
    rv_attach_detach(&two);
    check(rv_links_count() == 2 && references == 2 && !rv_is_attached(&two), "the one in the middle detaches");
    check(rv_attach_send(&two, 1, 1, "x", 1) == RV_NOT_ATTACHED, "and nothing of it gets through any more");
    rv_attach_detach(&two);
    check(rv_links_count() == 2 && references == 2, "twice is as once");
    rv_attach_detach(&one);
    rv_attach_detach(&three);
    check(rv_links_count() == 0 && references == 0, "the others are still there to detach");
    check(attach(&two) == STATUS_SUCCESS && rv_links_count() == 1 && rv_is_attached(&two),
          "who detached may come again");
    check(rv_attachment_enter(&two), "a call of it is under way");
    under_way = &two;
    rv_attach_detach(&two);
    check(delays == 3 && rv_links_count() == 0 && references == 0, "detaching waits for it");
    end();
}

/* A session that was stopped takes no calls; the next one takes them from the same drivers. */
static void test_pause(void)
{
    begin();
    rv_attachment one = RV_ATTACHMENT_INIT, late = RV_ATTACHMENT_INIT, gone = RV_ATTACHMENT_INIT;
    check(attach(&one) == STATUS_SUCCESS && attach(&gone) == STATUS_SUCCESS, "two attach");
    rv_links_resume();
    check(rv_is_attached(&one), "a session that follows another changes nothing");
    check(rv_attachment_enter(&one), "a call is under way");
    under_way = &one;
    rv_links_pause();
    check(delays == 3 && !gone_under_way, "the stop waits for it");
    under_way = NULL;
    check(!rv_is_attached(&one) && rv_attach_send(&one, 1, 1, "x", 1) == RV_NOT_ATTACHED && written == 0,
          "then nothing gets through");
    check(one.gone == 0 && rv_links_count() == 2 && references == 2, "and nobody is given up");
    check(attach(&late) == STATUS_SUCCESS && !rv_is_attached(&late), "who comes now waits for a session");
    rv_attach_detach(&gone);
    rv_links_pause();
    rv_links_resume();
    check(rv_is_attached(&one) && rv_is_attached(&late) && !rv_is_attached(&gone) && gone.uses == 1,
          "the next session has all who are still there, and nobody else");
    check(rv_attach_send(&late, 1, 1, "x", 1) == RV_OK && written == 1, "whose data gets through");
    rv_links_pause();
    rv_links_close();
    check(references == 0, "the end lets go of all");
    rv_links_init("self.sys");
    check(attach(&one) == STATUS_SUCCESS && rv_is_attached(&one), "a driver that is loaded anew is not paused");
    rv_attach_detach(&one);
    end();
}

static void test_refusals(void)
{
    begin();
    rv_attachment one = RV_ATTACHMENT_INIT;
    rv_attach_request good = {sizeof good, RV_ATTACH_VERSION, &one, "driver"}, request;
    static const uint32_t codes[] = {0, RV_INTERNAL_ATTACH - 4, RV_INTERNAL_ATTACH + 1, RV_INTERNAL_ATTACH + 4, ~0u};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        check(rv_links_request(codes[i], &good, sizeof good) == STATUS_INVALID_DEVICE_REQUEST, "another code");
    }
    check(RV_INTERNAL_ATTACH == 0x222203, "the code that drivers were built with");
    check(rv_links_request(RV_INTERNAL_ATTACH, NULL, sizeof good) == STATUS_INVALID_PARAMETER, "no request");
    check(rv_links_request(RV_INTERNAL_ATTACH, &good, sizeof good - 1) == STATUS_INVALID_PARAMETER &&
              rv_links_request(RV_INTERNAL_ATTACH, &good, sizeof good + 1) == STATUS_INVALID_PARAMETER &&
              rv_links_request(RV_INTERNAL_ATTACH, &good, 0) == STATUS_INVALID_PARAMETER,
          "a request of another length");
    request = good;
    request.bytes++;
    check(rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request) == STATUS_INVALID_PARAMETER,
          "one that says another length of itself");
    request = good;
    request.attachment = NULL;
    check(rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request) == STATUS_INVALID_PARAMETER, "no attachment");
    request = good;
    request.name[0] = '\0';
    check(rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request) == STATUS_INVALID_PARAMETER, "no name");
    request = good;
    request.version = RV_ATTACH_VERSION + 1;
    check(rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request) == STATUS_REVISION_MISMATCH,
          "a later version to attach");
    request.version = RV_ATTACH_VERSION - 1;
    check(rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request) == STATUS_REVISION_MISMATCH, "an earlier one");
    request.version = 0;
    check(rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request) == STATUS_REVISION_MISMATCH, "no version");
    /* As version 3 had it: shorter, and of another kind. */
    request.version = RV_ATTACH_VERSION - 1;
    request.bytes = 16;
    check(rv_links_request(RV_INTERNAL_ATTACH, &request, 16) == STATUS_REVISION_MISMATCH,
          "an earlier one of its length");
    check(rv_links_request(RV_INTERNAL_ATTACH, &request, 4) == STATUS_INVALID_PARAMETER, "one too short to say");
    rv_attach_detach(&one);
    check(references == 0, "a detach without an attach does nothing");
    check(rv_links_count() == 0 && one.uses == 1 && one.gone == 0 && one.calls.write == NULL,
          "whatever was refused changed nothing");
    end();
}

static void test_close(void)
{
    begin();
    rv_attachment one = RV_ATTACHMENT_INIT, two = RV_ATTACHMENT_INIT;
    check(attach(&one) == STATUS_SUCCESS && attach(&two) == STATUS_SUCCESS, "two attach");
    check(rv_attachment_enter(&two), "a call of one of them is under way");
    under_way = &two;
    rv_links_close();
    check(delays == 3 && !gone_under_way, "the end waits for the call, and gives nothing up before");
    under_way = NULL;
    check(one.gone == 1 && two.gone == 1 && rv_links_count() == 0 && references == 0, "then all are given up");
    check(one.uses == 1 && two.uses == 1, "and closed");
    check(rv_attach_send(&one, 1, 1, "x", 1) == RV_NOT_ATTACHED && rv_attach_log(&two, 1, "x") == RV_NOT_ATTACHED &&
              written == 0 && texts == 0,
          "no later call gets through");

    /* The one that it left out is as lost as a driver that would be called in memory that is gone. */
    rv_attachment late = RV_ATTACHMENT_INIT;
    check(attach(&late) == STATUS_DELETE_PENDING, "an attach after the end is refused");
    check(late.uses == 1 && late.calls.write == NULL && rv_links_count() == 0, "and its door stays closed");
    check(attach(&one) == STATUS_DELETE_PENDING && one.uses == 1, "also of one that was there");
    rv_attach_detach(&two);
    check(references == 0 && two.calls.forget == NULL, "who was given up has nothing to let go of");
    rv_links_close();
    check(rv_links_count() == 0, "an end that comes twice does nothing");

    rv_links_init("self.sys");
    check(attach(&late) == STATUS_SUCCESS && rv_is_attached(&late), "a driver that is loaded anew admits");
    rv_links_close();
    check(late.gone == 1, "and ends again");
    end();
}

static rv_ioctl_loggers listed;

static const rv_ioctl_logger *logger(uint32_t number)
{
    memset(&listed, 0, sizeof listed);
    rv_links_list(&listed);
    return &listed.loggers[number];
}

static NTSTATUS mask(const char *name, uint64_t off)
{
    rv_ioctl_mask request = {.off = off};
    memcpy(request.name, name, strnlen(name, sizeof request.name));
    return rv_links_mask(&request);
}

static void test_names(void)
{
    static rv_session_page page, next;
    begin();
    rv_attachment one = RV_ATTACHMENT_INIT, two = RV_ATTACHMENT_INIT, again = RV_ATTACHMENT_INIT;
    check(strcmp(logger(0)->name, "self.sys") == 0 && logger(0)->attached == 1 &&
              strcmp(logger(1)->name, "programs") == 0 && strcmp(logger(2)->name, "others") == 0 &&
              logger(3)->name[0] == '\0',
          "three are always there");
    check(attach_as(&one, "one") == STATUS_SUCCESS, "a driver attaches before there is a page");
    rv_links_show(&page);
    check(strcmp(page.loggers[0], "self.sys") == 0 && strcmp(page.loggers[1], "programs") == 0 &&
              strcmp(page.loggers[2], "others") == 0 && strcmp(page.loggers[3], "one") == 0 &&
              page.loggers[4][0] == '\0',
          "a page that comes shows who is there");
    check(attach_as(&two, "two") == STATUS_SUCCESS && strcmp(page.loggers[4], "two") == 0, "and who comes later");
    check(rv_attach_send(&one, 1, 1, "x", 1) == RV_OK && last.origin == 16 + 3, "data is numbered by who sent it");
    check(rv_attach_log(&two, 1, "x") == RV_OK && last.origin == 16 + 4 && last.level == 1 && last.type == 0,
          "as text is");
    check(attach_as(&again, "one") == STATUS_SUCCESS && again.origin == one.origin && logger(3)->attached == 2,
          "two of one name have one number");
    rv_attach_detach(&again);
    rv_attach_detach(&one);
    check(strcmp(logger(3)->name, "one") == 0 && logger(3)->attached == 0, "a name stays when its driver goes");
    check(attach_as(&one, "one") == STATUS_SUCCESS && one.origin == 16 + 3, "which finds it again");
    rv_links_show(&next);
    check(strcmp(next.loggers[4], "two") == 0, "the next session shows all of them");
    rv_links_show(NULL);
    check(attach_as(&again, "programs") == STATUS_SUCCESS && again.origin == 16 + 2,
          "who takes a name that is not for drivers is one of the others");
    rv_attach_detach(&again);
    check(attach_as(&again, "a name of 23 characters!") == STATUS_INVALID_PARAMETER && again.calls.forget == NULL,
          "a name with blanks is refused");
    check(attach_as(&again, "12345678901234567890123") == STATUS_SUCCESS &&
              strcmp(logger(5)->name, "12345678901234567890123") == 0 && strcmp(next.loggers[5], "") == 0,
          "the longest name");
    rv_attach_detach(&again);
    for (uint32_t n = 6; n < RV_LOGGERS; n++) {
        char name[RV_LOGGER_NAME_BYTES];
        (void)snprintf(name, sizeof name, "driver%u", n);
        check(mask(name, n) == STATUS_SUCCESS && logger(n)->off == n, "a mask for one that is yet to come");
    }
    check(mask("one-too-many", 1) == STATUS_INSUFFICIENT_RESOURCES, "until there is no room");
    check(attach_as(&again, "one-too-many") == STATUS_SUCCESS && again.origin == 16 + 2 && logger(2)->attached == 1,
          "a driver without room for its name is one of the others");
    rv_links_close();
    check(logger(2)->attached == 0 && logger(3)->attached == 0 && logger(4)->attached == 0, "the end counts all out");
    end();
}

static void test_masks(void)
{
    begin();
    rv_attachment one = RV_ATTACHMENT_INIT, two = RV_ATTACHMENT_INIT, late = RV_ATTACHMENT_INIT;
    check(own_mask == 0, "nothing is off at first");
    check(attach_as(&one, "one") == STATUS_SUCCESS && attach_as(&two, "two") == STATUS_SUCCESS, "two attach");
    check(mask("one", rv_mask_level(1) | rv_mask_type(7)) == STATUS_SUCCESS, "a level and a type of one are off");
    check(rv_attach_log(&one, 1, "x") == RV_MASKED && rv_attach_send(&one, 7, 1, "x", 1) == RV_MASKED &&
              rv_attach_send_level(&one, 1, 9, 1, "x", 1) == RV_MASKED && written == 0 && texts == 0,
          "and not called for");
    check(rv_attach_log(&one, 2, "x") == RV_OK && rv_attach_send(&one, 8, 1, "x", 1) == RV_OK, "its others are");
    check(rv_attach_log(&two, 1, "x") == RV_OK && rv_attach_send(&two, 7, 1, "x", 1) == RV_OK, "nor is the other one");
    check(own_mask == 0 && mask("self.sys", 5) == STATUS_SUCCESS && own_mask == 5 && one.off != 5,
          "the driver itself has its own");
    check(attach_as(&late, "one") == STATUS_SUCCESS && rv_attach_log(&late, 1, "x") == RV_MASKED,
          "who comes under a name finds its mask");
    check(mask("one", 0) == STATUS_SUCCESS && rv_attach_log(&one, 1, "x") == RV_OK &&
              rv_attach_log(&late, 1, "x") == RV_OK,
          "and on again, for all of that name");
    check(mask("", 1) == STATUS_INVALID_PARAMETER && mask("a b", 1) == STATUS_INVALID_PARAMETER,
          "a name that none can have");
    check(rv_links_programs_off() == 0 && mask("programs", 9) == STATUS_SUCCESS && rv_links_programs_off() == 9 &&
              own_mask == 5,
          "programs have theirs");
    rv_links_close();
    end();
}

static NTSTATUS set_stacks(const char *name, uint32_t levels)
{
    rv_ioctl_stacks request = {.levels = levels};
    memcpy(request.name, name, strnlen(name, sizeof request.name));
    return rv_links_stacks(&request);
}

/* A text of a driver: whether it was to carry a stack, and that it came at all. */
static bool carries(rv_attachment *attachment, uint8_t level)
{
    int stacks_before = stacks, texts_before = texts;
    check(rv_attach_log(attachment, level, "x") == RV_OK && texts == texts_before + 1, "a text comes");
    check(last.level == level && last.origin == attachment->origin, "as what it is");
    return stacks != stacks_before;
}

static void test_stacks(void)
{
    begin();
    rv_attachment one = RV_ATTACHMENT_INIT, two = RV_ATTACHMENT_INIT, late = RV_ATTACHMENT_INIT;
    check(own_stacks == 0, "nobody has stacks at first");
    check(attach_as(&one, "one") == STATUS_SUCCESS && attach_as(&two, "two") == STATUS_SUCCESS, "two attach");
    check(one.calls.text == rv_log_text && !carries(&one, 0), "and what they call knows of no stacks");
    check(set_stacks("one", 1u << 0 | 1u << 1) == STATUS_SUCCESS, "two levels of one get stacks");
    check(carries(&one, 0) && carries(&one, 1) && !carries(&one, 2) && !carries(&one, 31) && !carries(&one, 255),
          "these and no others");
    check(!carries(&two, 0) && two.calls.text == rv_log_text, "nor those of the other one");
    check(rv_attach_send_level(&one, 0, 7, 1, "x", 1) == RV_OK && stacks == 2, "nor what is not text");
    check(logger(one.origin - 16)->stacks == 3 && logger(two.origin - 16)->stacks == 0, "and it is listed");
    check(attach_as(&late, "one") == STATUS_SUCCESS && carries(&late, 1) && !carries(&late, 2),
          "who comes under a name finds its levels");
    check(mask("one", rv_mask_level(1)) == STATUS_SUCCESS && rv_attach_log(&one, 1, "x") == RV_MASKED &&
              carries(&one, 0) && mask("one", 0) == STATUS_SUCCESS && carries(&one, 1),
          "a mask is another matter");
    check(set_stacks("one", 1u << 31) == STATUS_SUCCESS && carries(&one, 31) && carries(&one, 255) &&
              !carries(&one, 30),
          "levels from 31 on are one");
    check(set_stacks("two", ~0u) == STATUS_SUCCESS && carries(&two, 0) && carries(&two, 200) && !carries(&late, 0),
          "all of another one");
    two.origin = 9; /* it lies in memory of another driver */
    (void)rv_attach_log(&two, 0, "x");
    two.origin = 16 + 4;
    check(set_stacks("one", 0) == STATUS_SUCCESS && one.calls.text == rv_log_text && late.calls.text == rv_log_text,
          "and off again, for all of that name");
    check(own_stacks == 0 && set_stacks("self.sys", 5) == STATUS_SUCCESS && own_stacks == (16ull << 32 | 5) &&
              logger(0)->stacks == 5,
          "the driver itself has its own");
    check(set_stacks("programs", 1) == STATUS_NOT_SUPPORTED && logger(1)->stacks == 0, "programs have none");
    check(set_stacks("others", 1) == STATUS_SUCCESS && logger(2)->stacks == 1, "those without a name have them");
    check(set_stacks("", 1) == STATUS_INVALID_PARAMETER && set_stacks("a b", 1) == STATUS_INVALID_PARAMETER,
          "a name that none can have");
    rv_ioctl_stacks dirty = {.name = "one", .levels = 1, .reserved = 1};
    check(rv_links_stacks(&dirty) == STATUS_INVALID_PARAMETER && !carries(&one, 0), "what is reserved is 0");
    check(set_stacks("yet-to-come", 2) == STATUS_SUCCESS, "levels of one that is yet to come");
    rv_attach_detach(&late);
    check(attach_as(&late, "yet-to-come") == STATUS_SUCCESS && carries(&late, 1), "are there when it comes");
    for (uint32_t n = 0; logger(RV_LOGGERS - 1)->name[0] == '\0'; n++) {
        char name[RV_LOGGER_NAME_BYTES];
        (void)snprintf(name, sizeof name, "driver%u", n);
        check(mask(name, 0) == STATUS_SUCCESS, "a name");
    }
    check(set_stacks("one-too-many", 1) == STATUS_INSUFFICIENT_RESOURCES, "until there is no room");
    rv_links_close();
    rv_links_init("self.sys");
    check(own_stacks == 0 && attach_as(&one, "one") == STATUS_SUCCESS && !carries(&one, 31),
          "a driver that is loaded anew has none");
    check(attach_as(&two, "two") == STATUS_SUCCESS && two.calls.text == rv_log_text && logger(4)->stacks == 0,
          "whoever had them before");
    rv_links_close();
    end();
}

/* As the inline functions of attach.h do it, from a place that is known. */
static __attribute__((noinline)) rv_status say(rv_attachment *attachment, const char *format, ...)
{
    rv_record_info info = {.origin = (uint16_t)attachment->origin};
    va_list arguments;
    va_start(arguments, format);
    rv_status status = attachment->calls.text(&info, format, arguments);
    va_end(arguments);
    return status;
}

static void test_caller(void)
{
    begin();
    rv_attachment one = RV_ATTACHMENT_INIT;
    check(attach_as(&one, "one") == STATUS_SUCCESS && set_stacks("one", 1) == STATUS_SUCCESS, "one has stacks");
    check(say(&one, "x") == RV_OK && (uintptr_t)last_caller > (uintptr_t)say &&
              (uintptr_t)last_caller < (uintptr_t)say + 2048,
          "they begin in the driver that logs");
    rv_links_close();
    end();
}

/* Each bit by itself, against a table that is written out. */
static void test_mask_bits(void)
{
    for (uint32_t level = 0; level < 256; level++) {
        check(rv_mask_level(level) == 1ull << (level < 31 ? level : 31), "levels from 31 on share a bit");
        check(rv_mask_hides(rv_mask_level(level), (uint8_t)level, 0) &&
                  !rv_mask_hides(~rv_mask_level(level) & 0xffffffff, (uint8_t)level, 0),
              "a level is hidden by its bit alone");
    }
    static const uint16_t types[] = {0, 1, 2, 30, 31, 32, 255, 0xff00, 0xff01, 0xffff};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        uint64_t bit = 1ull << (32 + (types[i] < 31 ? types[i] : 31));
        check(rv_mask_type(types[i]) == bit && rv_mask_hides(bit, 0, types[i]) &&
                  !rv_mask_hides(~bit & 0xffffffff00000000ull, 0, types[i]),
              "a type is hidden by its bit alone");
    }
}

int main(void)
{
    test_attach_and_detach();
    test_names();
    test_masks();
    test_stacks();
    test_caller();
    test_mask_bits();
    test_pause();
    test_refusals();
    test_close();
    return report();
}
