/*
 * consumer.c - reading a session while it runs: OpenTraceW, ProcessTrace, CloseTrace. What a session has to say are the events of
 * the file that is to be played, once something is enabled in it.
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "stand-in.h"

#define FIRST_CONSUMER 0x1000
#define MOST_CONSUMERS 16
/* Events of one buffer, after which the caller is asked whether to go on. */
#define EVENTS_A_BUFFER 64
#define WAIT_MS 20

typedef struct {
    BOOL used;
    BOOL processing;
    BOOL closing;
    WCHAR session[MOST_NAME];
    EVENT_TRACE_LOGFILEW logfile;
    /* The caller's own structure: Windows hands it to the callback for buffers. */
    EVENT_TRACE_LOGFILEW *callers;
} Consumer;

static Consumer consumers[MOST_CONSUMERS];
static WCHAR played[MOST_NAME];

/* Which file the sessions that are read from now on have the events of; NULL for none. */
EXPORT void WINAPI StandInPlay(const WCHAR *path)
{
    enter();
    wcsncpy(played, path == NULL ? L"" : path, MOST_NAME - 1);
    leave();
}

/* A program that calls nothing of this by itself is told by its environment. */
static Player *player_of(void)
{
    WCHAR path[MOST_NAME];
    enter();
    wcscpy(path, played);
    leave();
    if (path[0] == 0 && GetEnvironmentVariableW(L"RINGVIEW_STAND_IN_PLAYS", path, MOST_NAME) == 0) return NULL;
    return open_player(path);
}

static Consumer *consumer_of(TRACEHANDLE handle)
{
    if (handle < FIRST_CONSUMER || handle >= FIRST_CONSUMER + MOST_CONSUMERS) return NULL;
    Consumer *consumer = &consumers[handle - FIRST_CONSUMER];
    return consumer->used ? consumer : NULL;
}

static TRACEHANDLE refuse(DWORD error)
{
    SetLastError(error);
    return INVALID_PROCESSTRACE_HANDLE;
}

EXPORT TRACEHANDLE WINAPI OpenTraceW(PEVENT_TRACE_LOGFILEW logfile)
{
    if (!expect(logfile != NULL, "OpenTraceW: no structure")) return refuse(ERROR_INVALID_PARAMETER);
    const ULONG mode = logfile->ProcessTraceMode;
    if (!expect(logfile->LogFileName == NULL, "OpenTraceW: a session that runs has no LogFileName") ||
        !expect(logfile->LoggerName != NULL && logfile->LoggerName[0] != 0, "OpenTraceW: no LoggerName") ||
        !expect((mode & PROCESS_TRACE_MODE_REAL_TIME) && (mode & PROCESS_TRACE_MODE_EVENT_RECORD),
                "OpenTraceW: ProcessTraceMode is not that of records in real time") ||
        !expect((mode & ~(ULONG)(PROCESS_TRACE_MODE_REAL_TIME | PROCESS_TRACE_MODE_EVENT_RECORD |
                                 PROCESS_TRACE_MODE_RAW_TIMESTAMP)) == 0,
                "OpenTraceW: ProcessTraceMode has bits that were not expected") ||
        !expect(logfile->EventRecordCallback != NULL, "OpenTraceW: no EventRecordCallback") ||
        !expect(logfile->BufferCallback != NULL, "OpenTraceW: no BufferCallback") ||
        !expect(logfile->CurrentTime == 0 && logfile->BuffersRead == 0 && logfile->Context == NULL &&
                    logfile->BufferSize == 0 && logfile->IsKernelTrace == 0,
                "OpenTraceW: fields that Windows fills are not zero"))
        return refuse(ERROR_INVALID_PARAMETER);
    Player *player = player_of();
    enter();
    Consumer *consumer = NULL;
    Session *session = find_session(logfile->LoggerName);
    for (int at = 0; at < MOST_CONSUMERS && consumer == NULL; at++)
        if (!consumers[at].used) consumer = &consumers[at];
    if (session != NULL && consumer != NULL) {
        memset(consumer, 0, sizeof *consumer);
        consumer->used = TRUE;
        wcscpy(consumer->session, session->name);
        LARGE_INTEGER frequency;
        QueryPerformanceFrequency(&frequency);
        logfile->LogfileHeader.NumberOfProcessors = 2;
        logfile->LogfileHeader.PointerSize = sizeof(void *);
        logfile->LogfileHeader.PerfFreq = frequency;
        if (player != NULL) describe_events(player, &logfile->LogfileHeader);
        logfile->LogfileHeader.ReservedFlags = session->clock;
        consumer->logfile = *logfile;
        consumer->callers = logfile;
    }
    leave();
    if (player != NULL) close_player(player);
    if (session == NULL) return refuse(ERROR_WMI_INSTANCE_NOT_FOUND);
    if (consumer == NULL) return refuse(ERROR_NO_SYSTEM_RESOURCES);
    return FIRST_CONSUMER + (TRACEHANDLE)(consumer - consumers);
}

/* Whether the reading goes on: the session runs, and nobody closed it. `ready`: something writes into the session. */
static BOOL goes_on(const Consumer *consumer, BOOL *ready)
{
    enter();
    const Session *session = find_session(consumer->session);
    const BOOL on = session != NULL && !consumer->closing;
    *ready = session != NULL && (session->enabledCount > 0 || session->flags != 0 ||
                                 _wcsnicmp(session->name, L"RingView-", 9) != 0);
    leave();
    return on;
}

static BOOL buffer_was_read(Consumer *consumer)
{
    consumer->callers->BuffersRead = ++consumer->logfile.BuffersRead;
    consumer->callers->Filled = 4096;
    return consumer->logfile.BufferCallback(consumer->callers) != FALSE;
}

/* Windows hands over what is in the buffers even if the session was stopped meanwhile, but not once the reading was closed. */
static BOOL play(Consumer *consumer, Player *player)
{
    EVENT_RECORD record;
    for (int events = 1; next_event(player, &record) && !consumer->closing; events++) {
        record.UserContext = consumer->logfile.Context;
        consumer->logfile.EventRecordCallback(&record);
        if (events % EVENTS_A_BUFFER == 0 && !buffer_was_read(consumer)) return FALSE;
    }
    return buffer_was_read(consumer);
}

EXPORT ULONG WINAPI ProcessTrace(PTRACEHANDLE handles, ULONG count, LPFILETIME start, LPFILETIME end)
{
    if (!expect(handles != NULL && count == 1, "ProcessTrace: not one handle") ||
        !expect(start == NULL && end == NULL, "ProcessTrace: times are for files"))
        return ERROR_INVALID_PARAMETER;
    enter();
    Consumer *consumer = consumer_of(handles[0]);
    if (consumer != NULL) consumer->processing = TRUE;
    leave();
    if (!expect(consumer != NULL, "ProcessTrace: the handle is of no trace that is open")) return ERROR_INVALID_HANDLE;
    ULONG error = ERROR_SUCCESS;
    BOOL ready = FALSE;
    BOOL done = FALSE;
    while (goes_on(consumer, &ready) && error == ERROR_SUCCESS) {
        Player *player = ready && !done ? player_of() : NULL;
        if (player == NULL) {
            Sleep(WAIT_MS);
            continue;
        }
        if (!play(consumer, player)) error = ERROR_CANCELLED;
        close_player(player);
        done = TRUE;
    }
    enter();
    consumer->processing = FALSE;
    if (consumer->closing) consumer->used = FALSE;
    leave();
    return error;
}

EXPORT ULONG WINAPI CloseTrace(TRACEHANDLE handle)
{
    ULONG error = ERROR_SUCCESS;
    enter();
    Consumer *consumer = consumer_of(handle);
    if (consumer == NULL)
        error = ERROR_INVALID_HANDLE;
    else if (consumer->processing) {
        consumer->closing = TRUE;
        error = ERROR_CTX_CLOSE_PENDING;
    } else
        consumer->used = FALSE;
    leave();
    return error;
}
