/*
 * registry_events.c - the callback of the registry, which is called before and after each operation, at PASSIVE_LEVEL in the
 * thread that asked.
 *
 * Before: the filter is asked for the process, and the moment is left in the call's context, which the system gives back at the
 * end; for most operations that is all there is to remember, and it needs no memory. Of a key that is gone or has another name
 * at the end, the path has to be found out and kept before (pending.h). After: the path, the filter, the record.
 *
 * Names come from whoever asked. Since Windows 8 the system copies them first, and before it did not always; they are read
 * once, as memory that may change or be gone.
 */
#include "registry_events.h"

#ifdef RV_WINE

/* Wine has a registry without callbacks. */
_Use_decl_annotations_ bool rv_registry_events_available(void)
{
    return false;
}

_Use_decl_annotations_ NTSTATUS rv_registry_events_start(PDRIVER_OBJECT driver, rv_event_sink *sink,
                                                         const rv_filter *filter)
{
    UNREFERENCED_PARAMETER(driver);
    UNREFERENCED_PARAMETER(sink);
    UNREFERENCED_PARAMETER(filter);
    return STATUS_NOT_SUPPORTED;
}

_Use_decl_annotations_ void rv_registry_events_stop(void)
{
}

bool rv_registry_events_running(void)
{
    return false;
}

#else

#include <string.h>

#include "../ring/platform.h"
#include "altitude.h"
#include "fault.h"
#include "pending.h"
#include "registry_kinds.h"
#include "routine.h"
#include "utf8.h"

#if !RV_HAS_SEH
#error "registry_events.c: names may be memory of a program; build it with a compiler that has __try"
#endif

static EX_CALLBACK_FUNCTION on_registry;

static struct {
    NTSTATUS(NTAPI *add)
    (EX_CALLBACK_FUNCTION *function, PCUNICODE_STRING altitude, PVOID driver, PVOID context, PLARGE_INTEGER cookie,
     PVOID reserved);
    NTSTATUS(NTAPI *remove)(LARGE_INTEGER cookie);
    NTSTATUS(NTAPI *name)
    (PLARGE_INTEGER cookie, PVOID object, PULONG_PTR id, PCUNICODE_STRING *name, ULONG flags);
    void(NTAPI *release_name)(PCUNICODE_STRING name);
} call;

/* ---- operations under way --------------------------------------------------------------------------------------- */

/* The end of an operation may not be told; after this time its place may be another's. */
#define PATIENCE_SECONDS 600u

/* Keys whose path is known before the operation. */
static rv_pending pending;
static struct {
    uint32_t bytes;
    bool cut, known;
    char path[RV_EVENT_PATH_BYTES];
} paths[RV_PENDING];

/* The context of a call: a token of `pending`, which is even then, or only the moment at which it began. */
#define CONTEXT_OF_TOKEN(token) ((PVOID)(ULONG_PTR)((token) << 1))
#define CONTEXT_OF_MOMENT(moment) ((PVOID)(ULONG_PTR)((moment) << 1 | 1u))

static rv_event_sink *send_event;
static const rv_filter *filter;
static LARGE_INTEGER cookie;
static uint64_t ticks_a_second;
static uint32_t running; /* the cookie is known */

/* ---- names ------------------------------------------------------------------------------------------------------ */

typedef struct record {
    rv_event_registry event;
    char texts[RV_EVENT_PATH_BYTES + RV_EVENT_NAME_BYTES];
} record;

/* The path of a key object; released by release_path. NULL: it has none. */
static PCUNICODE_STRING path_of(PVOID object)
{
    PCUNICODE_STRING name = NULL;
    if (object == NULL || !NT_SUCCESS(call.name(&cookie, object, NULL, &name, 0))) {
        return NULL;
    }
    return name;
}

static void release_path(PCUNICODE_STRING path)
{
    if (path != NULL) {
        call.release_name(path);
    }
}

static const uint16_t *units_of(const UNICODE_STRING *string)
{
    return (const uint16_t *)string->Buffer;
}

/* The path of a key, which is that of `root` or lies below it. A name that begins with a backslash says it all by itself. */
static rv_filter_pieces pieces_of(PCUNICODE_STRING root, const UNICODE_STRING *name)
{
    rv_filter_pieces path = {0};
    if (name->Buffer != NULL && name->Length >= 2) {
        path.name = units_of(name);
        path.name_units = name->Length / 2u;
    }
    bool absolute = path.name != NULL && *(const volatile uint16_t *)path.name == '\\';
    if (!absolute && root != NULL && root->Buffer != NULL) {
        path.root = units_of(root);
        path.root_units = root->Length / 2u;
    }
    return path;
}

/* Writes a path of at most RV_EVENT_PATH_BYTES, whose end is kept. */
static uint32_t write_path(char *to, const rv_filter_pieces *path, bool *cut)
{
    uint32_t bytes = path->name == NULL ? 0 : rv_utf8_end(to, RV_EVENT_PATH_BYTES, path->name, path->name_units, cut);
    if (path->root == NULL || *cut) {
        return bytes;
    }
    uint32_t joint = path->name == NULL ? 0 : 1;
    if (bytes + joint > RV_EVENT_PATH_BYTES) {
        *cut = true;
        return bytes;
    }
    uint32_t room = RV_EVENT_PATH_BYTES - bytes - joint;
    memmove(to + RV_EVENT_PATH_BYTES - bytes, to, bytes);
    uint32_t before = rv_utf8_end(to, room, path->root, path->root_units, cut);
    if (joint != 0) {
        to[before++] = '\\';
    }
    memmove(to + before, to + RV_EVENT_PATH_BYTES - bytes, bytes);
    return before + bytes;
}

/*
 * Asks the filter for the path, and writes path and value. Returns whether the event passes. What the pointers lead to may be
 * memory of a program: an exception ends this with nothing written.
 */
static bool write_names(record *to, PCUNICODE_STRING root, const UNICODE_STRING *name, const UNICODE_STRING *value)
{
    UNICODE_STRING below = {0}, other = {0};
    bool cut = false, other_cut = false;
    if (name != NULL) {
        below = *name;
    }
    if (value != NULL) {
        other = *value;
    }
    rv_filter_pieces path = pieces_of(root, &below);
    if (!rv_filter_passes_pieces(filter, &path)) {
        return false;
    }
    to->event.key_bytes = write_path(to->texts, &path, &cut);
    if (other.Buffer != NULL) {
        to->event.value_bytes = rv_utf8_end(to->texts + to->event.key_bytes, RV_EVENT_NAME_BYTES, units_of(&other),
                                            other.Length / 2u, &other_cut);
    }
    bool known = path.root != NULL || path.name != NULL;
    to->event.flags |=
        (cut ? RV_EVENT_PATH_CUT : 0) | (other_cut ? RV_EVENT_SECOND_CUT : 0) | (known ? 0 : RV_EVENT_PATH_UNKNOWN);
    return true;
}

static bool try_names(record *to, PCUNICODE_STRING root, const UNICODE_STRING *name, const UNICODE_STRING *value)
{
    static const rv_filter_pieces nothing;
    bool passes;
    __try {
        passes = write_names(to, root, name, value);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        to->event.key_bytes = 0;
        to->event.value_bytes = 0;
        to->event.flags |= RV_EVENT_PATH_UNKNOWN;
        passes = rv_filter_passes_pieces(filter, &nothing);
    }
    return passes;
}

/* ---- before an operation ---------------------------------------------------------------------------------------- */

/* Finds out what a key is called that may not be called so afterwards. Returns the context for it; NULL: it is filtered out. */
static PVOID remember_path(PVOID object, uint64_t now)
{
    PCUNICODE_STRING name = path_of(object);
    rv_filter_pieces path = {0};
    PVOID context = NULL;
    if (name != NULL && name->Buffer != NULL) {
        path.name = units_of(name);
        path.name_units = name->Length / 2u;
    }
    if (rv_filter_passes_pieces(filter, &path)) {
        uint64_t token = rv_pending_begin(&pending, now, PATIENCE_SECONDS * ticks_a_second);
        context = CONTEXT_OF_MOMENT(now);
        if (token != 0) {
            uint32_t place = rv_pending_place(token);
            paths[place].cut = false;
            paths[place].known = path.name != NULL;
            paths[place].bytes = write_path(paths[place].path, &path, &paths[place].cut);
            context = CONTEXT_OF_TOKEN(token);
        }
    }
    release_path(name);
    return context;
}

static void before(const rv_registry_kind *of, void *info)
{
    uint64_t now = rv_clock();
    PVOID context = NULL;
    if (rv_filter_passes_pid(filter, rv_pid())) {
        context = of->early ? remember_path(rv_registry_field(info, of->object), now) : CONTEXT_OF_MOMENT(now);
    }
    *(PVOID *)(void *)((uint8_t *)info + of->context) = context;
}

/* ---- after it --------------------------------------------------------------------------------------------------- */

static uint64_t nanoseconds(uint64_t ticks)
{
    return ticks / ticks_a_second * 1000000000u + ticks % ticks_a_second * 1000000000u / ticks_a_second;
}

/* The path that was found out before. False: there was no place for it, or it was another's by now. */
static bool recall_path(record *to, uint64_t token)
{
    uint32_t place = rv_pending_place(token);
    uint32_t bytes = paths[place].bytes;
    bool cut = paths[place].cut, known = paths[place].known;
    bytes = bytes < RV_EVENT_PATH_BYTES ? bytes : RV_EVENT_PATH_BYTES;
    memcpy(to->texts, paths[place].path, bytes);
    if (!rv_pending_end(&pending, token)) {
        return false;
    }
    to->event.key_bytes = bytes;
    to->event.flags |= (cut ? RV_EVENT_PATH_CUT : 0) | (known ? 0 : RV_EVENT_PATH_UNKNOWN);
    return true;
}

/* A key's new name, behind the path that it had. */
static void add_value(record *to, const UNICODE_STRING *value)
{
    bool cut = false;
    __try {
        UNICODE_STRING name = value == NULL ? (UNICODE_STRING){0} : *value;
        if (name.Buffer != NULL) {
            to->event.value_bytes = rv_utf8_end(to->texts + to->event.key_bytes, RV_EVENT_NAME_BYTES, units_of(&name),
                                                name.Length / 2u, &cut);
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        to->event.value_bytes = 0;
    }
    to->event.flags |= cut ? RV_EVENT_SECOND_CUT : 0;
}

static bool find_names(record *to, const rv_registry_kind *of, const void *info, PVOID opened)
{
    PCUNICODE_STRING root = path_of(opened != NULL ? opened : rv_registry_field(info, of->object));
    bool passes = try_names(to, root, opened != NULL ? NULL : rv_registry_field(info, of->path),
                            rv_registry_field(info, of->value));
    release_path(root);
    return passes;
}

static void describe(record *to, const rv_registry_kind *of, const void *info, PVOID opened)
{
    to->event.operation = of->operation;
    to->event.object = (uint64_t)(ULONG_PTR)(of->opens ? opened : rv_registry_field(info, of->object));
    to->event.flags = ExGetPreviousMode() == KernelMode ? RV_EVENT_FROM_KERNEL : 0;
    if (of->opens) {
        to->event.access = ((const REG_CREATE_KEY_INFORMATION *)info)->DesiredAccess;
    } else if (of->operation == RV_REGISTRY_SET_VALUE) {
        to->event.value_type = ((const REG_SET_VALUE_KEY_INFORMATION *)info)->Type;
        to->event.data_bytes = ((const REG_SET_VALUE_KEY_INFORMATION *)info)->DataSize;
    }
}

static void after(const rv_registry_kind *of, const REG_POST_OPERATION_INFORMATION *post)
{
    record told;
    uint64_t context = (uint64_t)(ULONG_PTR)post->CallContext;
    const void *info = post->PreInformation;
    uint64_t now = rv_clock();
    /* Filtered out, or begun before this callback was there. */
    if (context == 0 || info == NULL) {
        return;
    }
    bool has_token = (context & 1) == 0;
    uint64_t begun = has_token ? rv_pending_begun(context >> 1) : context >> 1;
    /* Which key it is, is told only of a complete success. */
    PVOID opened = of->opens && post->Status == STATUS_SUCCESS ? post->Object : NULL;
    memset(&told.event, 0, sizeof told.event);
    describe(&told, of, info, opened);
    told.event.status = (uint32_t)post->Status;
    told.event.duration = nanoseconds(now - begun);
    if (has_token && recall_path(&told, context >> 1)) {
        add_value(&told, rv_registry_field(info, of->value));
    } else if (!find_names(&told, of, info, opened)) {
        return;
    }
    send_event(RV_TYPE_REGISTRY, of->operation, &told,
               (uint32_t)sizeof told.event + told.event.key_bytes + told.event.value_bytes);
}

_Use_decl_annotations_ static NTSTATUS NTAPI on_registry(PVOID context, PVOID argument1, PVOID argument2)
{
    REG_NOTIFY_CLASS class = (REG_NOTIFY_CLASS)(ULONG_PTR)argument1;
    UNREFERENCED_PARAMETER(context);
    if (argument2 == NULL || rv_load32_acquire(&running) == 0) {
        return STATUS_SUCCESS;
    }
    const rv_registry_kind *of = rv_registry_kind_of(class);
    if (of != NULL && class == of->before) {
        before(of, argument2);
    } else if (of != NULL) {
        after(of, argument2);
    }
    return STATUS_SUCCESS;
}

/* ---- begin and end ---------------------------------------------------------------------------------------------- */

static bool find_routines(void)
{
    call.add = (NTSTATUS(NTAPI *)(EX_CALLBACK_FUNCTION *, PCUNICODE_STRING, PVOID, PVOID, PLARGE_INTEGER, PVOID))(
        ULONG_PTR)rv_find_routine(L"CmRegisterCallbackEx");
    call.remove = (NTSTATUS(NTAPI *)(LARGE_INTEGER))(ULONG_PTR)rv_find_routine(L"CmUnRegisterCallback");
    call.name = (NTSTATUS(NTAPI *)(PLARGE_INTEGER, PVOID, PULONG_PTR, PCUNICODE_STRING *, ULONG))(
        ULONG_PTR)rv_find_routine(L"CmCallbackGetKeyObjectIDEx");
    call.release_name = (void(NTAPI *)(PCUNICODE_STRING))(ULONG_PTR)rv_find_routine(L"CmCallbackReleaseKeyObjectIDEx");
    return call.add != NULL && call.remove != NULL && call.name != NULL && call.release_name != NULL;
}

_Use_decl_annotations_ bool rv_registry_events_available(void)
{
    return running || find_routines();
}

_Use_decl_annotations_ NTSTATUS rv_registry_events_start(PDRIVER_OBJECT driver, rv_event_sink *sink,
                                                         const rv_filter *by)
{
    UNICODE_STRING altitude = RTL_CONSTANT_STRING(RV_ALTITUDE);
    LARGE_INTEGER frequency;
    if (running) {
        return STATUS_SUCCESS;
    }
    if (!find_routines()) {
        return STATUS_NOT_SUPPORTED;
    }
    (void)KeQueryPerformanceCounter(&frequency);
    ticks_a_second = (uint64_t)frequency.QuadPart;
    memset(&pending, 0, sizeof pending);
    send_event = sink;
    filter = by;
    NTSTATUS status =
        RV_FAULT() ? STATUS_INSUFFICIENT_RESOURCES : call.add(on_registry, &altitude, driver, NULL, &cookie, NULL);
    if (NT_SUCCESS(status)) {
        rv_store32_release(&running, 1);
    }
    return rv_altitude_status(status);
}

_Use_decl_annotations_ void rv_registry_events_stop(void)
{
    if (running) {
        rv_store32(&running, 0);
        (void)call.remove(cookie);
    }
}

bool rv_registry_events_running(void)
{
    return running != 0;
}

#endif
