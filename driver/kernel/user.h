/*
 * user.h - whose process it is.
 */
#ifndef RINGVIEW_USER_H
#define RINGVIEW_USER_H

#include "wdk.h"

/*
 * A number of the user that a process runs as, the same for all processes of that user and of nobody else: of the SID in its
 * primary token. That one, and neither the logon session nor the token of the calling thread: a user makes as many of those as
 * it likes (LOGON32_LOGON_NEW_CREDENTIALS asks for no password), and a service that stands in for a client stays itself.
 * STATUS_INSUFFICIENT_RESOURCES, or what the system says.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS rv_user_of(_In_ PEPROCESS process, _Out_ uint64_t *user);

#endif
