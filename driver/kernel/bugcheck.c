/*
 * bugcheck.c - the KbCallbackAddPages callback. It runs at HIGH_LEVEL on a system that has crashed: it reads what was
 * prepared and touches nothing else.
 */
#include "bugcheck.h"

#include "../ring/platform.h"

static KBUGCHECK_REASON_CALLBACK_RECORD record;
static bool registered;
static void *watched; /* const rv_capture_session */

/* Region `n` of a session: the session page, the consumer pages, then ring by ring. NULL past the end. */
static const rv_region *region_at(const rv_capture_session *session, ULONG_PTR n)
{
    if (n == 0) {
        return &session->session;
    }
    if (n == 1) {
        return &session->consumers;
    }
    return n - 2 < session->cpu_count ? &session->rings_memory[n - 2] : NULL;
}

static VOID NTAPI add_pages(KBUGCHECK_CALLBACK_REASON reason, struct _KBUGCHECK_REASON_CALLBACK_RECORD *self,
                            PVOID data, ULONG length)
{
    UNREFERENCED_PARAMETER(self);
    if (reason != KbCallbackAddPages || length < sizeof(KBUGCHECK_ADD_PAGES)) {
        return;
    }
    /* The system calls again as long as it is told of more; Context, NULL at first, is where we are. */
    PKBUGCHECK_ADD_PAGES pages = data;
    const rv_capture_session *session = rv_load_pointer_acquire(&watched);
    ULONG_PTR n = (ULONG_PTR)pages->Context;
    const rv_region *region = session != NULL ? region_at(session, n) : NULL;
    if (region == NULL) {
        pages->Flags = 0;
        pages->Count = 0;
        return;
    }
    pages->Address = (ULONG_PTR)rv_region_address(region);
    pages->Count = region->bytes / RV_PAGE;
    pages->Flags = KB_ADD_PAGES_FLAG_VIRTUAL_ADDRESS;
    if (region_at(session, n + 1) != NULL) {
        pages->Flags |= KB_ADD_PAGES_FLAG_ADDITIONAL_RANGES_EXIST;
        pages->Context = (PVOID)(n + 1);
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
