/* sessions.c - logging sessions: StartTraceW, ControlTraceW, EnableTraceEx2, QueryAllTracesW, EnumerateTraceGuidsEx, TdhEnumerateProviders. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "stand-in.h"

#define MOST_SYSTEM_LOGGERS 8
#define FIRST_HANDLE 0x10

static CRITICAL_SECTION lock;
static Session sessions[MOST_SESSIONS];
static char complaints[65536];
static size_t complained;

void enter(void) { EnterCriticalSection(&lock); }
void leave(void) { LeaveCriticalSection(&lock); }

BOOL expect(BOOL holds, const char *what)
{
    if (holds) return TRUE;
    enter();
    int written = snprintf(complaints + complained, sizeof complaints - complained, "%s\n", what);
    if (written > 0 && complained + (size_t)written < sizeof complaints) complained += (size_t)written;
    leave();
    fprintf(stderr, "stand-in: %s\n", what);
    return FALSE;
}

/* What was wrong since the last call, a line each. */
EXPORT int WINAPI StandInComplaints(char *text, int bytes)
{
    enter();
    int count = (int)complained < bytes - 1 ? (int)complained : bytes - 1;
    memcpy(text, complaints, (size_t)count);
    text[count] = 0;
    complained = 0;
    leave();
    return count;
}

static Session *add_session(const WCHAR *name, ULONG mode, ULONG clock, const WCHAR *file)
{
    for (int at = 0; at < MOST_SESSIONS; at++) {
        if (sessions[at].used) continue;
        memset(&sessions[at], 0, sizeof sessions[at]);
        sessions[at].used = TRUE;
        sessions[at].mode = mode;
        sessions[at].clock = clock;
        wcsncpy(sessions[at].name, name, MOST_NAME - 1);
        wcsncpy(sessions[at].file, file, MOST_NAME - 1);
        return &sessions[at];
    }
    return NULL;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance;
    (void)reserved;
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    InitializeCriticalSection(&lock);
    /* What others run on the machine, and what a process of this program left behind when it was killed. */
    Session *kernel = add_session(L"NT Kernel Logger", EVENT_TRACE_FILE_MODE_SEQUENTIAL, 1, L"C:\\logs\\kernel.etl");
    kernel->flags = EVENT_TRACE_FLAG_PROCESS;
    add_session(L"Somebody Else", EVENT_TRACE_REAL_TIME_MODE, 1, L"")->eventsLost = 7;
    add_session(L"RingView-4000000000-1", EVENT_TRACE_REAL_TIME_MODE, 1, L"");
    return TRUE;
}

Session *find_session(const WCHAR *name)
{
    for (int at = 0; at < MOST_SESSIONS; at++)
        if (sessions[at].used && _wcsicmp(sessions[at].name, name) == 0) return &sessions[at];
    return NULL;
}

Session *session_of(TRACEHANDLE handle)
{
    if (handle < FIRST_HANDLE || handle >= FIRST_HANDLE + MOST_SESSIONS) return NULL;
    Session *session = &sessions[handle - FIRST_HANDLE];
    return session->used ? session : NULL;
}

static TRACEHANDLE handle_of(const Session *session) { return FIRST_HANDLE + (TRACEHANDLE)(session - sessions); }

/* Sets what a session counts as lost, as if its buffers had been full, or had not been read. */
EXPORT void WINAPI StandInLose(const WCHAR *name, ULONG events, ULONG buffers)
{
    enter();
    Session *session = find_session(name);
    if (session != NULL) {
        session->eventsLost += events;
        session->readBuffersLost += buffers;
    }
    leave();
}

/* How a session was started, and what was enabled in it: `mode flags clock count`, then level and keywords of each. */
EXPORT BOOL WINAPI StandInSession(const WCHAR *name, char *text, int bytes)
{
    enter();
    Session *session = find_session(name);
    if (session != NULL) {
        int at = snprintf(text, (size_t)bytes, "mode 0x%lx flags 0x%lx clock %lu", session->mode, session->flags,
                          session->clock);
        for (ULONG each = 0; each < session->enabledCount && at < bytes; each++) {
            const Enabled *enabled = &session->enabled[each];
            at += snprintf(text + at, (size_t)(bytes - at), "; %08lx level %u keywords 0x%llx",
                           enabled->provider.Data1, enabled->level, enabled->keywords);
        }
    }
    leave();
    return session != NULL;
}

/* Whether a name of the structure lies within it, with room for the longest one. */
static BOOL has_room(const EVENT_TRACE_PROPERTIES *properties, ULONG offset)
{
    return offset >= sizeof *properties && offset % sizeof(WCHAR) == 0 &&
           offset + MOST_NAME * sizeof(WCHAR) <= properties->Wnode.BufferSize;
}

static BOOL is_whole(const EVENT_TRACE_PROPERTIES *properties, const char *call)
{
    char what[256];
    snprintf(what, sizeof what, "%s: Wnode.BufferSize is not that of the structure with its names", call);
    return expect(properties != NULL, "the properties are missing") &&
           expect(properties->Wnode.BufferSize >= sizeof *properties + MOST_NAME * sizeof(WCHAR) &&
                      properties->Wnode.BufferSize < 65536,
                  what) &&
           expect(has_room(properties, properties->LoggerNameOffset), "LoggerNameOffset has no room for a name");
}

static void fill(EVENT_TRACE_PROPERTIES *properties, const Session *session)
{
    char *bytes = (char *)properties;
    properties->Wnode.HistoricalContext = handle_of(session);
    properties->Wnode.ClientContext = session->clock;
    properties->Wnode.Flags = WNODE_FLAG_TRACED_GUID;
    properties->LogFileMode = session->mode;
    properties->EnableFlags = session->flags;
    properties->BufferSize = 128;
    properties->EventsLost = session->eventsLost;
    properties->RealTimeBuffersLost = session->readBuffersLost;
    properties->BuffersWritten = 1;
    wcscpy((WCHAR *)(bytes + properties->LoggerNameOffset), session->name);
    if (properties->LogFileNameOffset != 0) wcscpy((WCHAR *)(bytes + properties->LogFileNameOffset), session->file);
}

static int system_loggers(void)
{
    int count = 0;
    for (int at = 0; at < MOST_SESSIONS; at++)
        if (sessions[at].used && (sessions[at].mode & EVENT_TRACE_SYSTEM_LOGGER_MODE)) count++;
    return count;
}

EXPORT ULONG WINAPI StartTraceW(PTRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    if (!expect(handle != NULL, "StartTraceW: no place for the handle") ||
        !expect(name != NULL && name[0] != 0 && wcslen(name) < MOST_NAME, "StartTraceW: no name, or too long a one") ||
        !is_whole(properties, "StartTraceW"))
        return ERROR_INVALID_PARAMETER;
    const ULONG mode = properties->LogFileMode;
    const BOOL system = (mode & EVENT_TRACE_SYSTEM_LOGGER_MODE) != 0;
    if (!expect(properties->Wnode.Flags == WNODE_FLAG_TRACED_GUID, "StartTraceW: Wnode.Flags is not TRACED_GUID") ||
        !expect(properties->Wnode.ClientContext >= 1 && properties->Wnode.ClientContext <= 3,
                "StartTraceW: Wnode.ClientContext is no clock") ||
        !expect((mode & ~(ULONG)(EVENT_TRACE_REAL_TIME_MODE | EVENT_TRACE_SYSTEM_LOGGER_MODE)) == 0,
                "StartTraceW: LogFileMode has bits that were not expected") ||
        !expect((mode & EVENT_TRACE_REAL_TIME_MODE) != 0 && properties->LogFileNameOffset == 0,
                "StartTraceW: a session without a file is one in real time, and names no file") ||
        !expect(properties->MaximumFileSize == 0, "StartTraceW: MaximumFileSize without a file") ||
        !expect(properties->BufferSize >= 4 && properties->BufferSize <= 16384, "StartTraceW: BufferSize is in KB") ||
        !expect(properties->MinimumBuffers >= 2 && properties->MinimumBuffers <= properties->MaximumBuffers,
                "StartTraceW: MinimumBuffers and MaximumBuffers") ||
        !expect(properties->FlushTimer >= 1, "StartTraceW: without FlushTimer buffers wait until they are full") ||
        !expect(system || properties->EnableFlags == 0, "StartTraceW: EnableFlags are for system loggers only") ||
        !expect(_wcsicmp(name, L"NT Kernel Logger") != 0, "StartTraceW: the NT Kernel Logger is not ours to start"))
        return ERROR_INVALID_PARAMETER;
    ULONG error = ERROR_SUCCESS;
    enter();
    if (find_session(name) != NULL)
        error = ERROR_ALREADY_EXISTS;
    else if (system && system_loggers() >= MOST_SYSTEM_LOGGERS)
        error = ERROR_NO_SYSTEM_RESOURCES;
    else {
        Session *session = add_session(name, mode, properties->Wnode.ClientContext, L"");
        if (session == NULL)
            error = ERROR_NO_SYSTEM_RESOURCES;
        else {
            session->flags = properties->EnableFlags;
            *handle = handle_of(session);
            fill(properties, session);
        }
    }
    leave();
    return error;
}

EXPORT ULONG WINAPI ControlTraceW(TRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties, ULONG code)
{
    if (!expect(handle == 0 ? name != NULL : TRUE, "ControlTraceW: neither a handle nor a name") ||
        !is_whole(properties, "ControlTraceW") ||
        !expect(properties->LogFileNameOffset == 0 || has_room(properties, properties->LogFileNameOffset),
                "ControlTraceW: LogFileNameOffset has no room for a name") ||
        !expect(code == EVENT_TRACE_CONTROL_QUERY || code == EVENT_TRACE_CONTROL_STOP ||
                    code == EVENT_TRACE_CONTROL_FLUSH,
                "ControlTraceW: a control code that was not expected"))
        return ERROR_INVALID_PARAMETER;
    ULONG error = ERROR_SUCCESS;
    enter();
    Session *session = handle != 0 ? session_of(handle) : find_session(name);
    if (session == NULL)
        error = ERROR_WMI_INSTANCE_NOT_FOUND;
    else {
        fill(properties, session);
        if (code == EVENT_TRACE_CONTROL_STOP) session->used = FALSE;
    }
    leave();
    if (code != EVENT_TRACE_CONTROL_QUERY && error == ERROR_SUCCESS && name != NULL)
        expect(_wcsnicmp(name, L"RingView-", 9) == 0, "ControlTraceW: a session of others was stopped or flushed");
    return error;
}

EXPORT ULONG WINAPI EnableTraceEx2(TRACEHANDLE handle, LPCGUID provider, ULONG code, UCHAR level, ULONGLONG any,
                                   ULONGLONG all, ULONG timeout, PENABLE_TRACE_PARAMETERS parameters)
{
    if (!expect(provider != NULL, "EnableTraceEx2: no provider") ||
        !expect(code == EVENT_CONTROL_CODE_ENABLE_PROVIDER, "EnableTraceEx2: a control code that was not expected") ||
        !expect(timeout == 0 && all == 0 && parameters == NULL, "EnableTraceEx2: arguments that were not expected"))
        return ERROR_INVALID_PARAMETER;
    ULONG error = ERROR_SUCCESS;
    enter();
    Session *session = session_of(handle);
    if (session == NULL)
        error = ERROR_INVALID_PARAMETER;
    else if (session->enabledCount == MOST_ENABLED)
        error = ERROR_NO_SYSTEM_RESOURCES;
    else {
        Enabled *enabled = &session->enabled[session->enabledCount++];
        enabled->provider = *provider;
        enabled->level = level;
        enabled->keywords = any;
    }
    leave();
    expect(error != ERROR_INVALID_PARAMETER, "EnableTraceEx2: the handle is of no session");
    return error;
}

EXPORT ULONG WINAPI QueryAllTracesW(PEVENT_TRACE_PROPERTIES *properties, ULONG count, PULONG found)
{
    if (!expect(properties != NULL && found != NULL, "QueryAllTracesW: no place for what is found") ||
        !expect(count >= 1 && count <= MOST_SESSIONS, "QueryAllTracesW: more places than Windows has sessions"))
        return ERROR_INVALID_PARAMETER;
    ULONG at = 0;
    enter();
    *found = 0;
    for (int each = 0; each < MOST_SESSIONS; each++) {
        if (!sessions[each].used) continue;
        (*found)++;
        if (at < count && is_whole(properties[at], "QueryAllTracesW")) fill(properties[at++], &sessions[each]);
    }
    leave();
    return *found > count ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

/* The providers that are enabled in any session. */
static ULONG list_providers(const void *input, ULONG inputBytes, GUID *guids, ULONG bytes, PULONG needed)
{
    if (!expect(input == NULL && inputBytes == 0 && needed != NULL, "EnumerateTraceGuidsEx: a list has no input"))
        return ERROR_INVALID_PARAMETER;
    ULONG count = 0;
    enter();
    for (int at = 0; at < MOST_SESSIONS; at++)
        for (ULONG each = 0; sessions[at].used && each < sessions[at].enabledCount; each++, count++)
            if ((count + 1) * sizeof *guids <= bytes) guids[count] = sessions[at].enabled[each].provider;
    leave();
    *needed = count * sizeof *guids;
    return *needed <= bytes ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER;
}

/* A provider whose GUID begins with ffffffff is registered by nobody, any other by a driver. */
EXPORT ULONG WINAPI EnumerateTraceGuidsEx(TRACE_QUERY_INFO_CLASS kind, PVOID input, ULONG inputBytes, PVOID output,
                                          ULONG outputBytes, PULONG needed)
{
    if (kind == TraceGuidQueryList) return list_providers(input, inputBytes, output, outputBytes, needed);
    if (!expect(kind == TraceGuidQueryInfo, "EnumerateTraceGuidsEx: a class that was not expected") ||
        !expect(input != NULL && inputBytes == sizeof(GUID), "EnumerateTraceGuidsEx: the input is no GUID") ||
        !expect(needed != NULL, "EnumerateTraceGuidsEx: no place for the length"))
        return ERROR_INVALID_PARAMETER;
    const GUID *guid = input;
    if (guid->Data1 == 0xffffffff) return ERROR_WMI_GUID_NOT_FOUND;
    ULONG count = 0;
    struct {
        TRACE_GUID_INFO info;
        TRACE_PROVIDER_INSTANCE_INFO instance;
        TRACE_ENABLE_INFO enabled[MOST_SESSIONS];
    } answer;
    memset(&answer, 0, sizeof answer);
    enter();
    for (int at = 0; at < MOST_SESSIONS; at++)
        for (ULONG each = 0; sessions[at].used && each < sessions[at].enabledCount; each++) {
            const Enabled *enabled = &sessions[at].enabled[each];
            if (count == MOST_SESSIONS || memcmp(&enabled->provider, guid, sizeof *guid) != 0) continue;
            answer.enabled[count].IsEnabled = 1;
            answer.enabled[count].Level = enabled->level;
            answer.enabled[count].LoggerId = (USHORT)handle_of(&sessions[at]);
            answer.enabled[count++].MatchAnyKeyword = enabled->keywords;
        }
    leave();
    answer.info.InstanceCount = 1;
    answer.instance.EnableCount = count;
    const ULONG bytes = (ULONG)(offsetof(__typeof__(answer), enabled) + count * sizeof answer.enabled[0]);
    *needed = bytes;
    if (outputBytes < bytes) return ERROR_INSUFFICIENT_BUFFER;
    memcpy(output, &answer, bytes);
    return ERROR_SUCCESS;
}

static const struct {
    GUID guid;
    const WCHAR *name;
} providers[] = {
    {{0x22fb2cd6, 0x0e7b, 0x422b, {0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16}}, L"Microsoft-Windows-Kernel-Process"},
    {{0x11223344, 0x5566, 0x7788, {0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00}}, L"Probe Provider"},
};

ULONG EXPORT __stdcall TdhEnumerateProviders(PPROVIDER_ENUMERATION_INFO buffer, ULONG *bytes)
{
    enum { COUNT = sizeof providers / sizeof providers[0] };
    if (!expect(bytes != NULL, "TdhEnumerateProviders: no length")) return ERROR_INVALID_PARAMETER;
    ULONG needed = offsetof(PROVIDER_ENUMERATION_INFO, TraceProviderInfoArray) + COUNT * sizeof(TRACE_PROVIDER_INFO);
    const ULONG given = *bytes;
    for (int at = 0; at < COUNT; at++) needed += (ULONG)((wcslen(providers[at].name) + 1) * sizeof(WCHAR));
    *bytes = needed;
    if (given < needed || buffer == NULL) return ERROR_INSUFFICIENT_BUFFER;
    char *names = (char *)&buffer->TraceProviderInfoArray[COUNT];
    buffer->NumberOfProviders = COUNT;
    for (int at = 0; at < COUNT; at++) {
        buffer->TraceProviderInfoArray[at].ProviderGuid = providers[at].guid;
        buffer->TraceProviderInfoArray[at].SchemaSource = 0;
        buffer->TraceProviderInfoArray[at].ProviderNameOffset = (ULONG)(names - (char *)buffer);
        wcscpy((WCHAR *)names, providers[at].name);
        names += (wcslen(providers[at].name) + 1) * sizeof(WCHAR);
    }
    return ERROR_SUCCESS;
}
