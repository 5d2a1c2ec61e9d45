/*
 * shim.h - the handle a test has on the shim: which call fails, what is held, and the moments that the kernel would bring
 * about by itself.
 */
#ifndef RINGVIEW_SHIM_H
#define RINGVIEW_SHIM_H

#include <ntddk.h>

/* The n-th call from now that can fail does so, once; 0: none. */
void shim_fail(uint32_t nth);
/* How many calls that can fail there have been since then, and the name of the one that did (NULL: none did). */
uint32_t shim_calls(void);
const char *shim_failed(void);

/* The time of the day, which stands still. */
#define SHIM_WALL_CLOCK 132000000000000000

/* The registry: the path of the service's key, and values of it (Start) and of its key Parameters (all others). */
#define SHIM_SERVICE "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\ringview"
void shim_registry_clear(void);
void shim_registry_set(const char *name, uint32_t type, uint32_t bytes, uint64_t data);
/* All physical memory. */
#define SHIM_MEMORY_BYTES 1073741824ll
/* The boot is over: whether the driver had asked to be told. */
bool shim_boot_ends(void);

/* What is held now: pool, sections, objects, views, MDLs, locked pages, devices, links, callbacks, timers, names of keys. */
typedef struct shim_held {
    int pool, handles, references, system_views, client_views, mdls, locked, devices, links, callbacks, timers,
        work_items, names, other; /* other: of observed/ */
} shim_held;
shim_held shim_holding(void);
bool shim_nothing_held(void);
void shim_print_held(void);

/* From now on it is a thread of this process that runs. It is 4711 at first. */
void shim_run_as(uint32_t pid);
/* And that process is this user's. */
void shim_run_for(const char *user);
/* Lets 100 ms pass, fires armed timers and runs their DPCs. */
void shim_tick(void);
/* DPCs the driver queued itself since it was last asked. */
uint32_t shim_dpcs_queued(void);
/* CPUs on which a DPC that was meant for them has run since this was last asked, a bit each. Two of three are active. */
uint32_t shim_cpus_visited(void);
/* A process starts and ends, as its notify routines would hear it. */
void shim_new_process(void);
/* One part of that. NULL: the system does not tell. Those of Linux are told only to who asked for all subsystems. */
void shim_process_starts(uint32_t pid, const char *path, const char *command, bool of_linux);
void shim_process_ends(uint32_t pid);
void shim_thread_starts(uint32_t pid, uint32_t tid);
void shim_image_loads(uint32_t pid, const char *path, uint32_t properties);
#define SHIM_PROCESS_CREATED 131999999990000000
/* A string as the system has it, in memory of the caller. */
void shim_name(UNICODE_STRING *to, uint16_t *units, uint32_t capacity, const char *text);

/* An object of the registry. */
#define SHIM_KEY 0x79656bu
typedef struct shim_key {
    uint32_t magic;
    bool nameless; /* the system cannot tell its path */
    UNICODE_STRING path;
    uint16_t units[1024];
} shim_key;
void shim_key_make(shim_key *key, const char *path);
/* Calls the callback of the registry, if there is one: REG_NOTIFY_CLASS and its struct. */
void shim_registry_notify(uint32_t class, void *info);
/* An operation on the registry, from begin to end, that no test asks for. */
void shim_registry_idle(void);
/* A process, or a thread of one, as an object. */
typedef struct shim_target {
    uint32_t pid, tid; /* 0: a process */
} shim_target;
/* A handle to it is asked for, and given or refused. What the first returns is what the second is told with it. */
void *shim_handle_begins(uint32_t operation, shim_target *object, uint32_t desired, shim_target *from, shim_target *to);
void shim_handle_ends(uint32_t operation, shim_target *object, uint32_t granted, NTSTATUS status, void *context);
/* How many processes there are (of the numbers 4, 8, ...) and modules of the kernel; how many more after each look. */
void shim_running(uint32_t processes, uint32_t modules, uint32_t growth);
/* From now on it is the kernel that asks for operations; at first it is a program. */
void shim_previous_mode(bool kernel);
/* A DbgPrint somewhere. */
void shim_dbgprint(const char *text);
/* The same with what DbgPrintEx says besides the text, which need not end with NUL. */
void shim_dbgprint_as(const char *text, uint32_t length, uint32_t component, uint32_t level);
/* The system sleeps and comes back: it keeps the callback of DbgPrint and no longer calls it, as Windows does. */
void shim_sleep(void);
/* A crash: pages the bugcheck callbacks add. */
uint64_t shim_crash(void);
/* A crash with a small dump that takes so many bytes: those that the callbacks add. */
uint64_t shim_small_crash(uint32_t most_bytes);
/* The NUMA node whose memory a page of the client's view at `address` lies in: where the thread ran that locked it. */
uint32_t shim_node_of(uint64_t address);
/* The node this thread runs on; whether it was moved there and not back. */
uint32_t shim_node(void);
bool shim_moved(void);
/* The client's view at `address`, usable in this process. */
void *shim_client_view(uint64_t address, bool *writable);
/* An event of the client, as a handle; and whether it has been set since it was last asked. */
uint64_t shim_client_event(void);
bool shim_client_event_set(void);
/* Whether the I/O manager would unload the driver now: no file of its device is referenced. */
bool shim_can_unload(void);
/* References to the driver object, which keep its code in memory beyond that. */
uint32_t shim_image_references(void);
/* The cancel routine of a queued IRP. */
void shim_cancel(PIO_CSQ queue, PIRP irp);
/* The device for programs; NULL: there is none. */
extern PDEVICE_OBJECT shim_write_device;
/* The driver broke a rule of the WDK (wrong IRQL, double completion...): how often. */
uint32_t shim_violations(void);

#endif
