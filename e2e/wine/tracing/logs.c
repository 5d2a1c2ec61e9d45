/*
 * logs.c - event log channels: EvtSubscribe, EvtNext, EvtRender, EvtOpenPublisherMetadata, EvtFormatMessage, EvtClose. A channel
 * `System` gets the events that a test writes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "stand-in.h"

#include <winevt.h>

#define MOST_EVENTS 4096
#define SUBSCRIPTION ((EVT_HANDLE)0x100)
#define PUBLISHER ((EVT_HANDLE)0x200)
#define FIRST_EVENT 0x10000u
#define ERROR_DIRECT_CHANNEL 15037

static WCHAR *events[MOST_EVENTS];
static ULONG written;
static ULONG given;
static ULONG open_handles;
static BOOL subscribed;

/* Writes an event into the channel, as the XML that Windows renders. */
EXPORT void WINAPI StandInEvent(const WCHAR *xml)
{
    enter();
    if (written < MOST_EVENTS) events[written++] = wcsdup(xml);
    leave();
}

/* How many handles of event logs are open. */
EXPORT ULONG WINAPI StandInHandles(void) { return open_handles; }

static const WCHAR *event_of(EVT_HANDLE handle)
{
    const ULONG_PTR number = (ULONG_PTR)handle;
    return number >= FIRST_EVENT && number - FIRST_EVENT < written ? events[number - FIRST_EVENT] : NULL;
}

static BOOL refuse(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

EXPORT EVT_HANDLE WINAPI EvtSubscribe(EVT_HANDLE session, HANDLE signal, LPCWSTR channel, LPCWSTR query,
                                      EVT_HANDLE bookmark, PVOID context, EVT_SUBSCRIBE_CALLBACK callback, DWORD flags)
{
    if (!expect(session == NULL && bookmark == NULL && query == NULL, "EvtSubscribe: arguments that were not expected") ||
        !expect(callback == NULL && context == NULL && signal != NULL,
                "EvtSubscribe: who asks for events itself gives an event to signal, and no callback") ||
        !expect(flags == EvtSubscribeToFutureEvents, "EvtSubscribe: flags are not those of future events") ||
        !expect(channel != NULL && channel[0] != 0, "EvtSubscribe: no channel")) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    DWORD error = ERROR_SUCCESS;
    if (_wcsicmp(channel, L"Analytic") == 0) error = ERROR_DIRECT_CHANNEL;
    else if (_wcsicmp(channel, L"Security") == 0) error = ERROR_ACCESS_DENIED;
    else if (_wcsicmp(channel, L"System") != 0) error = ERROR_EVT_CHANNEL_NOT_FOUND;
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    enter();
    given = written;
    open_handles++;
    subscribed = TRUE;
    leave();
    return SUBSCRIPTION;
}

EXPORT BOOL WINAPI EvtNext(EVT_HANDLE results, DWORD count, EVT_HANDLE *found, DWORD timeout, DWORD flags, PDWORD returned)
{
    if (!expect(results == SUBSCRIPTION && subscribed, "EvtNext: the handle is of no subscription") ||
        !expect(count >= 1 && count <= 1024 && found != NULL && returned != NULL, "EvtNext: no place for events") ||
        !expect(flags == 0, "EvtNext: flags are reserved"))
        return refuse(ERROR_INVALID_PARAMETER);
    (void)timeout;
    enter();
    *returned = 0;
    while (*returned < count && given < written) {
        found[(*returned)++] = (EVT_HANDLE)(ULONG_PTR)(FIRST_EVENT + given++);
        open_handles++;
    }
    leave();
    return *returned > 0 ? TRUE : refuse(ERROR_NO_MORE_ITEMS);
}

EXPORT BOOL WINAPI EvtRender(EVT_HANDLE context, EVT_HANDLE fragment, DWORD flags, DWORD bytes, PVOID buffer, PDWORD used,
                             PDWORD properties)
{
    const WCHAR *xml = event_of(fragment);
    if (!expect(context == NULL && flags == EvtRenderEventXml, "EvtRender: XML has no context") ||
        !expect(xml != NULL, "EvtRender: the handle is of no event") ||
        !expect(used != NULL && properties != NULL, "EvtRender: no place for the length"))
        return refuse(ERROR_INVALID_PARAMETER);
    *used = (DWORD)((wcslen(xml) + 1) * sizeof(WCHAR));
    *properties = 0;
    if (bytes < *used) return refuse(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, xml, *used);
    return TRUE;
}

EXPORT EVT_HANDLE WINAPI EvtOpenPublisherMetadata(EVT_HANDLE session, LPCWSTR name, LPCWSTR file, LCID locale, DWORD flags)
{
    expect(session == NULL && file == NULL && locale == 0 && flags == 0 && name != NULL,
           "EvtOpenPublisherMetadata: arguments that were not expected");
    if (_wcsicmp(name, L"Probe") != 0) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return NULL;
    }
    enter();
    open_handles++;
    leave();
    return PUBLISHER;
}

EXPORT BOOL WINAPI EvtFormatMessage(EVT_HANDLE publisher, EVT_HANDLE event, DWORD id, DWORD count, PEVT_VARIANT values,
                                    DWORD flags, DWORD units, LPWSTR buffer, PDWORD used)
{
    static const WCHAR sentence[] = L"The device is there.\r\n";
    if (!expect(publisher == PUBLISHER && event_of(event) != NULL && flags == EvtFormatMessageEvent,
                "EvtFormatMessage: not the message of an event") ||
        !expect(id == 0 && count == 0 && values == NULL && used != NULL, "EvtFormatMessage: arguments that were not expected"))
        return refuse(ERROR_INVALID_PARAMETER);
    *used = sizeof sentence / sizeof sentence[0];
    if (units < *used) return refuse(ERROR_INSUFFICIENT_BUFFER);
    wcscpy(buffer, sentence);
    return TRUE;
}

EXPORT BOOL WINAPI EvtClose(EVT_HANDLE object)
{
    enter();
    const BOOL known = object == SUBSCRIPTION || object == PUBLISHER || event_of(object) != NULL;
    if (known) open_handles--;
    if (object == SUBSCRIPTION) subscribed = FALSE;
    leave();
    return expect(known, "EvtClose: a handle of nothing") ? TRUE : refuse(ERROR_INVALID_HANDLE);
}
