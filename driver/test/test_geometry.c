/*
 * test_geometry.c - what sessions can be built, where their regions lie, and what their pages say.
 */
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "test.h"

static rv_session_config good(void)
{
    return (rv_session_config){.cpu_count = 2,
                               .ring_mode = RV_MODE_DROP_NEW,
                               .order_mode = RV_ORDER_INDEX,
                               .ring_bytes = 4096,
                               .qpc_frequency = 10000000};
}

static void computes_offsets(void)
{
    rv_session_config config = good();
    rv_geometry g;
    CHECK_EQUAL(rv_session_geometry(&config, &g), RV_OK);
    CHECK_EQUAL(g.consumer_offset, 65536);
    CHECK_EQUAL(g.rings_offset, 131072);
    CHECK_EQUAL(g.ring_stride, 65536);
    CHECK_EQUAL(g.image_bytes, 131072 + 2 * 65536);

    config.cpu_count = 17; /* 17 consumer pages are more than one granule */
    config.ring_bytes = 65536;
    CHECK_EQUAL(rv_session_geometry(&config, &g), RV_OK);
    CHECK_EQUAL(g.rings_offset, 65536 + 131072);
    CHECK_EQUAL(g.ring_stride, 131072);

    config.cpu_count = RV_MAX_CPUS;
    config.ring_bytes = RV_MAX_RING_BYTES;
    CHECK_EQUAL(rv_session_geometry(&config, &g), RV_OK);
    CHECK_EQUAL(g.rings_offset, 65536 + 2048ull * 4096);
    CHECK_EQUAL(g.ring_stride, 1073741824ull + 65536);
    CHECK_EQUAL(g.image_bytes, g.rings_offset + 2048 * g.ring_stride);
}

static void refuses_bad_configurations(void)
{
    static const uint32_t bad_cpus[] = {0, RV_MAX_CPUS + 1, UINT32_MAX};
    static const uint64_t bad_bytes[] = {0,          1,         2048, 4095, 4097, 6144, 2ull * RV_MAX_RING_BYTES,
                                         1ull << 63, UINT64_MAX};
    static const uint32_t bad_modes[] = {0, 3, UINT32_MAX};
    rv_geometry untouched = {1, 2, 3, 4};
    rv_geometry g = untouched;

    for (size_t i = 0; i < sizeof bad_cpus / sizeof *bad_cpus; i++) {
        rv_session_config config = good();
        config.cpu_count = bad_cpus[i];
        CHECK_EQUAL(rv_session_geometry(&config, &g), RV_BAD_CPU_COUNT);
    }
    for (size_t i = 0; i < sizeof bad_bytes / sizeof *bad_bytes; i++) {
        rv_session_config config = good();
        config.ring_bytes = bad_bytes[i];
        CHECK_EQUAL(rv_session_geometry(&config, &g), RV_BAD_RING_BYTES);
    }
    for (size_t i = 0; i < sizeof bad_modes / sizeof *bad_modes; i++) {
        rv_session_config config = good();
        config.ring_mode = bad_modes[i];
        CHECK_EQUAL(rv_session_geometry(&config, &g), RV_BAD_RING_MODE);
        config = good();
        config.order_mode = bad_modes[i];
        CHECK_EQUAL(rv_session_geometry(&config, &g), RV_BAD_ORDER_MODE);
    }
    rv_session_config config = good();
    config.qpc_frequency = 0;
    CHECK_EQUAL(rv_session_geometry(&config, &g), RV_BAD_FREQUENCY);
    CHECK(memcmp(&g, &untouched, sizeof g) == 0);
}

static void refuses_bad_memory(void)
{
    rv_session_config config = good();
    rv_geometry g;
    rv_session_geometry(&config, &g);
    uint8_t *image = aligned_alloc(RV_PAGE, g.image_bytes + RV_PAGE);
    memset(image, 0xa5, g.image_bytes + RV_PAGE);
    rv_ring rings[2];

    CHECK_EQUAL(rv_image_init(NULL, g.image_bytes, &config, rings), RV_BAD_IMAGE);
    CHECK_EQUAL(rv_image_init(image, g.image_bytes - 1, &config, rings), RV_BAD_IMAGE);
    CHECK_EQUAL(rv_image_init(image + 8, g.image_bytes, &config, rings), RV_BAD_IMAGE);
    CHECK_EQUAL(rv_image_init(image, g.image_bytes, &config, NULL), RV_BAD_IMAGE);
    config.cpu_count = 0;
    CHECK_EQUAL(rv_image_init(image, g.image_bytes, &config, rings), RV_BAD_CPU_COUNT);
    for (uint64_t i = 0; i < g.image_bytes; i++) {
        CHECK_EQUAL(image[i], 0xa5);
    }
    free(image);
}

static void fills_pages(void)
{
    rv_session_config config = good();
    config.session_id = 0x1122334455667788ull;
    config.start_qpc = 5;
    config.start_filetime = 6;
    config.producer_pid = 7;
    config.producer = "a name that is longer than its field";
    rv_geometry g;
    rv_session_geometry(&config, &g);
    uint8_t *image = aligned_alloc(RV_PAGE, g.image_bytes);
    memset(image, 0, g.image_bytes);
    rv_session_page *session = (rv_session_page *)(void *)image;
    memset(session, 0xff, sizeof *session); /* what a former session may have left */
    session->magic = RV_MAGIC_SESSION;
    rv_ring rings[2];
    CHECK_EQUAL(rv_image_init(image, g.image_bytes, &config, rings), RV_OK);

    CHECK_EQUAL(session->magic, 0);
    CHECK_EQUAL(session->state, RV_STATE_STARTING);
    CHECK_EQUAL(session->version_major, 2);
    CHECK_EQUAL(session->version_minor, RV_VERSION_MINOR);
    CHECK_EQUAL(session->page_bytes, 4096);
    CHECK_EQUAL(session->session_id, 0x1122334455667788ull);
    CHECK_EQUAL(session->image_bytes, g.image_bytes);
    CHECK_EQUAL(session->cpu_count, 2);
    CHECK_EQUAL(session->ring_mode, RV_MODE_DROP_NEW);
    CHECK_EQUAL(session->ring_bytes, 4096);
    CHECK_EQUAL(session->consumer_offset, g.consumer_offset);
    CHECK_EQUAL(session->rings_offset, g.rings_offset);
    CHECK_EQUAL(session->ring_stride, g.ring_stride);
    CHECK_EQUAL(session->qpc_frequency, 10000000);
    CHECK_EQUAL(session->start_qpc, 5);
    CHECK_EQUAL(session->start_filetime, 6);
    CHECK_EQUAL(session->producer_pid, 7);
    CHECK_EQUAL(session->order_mode, RV_ORDER_INDEX);
    CHECK(strcmp(session->producer, "a name that is longer t") == 0);
    CHECK_EQUAL(session->next_index, 1);
    CHECK_EQUAL(session->heartbeat, 0);
    CHECK_EQUAL(session->reserved4[2047], 0);

    for (uint32_t cpu = 0; cpu < 2; cpu++) {
        rv_producer_page *producer = (rv_producer_page *)(void *)(image + g.rings_offset + cpu * g.ring_stride);
        rv_consumer_page *consumer = (rv_consumer_page *)(void *)(image + g.consumer_offset + cpu * 4096);
        CHECK_EQUAL(producer->magic, RV_MAGIC_PRODUCER);
        CHECK_EQUAL(producer->cpu, cpu);
        CHECK_EQUAL(producer->ring_mode, RV_MODE_DROP_NEW);
        CHECK_EQUAL(producer->ring_bytes, 4096);
        CHECK_EQUAL(producer->session_id, session->session_id);
        CHECK_EQUAL(consumer->magic, RV_MAGIC_CONSUMER);
        CHECK_EQUAL(consumer->cpu, cpu);
        CHECK(rings[cpu].data == (uint8_t *)producer + 4096);
        CHECK_EQUAL(rings[cpu].max_length, 1024 - 56);
    }

    rv_session_publish(session);
    CHECK_EQUAL(session->magic, RV_MAGIC_SESSION);
    CHECK_EQUAL(session->state, RV_STATE_RUNNING);
    rv_session_stop(session);
    CHECK_EQUAL(session->state, RV_STATE_STOPPED);
    free(image);
}

static void limits_records(void)
{
    fixture f = fixture_make(1, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    CHECK_EQUAL(f.rings[0].max_length, 65536 - 56);
    fixture_free(&f);
    f = fixture_make(1, 131072, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    CHECK_EQUAL(f.rings[0].max_length, 32768 - 56);
    fixture_free(&f);
}

static void magics_read_as_text(void)
{
    uint64_t magic = RV_MAGIC_SESSION;
    CHECK(memcmp(&magic, "RVSESSN1", 8) == 0);
    magic = RV_MAGIC_PRODUCER;
    CHECK(memcmp(&magic, "RVRINGP1", 8) == 0);
    magic = RV_MAGIC_CONSUMER;
    CHECK(memcmp(&magic, "RVRINGC1", 8) == 0);
}

int main(void)
{
    RUN(computes_offsets);
    RUN(refuses_bad_configurations);
    RUN(refuses_bad_memory);
    RUN(fills_pages);
    RUN(limits_records);
    RUN(magics_read_as_text);
    return REPORT();
}
