/*
 * bugcheck.c - the callbacks that add memory to a dump: pages to a kernel dump (KbCallbackAddPages), a few blocks to a
 * small one (KbCallbackTriageDumpData, since Windows 10 1809). They run at HIGH_LEVEL on a system that has crashed, so they
 * read only what was prepared and touch nothing else.
 */
#include "bugcheck.h"

#include "../ring/platform.h"
#include "crash_pages.h"

static KBUGCHECK_REASON_CALLBACK_RECORD record;
static bool registered;
static KBUGCHECK_REASON_CALLBACK_RECORD small_record;
static bool small_registered;
static void *watched; /* const rv_capture_session */

typedef struct range {
    const rv_region *region;
    uint64_t offset, bytes;
} range;

/*
 * Structures and services of small dumps, which headers before Windows 10 1803 lack. The array is the system's own: it
 * holds so many blocks as its size allows, and is memory that is always there, as all of a driver's variables are.
 */
#define TRIAGE_DUMP_DATA ((KBUGCHECK_CALLBACK_REASON)7)
#define TRIAGE_DUMP_OF_CRASH 1u /* in Flags: a bug check, and no dump of a system that lives on */
typedef struct triage_dump_data {
    PVOID DataArray;
    ULONG Flags;
    ULONG MaxVirtMemSize;
    ULONG BugCheckCode;
    ULONG_PTR BugCheckParameters[4];
} triage_dump_data;
typedef NTSTATUS(NTAPI *init_blocks)(PVOID array, ULONG size);
typedef NTSTATUS(NTAPI *add_block)(PVOID array, PVOID address, SIZE_T size);

static ULONG_PTR blocks[4096]; /* 32 KiB: about 2000 blocks */
static add_block add_to_small;

/* Range `n` of a session: the session page, the consumer pages, then of each ring what crash_pages.h says. */
static bool range_at(const rv_capture_session *session, uint64_t share, ULONG_PTR n, range *found)
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
    if (!rv_crash_range((uint32_t)((n - 2) % RV_CRASH_RANGES), session->ring_bytes, share,
                        rv_load(&session->rings[cpu].producer->published), &found->offset, &found->bytes)) {
        found->bytes = 0;
    }
    return true;
}

/* The first range at or after `*n` that has pages. */
static bool next_range(const rv_capture_session *session, ULONG_PTR *n, range *found)
{
    uint64_t share = rv_crash_share(session->ring_bytes, session->cpu_count);
    while (range_at(session, share, *n, found)) {
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

static KBUGCHECK_REASON_CALLBACK_ROUTINE add_blocks;

_Use_decl_annotations_ static VOID NTAPI add_blocks(KBUGCHECK_CALLBACK_REASON reason,
                                                    struct _KBUGCHECK_REASON_CALLBACK_RECORD *self, PVOID data,
                                                    ULONG length)
{
    UNREFERENCED_PARAMETER(self);
    const rv_capture_session *session = rv_load_pointer_acquire(&watched);
    if (reason != TRIAGE_DUMP_DATA || length < sizeof(triage_dump_data) || session == NULL) {
        return;
    }
    triage_dump_data *dump = data;
    /* What is added stays in the array, so it is filled once, when no session can come or go any more. */
    if ((dump->Flags & TRIAGE_DUMP_OF_CRASH) == 0) {
        return;
    }
    uint64_t left = dump->MaxVirtMemSize;
    uint64_t share = rv_crash_small_share(session->ring_bytes, session->cpu_count, left);
    range now;
    for (ULONG_PTR n = 0; range_at(session, share, n, &now); n++) {
        /* What does not fit is left out: of very many CPUs the pages of consumers, which say least. */
        if (now.bytes == 0 || now.bytes > left) {
            continue;
        }
        ULONG_PTR address = (ULONG_PTR)rv_region_address(now.region) + (ULONG_PTR)now.offset;
        if (NT_SUCCESS(add_to_small(blocks, (PVOID)address, (SIZE_T)now.bytes))) {
            left -= now.bytes;
        }
    }
    dump->DataArray = blocks;
}

#ifndef RV_WINE
/* Without the services the system makes no small dumps with data of drivers. */
static bool register_small(void)
{
    UNICODE_STRING init_name = RTL_CONSTANT_STRING(L"KeInitializeTriageDumpDataArray");
    UNICODE_STRING add_name = RTL_CONSTANT_STRING(L"KeAddTriageDumpDataBlock");
    init_blocks init = (init_blocks)(ULONG_PTR)MmGetSystemRoutineAddress(&init_name);
    PKBUGCHECK_REASON_CALLBACK_RECORD self = &small_record;
    add_to_small = (add_block)(ULONG_PTR)MmGetSystemRoutineAddress(&add_name);
    if (init == NULL || add_to_small == NULL || !NT_SUCCESS(init(blocks, sizeof blocks))) {
        return false;
    }
    KeInitializeCallbackRecord(self);
    return KeRegisterBugCheckReasonCallback(self, add_blocks, TRIAGE_DUMP_DATA, (PUCHAR) "ringview");
}
#endif

bool rv_bugcheck_register(void)
{
#ifdef RV_WINE /* exported there, but not implemented: calling it ends the process */
    (void)add_pages;
    (void)add_blocks;
#else
    PKBUGCHECK_REASON_CALLBACK_RECORD self = &record; /* mingw's macro takes a name only */
    KeInitializeCallbackRecord(self);
    registered = KeRegisterBugCheckReasonCallback(self, add_pages, KbCallbackAddPages, (PUCHAR) "ringview");
    small_registered = register_small();
#endif
    return registered;
}

void rv_bugcheck_deregister(void)
{
    if (registered) {
        (void)KeDeregisterBugCheckReasonCallback(&record);
        registered = false;
    }
    if (small_registered) {
        (void)KeDeregisterBugCheckReasonCallback(&small_record);
        small_registered = false;
    }
}

_Use_decl_annotations_ void rv_bugcheck_watch(const rv_capture_session *session)
{
    rv_store_pointer_release(&watched, (void *)(uintptr_t)session);
}
