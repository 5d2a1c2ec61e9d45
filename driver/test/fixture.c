/*
 * fixture.c - see fixture.h.
 */
#include "fixture.h"

#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ring/platform.h"

static uint64_t clock_now;
static uint32_t current_cpu;
static bool paging = true;
static uint64_t pins;
static const uint64_t *stack;
static uint32_t stack_count;

static struct {
    rv_point point;
    uint32_t skip;
    interrupt_routine *routine;
    void *context;
} pending[RV_MAX_NESTING + 2];
static uint32_t pending_count;
static uint32_t pending_next;
static uint64_t passed[RV_POINT_COUNT];
static const struct rv_ring *watched;
static uint64_t last_seen[4];
static uint64_t gone_back;
static interrupt_routine *observer;
static void *observer_context;

uint64_t rv_clock(void)
{
    return clock_now += 10;
}

uint32_t rv_pid(void)
{
    return FIXTURE_PID;
}

uint32_t rv_tid(void)
{
    return FIXTURE_TID;
}

bool rv_may_page(void)
{
    return paging;
}

rv_pin rv_pin_cpu(void)
{
    pins++;
    return (rv_pin){.cpu = current_cpu, .irql = paging ? 0 : RV_IRQL_BORROWED};
}

uint32_t rv_capture_stack(uint64_t *frames, uint32_t count)
{
    if (stack == NULL) {
        return (uint32_t)backtrace((void **)(void *)frames, (int)count);
    }
    uint32_t found = 0;
    for (; found < count && found < stack_count; found++) {
        frames[found] = stack[found];
    }
    return found;
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)pin;
    pins--;
}

/* Notes whether `now` is below what it was; for one ring at a time, as tests that interrupt have. */
static void watch_growth(uint64_t *last, uint64_t now)
{
    gone_back += now < *last;
    *last = now;
}

void rv_test_point(struct rv_ring *ring, rv_point point)
{
    passed[point]++;
    if (ring != watched) {
        watched = ring;
        memset(last_seen, 0, sizeof last_seen);
    }
    watch_growth(&last_seen[0], ring->producer->reserved);
    watch_growth(&last_seen[1], ring->producer->published);
    watch_growth(&last_seen[2], ring->producer->tail);
    watch_growth(&last_seen[3], ring->accepted);
    if (observer != NULL) {
        observer(ring, observer_context);
    }
    if (pending_next == pending_count || pending[pending_next].point != point) {
        return;
    }
    if (pending[pending_next].skip > 0) {
        pending[pending_next].skip--;
        return;
    }
    uint32_t mine = pending_next++;
    pending[mine].routine(ring, pending[mine].context);
}

void platform_reset(void)
{
    clock_now = FIXTURE_CLOCK;
    current_cpu = 0;
    paging = true;
    pins = 0;
    stack = NULL;
    pending_count = pending_next = 0;
    observer = NULL;
    watched = NULL;
    gone_back = 0;
    memset(passed, 0, sizeof passed);
}

void platform_set_cpu(uint32_t cpu)
{
    current_cpu = cpu;
}

void platform_set_may_page(bool may_page)
{
    paging = may_page;
}

void platform_set_stack(const uint64_t *frames, uint32_t count)
{
    stack = frames;
    stack_count = count;
}

void platform_set_clock(uint64_t clock)
{
    clock_now = clock - 10;
}

uint64_t platform_clock(void)
{
    return clock_now;
}

uint64_t platform_pins(void)
{
    return pins;
}

void interrupt_at(rv_point point, uint32_t skip, interrupt_routine *routine, void *context)
{
    pending[pending_count].point = point;
    pending[pending_count].skip = skip;
    pending[pending_count].routine = routine;
    pending[pending_count++].context = context;
}

bool interrupts_ran(void)
{
    bool all = pending_next == pending_count;
    pending_count = pending_next = 0;
    return all;
}

void observe_points(interrupt_routine *routine, void *context)
{
    observer = routine;
    observer_context = context;
}

uint64_t positions_gone_back(void)
{
    return gone_back;
}

uint64_t point_count(rv_point point)
{
    return passed[point];
}

/* The last image freed, for the next fixture of its size: mapping memory anew is most of what a test costs. */
static uint8_t *spare;
static uint64_t spare_bytes;

static uint8_t *image_of(uint64_t bytes)
{
    uint8_t *image = spare;
    spare = NULL;
    if (image == NULL || spare_bytes != bytes) {
        free(image);
        image = aligned_alloc(RV_PAGE, bytes);
    }
    return image;
}

fixture fixture_make(uint32_t cpus, uint64_t ring_bytes, uint32_t ring_mode, uint32_t order_mode)
{
    platform_reset();
    fixture f = {.config = {.cpu_count = cpus,
                            .ring_mode = ring_mode,
                            .order_mode = order_mode,
                            .producer_pid = FIXTURE_PID,
                            .ring_bytes = ring_bytes,
                            .session_id = 0x5e5510f1d0000001ull,
                            .qpc_frequency = 10000000,
                            .start_qpc = FIXTURE_CLOCK,
                            .start_filetime = 133500000000000000ull,
                            .producer = "test"}};
    rv_status status = rv_session_geometry(&f.config, &f.geometry);
    if (status == RV_OK && cpus <= FIXTURE_CPUS) {
        f.image = image_of(f.geometry.image_bytes);
    }
    if (f.image != NULL) {
        memset(f.image, 0, f.geometry.image_bytes);
        status = rv_image_init(f.image, f.geometry.image_bytes, &f.config, f.rings);
    }
    if (f.image == NULL || status != RV_OK) {
        printf("fixture: no session of %u CPUs (status %d)\n", cpus, status);
        exit(1);
    }
    rv_session_publish((rv_session_page *)(void *)f.image);
    return f;
}

void fixture_free(fixture *f)
{
    free(spare);
    spare = f->image;
    spare_bytes = f->geometry.image_bytes;
}

rv_consumer_page *fixture_consumer(const rv_ring *ring)
{
    return (rv_consumer_page *)(uintptr_t)ring->consumer;
}

void fixture_move(rv_ring *ring, uint64_t position)
{
    ring->accepted = position;
    ring->producer->reserved = position;
    ring->producer->published = position;
    ring->producer->tail = ring->mode == RV_MODE_OVERWRITE_OLD ? position : 0;
    fixture_consumer(ring)->consumed = position;
}

void payload_fill(uint8_t *bytes, uint32_t length, uint32_t seed)
{
    for (uint32_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)(seed * 31 + i * 7 + 1);
    }
}

bool payload_check(const uint8_t *bytes, uint32_t length, uint32_t seed)
{
    for (uint32_t i = 0; i < length; i++) {
        if (bytes[i] != (uint8_t)(seed * 31 + i * 7 + 1)) {
            return false;
        }
    }
    return true;
}

rv_status fixture_write(rv_ring *ring, uint32_t length, uint32_t seed)
{
    static uint8_t bytes[RV_MAX_NESTING + 4][RV_MAX_RECORD_BYTES + 8];
    static uint32_t depth;
    uint8_t *mine = bytes[depth++ % (RV_MAX_NESTING + 4)];
    payload_fill(mine, length <= RV_MAX_RECORD_BYTES ? length : 0, seed);
    rv_record_info info = {.level = RV_LEVEL_WARNING, .type = 7, .remarks = seed};
    rv_status status = rv_ring_write(ring, &info, mine, length);
    depth--;
    return status;
}

void fixture_drain(reader_ring *reader, reader_sink *sink, void *context)
{
    reader_poll(reader, reader_look(reader).published, true, sink, context);
}

void seen_sink(void *context, const rv_record *header, const uint8_t *payload, uint64_t position, uint64_t lost_before)
{
    (void)position;
    (void)lost_before;
    seen *s = context;
    bool padding_zero = true;
    for (uint32_t i = header->length; i % RV_ALIGN != 0; i++) {
        padding_zero = padding_zero && payload[i] == 0;
    }
    bool good = payload_check(payload, header->length, header->remarks) && padding_zero &&
                header->level == RV_LEVEL_WARNING && header->type == 7 && header->pid == FIXTURE_PID &&
                header->tid == FIXTURE_TID && header->frames == 0 && header->reserved == 0 &&
                header->origin == RV_ORIGIN_DRIVER && header->delay_ms == 0 && header->timestamp > s->last_timestamp &&
                (header->index == 0 || header->index > s->last_index);
    s->bad += !good;
    s->count++;
    s->nested += (header->flags & RV_FLAG_NESTED) != 0;
    s->last_index = header->index;
    s->last_timestamp = header->timestamp;
    s->last_seed = header->remarks;
}
