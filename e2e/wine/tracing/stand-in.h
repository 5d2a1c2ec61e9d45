/*
 * stand-in.h - a library that stands in for those parts of advapi32, tdh and wevtapi by which Windows is traced. Wine has them as
 * stubs only. It exports the same functions, holds each argument and structure against the documentation, and plays the
 * events of a trace file through the callback as Windows hands them over. It is no part of the product.
 *
 * What is wrong is refused with the error that Windows has for it, and remembered in words: StandInComplaints.
 */
#ifndef RINGVIEW_STAND_IN_H
#define RINGVIEW_STAND_IN_H

#include "layouts.h"

#define EXPORT __declspec(dllexport)
#define MOST_SESSIONS 64
#define MOST_ENABLED 64
#define MOST_NAME 1024

typedef struct {
    BOOL enabled;
    GUID provider;
    UCHAR level;
    ULONGLONG keywords;
} Enabled;

typedef struct {
    BOOL used;
    WCHAR name[MOST_NAME];
    WCHAR file[MOST_NAME];
    ULONG mode;
    ULONG clock;
    ULONG flags;
    ULONG eventsLost;
    ULONG readBuffersLost;
    ULONG enabledCount;
    Enabled enabled[MOST_ENABLED];
} Session;

/* Says what the caller did wrong; `holds` is what was expected. Returns it. */
BOOL expect(BOOL holds, const char *what);

/* All state is behind this lock. */
void enter(void);
void leave(void);

/* The session of a name, without regard to case, or of a handle; NULL if there is none. Within the lock. */
Session *find_session(const WCHAR *name);
Session *session_of(TRACEHANDLE handle);

/* One event after the other of the file that is played, in the order of time. */
typedef struct Player Player;

/* NULL if the file is no trace that this can play. */
Player *open_player(const WCHAR *path);
/* Fills the record; FALSE at the end. What it points to is valid until the next call. */
BOOL next_event(Player *player, EVENT_RECORD *record);
/* What the header of the file says of its events. */
void describe_events(const Player *player, TRACE_LOGFILE_HEADER *header);
void close_player(Player *player);

#endif
