/*
 * etl_walk.c FILE REPEATS - what walking a Windows trace file costs in C: read every buffer, judge the header of each
 * event of the system logger in it, and take the events of all CPUs in the order of their time. Prints events a second, a
 * line of JSON each round.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

#define CPUS 64u
#define HEADER_BYTES 72u
#define MOST_BUFFERS 65536u

typedef struct lane {
    uint32_t *buffers; /* their numbers in the file */
    uint32_t count;
    uint32_t next;
    uint8_t *bytes; /* the buffer that is open */
    uint32_t at;
    uint32_t end;
    uint64_t time; /* of the next event, if `ready` */
    int ready;
} lane;

static uint32_t u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static void read_at(int file, uint8_t *bytes, uint32_t count, uint64_t at)
{
    if (pread(file, bytes, count, (off_t)at) != (ssize_t)count) {
        fprintf(stderr, "the file cannot be read\n");
        exit(1);
    }
}

/* Finds the next event of a CPU. */
static void advance(int file, lane *own, uint32_t buffer_bytes)
{
    for (;;) {
        if (own->at + 24 <= own->end) {
            const uint8_t *event = own->bytes + own->at;
            uint32_t size = event[4] | (uint32_t)event[5] << 8;
            uint32_t least = event[2] == 4 ? 24 : 32;
            if ((event[3] & 0xc0) == 0xc0 && (event[2] == 2 || event[2] == 4) && size >= least &&
                own->at + size <= own->end) {
                memcpy(&own->time, event + 16, sizeof own->time);
                own->at = (own->at + size + 7) & ~7u;
                own->ready = 1;
                return;
            }
        }
        if (own->next == own->count) {
            return;
        }
        read_at(file, own->bytes, buffer_bytes, (uint64_t)own->buffers[own->next++] * buffer_bytes);
        own->at = HEADER_BYTES;
        own->end = u32(own->bytes + 48);
        if (own->end > buffer_bytes) {
            own->end = 0;
        }
    }
}

static uint64_t walk(int file, lane *lanes, uint32_t buffer_bytes, uint64_t *sum)
{
    lane *used[CPUS];
    uint32_t count = 0;
    uint64_t events = 0;
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        if (lanes[cpu].count > 0) {
            used[count++] = &lanes[cpu];
        }
    }
    for (;;) {
        lane *first = NULL;
        for (uint32_t at = 0; at < count; at++) {
            if (!used[at]->ready) {
                advance(file, used[at], buffer_bytes);
            }
            if (used[at]->ready && (first == NULL || used[at]->time < first->time)) {
                first = used[at];
            }
        }
        if (first == NULL) {
            return events;
        }
        first->ready = 0;
        *sum += first->time;
        events++;
    }
}

int main(int argc, char **argv)
{
    uint64_t repeats = bench_number(argc, argv, 2);
    int file = open(argv[1], O_RDONLY);
    struct stat facts;
    uint8_t head[HEADER_BYTES];
    if (file < 0 || fstat(file, &facts) != 0) {
        fprintf(stderr, "%s cannot be read\n", argv[1]);
        return 1;
    }
    read_at(file, head, sizeof head, 0);
    uint32_t buffer_bytes = u32(head);
    uint64_t sum = 0;
    for (uint64_t round = 0; round < repeats; round++) {
        static lane lanes[CPUS];
        uint64_t start = bench_thread_ns();
        uint64_t buffers = (uint64_t)facts.st_size / buffer_bytes;
        for (uint64_t number = 0; number < buffers && number < MOST_BUFFERS; number++) {
            read_at(file, head, sizeof head, number * buffer_bytes);
            lane *own = &lanes[(head[40] | (uint32_t)head[41] << 8) % CPUS];
            if (own->buffers == NULL) {
                own->buffers = malloc(MOST_BUFFERS * sizeof *own->buffers);
                own->bytes = malloc(buffer_bytes);
            }
            if (own->buffers == NULL || own->bytes == NULL) {
                fprintf(stderr, "no memory\n");
                return 1;
            }
            own->buffers[own->count++] = (uint32_t)number;
        }
        uint64_t events = walk(file, lanes, buffer_bytes, &sum);
        uint64_t ns = bench_thread_ns() - start;
        printf("{\"events\":%llu,\"perSecond\":%.0f}\n", (unsigned long long)events, (double)events * 1e9 / (double)ns);
        for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
            lanes[cpu].count = lanes[cpu].next = lanes[cpu].at = lanes[cpu].end = 0;
        }
    }
    close(file);
    /* So that no compiler leaves the walk out. */
    return sum == 1 ? 3 : 0;
}
