/*
 * programs.c - a table of processes. The process is referenced while it has a handle, so that its number is not given to another
 * one meanwhile; what it was counted for stays until its place is needed.
 */
#include "programs.h"

#include "admit.h"
#include "batch.h"
#include "capture_session.h"
#include "links.h"
#include "lock.h"
#include "pool.h"
#include "user.h"

typedef struct program {
    PEPROCESS process; /* NULL: it has no handle any more */
    uint64_t user;     /* as long as it has one */
    uint32_t pid;      /* 0: a place that was never taken */
    uint32_t handles;
    uint64_t closed; /* the when of it: the least is the longest ago */
    rv_share *shares;
    volatile LONG64 written, lost, refused, masked;
} program;

static rv_lock lock;
static program programs[RV_PROGRAMS];
static uint64_t closings;
static rv_share *all_shares;
static uint32_t cpus;

_Use_decl_annotations_ NTSTATUS rv_programs_start(void)
{
    rv_lock_init(&lock);
    memset(programs, 0, sizeof programs);
    closings = 0;
    cpus = rv_cpu_count();
    all_shares = rv_allocate(cpus * sizeof *all_shares);
    return all_shares == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static void let_go(program *of)
{
    rv_free(of->shares);
    of->shares = NULL;
    ObDereferenceObject(of->process);
    of->process = NULL;
    of->handles = 0;
    of->closed = ++closings;
}

_Use_decl_annotations_ void rv_programs_stop(void)
{
    for (uint32_t n = 0; n < RV_PROGRAMS; n++) {
        if (programs[n].process != NULL) {
            let_go(&programs[n]);
        }
    }
    rv_free(all_shares);
    all_shares = NULL;
}

/* The place of this process; or else one that is free, the one left longest ago. NULL: there is none. */
static program *place_for(PEPROCESS process)
{
    program *found = NULL;
    for (uint32_t n = 0; n < RV_PROGRAMS; n++) {
        program *each = &programs[n];
        if (each->process == process) {
            return each;
        }
        if (each->process == NULL && (found == NULL || each->closed < found->closed)) {
            found = each;
        }
    }
    return found;
}

/* Whether another process of this user may have a place. */
static bool may_take(uint64_t user)
{
    uint32_t own = 0, left = 0;
    for (uint32_t n = 0; n < RV_PROGRAMS; n++) {
        own += programs[n].process != NULL && programs[n].user == user;
        left += programs[n].process == NULL;
    }
    return rv_quota_place(own, left);
}

static NTSTATUS open_for(PFILE_OBJECT file, PEPROCESS process)
{
    program *place = place_for(process);
    if (place == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (place->process == NULL) {
        uint64_t user;
        NTSTATUS status = rv_user_of(process, &user);
        if (!NT_SUCCESS(status)) {
            return status;
        }
        if (!may_take(user)) {
            return STATUS_QUOTA_EXCEEDED;
        }
        rv_share *shares = rv_allocate(cpus * sizeof *shares);
        if (shares == NULL) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        ObReferenceObject(process);
        memset(place, 0, sizeof *place);
        place->process = process;
        place->user = user;
        place->pid = (uint32_t)(uintptr_t)PsGetCurrentProcessId();
        place->shares = shares;
    }
    place->handles++;
    file->FsContext = place;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS rv_programs_open(PFILE_OBJECT file)
{
    rv_lock_take(&lock);
    NTSTATUS status = open_for(file, PsGetCurrentProcess());
    rv_lock_release(&lock);
    return status;
}

_Use_decl_annotations_ void rv_programs_closed(PFILE_OBJECT file)
{
    rv_lock_take(&lock);
    program *of = file->FsContext;
    if (of != NULL) {
        file->FsContext = NULL;
        if (--of->handles == 0) {
            let_go(of);
        }
    }
    rv_lock_release(&lock);
}

_Use_decl_annotations_ NTSTATUS rv_programs_write(PFILE_OBJECT file, const void *batch, uint32_t bytes,
                                                  rv_write_answer *answer)
{
    program *of = file->FsContext;
    if (of == NULL || of->process != PsGetCurrentProcess()) {
        return STATUS_ACCESS_DENIED;
    }
    if (batch == NULL || !rv_batch_check(batch, bytes)) {
        return STATUS_INVALID_PARAMETER;
    }
    rv_shares shares = {.own = of->shares, .all = all_shares, .count = cpus};
    if (rv_admit_batch(batch, bytes, &shares, rv_links_programs_off(), answer) != RV_OK) {
        return STATUS_DEVICE_NOT_READY;
    }
    (void)InterlockedExchangeAdd64(&of->written, answer->written);
    (void)InterlockedExchangeAdd64(&of->lost, answer->lost);
    (void)InterlockedExchangeAdd64(&of->refused, answer->refused);
    (void)InterlockedExchangeAdd64(&of->masked, answer->masked);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_programs_list(rv_ioctl_programs *answer)
{
    rv_lock_take(&lock);
    for (uint32_t n = 0; n < RV_PROGRAMS; n++) {
        const program *each = &programs[n];
        answer->programs[n] = (rv_ioctl_program){
            .pid = each->pid,
            .handles = each->handles,
            .written = (uint64_t)each->written,
            .lost = (uint64_t)each->lost,
            .refused = (uint64_t)each->refused,
            .masked = (uint64_t)each->masked,
        };
    }
    rv_lock_release(&lock);
}
