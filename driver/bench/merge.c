/*
 * merge.c RECORDS REPEATS - the reader's work in C: drain eight rings of randomly interleaved records with 80 bytes of
 * data, judge and decode them, merge them by index, append them to columns and an arena, and count them. Prints records
 * a second, a line of JSON each round; filling the rings is not measured.
 *
 * Each record is looked at as the reader looks at it: nothing the ring says is used before it was judged, a jump of the
 * sequence is a loss, an index below the last one is late. Columns that hardly ever vary cost a comparison, no memory.
 */
#include <string.h>

#include "../include/ringview/layout.h"
#include "bench.h"

#define CPUS 8u
#define PAYLOAD 80u
#define RECORD (RV_RECORD_HEADER_BYTES + PAYLOAD)
/* What one CPU hands over in one copy, as the reader's share of a round. */
#define SHARE (262144u / RECORD * RECORD)

typedef struct ring {
    uint8_t *data;
    uint64_t end;  /* bytes written */
    uint64_t read; /* bytes copied out */
    uint8_t *arena;
    uint64_t held; /* bytes in the arena */
    uint64_t next; /* of those, merged already */
    uint64_t sequence;
} ring;

/* What all records of the log have in common. */
typedef struct steady {
    uint32_t pid;
    uint32_t tid;
    uint32_t irql;
    uint32_t remarks;
    uint32_t flags;
    uint16_t type;
    uint16_t origin;
} steady;

typedef struct columns {
    double *index;
    double *time_ns;
    uint16_t *cpu;
    uint8_t *level;
    uint32_t *start;
    uint32_t *length;
    uint8_t *arena;
    uint64_t rows;
    uint64_t used;
    steady common;
    uint64_t lost;
    uint64_t late;
    uint64_t last;
    double least;
    double most;
    uint64_t by_level[CPUS][256];
} columns;

static void *allocate(uint64_t bytes)
{
    void *memory = malloc(bytes);
    if (memory == NULL) {
        fprintf(stderr, "no memory for %llu bytes\n", (unsigned long long)bytes);
        exit(1);
    }
    /* First touch is not measured. */
    memset(memory, 0, bytes);
    return memory;
}

static void fill(ring *rings, uint64_t records, uint64_t capacity)
{
    uint32_t state = 1;
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        rings[cpu].end = rings[cpu].read = rings[cpu].held = rings[cpu].next = rings[cpu].sequence = 0;
    }
    for (uint64_t i = 0; i < records; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        ring *to = &rings[state % CPUS];
        if (to->end + RECORD > capacity) {
            continue;
        }
        rv_record header = {.length = PAYLOAD,
                            .cpu = (uint16_t)(state % CPUS),
                            .kind = RV_KIND_RECORD,
                            .level = RV_LEVEL_INFO,
                            .timestamp = 1000 + i,
                            .index = 1 + i,
                            .sequence = 1 + to->end / RECORD,
                            .pid = 4};
        memcpy(to->data + to->end, &header, sizeof header);
        memset(to->data + to->end + sizeof header, (int)('a' + i % 26), PAYLOAD);
        to->end += RECORD;
    }
}

/* Copies the next share out. Returns 0 once the ring and the arena are empty. */
static int refill(ring *from)
{
    uint64_t left = from->end - from->read;
    from->held = left < SHARE ? left : SHARE;
    from->next = 0;
    memcpy(from->arena, from->data + from->read, from->held);
    from->read += from->held;
    return from->held != 0;
}

static const rv_record *head(const ring *of)
{
    return (const rv_record *)(const void *)(of->arena + of->next);
}

/* Whether the head of the ring is a record of this CPU that lies within what was copied. */
static int judge(ring *from, uint32_t cpu, uint64_t capacity)
{
    const rv_record *record = head(from);
    uint64_t total = (RV_RECORD_HEADER_BYTES + (uint64_t)record->length + 7) & ~(uint64_t)7;
    return record->cpu == cpu && record->kind == RV_KIND_RECORD && record->length <= RV_MAX_RECORD_BYTES &&
           total <= from->held - from->next && total <= capacity && record->sequence > from->sequence &&
           record->sequence <= capacity;
}

static int append(columns *to, ring *from, uint32_t cpu, uint64_t capacity)
{
    const rv_record *record = head(from);
    uint64_t row = to->rows;
    if (!judge(from, cpu, capacity)) {
        return 0;
    }
    steady common = {record->pid,   record->tid,  record->irql,  record->remarks,
                     record->flags, record->type, record->origin};
    if (memcmp(&common, &to->common, sizeof common) != 0) {
        return 0; /* the log has none that differ */
    }
    to->rows++;
    to->lost += record->sequence - from->sequence - 1;
    from->sequence = record->sequence;
    to->late += record->index < to->last;
    to->last = record->index;
    to->by_level[cpu][record->level]++;
    to->index[row] = (double)record->index;
    to->time_ns[row] = (double)(record->timestamp - 1000);
    to->cpu[row] = record->cpu;
    to->level[row] = record->level;
    to->least = to->index[row] < to->least ? to->index[row] : to->least;
    to->most = to->index[row] > to->most ? to->index[row] : to->most;
    to->start[row] = (uint32_t)to->used;
    to->length[row] = record->length;
    memcpy(to->arena + to->used, record + 1, record->length);
    to->used += (record->length + 3u) & ~3u;
    return 1;
}

static void sift(uint32_t *heap, uint32_t size, const uint64_t *key)
{
    uint32_t node = 0, cpu = heap[0];
    for (uint32_t child; (child = 2 * node + 1) < size; node = child) {
        if (child + 1 < size && key[heap[child + 1]] < key[heap[child]]) {
            child++;
        }
        if (key[cpu] <= key[heap[child]]) {
            break;
        }
        heap[node] = heap[child];
    }
    heap[node] = cpu;
}

static uint64_t merge(ring *rings, columns *to, uint64_t capacity)
{
    uint32_t heap[CPUS], size = 0;
    uint64_t key[CPUS];

    to->rows = to->used = to->last = 0;
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        if (refill(&rings[cpu])) {
            key[cpu] = head(&rings[cpu])->index;
            /* Inserted from below. */
            uint32_t at = size++;
            for (; at > 0 && key[heap[(at - 1) / 2]] > key[cpu]; at = (at - 1) / 2) {
                heap[at] = heap[(at - 1) / 2];
            }
            heap[at] = cpu;
        }
    }
    while (size > 0) {
        ring *from = &rings[heap[0]];
        if (!append(to, from, heap[0], capacity)) {
            fprintf(stderr, "damaged record\n");
            exit(1);
        }
        from->next += RECORD;
        if (from->next == from->held && !refill(from)) {
            heap[0] = heap[--size];
            if (size == 0) {
                break;
            }
        } else {
            key[heap[0]] = head(from)->index;
        }
        sift(heap, size, key);
    }
    return to->rows;
}

int main(int argc, char **argv)
{
    uint64_t records = bench_number(argc, argv, 1);
    uint64_t repeats = bench_number(argc, argv, 2);
    uint64_t capacity = (records / CPUS + records / 16 + 1024) * RECORD;
    ring rings[CPUS];
    columns to = {.index = allocate(records * 8),
                  .time_ns = allocate(records * 8),
                  .cpu = allocate(records * 2),
                  .level = allocate(records),
                  .start = allocate(records * 4),
                  .length = allocate(records * 4),
                  .arena = allocate(records * PAYLOAD),
                  .common = {.pid = 4},
                  .least = 1e300};

    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        rings[cpu].data = allocate(capacity);
        rings[cpu].arena = allocate(SHARE);
    }
    for (uint64_t round = 0; round <= repeats; round++) {
        fill(rings, records, capacity);
        uint64_t start = bench_thread_ns();
        uint64_t rows = merge(rings, &to, capacity);
        uint64_t ns = bench_thread_ns() - start;
        for (uint64_t row = 1; row < rows; row++) {
            if (to.index[row] <= to.index[row - 1]) {
                fprintf(stderr, "out of order at row %llu\n", (unsigned long long)row);
                return 1;
            }
        }
        if (to.lost + to.late != 0) {
            fprintf(stderr, "%llu lost, %llu late\n", (unsigned long long)to.lost, (unsigned long long)to.late);
            return 1;
        }
        if (round > 0) {
            printf("{\"perSecond\":%.0f}\n", (double)rows * 1e9 / (double)ns);
        }
    }
    return 0;
}
