/*
 * internal.h - what the parts of the shim share: the account of what is held, the level the one thread runs at, and how a
 * part says that a call fails now or that the driver broke a rule.
 */
#ifndef RINGVIEW_SHIM_INTERNAL_H
#define RINGVIEW_SHIM_INTERNAL_H

#include "shim.h"

/* The last one is there and not active, as a processor that can be added. */
#define CPUS 3

extern shim_held shim_state;
extern KIRQL shim_irql;
extern int shim_critical;    /* critical regions entered and not left */
extern uint32_t shim_delays; /* waits by the clock since shim_fail */

void shim_violation(const char *what);
/* Whether the call that asks is the one to fail. */
bool shim_fails(const char *name);
void shim_need_passive(const char *name);

/* What time it is exactly, and what MmGetSystemRoutineAddress finds to ask for it. */
void shim_query_precise(PLARGE_INTEGER time);
bool shim_is(PUNICODE_STRING name, const char *text);
/* Those of processes, of the registry and of handles; NULL: it is none, or this system lacks it. */
PVOID shim_process_routine_of(PUNICODE_STRING name);
PVOID shim_registry_routine_of(PUNICODE_STRING name);
PVOID shim_object_routine_of(PUNICODE_STRING name);
PVOID shim_list_routine_of(PUNICODE_STRING name);
/* The system sleeps: the callback of DbgPrint is not called until it is registered anew. */
void shim_doze(void);
/* Runs queued work items, unless the thread is above PASSIVE_LEVEL. */
void shim_run_work(void);

/* ---- objects ---- */

typedef enum {
    OBJECT_SECTION = 0x51,
    OBJECT_EVENT,
    OBJECT_PROCESS,
    OBJECT_KEY, /* its `bytes` are 1 for that of the parameters */
    OBJECT_OTHER
} object_kind;

typedef struct object {
    object_kind kind;
    int references, handles;
    size_t bytes;
    uint8_t *memory; /* a section's */
    uint32_t node;   /* that its pages lie in */
    KEVENT event;
} object;

/* The client's event, the client itself, the callback objects of the power manager and of ringview.sys, the driver, and a file on its device. */
extern object shim_event, shim_process, shim_other_process, shim_power, shim_watch, shim_image, shim_file;
/* What IoGetDeviceObjectPointer gives: the driver cannot be unloaded while it is referenced. */
extern FILE_OBJECT shim_opened;

/* ---- devices ---- */

extern PDEVICE_OBJECT shim_device;
extern PDEVICE_OBJECT shim_other_device; /* of a driver that logs through ringview.sys */
extern PDRIVER_OBJECT shim_driver;

#endif
