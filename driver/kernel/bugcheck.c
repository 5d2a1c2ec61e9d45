/*
 * bugcheck.c - the KbCallbackAddPages callback. It runs at HIGH_LEVEL on a system that has crashed, so it reads only
 * what was prepared and touches nothing else.
 */
#include "bugcheck.h"

#include "../ring/platform.h"
#include "crash_pages.h"

static KBUGCHECK_REASON_CALLBACK_RECORD record;
static bool registered;
static void *watched; /* const rv_capture_session */

typedef struct range {
    const rv_region *region;
    uint64_t offset, bytes;
} range;

/* Range `n` of a session: the session page, the consumer pages, then of each ring what crash_pages.h says. */
static bool range_at(const rv_capture_session *session, ULONG_PTR n, range *found)
{
    if (n < 2) {
        found->region = n == 0 ? &session->session : &session->consumers;
        found->offset = 0;
        found->bytes = found->region->bytes;
        return true;
    }
    ULONG_PTR cpu = (n - 2) / RV_CRASH_RANGES;
    if (cpu >= session->cpu_count) {
        return false;
    }
    found->region = &session->rings_memory[cpu];
    if (!rv_crash_range((uint32_t)((n - 2) % RV_CRASH_RANGES), session->ring_bytes,
                        rv_crash_share(session->ring_bytes, session->cpu_count),
                        rv_load(&session->rings[cpu].producer->published), &found->offset, &found->bytes)) {
        found->bytes = 0;
    }
    return true;
}

/* The first range at or after `*n` that has pages. */
static bool next_range(const rv_capture_session *session, ULONG_PTR *n, range *found)
{
    while (range_at(session, *n, found)) {
        if (found->bytes != 0) {
            return true;
        }
        ++*n;
    }
    return false;
}

static KBUGCHECK_REASON_CALLBACK_ROUTINE add_pages;

_Use_decl_annotations_ static VOID NTAPI add_pages(KBUGCHECK_CALLBACK_REASON reason,
                                                   struct _KBUGCHECK_REASON_CALLBACK_RECORD *self, PVOID data,
                                                   ULONG length)
{
    UNREFERENCED_PARAMETER(self);
    if (reason != KbCallbackAddPages || length < sizeof(KBUGCHECK_ADD_PAGES)) {
        return;
    }
    /* The system calls again as long as it is told that there are more pages. Context keeps the position between the
     * calls; it is NULL in the first one. */
    PKBUGCHECK_ADD_PAGES pages = data;
    const rv_capture_session *session = rv_load_pointer_acquire(&watched);
    ULONG_PTR n = (ULONG_PTR)pages->Context;
    range now, later;
    if (session == NULL || !next_range(session, &n, &now)) {
        pages->Flags = 0;
        pages->Count = 0;
        return;
    }
    pages->Address = (ULONG_PTR)rv_region_address(now.region) + (ULONG_PTR)now.offset;
    pages->Count = (ULONG_PTR)(now.bytes / RV_PAGE);
    pages->Flags = KB_ADD_PAGES_FLAG_VIRTUAL_ADDRESS;
    n++;
    if (next_range(session, &n, &later)) {
        pages->Flags |= KB_ADD_PAGES_FLAG_ADDITIONAL_RANGES_EXIST;
        pages->Context = (PVOID)n;
    }
}

bool rv_bugcheck_register(void)
{
#ifdef RV_WINE /* exported there, but not implemented: calling it ends the process */
    (void)add_pages;
#else
    PKBUGCHECK_REASON_CALLBACK_RECORD self = &record; /* mingw's macro takes a name only */
    KeInitializeCallbackRecord(self);
    registered = KeRegisterBugCheckReasonCallback(self, add_pages, KbCallbackAddPages, (PUCHAR) "ringview");
#endif
    return registered;
}

void rv_bugcheck_deregister(void)
{
    if (registered) {
        (void)KeDeregisterBugCheckReasonCallback(&record);
        registered = false;
    }
}

_Use_decl_annotations_ void rv_bugcheck_watch(const rv_capture_session *session)
{
    rv_store_pointer_release(&watched, (void *)(uintptr_t)session);
}
