/*
 * scan.c - the scans of a history in C. Prints milliseconds and matches, a line of JSON each round.
 *
 *   scan columns FILE REPEATS CPU LEVEL   rows of FILE (uint16 cpu of every row, then uint8 level) that are not of that
 *                                         CPU and not of that level, their numbers written out
 *   scan text FILE REPEATS NEEDLE         lines of FILE that contain the needle
 */
#define _GNU_SOURCE
#include <string.h>

#include "bench.h"

static uint8_t *load(const char *path, uint64_t *bytes)
{
    FILE *file = fopen(path, "rb");
    uint8_t *memory = NULL;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        *bytes = (uint64_t)ftell(file);
        rewind(file);
        memory = malloc(*bytes + 1);
    }
    if (memory == NULL || fread(memory, 1, *bytes, file) != *bytes) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    fclose(file);
    return memory;
}

static uint64_t scan_columns(const uint16_t *cpus, const uint8_t *levels, uint64_t rows, const uint8_t *cpu_hidden,
                             const uint8_t *level_hidden, uint32_t *out)
{
    uint64_t found = 0;
    for (uint64_t row = 0; row < rows; row++) {
        if (!cpu_hidden[cpus[row]] && !level_hidden[levels[row]]) {
            out[found++] = (uint32_t)row;
        }
    }
    return found;
}

static uint64_t scan_text(const uint8_t *text, uint64_t bytes, const char *needle)
{
    const uint8_t *at = text, *end = text + bytes;
    uint64_t found = 0;
    size_t length = strlen(needle);
    while (at < end && (at = memmem(at, (size_t)(end - at), needle, length)) != NULL) {
        found++;
        /* A line counts once. */
        const uint8_t *line_end = memchr(at, '\n', (size_t)(end - at));
        if (line_end == NULL) {
            break;
        }
        at = line_end + 1;
    }
    return found;
}

int main(int argc, char **argv)
{
    int columns = argc == 6 && strcmp(argv[1], "columns") == 0;
    if (!columns && !(argc == 5 && strcmp(argv[1], "text") == 0)) {
        fprintf(stderr, "scan columns FILE REPEATS CPU LEVEL | scan text FILE REPEATS NEEDLE\n");
        return 2;
    }
    uint64_t bytes = 0;
    uint8_t *memory = load(argv[2], &bytes);
    uint64_t repeats = bench_number(argc, argv, 3);
    uint64_t rows = bytes / 3;
    uint32_t *out = NULL;
    static uint8_t cpu_hidden[65536], level_hidden[256];
    if (columns) {
        cpu_hidden[(uint16_t)atoi(argv[4])] = 1;
        level_hidden[(uint8_t)atoi(argv[5])] = 1;
        out = malloc(rows * sizeof *out + 1);
        if (out == NULL) {
            return 1;
        }
    }
    for (uint64_t round = 0; round <= repeats; round++) {
        uint64_t start = bench_wall_ns();
        uint64_t found = columns ? scan_columns((const uint16_t *)(const void *)memory, memory + rows * 2, rows,
                                                cpu_hidden, level_hidden, out)
                                 : scan_text(memory, bytes, argv[4]);
        uint64_t ns = bench_wall_ns() - start;
        if (round > 0) {
            printf("{\"ms\":%.3f,\"matches\":%llu}\n", (double)ns / 1e6, (unsigned long long)found);
        }
    }
    return 0;
}
