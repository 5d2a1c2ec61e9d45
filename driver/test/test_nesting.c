/*
 * test_nesting.c - interrupts that log, at every labelled instruction of a writer, and interrupts upon them.
 *
 * After each run every attempt must be accounted for and every record whole and in order. During each run a reader
 * looks on at every instruction, and holds the writer to what the watermark protocol promises it: once it has taken a
 * CPU's safe value, no record below that value may appear there.
 */
#include <string.h>

#include "fixture.h"
#include "test.h"

typedef struct interrupt_context {
    uint32_t length;
    uint32_t *attempts;
} interrupt_context;

static void interrupt_writes(rv_ring *ring, void *context)
{
    interrupt_context *c = context;
    ++*c->attempts;
    fixture_write(ring, c->length, *c->attempts);
}

typedef struct watcher {
    reader_ring reader;
    seen seen;
    bool by_clock;
    bool consume;
    uint64_t promised; /* no record below this key may come any more */
    uint64_t last_key;
    uint64_t broken;
} watcher;

static void watcher_sink(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                         uint64_t lost_before)
{
    watcher *w = context;
    uint64_t key = w->by_clock ? header->timestamp : header->index;
    w->broken += key < w->promised;
    w->last_key = key;
    seen_sink(&w->seen, header, payload, position, lost_before);
}

static void watcher_looks(rv_ring *ring, void *context)
{
    watcher *w = context;
    uint64_t now = w->by_clock ? platform_clock() + 1 : ring->session->next_index;
    reader_watch watch = reader_look(&w->reader);
    reader_poll(&w->reader, watch.published, w->consume, watcher_sink, w);
    uint64_t safe = watch.quiet ? now : w->by_clock ? w->last_key : w->last_key + 1;
    if (safe > w->promised) {
        w->promised = safe;
    }
}

typedef struct scenario {
    uint32_t mode, order;
    uint32_t start;   /* position of the first record */
    uint32_t prefill; /* records before the interrupted one */
    bool watch;
    bool consume;
} scenario;

#define PREFILL_LENGTH 192

/* Writes one record, interrupted as registered, and checks everything. */
static void run(const scenario *sc, const rv_point *points, const uint32_t *skips, const uint32_t *lengths, uint32_t n)
{
    fixture f = fixture_make(1, 4096, sc->mode, sc->order);
    rv_ring *ring = &f.rings[0];
    rv_producer_page *p = ring->producer;
    fixture_move(ring, sc->start);
    watcher w = {.by_clock = sc->order == RV_ORDER_CLOCK, .consume = sc->consume};
    CHECK(reader_open(&w.reader, f.image, f.geometry.image_bytes, 0));

    uint32_t attempts = 0;
    for (; attempts < sc->prefill; attempts++) {
        fixture_write(ring, PREFILL_LENGTH, attempts);
    }
    interrupt_context contexts[RV_MAX_NESTING + 2];
    for (uint32_t i = 0; i < n; i++) {
        contexts[i] = (interrupt_context){lengths[i], &attempts};
        interrupt_at(points[i], skips[i], interrupt_writes, &contexts[i]);
    }
    if (sc->watch) {
        observe_points(watcher_looks, &w);
    }
    attempts++;
    fixture_write(ring, 112, attempts);
    interrupts_ran(); /* a point may not lie on this path; then there is one writer less */
    observe_points(NULL, NULL);

    CHECK_EQUAL(p->nesting, 0);
    CHECK_EQUAL(p->published, p->reserved);
    CHECK_EQUAL(p->written + p->lost, attempts);
    CHECK_EQUAL(p->lost, p->lost_full + p->lost_nesting);
    watcher_looks(ring, &w);
    CHECK_EQUAL(w.reader.read + w.reader.lost + reader_trailing_losses(&w.reader), attempts);
    CHECK_EQUAL(w.seen.bad, 0);
    CHECK_EQUAL(w.reader.corrupt, 0);
    CHECK_EQUAL(w.broken, 0);
    CHECK(p->reserved - (sc->mode == RV_MODE_OVERWRITE_OLD ? p->tail : ring->accepted) <= 4096);
    CHECK(p->tail <= p->published);
    CHECK_EQUAL(p->bad_consumer, 0);
    CHECK_EQUAL(positions_gone_back(), 0);
    if (!sc->watch) {
        CHECK_EQUAL(w.reader.read, p->written - p->overwritten);
    }
    if (sc->mode == RV_MODE_DROP_NEW) {
        CHECK_EQUAL(w.seen.count, p->written);
        CHECK_EQUAL(w.reader.lapped, 0);
    }
    if (sc->order == RV_ORDER_INDEX) {
        CHECK_EQUAL(ring->session->next_index - 1, p->written + p->index_holes);
    } else {
        CHECK_EQUAL(ring->session->next_index, 1);
        CHECK_EQUAL(p->index_holes, 0);
    }
    reader_close(&w.reader);
    fixture_free(&f);
}

static void for_each_scenario(void (*body)(const scenario *))
{
    static const uint32_t starts[] = {0, 4096 - 168, 4096 - 8, 4096 - 56};
    static const uint32_t prefills[] = {0, 14, 16, 17}; /* empty; room for two, for none, beyond full */
    for (uint32_t mode = RV_MODE_DROP_NEW; mode <= RV_MODE_OVERWRITE_OLD; mode++) {
        for (uint32_t order = RV_ORDER_INDEX; order <= RV_ORDER_CLOCK; order++) {
            for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
                for (size_t p = 0; p < sizeof prefills / sizeof *prefills; p++) {
                    for (int watch = 0; watch <= 2; watch++) {
                        scenario sc = {mode, order, starts[s], prefills[p], watch > 0, watch > 1};
                        body(&sc);
                    }
                }
            }
        }
    }
}

static void every_point(const scenario *sc)
{
    static const uint32_t skips[2] = {0, 0};
    static const uint32_t lengths[2] = {200, 90};
    for (int outer = 0; outer < RV_POINT_COUNT; outer++) {
        const rv_point one[1] = {(rv_point)outer};
        run(sc, one, skips, lengths, 1);
        for (int inner = 0; inner < RV_POINT_COUNT; inner++) {
            const rv_point two[2] = {(rv_point)outer, (rv_point)inner};
            run(sc, two, skips, lengths, 2);
        }
    }
}

static void an_interrupt_at_every_point(void)
{
    for_each_scenario(every_point);
}

static uint32_t random_state = 12345;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * n >> 32);
}

static void random_storm(const scenario *sc)
{
    for (int i = 0; i < 150; i++) {
        rv_point points[RV_MAX_NESTING + 2];
        uint32_t skips[RV_MAX_NESTING + 2], lengths[RV_MAX_NESTING + 2];
        uint32_t n = 3 + random_below(RV_MAX_NESTING - 1);
        for (uint32_t j = 0; j < n; j++) {
            points[j] = (rv_point)random_below(RV_POINT_COUNT);
            skips[j] = random_below(3);
            lengths[j] = 1 + random_below(968);
        }
        run(sc, points, skips, lengths, n);
    }
}

static void storms_of_interrupts(void)
{
    for_each_scenario(random_storm);
}

/* The points are where they are said to be: an interrupt there has the effect that only that place can have. */
static void points_do_what_they_say(void)
{
    const struct {
        rv_point point;
        uint64_t holes;
        uint64_t nested;
    } cases[] = {
        {RV_POINT_NESTING_LOADED, 0, 0}, {RV_POINT_ENTERED, 0, 1},    {RV_POINT_RESERVED_LOADED, 1, 1},
        {RV_POINT_INDEX_TAKEN, 1, 1},    {RV_POINT_CLOCK_READ, 1, 1}, {RV_POINT_RESERVED, 0, 1},
        {RV_POINT_COMMITTED, 0, 1},      {RV_POINT_END_LOADED, 0, 1}, {RV_POINT_PUBLISHED, 0, 1},
        {RV_POINT_QUIET, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
        reader_ring reader;
        seen s = {0};
        uint32_t attempts = 0;
        interrupt_context context = {42, &attempts};
        CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
        interrupt_at(cases[i].point, 0, interrupt_writes, &context);
        CHECK_EQUAL(fixture_write(&f.rings[0], 42, 9), RV_OK);
        CHECK(interrupts_ran());
        fixture_drain(&reader, seen_sink, &s);
        CHECK_EQUAL(s.count, 2);
        CHECK_EQUAL(s.bad, 0);
        CHECK_EQUAL(s.nested, cases[i].nested);
        CHECK_EQUAL(f.rings[0].producer->index_holes, cases[i].holes);
        reader_close(&reader);
        fixture_free(&f);
    }
}

/* The record that came in the gap between loading `reserved` and nesting := 0 is published by the outermost writer. */
static void leaves_nothing_unpublished(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    uint32_t attempts = 0;
    interrupt_context context = {42, &attempts};
    interrupt_at(RV_POINT_END_LOADED, 0, interrupt_writes, &context);
    interrupt_at(RV_POINT_RESUMED, 0, interrupt_writes, &context);
    CHECK_EQUAL(fixture_write(&f.rings[0], 42, 0), RV_OK);
    CHECK(interrupts_ran());
    CHECK_EQUAL(attempts, 2);
    CHECK_EQUAL(f.rings[0].producer->published, 3 * 104);
    CHECK_EQUAL(f.rings[0].producer->written, 3);
    fixture_free(&f);
}

static void refuses_one_level_too_many(void)
{
    fixture f = fixture_make(1, 65536, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    for (uint32_t depth = 1; depth <= RV_MAX_NESTING; depth++) {
        CHECK_EQUAL(rv_ring_enter(ring), depth);
        CHECK_EQUAL(ring->producer->nesting, depth);
    }
    CHECK_EQUAL(rv_ring_enter(ring), 0);
    CHECK_EQUAL(fixture_write(ring, 5, 1), RV_LOST_NESTING);
    CHECK_EQUAL(ring->producer->nesting, RV_MAX_NESTING);
    CHECK_EQUAL(ring->producer->lost_nesting, 2);
    CHECK_EQUAL(ring->producer->lost, 2);
    for (uint32_t depth = RV_MAX_NESTING; depth >= 1; depth--) {
        CHECK_EQUAL(ring->producer->nesting, depth);
        rv_ring_leave(ring);
    }
    CHECK_EQUAL(ring->producer->nesting, 0);
    CHECK_EQUAL(fixture_write(ring, 5, 1), RV_OK);
    CHECK_EQUAL(ring->producer->sequence, 3);
    fixture_free(&f);
}

/* Losses of an interrupt are numbered between the records they fell between. */
static void numbers_losses_in_place(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    uint32_t attempts = 0;
    interrupt_context too_big = {2000, &attempts};
    CHECK_EQUAL(fixture_write(ring, 5, 1), RV_OK);
    interrupt_at(RV_POINT_RESERVED, 0, interrupt_writes, &too_big);
    CHECK_EQUAL(fixture_write(ring, 5, 2), RV_OK);
    CHECK(interrupts_ran());
    CHECK_EQUAL(fixture_write(ring, 5, 3), RV_OK);
    rv_record record;
    memcpy(&record, ring->data + 64, sizeof record);
    CHECK_EQUAL(record.sequence, 3);
    memcpy(&record, ring->data + 128, sizeof record);
    CHECK_EQUAL(record.sequence, 4);
    fixture_free(&f);
}

static void interrupt_says_all(rv_ring *ring, void *context)
{
    rv_record_info info = {
        .level = 200,
        .origin = RV_ORIGIN_DBGPRINT,
        .type = 65535,
        .remarks = 0xdeadbeef,
        .flags = RV_FLAG_TRUNCATED,
        .irql = 9,
    };
    *(rv_status *)context = rv_ring_write(ring, &info, "cut", 3);
}

/* That a record is nested is said beside what its writer says of it, not instead. */
static void a_nested_record_keeps_what_its_writer_said(void)
{
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    rv_ring *ring = &f.rings[0];
    rv_status status = RV_LOST_FULL;
    interrupt_at(RV_POINT_RESERVED, 0, interrupt_says_all, &status);
    CHECK_EQUAL(fixture_write(ring, 8, 1), RV_OK);
    CHECK(interrupts_ran());
    CHECK_EQUAL(status, RV_OK);
    rv_record record;
    memcpy(&record, ring->data, sizeof record);
    CHECK_EQUAL(record.flags, 0);
    memcpy(&record, ring->data + 64, sizeof record);
    CHECK_EQUAL(record.flags, RV_FLAG_NESTED | RV_FLAG_TRUNCATED);
    CHECK_EQUAL(record.level, 200);
    CHECK_EQUAL(record.origin, RV_ORIGIN_DBGPRINT);
    CHECK_EQUAL(record.type, 65535);
    CHECK_EQUAL(record.remarks, 0xdeadbeef);
    CHECK_EQUAL(record.pid, FIXTURE_PID);
    CHECK_EQUAL(record.tid, FIXTURE_TID);
    CHECK_EQUAL(record.irql, 9);
    CHECK_EQUAL(record.sequence, 2);
    fixture_free(&f);
}

int main(void)
{
    RUN(points_do_what_they_say);
    RUN(leaves_nothing_unpublished);
    RUN(refuses_one_level_too_many);
    RUN(numbers_losses_in_place);
    RUN(a_nested_record_keeps_what_its_writer_said);
    RUN(an_interrupt_at_every_point);
    RUN(storms_of_interrupts);
    return REPORT();
}
