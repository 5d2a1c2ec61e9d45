/*
 * prove_log.c - drives Eva through the logging API (log.c): any arguments, on any processor, at any IRQL, while the log is
 * attached and detached at any moment. What it calls stands here for itself with what prove_ring.c and prove_format.c
 * show of it; the calls are checked against what those ask for.
 */
#include "../../include/ringview/log.h"
#include "../../ring/format.h"
#include "../../ring/platform.h"

#include "arbitrary.h"

#define CPUS 3u

static rv_log log_in_use;
static rv_ring rings[CPUS];
static rv_log_slot slots[RV_LOG_SLOTS(CPUS)];
static uint8_t place[RV_MAX_RECORD_BYTES];

/* ---- shared words: the pointer to the log, which is there or not, and the count of attempts without a ring ------- */

/* Where the pointer is: main attaches first. */
static const void *attached_at;

uint64_t proof_load(const void *p, uint64_t bytes)
{
    //@ assert inside: bytes == 8 && \valid_read((uint64_t *)p);
    if (p != attached_at) {
        return any64(); /* the count, and the mask */
    }
    return any_bool() ? (uint64_t)(uintptr_t)&log_in_use : 0;
}

void proof_store(void *p, uint64_t bytes, uint64_t value)
{
    //@ assert inside: bytes == 8 && \valid((uint64_t *)p);
    (void)value;
    if (attached_at == NULL) {
        attached_at = p;
    }
}

bool proof_exchange(void *p, uint64_t desired)
{
    proof_store(p, sizeof desired, desired);
    return any_bool();
}

/* ---- the platform ----------------------------------------------------------------------------------------------- */

bool rv_may_page(void)
{
    return any_bool();
}

rv_pin rv_pin_cpu(void)
{
    rv_pin pin;
    any_bytes(&pin, sizeof pin);
    return pin;
}

void rv_unpin_cpu(rv_pin pin)
{
    (void)pin;
}

/* ---- the ring and the formatter --------------------------------------------------------------------------------- */

static void check_ring(const rv_ring *ring)
{
    //@ assert a_ring: \valid_read(ring) && \offset((char *)ring) % sizeof(rv_ring) == 0;
}

uint32_t rv_ring_enter(rv_ring *ring)
{
    check_ring(ring);
    return (uint32_t)any_between(0, RV_MAX_NESTING);
}

void rv_ring_leave(rv_ring *ring)
{
    check_ring(ring);
}

static rv_status any_status(void)
{
    return (rv_status)any_between(RV_OK, RV_LOST_NESTING);
}

rv_status rv_ring_reserve(rv_ring *ring, uint32_t depth, const void *data, uint64_t length, rv_reservation *reservation)
{
    check_ring(ring);
    //@ assert entered: 1 <= depth <= 8;
    (void)data;
    if (length == 0 || any_bool()) {
        return any_bool() ? RV_LOST_FULL : RV_LOST_TOO_BIG;
    }
    any_bytes(reservation, sizeof *reservation);
    reservation->payload = place;
    reservation->length = (uint32_t)length;
    return RV_OK;
}

void rv_ring_copy(uint8_t *to, const void *from, uint32_t length)
{
    //@ assert there: \valid(to + (0 .. length - 1));
    //@ assert given: \valid_read((char *)from + (0 .. length - 1));
}

void rv_ring_commit(rv_ring *ring, const rv_reservation *reservation, const rv_record_info *info)
{
    check_ring(ring);
    rv_reservation reserved = *reservation;
    rv_record_info said = *info;
    (void)reserved;
    (void)said;
}

rv_status rv_ring_write(rv_ring *ring, const rv_record_info *info, const void *data, uint64_t length)
{
    check_ring(ring);
    rv_record_info said = *info;
    (void)said;
    if (data == NULL) {
        return RV_LOST_MISSING_DATA;
    }
    //@ assert given: \valid_read((char *)data + (0 .. length - 1));
    return any_status();
}

static void check_stack(const rv_stack *stack)
{
    uint32_t count = stack->count;
    //@ assert frames_bounded: count <= 16;
    //@ loop unroll 16;
    for (uint32_t i = 0; i < RV_MAX_FRAMES; i++) {
        if (i < count) {
            //@ assert frame_there: \initialized(&stack->frames[i]);
        }
    }
}

rv_status rv_ring_write_stack(rv_ring *ring, const rv_record_info *info, const rv_stack *stack, const void *data,
                              uint64_t length)
{
    check_stack(stack);
    return rv_ring_write(ring, info, data, length);
}

rv_status rv_ring_put(rv_ring *ring, uint32_t depth, const rv_record_info *info, const rv_stack *stack,
                      const void *data, uint64_t length)
{
    //@ assert entered: 1 <= depth <= 8;
    check_stack(stack);
    return rv_ring_write(ring, info, data, length);
}

uint32_t rv_capture_stack(uint64_t *frames, uint32_t count)
{
    //@ assert there: \valid(frames + (0 .. count - 1));
    any_bytes(frames, count * sizeof *frames);
    return (uint32_t)any_between(0, count);
}

uint32_t rv_format(char *text, uint32_t capacity, bool *truncated, const char *format, va_list arguments)
{
    //@ assert there: \valid(text + (0 .. capacity - 1));
    //@ assert a_format: format != \null;
    (void)arguments;
    any_bytes(text, capacity);
    *truncated = any_bool();
    return (uint32_t)any_between(0, capacity);
}

/* Whoever is lent a ring. */
static rv_status use_ring(void *context, rv_ring *ring, uint8_t irql)
{
    //@ assert a_context: context == (void *)place;
    (void)irql;
    check_ring(ring);
    return any_status();
}

static rv_status say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    rv_status status = LogMessageV((uint8_t)any32(), format, arguments);
    va_end(arguments);
    return status;
}

static rv_status pass_on(const rv_record_info *info, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    rv_status status = any_bool() ? rv_log_text(info, format, arguments)
                                  : rv_log_text_stack(info, any_bool() ? format : NULL, format, arguments);
    va_end(arguments);
    return status;
}

int main(void)
{
    static uint8_t buffer[64];
    rv_record_info info;

    (void)rv_log_init(&log_in_use, NULL, any32(), slots);
    (void)rv_log_init(&log_in_use, rings, 0, slots);
    (void)rv_log_init(&log_in_use, rings, CPUS, NULL);
    (void)rv_log_init(&log_in_use, rings, CPUS, slots);
    rv_log_attach(&log_in_use);
    any_bytes(&info, sizeof info);
    info.thread_given = any_bool();
    any_bytes(buffer, sizeof buffer);
    (void)rv_log_write(&info, any_bool() ? buffer : NULL, (uint32_t)any_between(0, sizeof buffer));
    rv_log_mask(any64());
    rv_log_stack((uint8_t)any32());
    rv_log_stack_levels((uint8_t)any32(), any32());
    (void)LogMessage("text %u", any32());
    (void)LogMessageLevel((uint8_t)any32(), any_bool() ? "text" : NULL);
    (void)SendData((uint16_t)any32(), any32(), buffer, (uint32_t)any_between(0, sizeof buffer));
    (void)say("text %u", any32());
    (void)pass_on(&info, "text %u", any32());
    (void)rv_log_with_ring(use_ring, place);
    rv_log_detach();
    Frama_C_show_each_end_of_main();
    return 0;
}
