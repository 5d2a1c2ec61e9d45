/*
 * prove_links.c - drives Eva through the list of attached drivers (links.c): any sequence of requests, of drivers that go,
 * of pauses and of the driver's end, with two drivers. Requests may hold anything.
 */
#include "../../kernel/links.h"
#include "../../kernel/ioctl_check.h"
#include "../../kernel/loggers.h"

#include "../../include/ringview/attach.h"

#include "arbitrary.h"

/* What each driver knows of its attachment. */
static rv_attachment attachments[2];
static enum {
    AWAY,
    ATTACHED,
    TOOK_OWNER,
    AWAITS_GONE
} state[2];

/* ---- the system ------------------------------------------------------------------------------------------------- */

uint64_t proof_swap(void *p, uint64_t bytes, uint64_t value)
{
    uint64_t before;
    if (bytes == sizeof(LONG)) {
        before = *(uint32_t *)p;
        *(uint32_t *)p = (uint32_t)value;
    } else {
        before = *(uint64_t *)p;
        *(uint64_t *)p = value;
    }
    return before;
}

void KeEnterCriticalRegion(void)
{
}

void KeLeaveCriticalRegion(void)
{
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
    //@ assert lock_was_held: event->set == 0;
    event->set = TRUE;
    return 0;
}

NTSTATUS KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode, BOOLEAN alertable,
                               PLARGE_INTEGER timeout)
{
    PKEVENT event = object;
    (void)reason;
    (void)mode;
    (void)alertable;
    (void)timeout;
    //@ assert lock_was_free: event->set == 1;
    event->set = FALSE;
    return STATUS_SUCCESS;
}

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval)
{
    (void)mode;
    (void)alertable;
    (void)interval;
    return STATUS_SUCCESS;
}

LONG ObDereferenceObject(PVOID object)
{
    //@ assert an_object: object != \null;
    (void)object;
    return 0;
}

rv_status rv_log_write(const rv_record_info *info, const void *data, uint32_t length)
{
    (void)info;
    (void)data;
    (void)length;
    return RV_OK;
}

rv_status rv_log_text(const rv_record_info *info, const char *format, va_list arguments)
{
    (void)info;
    (void)format;
    (void)arguments;
    return RV_OK;
}

rv_status rv_log_text_stack(const rv_record_info *info, const void *caller, const char *format, va_list arguments)
{
    (void)caller;
    return rv_log_text(info, format, arguments);
}

void rv_log_mask(uint64_t off)
{
    (void)off;
}

void rv_log_stack(uint8_t frames)
{
    (void)frames;
}

void rv_log_stack_levels(uint8_t frames, uint32_t levels)
{
    //@ assert frames_bounded: frames <= 16;
    (void)frames;
    (void)levels;
}

/* ---- names: prove_loggers.c and prove_requests.c show of these what is taken here ------------------------------- */

bool rv_ioctl_check_name(const char name[RV_LOGGER_NAME_BYTES])
{
    char last = name[RV_LOGGER_NAME_BYTES - 1u];
    (void)last;
    return any_bool();
}

bool rv_ioctl_check_stacks(const rv_ioctl_stacks *request)
{
    rv_ioctl_stacks said = *request;
    (void)said;
    return any_bool();
}

void rv_loggers_init(rv_loggers *loggers, const char *self)
{
    static const rv_loggers none;
    (void)self;
    *loggers = none;
}

uint32_t rv_loggers_number(rv_loggers *loggers, const char name[RV_LOGGER_NAME_BYTES])
{
    (void)loggers;
    (void)name;
    return (uint32_t)any_between(0, RV_LOGGERS);
}

void rv_loggers_show(const rv_loggers *loggers, uint32_t number, rv_session_page *page)
{
    //@ assert a_logger: number < 64;
    //@ assert a_page: \valid(page);
    (void)loggers;
    (void)page;
}

void rv_loggers_show_all(const rv_loggers *loggers, rv_session_page *page)
{
    rv_loggers_show(loggers, 0, page);
}

uint64_t rv_loggers_came(rv_loggers *loggers, uint32_t number)
{
    //@ assert a_logger: number < 64;
    (void)loggers;
    return any64();
}

void rv_loggers_left(rv_loggers *loggers, uint32_t number)
{
    //@ assert a_logger: number < 64;
    (void)loggers;
}

void rv_loggers_mask(rv_loggers *loggers, uint32_t number, uint64_t off)
{
    //@ assert a_logger: number < 64;
    (void)loggers;
    (void)off;
}

void rv_loggers_stacks(rv_loggers *loggers, uint32_t number, uint32_t levels)
{
    //@ assert a_logger: number < 64;
    (void)loggers;
    (void)levels;
}

void rv_loggers_list(const rv_loggers *loggers, rv_ioctl_loggers *answer)
{
    //@ assert an_answer: \valid(answer);
    (void)loggers;
    (void)answer;
}

/* ---- what may happen -------------------------------------------------------------------------------------------- */

static char object;

/* By a name without `volatile`: of what is stored by one with it, Eva remembers nothing, not even that it is a pointer. */
static void set_owner(uint32_t n, PVOID owner)
{
    *(PVOID *)(void *)&attachments[n].owner = owner;
}

/*
 * The memory of a driver that is not attached is its own: it holds anything at all. What an earlier attachment left there is
 * among that, so that Eva need not tell drivers apart by what they did once.
 */
static void left_alone(uint32_t n)
{
    state[n] = AWAY;
    any_bytes(&attachments[n], sizeof attachments[n]);
}

static void attach(uint32_t n)
{
    rv_attach_request request = {sizeof request, RV_ATTACH_VERSION, &attachments[n], {0}};
    any_bytes(request.name, sizeof request.name);
    attachments[n].gone = 0;
    set_owner(n, &object);
    NTSTATUS status = rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request);
    /* It lies in memory of another driver. */
    attachments[n].origin = any32();
    if (status == STATUS_SUCCESS) {
        state[n] = ATTACHED;
    } else {
        left_alone(n);
    }
}

/* As rv_attach_detach does, in two steps, between which everything else may happen. */
static void begin_detach(uint32_t n)
{
    state[n] = InterlockedExchangePointer(&attachments[n].owner, NULL) != NULL ? TOOK_OWNER : AWAITS_GONE;
}

static void end_detach(uint32_t n)
{
    if (state[n] == TOOK_OWNER) {
        attachments[n].calls.forget(&attachments[n]);
        rv_attachment_close(&attachments[n]);
    }
    left_alone(n);
}

/* A request that is no good, whatever it holds: nothing of it may be followed. */
static void ask_nonsense(void)
{
    rv_attach_request request;
    any_bytes(&request, sizeof request);
    request.attachment = NULL;
    (void)rv_links_request(any32(), any_bool() ? &request : NULL, any32());
    /* One of another version: the attachment that it names is not as this driver knows them. */
    request.bytes = sizeof request;
    request.version = RV_ATTACH_VERSION + 1;
    request.attachment = (rv_attachment *)(void *)&object;
    (void)rv_links_request(RV_INTERNAL_ATTACH, &request, sizeof request);
}

/* A text of a driver that is attached, whatever lies in its memory beside the functions that it calls. */
static rv_status log_text(const rv_attachment *attachment, const char *format, ...)
{
    rv_record_info info;
    va_list arguments;
    any_bytes(&info, sizeof info);
    va_start(arguments, format);
    rv_status status = attachment->calls.text(&info, format, arguments);
    va_end(arguments);
    return status;
}

/* What a person asks. */
static void ask_masks(void)
{
    static rv_ioctl_loggers answer;
    rv_ioctl_mask request;
    any_bytes(&request, sizeof request);
    (void)rv_links_mask(&request);
    (void)rv_links_programs_off();
    rv_links_list(&answer);
}

static void ask_stacks(void)
{
    rv_ioctl_stacks request;
    any_bytes(&request, sizeof request);
    (void)rv_links_stacks(&request);
}

static void check_none(void)
{
    uint32_t left = rv_links_count();
    //@ assert all_gone: left == 0;
}

/* A driver attaches or detaches. */
static void go_on(uint32_t n)
{
    if (state[n] == AWAY) {
        attach(n);
    } else if (state[n] == ATTACHED) {
        begin_detach(n);
    } else {
        end_detach(n);
    }
}

/* And logs while it is attached. */
static void log_on(uint32_t n)
{
    if (state[n] == ATTACHED) {
        (void)log_text(&attachments[n], "text %u", any32());
    }
}

/* One more thing happens. Eva forgets with the end of this function by which way it went. */
static void happen(void)
{
    switch (any_between(0, 9)) {
    case 0:
        go_on(0);
        break;
    case 1:
        go_on(1);
        break;
    case 2:
        rv_links_pause();
        break;
    case 3:
        rv_links_resume();
        break;
    case 4:
        ask_masks();
        break;
    case 5:
        ask_nonsense();
        break;
    case 6:
        ask_stacks();
        break;
    case 7:
        log_on(0);
        break;
    case 8:
        log_on(1);
        break;
    default:
        rv_links_close();
        check_none();
        break;
    }
    uint32_t count = rv_links_count();
    //@ assert counted: count <= 2;
}

int main(void)
{
    static rv_session_page page;
    left_alone(0);
    left_alone(1);
    rv_links_init("ringview.sys");
    rv_links_show(&page);
    while (any_bool()) {
        happen();
    }
    rv_links_show(NULL);
    ask_masks();
    Frama_C_show_each_end_of_main();
    return 0;
}
