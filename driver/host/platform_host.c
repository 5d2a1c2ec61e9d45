/*
 * platform_host.c - the functions that platform.h asks of a host program.
 */
#include "platform_host.h"

#include <execinfo.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../include/ringview/layout.h"
#include "../ring/platform.h"

#define FILETIME_OF_1970 116444736000000000ull

static _Thread_local uint32_t bound_cpu = UINT32_MAX;
static _Thread_local uint32_t interrupts;
static _Thread_local uint32_t thread_id;
static uint32_t process_id;

void rv_host_start(void)
{
    process_id = (uint32_t)getpid();
    /* The first walk loads a library, which a signal handler must not. */
    void *frame;
    (void)backtrace(&frame, 1);
}

void rv_host_bind(uint32_t cpu)
{
    bound_cpu = cpu;
    thread_id = (uint32_t)syscall(SYS_gettid);
}

void rv_host_interrupt_begin(void)
{
    rv_store32(&interrupts, rv_load32(&interrupts) + 1);
}

void rv_host_interrupt_end(void)
{
    rv_store32(&interrupts, rv_load32(&interrupts) - 1);
}

uint64_t rv_host_filetime(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return FILETIME_OF_1970 + (uint64_t)now.tv_sec * 10000000u + (uint64_t)now.tv_nsec / 100u;
}

uint64_t rv_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * RV_HOST_CLOCK_FREQUENCY + (uint64_t)now.tv_nsec;
}

uint32_t rv_pid(void)
{
    return process_id;
}

uint32_t rv_tid(void)
{
    return thread_id;
}

bool rv_may_page(void)
{
    return rv_load32(&interrupts) == 0;
}

rv_pin rv_pin_cpu(void)
{
    /* DISPATCH_LEVEL for the first interrupt, and one level more for each upon it. */
    uint32_t deep = rv_load32(&interrupts);
    return (rv_pin){.cpu = bound_cpu, .irql = deep == 0 ? 0 : (uint8_t)(RV_IRQL_BORROWED + deep - 1)};
}

uint32_t rv_capture_stack(uint64_t *frames, uint32_t count)
{
    return (uint32_t)backtrace((void **)(void *)frames, (int)count);
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)pin;
}
