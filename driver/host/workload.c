/*
 * workload.c - see workload.h.
 *
 * Interrupts: each thread has three timers with periods that drift against each other, each with a signal that blocks
 * only itself. So a handler lands on the writer, and another handler on the handler, at any instruction.
 */
#include "workload.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../ring/platform.h"
#include "messages.h"
#include "platform_host.h"

#define INTERRUPTS 3
static const long interrupt_period_ns[INTERRUPTS] = {97000, 151000, 233000};

/* Sleeping for less than this costs more than it spreads the load; writers then log in small bursts. */
#define SHORTEST_SLEEP_NS 1000000u

static _Thread_local workload_cpu *current;

/* Takes the next attempt of this CPU, also against its own interrupts. Returns whether there is one. */
static bool take_attempt(workload_cpu *cpu, uint64_t *number)
{
    do {
        *number = rv_load(&cpu->attempted);
        if (*number >= cpu->quota) {
            return false;
        }
    } while (!rv_cas(&cpu->attempted, *number, *number + 1));
    return true;
}

static void on_interrupt(int signal)
{
    (void)signal;
    int saved = errno;
    uint64_t number;
    rv_host_interrupt_begin();
    if (take_attempt(current, &number)) {
        message_log(current->load->options, current->cpu, number);
    }
    rv_host_interrupt_end();
    errno = saved;
}

static int start_timers(timer_t timers[INTERRUPTS])
{
    for (int i = 0; i < INTERRUPTS; i++) {
        struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + i};
        event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
        struct itimerspec period = {.it_interval.tv_nsec = interrupt_period_ns[i],
                                    .it_value.tv_nsec = interrupt_period_ns[i]};
        if (timer_create(CLOCK_MONOTONIC, &event, &timers[i]) != 0 || timer_settime(timers[i], 0, &period, NULL) != 0) {
            return errno;
        }
    }
    return 0;
}

static void stop_timers(timer_t timers[INTERRUPTS])
{
    sigset_t interrupts;
    sigemptyset(&interrupts);
    for (int i = 0; i < INTERRUPTS; i++) {
        sigaddset(&interrupts, SIGRTMIN + i);
    }
    pthread_sigmask(SIG_BLOCK, &interrupts, NULL);
    for (int i = 0; i < INTERRUPTS; i++) {
        timer_delete(timers[i]);
    }
}

/* Sleeps if this CPU is ahead of its share of the rate. */
static void keep_rate(const workload_cpu *cpu, uint64_t number)
{
    const host_options *options = cpu->load->options;
    if (options->rate == 0) {
        return;
    }
    double period = (double)RV_HOST_CLOCK_FREQUENCY * options->cpus / (double)options->rate;
    uint64_t due = cpu->load->start + (uint64_t)((double)number * period);
    uint64_t now = rv_clock();
    if (due <= now) {
        return;
    }
    uint64_t until = due - now > SHORTEST_SLEEP_NS ? due : now + SHORTEST_SLEEP_NS;
    /* Woken now and then, to notice that it shall stop. */
    while (now < until && rv_load32(&cpu->load->stop) == 0) {
        uint64_t rest = until - now < 50000000u ? until - now : 50000000u;
        struct timespec sleep = {.tv_nsec = (long)rest};
        nanosleep(&sleep, NULL);
        now = rv_clock();
    }
}

static void *run_cpu(void *argument)
{
    workload_cpu *cpu = argument;
    workload *load = cpu->load;
    timer_t timers[INTERRUPTS];

    current = cpu;
    rv_host_bind(cpu->cpu);
    if (load->options->signals) {
        int code = start_timers(timers);
        if (code != 0) {
            rv_store32(&load->timer_failure, (uint32_t)code);
            workload_stop(load);
        }
    }
    uint64_t number;
    while (rv_load32(&load->stop) == 0 && take_attempt(cpu, &number)) {
        keep_rate(cpu, number);
        message_log(load->options, cpu->cpu, number);
    }
    if (load->options->signals) {
        stop_timers(timers);
    }
    __atomic_fetch_sub(&load->running, 1, __ATOMIC_RELEASE);
    return NULL;
}

bool workload_start(workload *load, const host_options *options, char *error, uint32_t error_bytes)
{
    *load = (workload){.options = options, .start = rv_clock()};
    load->cpus = calloc(options->cpus, sizeof *load->cpus);
    if (load->cpus == NULL) {
        snprintf(error, error_bytes, "no memory for %u CPUs", options->cpus);
        return false;
    }
    if (options->signals) {
        for (int i = 0; i < INTERRUPTS; i++) {
            struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
            sigaction(SIGRTMIN + i, &action, NULL);
        }
    }

    /* SIGINT and SIGTERM are for the main thread. */
    sigset_t termination, before;
    sigemptyset(&termination);
    sigaddset(&termination, SIGINT);
    sigaddset(&termination, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &termination, &before);
    int code = 0;
    for (uint32_t i = 0; i < options->cpus && code == 0; i++) {
        workload_cpu *cpu = &load->cpus[i];
        cpu->load = load;
        cpu->cpu = i;
        cpu->quota = UINT64_MAX;
        if (options->count != 0) {
            cpu->quota = options->count / options->cpus + (i < options->count % options->cpus);
        }
        __atomic_fetch_add(&load->running, 1, __ATOMIC_RELAXED);
        code = pthread_create(&cpu->thread, NULL, run_cpu, cpu);
        load->started += code == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code != 0) {
        workload_stop(load);
        workload_join(load);
        snprintf(error, error_bytes, "cannot start thread %u: %s", load->started, strerror(code));
    }
    return code == 0;
}

bool workload_running(const workload *load)
{
    return rv_load32_acquire(&load->running) != 0;
}

void workload_stop(workload *load)
{
    rv_store32(&load->stop, 1);
}

void workload_join(workload *load)
{
    for (uint32_t i = 0; i < load->started; i++) {
        pthread_join(load->cpus[i].thread, NULL);
    }
}

void workload_free(workload *load)
{
    free(load->cpus);
}
