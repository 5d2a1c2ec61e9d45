/*
 * rvhost.c - the simulated driver: a session in shared memory, written by threads in place of CPUs. See host_usage.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "../include/ringview/log.h"
#include "../ring/platform.h"
#include "options.h"
#include "platform_host.h"
#include "segment.h"
#include "workload.h"

#define EXIT_USAGE 2
#define TICK_MS 5

static volatile sig_atomic_t interrupted;

static void on_termination(int signal)
{
    (void)signal;
    interrupted = 1;
}

static void sleep_tick(void)
{
    struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    nanosleep(&tick, NULL);
}

/* Whether the reader has taken everything that was published. */
static bool drained(const rv_ring *rings, uint32_t cpus)
{
    for (uint32_t i = 0; i < cpus; i++) {
        if (rv_load(&rings[i].consumer->consumed) < rv_load(&rings[i].producer->published)) {
            return false;
        }
    }
    return true;
}

static void linger(const rv_ring *rings, const host_options *options)
{
    uint64_t end = rv_clock() + options->linger_ms * (RV_HOST_CLOCK_FREQUENCY / 1000u);
    while (!interrupted && rv_clock() < end && !drained(rings, options->cpus)) {
        sleep_tick();
    }
}

static void print_result(const rv_ring *rings, const workload *load)
{
    printf("{\"cpus\":[");
    for (uint32_t i = 0; i < load->options->cpus; i++) {
        const rv_producer_page *page = rings[i].producer;
        printf("%s{\"cpu\":%" PRIu32 ",\"attempted\":%" PRIu64 ",\"written\":%" PRIu64 ",\"lost\":{\"full\":%" PRIu64
               ",\"tooBig\":%" PRIu64 ",\"zeroLength\":%" PRIu64 ",\"missingData\":%" PRIu64 ",\"nesting\":%" PRIu64
               "}}",
               i == 0 ? "" : ",", i, load->cpus[i].attempted, page->written, page->lost_full, page->lost_too_big,
               page->lost_zero_length, page->lost_missing_data, page->lost_nesting);
    }
    printf("]}\n");
    fflush(stdout);
}

/* Whether the counters of every ring explain every attempt. Says so on stderr if not. */
static bool balanced(const rv_ring *rings, const workload *load)
{
    bool good = true;
    for (uint32_t i = 0; i < load->options->cpus; i++) {
        const rv_producer_page *page = rings[i].producer;
        if (load->cpus[i].attempted != page->written + page->lost) {
            fprintf(stderr, "rvhost: CPU %u: %" PRIu64 " attempts, but %" PRIu64 " written and %" PRIu64 " lost\n", i,
                    load->cpus[i].attempted, page->written, page->lost);
            good = false;
        }
    }
    return good;
}

/* Logs until the work is done or a signal ends it. The session is published. */
static bool run(segment *shared, rv_ring *rings, const host_options *options)
{
    rv_session_page *session = shared->image;
    while (options->wait_reader && !interrupted && !segment_has_reader(shared)) {
        rv_store(&session->heartbeat, rv_clock());
        sleep_tick();
    }

    rv_log_stack((uint8_t)options->stack);
    char error[256];
    workload load;
    if (!workload_start(&load, options, error, sizeof error)) {
        fprintf(stderr, "rvhost: %s\n", error);
        workload_free(&load);
        return false;
    }
    while (workload_running(&load)) {
        rv_store(&session->heartbeat, rv_clock());
        if (interrupted) {
            workload_stop(&load);
        }
        sleep_tick();
    }
    workload_join(&load);
    rv_session_stop(session);

    print_result(rings, &load);
    bool good = balanced(rings, &load);
    if (load.timer_failure != 0) {
        fprintf(stderr, "rvhost: cannot interrupt the writers: %s\n", strerror((int)load.timer_failure));
        good = false;
    }
    workload_free(&load);
    linger(rings, options);
    return good;
}

/* Builds the session in `shared`, and directs the log to it. */
static bool build(segment *shared, const rv_session_config *config, rv_ring *rings, rv_log *log, rv_log_slot *slots)
{
    rv_status status = rv_image_init(shared->image, shared->bytes, config, rings);
    if (status == RV_OK) {
        status = rv_log_init(log, rings, config->cpu_count, slots);
    }
    if (status != RV_OK) {
        fprintf(stderr, "rvhost: the session cannot be built (status %d)\n", status);
        return false;
    }
    rv_log_attach(log);
    rv_session_publish(shared->image);
    return true;
}

static int simulate(const host_options *options)
{
    rv_session_config config = {
        .cpu_count = options->cpus,
        .ring_mode = options->ring_mode,
        .order_mode = options->order_mode,
        .producer_pid = (uint32_t)getpid(),
        .ring_bytes = options->ring_bytes,
        .qpc_frequency = RV_HOST_CLOCK_FREQUENCY,
        .start_qpc = rv_clock(),
        .start_filetime = rv_host_filetime(),
        .producer = "simulated driver",
    };
    rv_geometry geometry;
    rv_status status = rv_session_geometry(&config, &geometry);
    if (status != RV_OK) {
        fprintf(stderr, "rvhost: no session can have these sizes (status %d)\n", status);
        return EXIT_FAILURE;
    }
    if (getrandom(&config.session_id, sizeof config.session_id, 0) != sizeof config.session_id) {
        fprintf(stderr, "rvhost: no random number for the session id: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }

    rv_ring *rings = calloc(options->cpus, sizeof *rings);
    rv_log_slot *slots = calloc(RV_LOG_SLOTS(options->cpus), sizeof *slots);
    rv_log log;
    segment shared;
    char error[256] = "no memory";
    bool good = false;
    if (rings == NULL || slots == NULL ||
        !segment_create(&shared, options->name, geometry.image_bytes, error, sizeof error)) {
        fprintf(stderr, "rvhost: %s\n", error);
    } else {
        good = build(&shared, &config, rings, &log, slots) && run(&shared, rings, options);
        rv_log_detach();
        segment_destroy(&shared);
    }
    free(slots);
    free(rings);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    host_options options;
    char error[256];
    if (!options_parse(&options, argc, argv, error, sizeof error)) {
        fprintf(stderr, "rvhost: %s; rvhost --help says what there is\n", error);
        return EXIT_USAGE;
    }
    if (options.help) {
        printf("%s", host_usage);
        return EXIT_SUCCESS;
    }
    rv_host_start();
    struct sigaction action = {.sa_handler = on_termination};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return simulate(&options);
}
