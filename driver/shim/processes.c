/*
 * processes.c - processes: who runs, what is asked of one, and the notify routines.
 */
#include <ntifs.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- who runs ---- */

static uint32_t running_pid = 4711;

void shim_run_as(uint32_t pid)
{
    running_pid = pid;
}

HANDLE PsGetCurrentProcessId(void)
{
    return (HANDLE)(uintptr_t)running_pid;
}

HANDLE PsGetCurrentThreadId(void)
{
    return (HANDLE)(uintptr_t)(running_pid + 1u);
}

/* From this number on each process is one of its own. */
#define CROWD 10000u
static object crowd[512];
static const char *running_user = "ann";

PEPROCESS PsGetCurrentProcess(void)
{
    if (running_pid >= CROWD && running_pid < CROWD + sizeof crowd / sizeof crowd[0]) {
        crowd[running_pid - CROWD].kind = OBJECT_PROCESS;
        return (PEPROCESS)(void *)&crowd[running_pid - CROWD];
    }
    return (PEPROCESS)(void *)(running_pid == 4711 ? &shim_process : &shim_other_process);
}

/* ---- whose process it is ---- */

void shim_run_for(const char *user)
{
    running_user = user;
}

PACCESS_TOKEN PsReferencePrimaryToken(PEPROCESS process)
{
    if (process != PsGetCurrentProcess()) {
        shim_violation("the token of another process");
    }
    shim_state.references++;
    return &running_user;
}

void PsDereferencePrimaryToken(PACCESS_TOKEN token)
{
    (void)token;
    shim_state.references--;
}

/* A SID here is a length and as many letters. */
NTSTATUS SeQueryInformationToken(PACCESS_TOKEN token, TOKEN_INFORMATION_CLASS kind, PVOID *information)
{
    shim_need_passive("SeQueryInformationToken");
    if (kind != TokenUser || token != (PACCESS_TOKEN)&running_user) {
        shim_violation("SeQueryInformationToken of what is no token");
    }
    if (shim_fails("SeQueryInformationToken")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    shim_state.pool++;
    size_t length = strlen(running_user);
    TOKEN_USER *user = malloc(sizeof *user + 1 + length);
    uint8_t *sid = (uint8_t *)(user + 1);
    sid[0] = (uint8_t)length;
    memcpy(sid + 1, running_user, length);
    *user = (TOKEN_USER){.User = {.Sid = sid}};
    *information = user;
    return STATUS_SUCCESS;
}

ULONG RtlLengthSid(PSID sid)
{
    return 1u + *(const uint8_t *)sid;
}

/* ---- what is asked of a process ---- */

static int64_t create_time(PEPROCESS process)
{
    (void)process;
    return SHIM_PROCESS_CREATED;
}

static NTSTATUS exit_status(PEPROCESS process)
{
    (void)process;
    return 3;
}

static PVOID reference_token(PEPROCESS process)
{
    shim_need_passive("PsReferencePrimaryToken");
    shim_state.references++;
    return process;
}

static void dereference_token(PVOID token)
{
    (void)token;
    shim_state.references--;
}

static NTSTATUS session_of_token(PVOID token, ULONG *session)
{
    (void)token;
    *session = 2;
    return STATUS_SUCCESS;
}

/* ---- notify routines ---- */

static shim_process_routine on_process;
static shim_thread_routine on_thread;
static shim_image_routine on_image;

#define CHANGE(slot, name)                                                                                             \
    if (remove) {                                                                                                      \
        if (slot == NULL) {                                                                                            \
            shim_violation(name " removes what is not there");                                                         \
        }                                                                                                              \
        shim_state.callbacks--;                                                                                        \
        slot = NULL;                                                                                                   \
    } else {                                                                                                           \
        if (slot != NULL) {                                                                                            \
            shim_violation(name " registered twice");                                                                  \
        }                                                                                                              \
        if (shim_fails(name)) {                                                                                        \
            return STATUS_INSUFFICIENT_RESOURCES;                                                                      \
        }                                                                                                              \
        shim_state.callbacks++;                                                                                        \
        slot = routine;                                                                                                \
    }                                                                                                                  \
    return STATUS_SUCCESS

static NTSTATUS change_process(shim_process_routine routine, bool remove)
{
    CHANGE(on_process, "PsSetCreateProcessNotifyRoutineEx");
}

static NTSTATUS change_thread(shim_thread_routine routine, bool remove)
{
    CHANGE(on_thread, "PsSetCreateThreadNotifyRoutine");
}

static NTSTATUS change_image(shim_image_routine routine, bool remove)
{
    CHANGE(on_image, "PsSetLoadImageNotifyRoutine");
}

NTSTATUS PsSetCreateThreadNotifyRoutine(shim_thread_routine routine)
{
    return change_thread(routine, false);
}

NTSTATUS PsRemoveCreateThreadNotifyRoutine(shim_thread_routine routine)
{
    return change_thread(routine, true);
}

NTSTATUS PsSetLoadImageNotifyRoutine(shim_image_routine routine)
{
    return change_image(routine, false);
}

NTSTATUS PsRemoveLoadImageNotifyRoutine(shim_image_routine routine)
{
    return change_image(routine, true);
}

/* PsSetCreateProcessNotifyRoutineEx2 tells of the subsystems of Linux too; what it was given, it has to take back. */
static bool all_subsystems;

static NTSTATUS set_process_routine_ex2(ULONG type, PVOID routine, BOOLEAN remove)
{
    if (type != 0 || (remove && !all_subsystems)) {
        shim_violation("PsSetCreateProcessNotifyRoutineEx2: another type, or one that it was not given");
    }
    NTSTATUS status = change_process((shim_process_routine)(uintptr_t)routine, remove);
    all_subsystems = NT_SUCCESS(status) && !remove;
    return status;
}

NTSTATUS PsSetCreateProcessNotifyRoutineEx(shim_process_routine routine, BOOLEAN remove)
{
    if (all_subsystems) {
        shim_violation("PsSetCreateProcessNotifyRoutineEx removes what it was not given");
    }
    return change_process(routine, remove);
}

PVOID shim_process_routine_of(PUNICODE_STRING name)
{
    static const struct {
        const char *name, *missing;
        uintptr_t routine;
    } routines[] = {
        {"PsSetCreateProcessNotifyRoutineEx2", "PsSetCreateProcessNotifyRoutineEx2 is missing",
         (uintptr_t)set_process_routine_ex2},
        {"PsGetProcessCreateTimeQuadPart", "PsGetProcessCreateTimeQuadPart is missing", (uintptr_t)create_time},
        {"PsGetProcessExitStatus", "PsGetProcessExitStatus is missing", (uintptr_t)exit_status},
        {"PsReferencePrimaryToken", "PsReferencePrimaryToken is missing", (uintptr_t)reference_token},
        {"PsDereferencePrimaryToken", "PsDereferencePrimaryToken is missing", (uintptr_t)dereference_token},
        {"SeQuerySessionIdToken", "SeQuerySessionIdToken is missing", (uintptr_t)session_of_token},
    };
    for (size_t n = 0; n < sizeof routines / sizeof routines[0]; n++) {
        if (shim_is(name, routines[n].name)) {
            return shim_fails(routines[n].missing) ? NULL : (PVOID)routines[n].routine;
        }
    }
    return NULL;
}

void shim_process_starts(uint32_t pid, const char *path, const char *command, bool of_linux)
{
    static uint16_t path_units[4096], command_units[4096];
    UNICODE_STRING path_string, command_string;
    shim_name(&path_string, path_units, 4096, path == NULL ? "" : path);
    shim_name(&command_string, command_units, 4096, command == NULL ? "" : command);
    PS_CREATE_NOTIFY_INFO info = {
        .Size = sizeof info,
        .Flags = of_linux ? 2 : 0,
        .ParentProcessId = (HANDLE)(uintptr_t)4,
        .CreatingThreadId = {(HANDLE)(uintptr_t)8, (HANDLE)(uintptr_t)12},
        .ImageFileName = path == NULL ? NULL : &path_string,
        .CommandLine = command == NULL ? NULL : &command_string,
    };
    if (on_process != NULL && (!of_linux || all_subsystems)) {
        on_process((PEPROCESS)(void *)&shim_process, (HANDLE)(uintptr_t)pid, &info);
    }
}

void shim_process_ends(uint32_t pid)
{
    if (on_process != NULL) {
        on_process((PEPROCESS)(void *)&shim_process, (HANDLE)(uintptr_t)pid, NULL);
    }
}

void shim_thread_starts(uint32_t pid, uint32_t tid)
{
    if (on_thread != NULL) {
        on_thread((HANDLE)(uintptr_t)pid, (HANDLE)(uintptr_t)tid, TRUE);
    }
}

void shim_image_loads(uint32_t pid, const char *path, uint32_t properties)
{
    static uint16_t units[4096];
    UNICODE_STRING string;
    IMAGE_INFO image = {.Properties = properties, .ImageBase = (PVOID)(uintptr_t)0x140000000, .ImageSize = 65536};
    shim_name(&string, units, 4096, path == NULL ? "" : path);
    if (on_image != NULL) {
        on_image(path == NULL ? NULL : &string, (HANDLE)(uintptr_t)pid, &image);
    }
}

void shim_new_process(void)
{
    shim_process_starts(5000, "C:\\a.exe", "a.exe /x", false);
    shim_thread_starts(5000, 5001);
    shim_image_loads(5000, "C:\\a.exe", 0);
    shim_process_ends(5000);
}
