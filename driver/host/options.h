/*
 * options.h - the command line of rvhost.
 */
#ifndef RINGVIEW_OPTIONS_H
#define RINGVIEW_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct host_options {
    const char *name;
    uint32_t cpus;
    uint64_t rate;  /* attempts a second over all CPUs; 0: as fast as they can */
    uint64_t count; /* attempts over all CPUs; 0: until SIGINT or SIGTERM */
    uint64_t ring_bytes;
    uint32_t ring_mode;  /* RV_MODE_* */
    uint32_t order_mode; /* RV_ORDER_* */
    uint64_t binary;     /* every n-th attempt is SendData; 0: none */
    uint64_t faults;     /* every n-th attempt is wrong in one of three ways; 0: none */
    uint64_t stack;      /* return addresses that a text carries */
    uint64_t linger_ms;
    bool signals;
    bool checksum;
    bool wait_reader;
    bool help;
} host_options;

extern const char host_usage[];

/* Returns whether the command line makes sense; if not, `error` says why. */
bool options_parse(host_options *options, int argc, char **argv, char *error, uint32_t error_bytes);

#endif
