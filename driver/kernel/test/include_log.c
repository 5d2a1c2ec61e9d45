/*
 * include_log.c - a source that includes the logging API before anything else.
 */
#include "../../include/ringview/log.h"

rv_status log_something(const char *what);

rv_status log_something(const char *what)
{
    return LogMessage("%s", what);
}
