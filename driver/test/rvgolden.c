/*
 * rvgolden.c - writes golden session images, and what a reader must make of each, as JSON. `rvgolden DIR` writes
 * DIR/NAME.bin and DIR/NAME.json. Everything is deterministic: the clock, the process id and the interrupts are the
 * fixture's.
 *
 * Each scenario states the numbers that must come out as literals; the records themselves are decoded by the test
 * reader, which shares no code with the ring.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/fnv1a.h"
#include "fixture.h"

#define RECORDS_MAX 200
/* Longer payloads are described by their checksum alone. */
#define DATA_PRINTED_MAX 256

typedef struct listed {
    rv_record header;
    uint64_t position;
    uint64_t lost_before;
    uint8_t *payload;
    uint64_t stack[255];
} listed;

typedef struct listing {
    listed records[RECORDS_MAX];
    uint32_t count;
} listing;

typedef struct scenario {
    const char *name;
    const char *about;
    uint32_t cpus;
    uint64_t ring_bytes;
    uint32_t ring_mode;
    uint32_t order_mode;
    void (*write)(fixture *f);
    uint32_t records;   /* to be read, over all CPUs */
    uint64_t lost;      /* before them */
    uint64_t trailing;  /* after them */
    uint32_t emittable; /* of the records, when the reader looks once, at `now` */
} scenario;

/* ---- scenarios -------------------------------------------------------------------------------------------------- */

static void text(fixture *f, uint32_t cpu, uint8_t level, const char *bytes)
{
    rv_record_info info = {.level = level};
    rv_ring_write(&f->rings[cpu], &info, bytes, strlen(bytes));
}

static void data(fixture *f, uint32_t cpu, uint16_t type, uint32_t remarks, uint32_t length)
{
    static uint8_t bytes[RV_MAX_RECORD_BYTES];
    rv_record_info info = {.level = RV_LEVEL_INFO, .type = type, .remarks = remarks};
    payload_fill(bytes, length, remarks);
    rv_ring_write(&f->rings[cpu], &info, bytes, length);
}

/* Takes everything published so far, as a reader does. */
static void ignore(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                   uint64_t lost_before)
{
    (void)context, (void)header, (void)payload, (void)position, (void)lost_before;
}

static void consume(fixture *f, uint32_t cpu)
{
    reader_ring reader;
    if (reader_open(&reader, f->image, f->geometry.image_bytes, cpu)) {
        reader.read = reader.consumer->read;
        fixture_drain(&reader, ignore, NULL);
    }
    reader_close(&reader);
}

static void write_empty(fixture *f)
{
    (void)f;
}

static void write_simple(fixture *f)
{
    text(f, 0, RV_LEVEL_INFO, "driver loaded");
    text(f, 1, RV_LEVEL_TRACE, "enter DispatchCreate");
    text(f, 0, RV_LEVEL_WARNING, "Gerät antwortet nicht – Versuch 2");
    text(f, 1, RV_LEVEL_ERROR, "状態 0xC0000001 😀");
    text(f, 1, RV_LEVEL_TRACE, "8 bytes.");
    text(f, 0, RV_LEVEL_INFO, "x");
}

static void write_wrap(fixture *f)
{
    /* CPU 0: a record that ends at the end exactly, no PAD. */
    for (uint32_t i = 0; i < 31; i++) {
        data(f, 0, 1, i, 72);
    }
    consume(f, 0);
    data(f, 0, 1, 31, 72);
    data(f, 0, 1, 32, 72);
    /* CPU 1: eight bytes left, the shortest PAD. 31 * 128 + 120 = 4088 */
    for (uint32_t i = 0; i < 31; i++) {
        data(f, 1, 1, i, 72);
    }
    consume(f, 1);
    data(f, 1, 1, 31, 64);
    data(f, 1, 1, 32, 72);
    /* CPU 2: a PAD of 128 + 40. */
    for (uint32_t i = 0; i < 30; i++) {
        data(f, 2, 1, i, 72);
    }
    consume(f, 2);
    data(f, 2, 1, 30, 32);
    data(f, 2, 1, 31, 192);
    data(f, 2, 1, 32, 1);
}

static void interrupt_texts(rv_ring *ring, void *context)
{
    rv_record_info info = {.level = RV_LEVEL_TRACE, .irql = 5};
    rv_ring_write(ring, &info, context, strlen(context));
}

static void write_nested(fixture *f)
{
    text(f, 0, RV_LEVEL_INFO, "before");
    /* After it has taken an index: that index becomes a hole. */
    interrupt_at(RV_POINT_INDEX_TAKEN, 0, interrupt_texts, "interrupt that takes the place");
    text(f, 0, RV_LEVEL_INFO, "outer that must retry");
    text(f, 1, RV_LEVEL_INFO, "other CPU");
    /* After it has reserved: the interrupt's record lies behind it, and is finished before it. */
    interrupt_at(RV_POINT_MARKED, 0, interrupt_texts, "interrupt behind");
    interrupt_at(RV_POINT_MARKED, 0, interrupt_texts, "interrupt upon the interrupt");
    text(f, 0, RV_LEVEL_INFO, "outer that finishes last");
    /* While it publishes. */
    interrupt_at(RV_POINT_END_LOADED, 0, interrupt_texts, "interrupt while publishing");
    interrupt_at(RV_POINT_QUIET, 0, interrupt_texts, "interrupt when quiet again");
    text(f, 0, RV_LEVEL_INFO, "outer that publishes");
    interrupts_ran();
}

static void write_drop_gaps(fixture *f)
{
    rv_record_info info = {0};
    rv_ring *ring = &f->rings[0];
    rv_ring_write(ring, &info, NULL, 8);
    rv_ring_write(ring, &info, "", 0);
    text(f, 0, RV_LEVEL_INFO, "two were lost before this");
    rv_ring_write(ring, &info, "", 969);
    text(f, 0, RV_LEVEL_INFO, "one was lost before this");
    for (uint32_t i = 0; i < 5; i++) {
        data(f, 0, 2, i, 892); /* the last one finds no room */
    }
    data(f, 0, 2, 5, 12);
    for (uint32_t i = 0; i < 3; i++) {
        data(f, 0, 2, i, 892);
    }
    text(f, 1, RV_LEVEL_INFO, "nothing was lost here");
}

static void write_overwrite_lapped(fixture *f)
{
    for (uint32_t i = 0; i < 100; i++) {
        data(f, 0, 3, i, 1 + i * 29 % 392);
        if (i == 20) {
            consume(f, 0);
        }
    }
    for (uint32_t i = 0; i < 10; i++) {
        data(f, 1, 3, i, 50);
    }
}

static void write_max_record(fixture *f)
{
    data(f, 0, 4, 1, RV_MAX_RECORD_BYTES - RV_RECORD_HEADER_BYTES);
    data(f, 0, 4, 2, 1);
    data(f, 0, 4, 3, RV_MAX_RECORD_BYTES - RV_RECORD_HEADER_BYTES - 7);
    data(f, 0, 4, 4, RV_MAX_RECORD_BYTES - RV_RECORD_HEADER_BYTES + 1);
}

static void write_binary(fixture *f)
{
    static const uint8_t invalid_utf8[] = {'a', 0xff, 0xc3, '(', 0x00, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 'z', 0xe2, 0x82};
    rv_record_info info = {.level = RV_LEVEL_ERROR};
    rv_ring_write(&f->rings[0], &info, invalid_utf8, sizeof invalid_utf8);
    for (uint32_t length = 1; length <= 9; length++) {
        data(f, 0, (uint16_t)(length == 9 ? 65535 : length), 0xffffffffu - length, length);
    }
    info = (rv_record_info){.level = 255,
                            .origin = RV_ORIGIN_DBGPRINT,
                            .flags = RV_FLAG_TRUNCATED,
                            .thread_given = true,
                            .irql = 2,
                            .pid = 0,
                            .tid = 0};
    rv_ring_write(&f->rings[0], &info, "from DbgPrint, cut", 18);
    info = (rv_record_info){.level = 4};
    rv_ring_write(&f->rings[0], &info, "\r\n\t\x1b[31m\x01", 9);
}

static void write_clock_order(fixture *f)
{
    platform_set_clock((1ull << 53) + 1); /* more than a double holds */
    text(f, 1, RV_LEVEL_INFO, "first");
    text(f, 0, RV_LEVEL_INFO, "second");
    platform_set_clock((1ull << 53) + 101);
    text(f, 1, RV_LEVEL_INFO, "same tick, CPU 1");
    platform_set_clock((1ull << 53) + 101);
    text(f, 0, RV_LEVEL_INFO, "same tick, CPU 0");
    text(f, 1, RV_LEVEL_INFO, "last");
}

static void write_unfinished(fixture *f)
{
    text(f, 0, RV_LEVEL_INFO, "published, index 1");
    rv_ring_enter(&f->rings[0]);
    rv_reservation reservation;
    rv_ring_reserve(&f->rings[0], 1, "", 16, &reservation);
    text(f, 1, RV_LEVEL_INFO, "must wait for CPU 0, index 3");
    text(f, 1, RV_LEVEL_INFO, "must wait for CPU 0, index 4");
}

static void write_high_positions(fixture *f)
{
    fixture_move(&f->rings[0], (1ull << 32) - 200);
    fixture_move(&f->rings[1], (1ull << 40) - 64);
    ((rv_session_page *)(void *)f->image)->next_index = (1ull << 32) - 3;
    for (uint32_t i = 0; i < 6; i++) {
        data(f, i % 2, 5, i, 60);
    }
}

static void write_frames(fixture *f)
{
    static const uint32_t counts[] = {2, 0, 1, RV_MAX_FRAMES};
    static const char *const texts[] = {"behind two", "behind none", "line\n", "behind sixteen"};
    rv_record_info info = {.level = RV_LEVEL_INFO};
    rv_stack stack = {0};
    for (uint32_t i = 0; i < RV_MAX_FRAMES; i++) {
        stack.frames[i] = 0xfffff80210000000ull + i * 0x1234567ull;
    }
    for (uint32_t i = 0; i < 4; i++) {
        stack.count = counts[i];
        rv_ring_write_stack(&f->rings[0], &info, &stack, texts[i], strlen(texts[i]));
    }
    stack.count = 3;
    info.type = 7;
    rv_ring_write_stack(&f->rings[0], &info, &stack, "\x01\x02\x03", 3);
    /* More than there can be. */
    uint64_t at = f->rings[0].producer->reserved;
    text(f, 0, RV_LEVEL_INFO, "all of it is data");
    ((rv_record *)(void *)(f->rings[0].data + at))->frames = 255;
}

static const scenario scenarios[] = {
    {"empty", "a session in which nothing was logged", 1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX, write_empty, 0, 0, 0,
     0},
    {"simple", "two CPUs, six texts", 2, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX, write_simple, 6, 0, 0, 6},
    {"wrap", "an exact end without PAD, a PAD of 8 bytes, a PAD of 168 bytes; the reader resumes at `consumed`", 3,
     4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX, write_wrap, 7, 0, 0, 7},
    {"nested", "interrupts that log while a writer is at work: holes in the index, records out of finishing order", 2,
     4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX, write_nested, 10, 0, 0, 10},
    {"drop-gaps", "losses of every cause, between records and after the last", 2, 4096, RV_MODE_DROP_NEW,
     RV_ORDER_INDEX, write_drop_gaps, 8, 4, 3, 8},
    {"overwrite-lapped", "the reader stopped after 21 records and was lapped: the tail is beyond `consumed`", 2, 4096,
     RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX, write_overwrite_lapped, 25, 64, 0, 25},
    {"max-record", "the longest record twice, and one byte more", 1, 262144, RV_MODE_DROP_NEW, RV_ORDER_INDEX,
     write_max_record, 3, 0, 1, 3},
    {"binary", "payload types, every length modulo 8, text that is not UTF-8, levels without a name", 1, 4096,
     RV_MODE_DROP_NEW, RV_ORDER_INDEX, write_binary, 12, 0, 0, 12},
    {"clock-order", "merged by clock, equal ticks on two CPUs, ticks beyond 2^53", 2, 4096, RV_MODE_DROP_NEW,
     RV_ORDER_CLOCK, write_clock_order, 5, 0, 0, 5},
    {"unfinished", "a writer that has reserved but not left: others must wait for it", 2, 4096, RV_MODE_DROP_NEW,
     RV_ORDER_INDEX, write_unfinished, 3, 0, 0, 1},
    {"high-positions", "positions across 2^32 and 2^40, indices across 2^32", 2, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX,
     write_high_positions, 6, 0, 0, 6},
    {"frames", "records with 2, 0, 1, 16 and 3 return addresses before their data, one with more than there can be", 1,
     4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX, write_frames, 6, 0, 0, 6},
};

/* ---- output ----------------------------------------------------------------------------------------------------- */

static void list(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                 uint64_t lost_before)
{
    listing *l = context;
    if (l->count == RECORDS_MAX) {
        printf("rvgolden: more than %d records\n", RECORDS_MAX);
        exit(1);
    }
    /* The data begins behind the return addresses; where there can be none, all of it is data. */
    uint32_t skipped = header->frames * 8u <= header->length ? header->frames * 8u : 0;
    listed *one = &l->records[l->count++];
    *one = (listed){*header, position, lost_before, malloc(header->length), {0}};
    one->header.frames = (uint8_t)(skipped / 8);
    memcpy(one->stack, payload, skipped);
    one->header.length -= skipped;
    memcpy(one->payload, payload + skipped, one->header.length);
}

static void print_session(FILE *out, const scenario *sc, const rv_session_page *s)
{
    fprintf(out, "{\n  \"name\": \"%s\",\n  \"about\": \"%s\",\n  \"session\": {\n", sc->name, sc->about);
    fprintf(out, "    \"versionMajor\": %u, \"versionMinor\": %u, \"pageBytes\": %u,\n", s->version_major,
            s->version_minor, s->page_bytes);
    fprintf(out, "    \"sessionId\": \"%" PRIu64 "\", \"imageBytes\": %" PRIu64 ",\n", s->session_id, s->image_bytes);
    fprintf(out, "    \"cpuCount\": %u, \"ringMode\": %u, \"orderMode\": %u, \"ringBytes\": %" PRIu64 ",\n",
            s->cpu_count, s->ring_mode, s->order_mode, s->ring_bytes);
    fprintf(out, "    \"consumerOffset\": %" PRIu64 ", \"ringsOffset\": %" PRIu64 ", \"ringStride\": %" PRIu64 ",\n",
            s->consumer_offset, s->rings_offset, s->ring_stride);
    fprintf(out,
            "    \"qpcFrequency\": \"%" PRIu64 "\", \"startQpc\": \"%" PRIu64 "\", \"startFiletime\": \"%" PRIu64
            "\",\n",
            s->qpc_frequency, s->start_qpc, s->start_filetime);
    fprintf(out, "    \"producerPid\": %u, \"producer\": \"%s\", \"nextIndex\": %" PRIu64 ", \"state\": %u\n  },\n",
            s->producer_pid, s->producer, s->next_index, s->state);
    fprintf(out, "  \"now\": \"%" PRIu64 "\",\n  \"cpus\": [\n", platform_clock() + 1);
}

static void print_record(FILE *out, const listed *one, bool last)
{
    const rv_record *h = &one->header;
    fprintf(out,
            "        {\"position\": %" PRIu64 ", \"lostBefore\": %" PRIu64 ", \"cpu\": %u, \"level\": %u, "
            "\"timestamp\": \"%" PRIu64 "\", \"index\": %" PRIu64 ", \"sequence\": %" PRIu64
            ", \"pid\": %u, \"tid\": %u, \"irql\": %u, \"type\": %u, \"origin\": %u, \"remarks\": %u, \"flags\": %u, "
            "\"length\": %u, ",
            one->position, one->lost_before, h->cpu, h->level, h->timestamp, h->index, h->sequence, h->pid, h->tid,
            h->irql, h->type, h->origin, h->remarks, h->flags, h->length);
    if (h->frames != 0) {
        fprintf(out, "\"stack\": [");
        for (uint32_t i = 0; i < h->frames; i++) {
            fprintf(out, "%s\"%" PRIx64 "\"", i == 0 ? "" : ", ", one->stack[i]);
        }
        fprintf(out, "], ");
    }
    fprintf(out, "\"fnv1a32\": %u, \"data\": ", fnv1a32(one->payload, h->length));
    if (h->length > DATA_PRINTED_MAX) {
        fprintf(out, "null");
    } else {
        fprintf(out, "\"");
        for (uint32_t i = 0; i < h->length; i++) {
            fprintf(out, "%02x", one->payload[i]);
        }
        fprintf(out, "\"");
    }
    fprintf(out, "}%s\n", last ? "" : ",");
}

static void print_cpu(FILE *out, const reader_ring *reader, const rv_consumer_page *before, const listing *l, bool last)
{
    const rv_producer_page *p = reader->producer;
    fprintf(out,
            "    {\n      \"cpu\": %u, \"reserved\": %" PRIu64 ", \"nesting\": %u, \"published\": %" PRIu64
            ", \"tail\": %" PRIu64 ", \"sequence\": %" PRIu64 ",\n",
            p->cpu, p->reserved, p->nesting, p->published, p->tail, p->sequence);
    fprintf(out,
            "      \"written\": %" PRIu64 ", \"writtenBytes\": %" PRIu64 ", \"overwritten\": %" PRIu64
            ", \"wrapped\": %" PRIu64 ", \"badConsumer\": %" PRIu64 ", \"indexHoles\": %" PRIu64 ",\n",
            p->written, p->written_bytes, p->overwritten, p->wrapped, p->bad_consumer, p->index_holes);
    fprintf(out,
            "      \"lost\": {\"total\": %" PRIu64 ", \"full\": %" PRIu64 ", \"tooBig\": %" PRIu64
            ", \"zeroLength\": %" PRIu64 ", \"missingData\": %" PRIu64 ", \"nesting\": %" PRIu64 "},\n",
            p->lost, p->lost_full, p->lost_too_big, p->lost_zero_length, p->lost_missing_data, p->lost_nesting);
    fprintf(out, "      \"consumed\": %" PRIu64 ", \"consumedSequence\": %" PRIu64 ", \"read\": %" PRIu64 ",\n",
            before->consumed, before->consumed_sequence, before->read);
    fprintf(out, "      \"lostBefore\": %" PRIu64 ", \"lostAfter\": %" PRIu64 ",\n      \"records\": [%s", reader->lost,
            reader_trailing_losses(reader), l->count == 0 ? "" : "\n");
    for (uint32_t i = 0; i < l->count; i++) {
        print_record(out, &l->records[i], i + 1 == l->count);
    }
    fprintf(out, "%s]\n    }%s\n", l->count == 0 ? "" : "      ", last ? "" : ",");
}

/* Merges by the key of the session's order, ties by CPU. Prints [cpu, sequence] pairs; counts those below `safe`. */
static uint32_t print_order(FILE *out, const listing *lists, uint32_t cpus, bool by_clock, uint64_t safe)
{
    uint32_t next[FIXTURE_CPUS] = {0};
    uint32_t emittable = 0, printed = 0;
    fprintf(out, "  ],\n  \"order\": [");
    for (;;) {
        uint32_t best = cpus;
        uint64_t best_key = UINT64_MAX;
        for (uint32_t cpu = 0; cpu < cpus; cpu++) {
            if (next[cpu] < lists[cpu].count) {
                const rv_record *h = &lists[cpu].records[next[cpu]].header;
                uint64_t key = by_clock ? h->timestamp : h->index;
                if (key < best_key) {
                    best = cpu;
                    best_key = key;
                }
            }
        }
        if (best == cpus) {
            break;
        }
        emittable += best_key < safe;
        fprintf(out, "%s[%u, %" PRIu64 "]", printed++ == 0 ? "" : ", ", best,
                lists[best].records[next[best]++].header.sequence);
    }
    fprintf(out, "],\n  \"emittable\": %u\n}\n", emittable);
    return emittable;
}

static FILE *create(const char *directory, const scenario *sc, const char *extension)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s.%s", directory, sc->name, extension);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        printf("rvgolden: cannot create %s\n", path);
        exit(1);
    }
    return file;
}

static bool produce(const char *directory, const scenario *sc)
{
    static listing lists[FIXTURE_CPUS];
    memset(lists, 0, sizeof lists);
    fixture f = fixture_make(sc->cpus, sc->ring_bytes, sc->ring_mode, sc->order_mode);
    rv_session_page *session = (rv_session_page *)(void *)f.image;
    sc->write(&f);

    FILE *image = create(directory, sc, "bin");
    bool good = fwrite(f.image, 1, f.geometry.image_bytes, image) == f.geometry.image_bytes;
    good = fclose(image) == 0 && good;

    FILE *json = create(directory, sc, "json");
    print_session(json, sc, session);
    bool by_clock = sc->order_mode == RV_ORDER_CLOCK;
    uint64_t safe = by_clock ? platform_clock() + 1 : session->next_index;
    uint64_t lost = 0, trailing = 0;
    uint32_t records = 0;
    for (uint32_t cpu = 0; cpu < sc->cpus; cpu++) {
        listing *l = &lists[cpu];
        reader_ring reader;
        good = reader_open(&reader, f.image, f.geometry.image_bytes, cpu) && good;
        rv_consumer_page before = *reader.consumer;
        reader_watch watch = reader_look(&reader);
        reader_poll(&reader, watch.published, false, list, l);
        good = reader.corrupt == 0 && good;
        uint64_t last_key = l->count == 0 ? 0
                            : by_clock    ? l->records[l->count - 1].header.timestamp
                                          : l->records[l->count - 1].header.index + 1;
        if (!watch.quiet && last_key < safe) {
            safe = last_key;
        }
        lost += reader.lost;
        trailing += reader_trailing_losses(&reader);
        records += l->count;
        print_cpu(json, &reader, &before, l, cpu + 1 == sc->cpus);
        reader_close(&reader);
    }
    uint32_t emittable = print_order(json, lists, sc->cpus, by_clock, safe);
    good = fclose(json) == 0 && good;
    for (uint32_t cpu = 0; cpu < sc->cpus; cpu++) {
        for (uint32_t i = 0; i < lists[cpu].count; i++) {
            free(lists[cpu].records[i].payload);
        }
    }
    fixture_free(&f);

    if (!good || records != sc->records || lost != sc->lost || trailing != sc->trailing || emittable != sc->emittable) {
        printf("rvgolden: %s: %u records, %" PRIu64 " lost before and %" PRIu64 " after, %u emittable\n", sc->name,
               records, lost, trailing, emittable);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        printf("usage: rvgolden DIR\n");
        return 2;
    }
    bool good = true;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        good = produce(argv[1], &scenarios[i]) && good;
    }
    return good ? 0 : 1;
}
