/*
 * session.c - creates a session: checks the geometry, fills its pages, and makes it visible to readers as the last
 * step.
 */
#include <string.h>

#include "../include/ringview/ring.h"
#include "platform.h"

static bool is_power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

static rv_status check_config(const rv_session_config *config)
{
    if (config->cpu_count == 0 || config->cpu_count > RV_MAX_CPUS) {
        return RV_BAD_CPU_COUNT;
    }
    if (!is_power_of_two(config->ring_bytes) || config->ring_bytes < RV_MIN_RING_BYTES ||
        config->ring_bytes > RV_MAX_RING_BYTES) {
        return RV_BAD_RING_BYTES;
    }
    if (config->ring_mode != RV_MODE_DROP_NEW && config->ring_mode != RV_MODE_OVERWRITE_OLD) {
        return RV_BAD_RING_MODE;
    }
    if (config->order_mode != RV_ORDER_INDEX && config->order_mode != RV_ORDER_CLOCK) {
        return RV_BAD_ORDER_MODE;
    }
    if (config->qpc_frequency == 0) {
        return RV_BAD_FREQUENCY;
    }
    return RV_OK;
}

rv_status rv_session_geometry(const rv_session_config *config, rv_geometry *geometry)
{
    rv_status status = check_config(config);
    if (status != RV_OK) {
        return status;
    }
    /* At most 2048 CPUs of 1 GiB and a few pages: far below 2^64. */
    geometry->consumer_offset = RV_GRANULE;
    geometry->rings_offset = rv_align_granule(RV_GRANULE + (uint64_t)config->cpu_count * RV_PAGE);
    geometry->ring_stride = rv_align_granule(RV_PAGE + config->ring_bytes);
    geometry->image_bytes = geometry->rings_offset + config->cpu_count * geometry->ring_stride;
    return RV_OK;
}

rv_status rv_session_init(rv_session_page *page, const rv_session_config *config)
{
    rv_geometry geometry;
    rv_status status = rv_session_geometry(config, &geometry);
    if (status != RV_OK) {
        return status;
    }

    /* The memory may hold a session that has ended; its magic is removed before anything else changes. */
    rv_store(&page->magic, 0);
    rv_fence_release();
    memset(page, 0, sizeof *page);

    page->version_major = RV_VERSION_MAJOR;
    page->version_minor = RV_VERSION_MINOR;
    page->page_bytes = RV_PAGE;
    page->session_id = config->session_id;
    page->image_bytes = geometry.image_bytes;
    page->cpu_count = config->cpu_count;
    page->ring_mode = config->ring_mode;
    page->ring_bytes = config->ring_bytes;
    page->consumer_offset = geometry.consumer_offset;
    page->rings_offset = geometry.rings_offset;
    page->ring_stride = geometry.ring_stride;
    page->qpc_frequency = config->qpc_frequency;
    page->start_qpc = config->start_qpc;
    page->start_filetime = config->start_filetime;
    page->producer_pid = config->producer_pid;
    page->order_mode = config->order_mode;
    if (config->producer != NULL) {
        for (size_t i = 0; i + 1 < sizeof page->producer && config->producer[i] != '\0'; i++) {
            page->producer[i] = config->producer[i];
        }
    }
    page->next_index = 1;
    page->state = RV_STATE_STARTING;
    return RV_OK;
}

void rv_ring_init(rv_ring *ring, rv_session_page *session, rv_producer_page *producer, rv_consumer_page *consumer,
                  void *data, uint32_t cpu)
{
    uint64_t ring_bytes = session->ring_bytes;
    uint64_t max_record = ring_bytes / 4 < RV_MAX_RECORD_BYTES ? ring_bytes / 4 : RV_MAX_RECORD_BYTES;

    memset(producer, 0, sizeof *producer);
    producer->magic = RV_MAGIC_PRODUCER;
    producer->cpu = cpu;
    producer->ring_mode = session->ring_mode;
    producer->ring_bytes = ring_bytes;
    producer->session_id = session->session_id;

    memset(consumer, 0, sizeof *consumer);
    consumer->magic = RV_MAGIC_CONSUMER;
    consumer->cpu = cpu;

    memset(ring, 0, sizeof *ring);
    ring->session = session;
    ring->producer = producer;
    ring->consumer = consumer;
    ring->data = data;
    ring->mask = ring_bytes - 1;
    ring->cpu = cpu;
    ring->mode = session->ring_mode;
    ring->order = session->order_mode;
    ring->max_length = (uint32_t)max_record - RV_RECORD_HEADER_BYTES;
}

void rv_session_publish(rv_session_page *page)
{
    rv_store32(&page->state, RV_STATE_RUNNING);
    /* Barrier F: the pages are stored before the magic. Pairs with the reader: load magic (acquire), then the other
     * fields. */
    rv_store_release(&page->magic, RV_MAGIC_SESSION);
}

void rv_session_stop(rv_session_page *page)
{
    /* Barrier G: the last records are stored before STOPPED. Pairs with the reader: load state (acquire), then drain
     * once more. */
    rv_store32_release(&page->state, RV_STATE_STOPPED);
}

rv_status rv_image_init(void *image, uint64_t bytes, const rv_session_config *config, rv_ring *rings)
{
    rv_geometry geometry;
    rv_status status = rv_session_geometry(config, &geometry);
    if (status != RV_OK) {
        return status;
    }
    if (image == NULL || rings == NULL || bytes < geometry.image_bytes || ((uintptr_t)image & (RV_PAGE - 1u)) != 0) {
        return RV_BAD_IMAGE;
    }

    uint8_t *base = image;
    rv_session_page *session = (rv_session_page *)base;
    status = rv_session_init(session, config);
    if (status != RV_OK) {
        return status;
    }
    for (uint32_t cpu = 0; cpu < config->cpu_count; cpu++) {
        uint8_t *ring = base + geometry.rings_offset + cpu * geometry.ring_stride;
        uint8_t *consumer = base + geometry.consumer_offset + (uint64_t)cpu * RV_PAGE;
        rv_ring_init(&rings[cpu], session, (rv_producer_page *)ring, (rv_consumer_page *)consumer, ring + RV_PAGE, cpu);
    }
    return RV_OK;
}
