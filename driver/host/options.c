/*
 * options.c - see options.h.
 */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/ringview/layout.h"
#include "segment.h"

const char host_usage[] =
    "usage: rvhost --name NAME [options]\n"
    "\n"
    "A simulated driver: one thread a CPU logs into the rings of session NAME.\n"
    "\n"
    "  --name NAME            session name, 1 to 48 of A-Z a-z 0-9 . _ -\n"
    "  --cpus N               CPUs, 1 to 2048 (default 2)\n"
    "  --rate N|max           attempts a second over all CPUs (default 1000)\n"
    "  --count N              attempts over all CPUs (default: until SIGINT or SIGTERM)\n"
    "  --ring-bytes N         bytes of each ring, a power of two (default 1048576)\n"
    "  --mode drop|overwrite  what to do when a ring is full (default drop)\n"
    "  --order index|clock    what readers merge the CPUs by (default index)\n"
    "  --signals              interrupt the writers with signals that log too\n"
    "  --checksum             end every text with ' #%08x', its FNV-1a 32\n"
    "  --binary N             make every N-th attempt SendData (default 0: none)\n"
    "  --faults N             make every N-th attempt one that must be refused (default 0: none)\n"
    "  --stack N              texts carry N return addresses, at most 16 (default 0)\n"
    "  --wait-reader          start logging when a reader has attached\n"
    "  --linger MS            at the end wait until the reader is done, at most MS (default 0)\n"
    "  --help                 print this\n"
    "\n"
    "When the writers have stopped it prints one line of JSON: per CPU the attempts, the records\n"
    "written and the losses by cause.\n";

static bool parse_number(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *value >= low && *value <= high;
}

static bool parse_choice(const char *text, const char *first, const char *second, uint32_t *value)
{
    if (strcmp(text, first) == 0) {
        *value = 1;
    } else if (strcmp(text, second) == 0) {
        *value = 2;
    } else {
        return false;
    }
    return true;
}

/* The two choices above are numbered as the layout numbers them. */
_Static_assert(RV_MODE_DROP_NEW == 1 && RV_MODE_OVERWRITE_OLD == 2, "order of --mode");
_Static_assert(RV_ORDER_INDEX == 1 && RV_ORDER_CLOCK == 2, "order of --order");

static bool *switch_of(host_options *options, const char *name)
{
    return strcmp(name, "--signals") == 0       ? &options->signals
           : strcmp(name, "--checksum") == 0    ? &options->checksum
           : strcmp(name, "--wait-reader") == 0 ? &options->wait_reader
           : strcmp(name, "--help") == 0        ? &options->help
                                                : NULL;
}

/* Returns 1 if `value` is good for `name`, 0 if not, -1 if there is no such option. */
static int set_value(host_options *options, const char *name, const char *value)
{
    uint64_t number = 0;
    if (strcmp(name, "--name") == 0) {
        options->name = value;
        return segment_name_valid(value);
    }
    if (strcmp(name, "--cpus") == 0) {
        bool good = parse_number(value, 1, RV_MAX_CPUS, &number);
        options->cpus = (uint32_t)number;
        return good;
    }
    if (strcmp(name, "--rate") == 0) {
        return strcmp(value, "max") == 0 ? (options->rate = 0, true)
                                         : parse_number(value, 1, 1000000000, &options->rate);
    }
    if (strcmp(name, "--count") == 0) {
        return parse_number(value, 0, UINT64_MAX, &options->count);
    }
    if (strcmp(name, "--ring-bytes") == 0) {
        bool good = parse_number(value, RV_MIN_RING_BYTES, RV_MAX_RING_BYTES, &number);
        options->ring_bytes = number;
        return good && (number & (number - 1)) == 0;
    }
    if (strcmp(name, "--mode") == 0) {
        return parse_choice(value, "drop", "overwrite", &options->ring_mode);
    }
    if (strcmp(name, "--order") == 0) {
        return parse_choice(value, "index", "clock", &options->order_mode);
    }
    if (strcmp(name, "--binary") == 0) {
        return parse_number(value, 0, UINT64_MAX, &options->binary);
    }
    if (strcmp(name, "--faults") == 0) {
        return parse_number(value, 0, UINT64_MAX, &options->faults);
    }
    if (strcmp(name, "--stack") == 0) {
        return parse_number(value, 0, RV_MAX_FRAMES, &options->stack);
    }
    if (strcmp(name, "--linger") == 0) {
        return parse_number(value, 0, 86400000, &options->linger_ms);
    }
    return -1;
}

bool options_parse(host_options *options, int argc, char **argv, char *error, uint32_t error_bytes)
{
    *options = (host_options){
        .cpus = 2,
        .rate = 1000,
        .ring_bytes = 1048576,
        .ring_mode = RV_MODE_DROP_NEW,
        .order_mode = RV_ORDER_INDEX,
    };
    for (int i = 1; i < argc; i++) {
        bool *on = switch_of(options, argv[i]);
        if (on != NULL) {
            *on = true;
            continue;
        }
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        int known = set_value(options, argv[i], value);
        if (known < 0) {
            snprintf(error, error_bytes, "there is no option %s", argv[i]);
            return false;
        }
        if (known == 0) {
            snprintf(error, error_bytes, "%s: '%s' is not a value it takes", argv[i], value);
            return false;
        }
        i++;
    }
    if (options->name == NULL && !options->help) {
        snprintf(error, error_bytes, "--name is missing");
        return false;
    }
    return true;
}
