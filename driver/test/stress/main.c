/*
 * main.c - the stress: writers that are interrupted all the time, up to three deep, against a reader that checks every record.
 *
 * A thread stands for a CPU. It is interrupted in two ways: by signals from timers, at any instruction, and at the test
 * points of the ring by calls that behave like interrupts, far more often than signals can be. Both write records
 * themselves and may be interrupted in turn. With --hostile a client scribbles over the consumer pages instead of reading.
 *
 * Checked: each record's checksum, its CPU, its header; that sequence, index and clock rise on a CPU; that a watermark
 * gives one order that never goes back; that attempts = read + lost to the last one. One line of JSON says what was done.
 *
 * Built with RV_TEST_POINTS there are both kinds of interrupts; without, the ring is as it is in a driver, and there are
 * signals alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress.h"

/* So many that what has a small chance must have come. */
#define MANY_ATTEMPTS 20000u

options opt = {.cpus = 2,
               .mode = RV_MODE_DROP_NEW,
               .order = RV_ORDER_INDEX,
               .ring_bytes = 16384,
               .attempts = 1000000,
               .signal_ns = 20000,
               .point_mask = 63,
               .seed = 1};
writer writers[MAX_CPUS];
rv_ring rings[MAX_CPUS];
reader_ring readers[MAX_CPUS];
uint8_t *image;
uint32_t running;
uint64_t failures;

static rv_log log;
static rv_log_slot slots[MAX_CPUS * RV_MAX_NESTING];

void fail(const char *what, uint64_t a, uint64_t b)
{
    if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 10) {
        fprintf(stderr, "%s: %" PRIu64 ", %" PRIu64 "\n", what, a, b);
    }
}

static uint64_t number(const char *text)
{
    return strtoull(text, NULL, 10);
}

static void parse(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        if (strcmp(name, "--cpus") == 0) {
            opt.cpus = (uint32_t)number(value);
        } else if (strcmp(name, "--mode") == 0) {
            opt.mode = strcmp(value, "overwrite") == 0 ? RV_MODE_OVERWRITE_OLD : RV_MODE_DROP_NEW;
        } else if (strcmp(name, "--order") == 0) {
            opt.order = strcmp(value, "clock") == 0 ? RV_ORDER_CLOCK : RV_ORDER_INDEX;
        } else if (strcmp(name, "--ring-bytes") == 0) {
            opt.ring_bytes = number(value);
        } else if (strcmp(name, "--attempts") == 0) {
            opt.attempts = number(value);
        } else if (strcmp(name, "--signal-ns") == 0) {
            opt.signal_ns = number(value);
        } else if (strcmp(name, "--point-mask") == 0) {
            opt.point_mask = number(value);
        } else if (strcmp(name, "--seed") == 0) {
            opt.seed = number(value);
        } else if (strcmp(name, "--texts") == 0) {
            opt.texts = number(value);
        } else if (strcmp(name, "--hostile") == 0) {
            opt.hostile = (uint32_t)number(value);
        } else {
            fprintf(stderr, "there is no option %s\n", name);
            exit(2);
        }
    }
    if (opt.cpus < 1 || opt.cpus > MAX_CPUS) {
        exit(2);
    }
}

static void check_cpu(uint32_t cpu, uint64_t *lost)
{
    const rv_producer_page *p = rings[cpu].producer;
    const writer *w = &writers[cpu];
    EXPECT(p->nesting == 0 && p->published == p->reserved, "left unpublished", p->published, p->reserved);
    EXPECT(p->written + p->lost == w->attempts, "attempts not accounted for", p->written + p->lost, w->attempts);
    EXPECT(p->lost == p->lost_full + p->lost_too_big + p->lost_zero_length + p->lost_missing_data + p->lost_nesting,
           "causes do not add up", p->lost, 0);
    EXPECT(w->bad_status == 0, "status does not fit its argument", w->bad_status, 0);
    EXPECT(p->published - rings[cpu].accepted <= opt.ring_bytes || opt.mode == RV_MODE_OVERWRITE_OLD, "overlap",
           p->published, rings[cpu].accepted);
    EXPECT(w->attempts < MANY_ATTEMPTS ||
               (p->lost_too_big != 0 && p->lost_zero_length != 0 && p->lost_missing_data != 0),
           "a cause of losses never came", p->lost_too_big, p->lost_zero_length);
    if (opt.hostile) {
        EXPECT(w->attempts < MANY_ATTEMPTS || p->bad_consumer != 0, "no lie was noticed", p->bad_consumer, 0);
        EXPECT(p->reserved - (opt.mode == RV_MODE_DROP_NEW ? rings[cpu].accepted : p->tail) <= opt.ring_bytes,
               "live records overlap", p->reserved, p->tail);
        EXPECT(rings[cpu].accepted <= p->published, "accepted a lie", rings[cpu].accepted, p->published);
        return;
    }
    uint64_t trailing = reader_trailing_losses(&readers[cpu]);
    EXPECT(readers[cpu].read + readers[cpu].lost + trailing == w->attempts, "not every attempt was read or lost",
           readers[cpu].read + readers[cpu].lost + trailing, w->attempts);
    EXPECT(readers[cpu].corrupt == 0, "corrupt", readers[cpu].corrupt, 0);
    EXPECT(p->bad_consumer == 0, "an honest position was refused", p->bad_consumer, 0);
    if (opt.mode == RV_MODE_DROP_NEW) {
        EXPECT(readers[cpu].read == p->written && readers[cpu].lapped == 0 && p->overwritten == 0 && p->tail == 0,
               "drop-new lost a written record", readers[cpu].read, p->written);
    } else {
        /* An unread record may be reclaimed and still have been copied in time, so this is a bound. */
        EXPECT(p->written - readers[cpu].read <= p->overwritten, "overwritten records not counted",
               p->written - readers[cpu].read, p->overwritten);
    }
    *lost += readers[cpu].lost + trailing;
}

int main(int argc, char **argv)
{
    parse(argc, argv);
    rv_session_config config = {.cpu_count = opt.cpus,
                                .ring_mode = opt.mode,
                                .order_mode = opt.order,
                                .ring_bytes = opt.ring_bytes,
                                .qpc_frequency = 1000000000};
    rv_geometry geometry;
    if (rv_session_geometry(&config, &geometry) != RV_OK) {
        fprintf(stderr, "no such session\n");
        return 2;
    }
    image = aligned_alloc(RV_PAGE, geometry.image_bytes);
    memset(image, 0, geometry.image_bytes);
    if (rv_image_init(image, geometry.image_bytes, &config, rings) != RV_OK) {
        return 2;
    }
    rv_session_publish((rv_session_page *)(void *)image);
    if (rv_log_init(&log, rings, opt.cpus, slots) != RV_OK) {
        return 2;
    }
    rv_log_attach(&log);
    handle_signals();
    running = opt.cpus;
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        if (!reader_open(&readers[cpu], image, geometry.image_bytes, cpu)) {
            return 2;
        }
        writers[cpu] = (writer){.ring = &rings[cpu],
                                .cpu = cpu,
                                .quota = opt.attempts / opt.cpus,
                                .random = opt.seed * 0x9e3779b97f4a7c15ull + cpu + 1};
    }
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        if (pthread_create(&writers[cpu].thread, NULL, run_writer, &writers[cpu]) != 0) {
            return 2;
        }
    }
    if (opt.hostile) {
        scribble();
    } else {
        while (__atomic_load_n(&running, __ATOMIC_ACQUIRE) != 0) {
            poll_all();
        }
    }
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        pthread_join(writers[cpu].thread, NULL);
    }
    if (!opt.hostile) {
        poll_all();
    }

    seen sight = seen_so_far();
    uint64_t attempts = 0, read = 0, lost = 0, signals = 0, injected = 0, deepest = 0, holes = 0, refused = 0;
    for (uint32_t cpu = 0; cpu < opt.cpus; cpu++) {
        check_cpu(cpu, &lost);
        attempts += writers[cpu].attempts;
        read += readers[cpu].read;
        signals += writers[cpu].signals;
        injected += writers[cpu].injected;
        holes += rings[cpu].producer->index_holes;
        refused += rings[cpu].producer->bad_consumer;
        deepest = writers[cpu].deepest > deepest ? writers[cpu].deepest : deepest;
    }
    EXPECT(opt.hostile || sight.emitted == read, "not everything was emitted", sight.emitted, read);
    EXPECT(opt.texts == 0 || opt.hostile || read < MANY_ATTEMPTS || sight.texts != 0, "no text was read", sight.texts,
           read);
    printf("{\"attempts\":%" PRIu64 ",\"read\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"nested\":%" PRIu64
           ",\"signals\":%" PRIu64 ",\"injected\":%" PRIu64 ",\"deepest\":%" PRIu64 ",\"holes\":%" PRIu64
           ",\"refused\":%" PRIu64 ",\"polls\":%" PRIu64 ",\"failures\":%" PRIu64 "}\n",
           attempts, read, lost, sight.nested, signals, injected, deepest, holes, refused, sight.polls, failures);
    return failures == 0 ? 0 : 1;
}
