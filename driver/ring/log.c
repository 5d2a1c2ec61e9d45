/*
 * log.c - the logging API over a set of rings: finds the ring of the current CPU, formats, writes.
 *
 * A text is formatted in one of two places. Below DISPATCH_LEVEL, on the caller's stack and before the thread is bound
 * to its CPU, so that the arguments may be pageable. At or above it, where stacks are scarce and nothing is pageable,
 * in the slot that belongs to this CPU and nesting depth.
 */
#include <stddef.h>

#include "../include/ringview/log.h"
#include "format.h"
#include "platform.h"
#include "points.h"

/* The log in use; NULL if there is none. */
static void *attached;
/* What is left out. */
static uint64_t masked;
/* Of which levels texts carry a stack, as the low half of a mask, and of how many return addresses, above it; 0: none do. */
static uint64_t stacks;

/* Functions of this module, or of the platform, that a walk over the stack may find before the caller. */
#define OWN_FRAMES 6u

rv_status rv_log_init(rv_log *log, rv_ring *rings, uint32_t cpu_count, rv_log_slot *slots)
{
    if (rings == NULL || cpu_count == 0 || slots == NULL) {
        return RV_BAD_LOG;
    }
    *log = (rv_log){.rings = rings, .cpu_count = cpu_count, .slots = slots};
    return RV_OK;
}

void rv_log_attach(rv_log *log)
{
    /* Barrier H: the log and its rings are stored before the pointer to them. Pairs with the load in find_ring. */
    rv_store_pointer_release(&attached, log);
}

void rv_log_detach(void)
{
    rv_store_pointer_release(&attached, NULL);
}

void rv_log_mask(uint64_t off)
{
    rv_store(&masked, off);
}

void rv_log_stack(uint8_t frames)
{
    rv_log_stack_levels(frames, ~0u);
}

void rv_log_stack_levels(uint8_t frames, uint32_t levels)
{
    rv_store(&stacks, frames == 0 || levels == 0 ? 0 : (uint64_t)frames << 32 | levels);
}

/* The one load that a call which is off costs. */
static RV_FORCEINLINE bool is_off(uint8_t level, uint16_t type)
{
    return rv_mask_hides(rv_load(&masked), level, type);
}

/* How many return addresses a text of this module carries; where none does, that is a load and a test. */
static RV_FORCEINLINE uint32_t own_frames(uint8_t level)
{
    uint64_t wanted = rv_load(&stacks);
    return wanted != 0 && (wanted & rv_mask_level(level)) != 0 ? (uint32_t)(wanted >> 32) : 0;
}

/* The ring of the CPU on which the caller is held. If there is none, `*status` says why. */
static rv_ring *find_ring(const rv_pin *pin, rv_log **log, rv_status *status)
{
    /* Barrier H. */
    *log = rv_load_pointer_acquire(&attached);
    if (*log == NULL) {
        *status = RV_NOT_ATTACHED;
        return NULL;
    }
    if (pin->cpu >= (*log)->cpu_count) {
        rv_fetch_add(&(*log)->no_ring, 1);
        *status = RV_NO_RING;
        return NULL;
    }
    return &(*log)->rings[pin->cpu];
}

/* `stack` may be NULL. */
static RV_FORCEINLINE rv_status write_record(const rv_record_info *info, const rv_stack *stack, const void *data,
                                             uint32_t length)
{
    rv_pin pin = rv_pin_cpu();
    rv_log *log;
    rv_status status = RV_OK;
    rv_ring *ring = find_ring(&pin, &log, &status);
    if (ring != NULL) {
        rv_record_info said = *info;
        if (!said.thread_given) {
            said.irql = pin.irql;
        }
        status = stack == NULL ? rv_ring_write(ring, &said, data, length)
                               : rv_ring_write_stack(ring, &said, stack, data, length);
    }
    rv_unpin_cpu(pin);
    return status;
}

rv_status rv_log_write(const rv_record_info *info, const void *data, uint32_t length)
{
    return write_record(info, NULL, data, length);
}

rv_status rv_log_with_ring(rv_log_use *use, void *context)
{
    rv_pin pin = rv_pin_cpu();
    rv_log *log;
    rv_status status = RV_OK;
    rv_ring *ring = find_ring(&pin, &log, &status);
    if (ring != NULL) {
        status = use(context, ring, pin.irql);
    }
    rv_unpin_cpu(pin);
    return status;
}

/* A separate function that is not inlined, so that its buffer does not use up the stack of callers above
 * DISPATCH_LEVEL. */
static RV_NOINLINE rv_status write_text_from_stack(rv_record_info *info, const rv_stack *stack, const char *format,
                                                   va_list arguments)
{
    char text[RV_LOG_TEXT_BYTES];
    bool truncated;
    uint32_t length = rv_format(text, sizeof text, &truncated, format, arguments);
    info->flags = truncated ? RV_FLAG_TRUNCATED : 0;
    return write_record(info, stack, text, length);
}

static rv_status write_text_from_slot(rv_record_info *info, const rv_stack *stack, const char *format,
                                      va_list arguments)
{
    rv_pin pin = rv_pin_cpu();
    rv_log *log;
    rv_status status = RV_OK;
    rv_ring *ring = find_ring(&pin, &log, &status);
    if (ring != NULL) {
        uint32_t depth = rv_ring_enter(ring);
        if (depth == 0) {
            status = RV_LOST_NESTING;
        } else {
            char *text = log->slots[(size_t)pin.cpu * RV_MAX_NESTING + depth - 1].text;
            bool truncated;
            uint32_t length = rv_format(text, RV_LOG_TEXT_BYTES, &truncated, format, arguments);
            info->flags = truncated ? RV_FLAG_TRUNCATED : 0;
            info->irql = pin.irql;

            if (stack != NULL) {
                status = rv_ring_put(ring, depth, info, stack, text, length);
            } else {
                rv_reservation reservation;
                status = rv_ring_reserve(ring, depth, text, length, &reservation);
                if (status == RV_OK) {
                    rv_ring_copy(reservation.payload, text, length);
                    RV_POINT(ring, RV_POINT_COPIED);
                    rv_ring_commit(ring, &reservation, info);
                }
            }
            rv_ring_leave(ring);
        }
    }
    rv_unpin_cpu(pin);
    return status;
}

/*
 * Walks the stack, outwards from the call that returns to `caller`: what compilers make of the functions in between differs.
 * Where that is not found, all of it is taken.
 */
static void capture(rv_stack *stack, uint32_t wanted, const void *caller)
{
    uint64_t found[RV_MAX_FRAMES + OWN_FRAMES] = {0};
    uint32_t most = wanted < RV_MAX_FRAMES ? wanted : RV_MAX_FRAMES;
    uint32_t count = rv_capture_stack(found, most + OWN_FRAMES);
    uint32_t first = 0;
    while (first < count && found[first] != (uint64_t)(uintptr_t)caller) {
        first++;
    }
    if (first == count) {
        first = 0;
    }
    *stack = (rv_stack){0};
    for (uint32_t at = first; at < count && stack->count < most; at++) {
        stack->frames[stack->count++] = found[at];
    }
}

/* Not inlined, so that its stack is used up only where it is wanted. */
static RV_NOINLINE rv_status write_text_with_stack(rv_record_info *info, uint32_t frames, const void *caller,
                                                   const char *format, va_list arguments)
{
    rv_stack stack;
    capture(&stack, frames, caller);
    return rv_may_page() ? write_text_from_stack(info, &stack, format, arguments)
                         : write_text_from_slot(info, &stack, format, arguments);
}

/* `frames`: how many return addresses it carries; `caller`: where the logging call returns to. */
static RV_FORCEINLINE rv_status write_said(const rv_record_info *said, uint32_t frames, const void *caller,
                                           const char *format, va_list arguments)
{
    rv_record_info info = *said;
    if (rv_load_pointer_acquire(&attached) == NULL) {
        return RV_NOT_ATTACHED; /* not worth formatting */
    }
    if (format == NULL) {
        return rv_log_write(&info, NULL, 1); /* a text is missing: counted as such */
    }
    if (frames != 0) {
        return write_text_with_stack(&info, frames, caller, format, arguments);
    }
    return rv_may_page() ? write_text_from_stack(&info, NULL, format, arguments)
                         : write_text_from_slot(&info, NULL, format, arguments);
}

rv_status rv_log_text(const rv_record_info *info, const char *format, va_list arguments)
{
    return write_said(info, 0, NULL, format, arguments);
}

rv_status rv_log_text_stack(const rv_record_info *info, const void *caller, const char *format, va_list arguments)
{
    return write_said(info, RV_MAX_FRAMES, caller, format, arguments);
}

static rv_status write_text(uint8_t level, const void *caller, const char *format, va_list arguments)
{
    rv_record_info info = {.level = level, .origin = RV_ORIGIN_DRIVER, .type = RV_TYPE_TEXT};
    return write_said(&info, own_frames(level), caller, format, arguments);
}

rv_status LogMessageV(uint8_t level, const char *format, va_list arguments)
{
    return is_off(level, RV_TYPE_TEXT) ? RV_MASKED : write_text(level, RV_RETURN_ADDRESS(), format, arguments);
}

rv_status LogMessageLevel(uint8_t level, const char *format, ...)
{
    va_list arguments;
    if (is_off(level, RV_TYPE_TEXT)) {
        return RV_MASKED;
    }
    va_start(arguments, format);
    rv_status status = write_text(level, RV_RETURN_ADDRESS(), format, arguments);
    va_end(arguments);
    return status;
}

rv_status LogMessage(const char *format, ...)
{
    va_list arguments;
    if (is_off(RV_LEVEL_INFO, RV_TYPE_TEXT)) {
        return RV_MASKED;
    }
    va_start(arguments, format);
    rv_status status = write_text(RV_LEVEL_INFO, RV_RETURN_ADDRESS(), format, arguments);
    va_end(arguments);
    return status;
}

rv_status SendDataLevel(uint8_t level, uint16_t type, uint32_t remarks, const void *buffer, uint32_t length)
{
    rv_record_info info = {.level = level, .origin = RV_ORIGIN_DRIVER, .type = type, .remarks = remarks};
    if (is_off(level, type)) {
        return RV_MASKED;
    }
    return rv_log_write(&info, buffer, length);
}

rv_status SendData(uint16_t type, uint32_t remarks, const void *buffer, uint32_t length)
{
    return SendDataLevel(RV_LEVEL_INFO, type, remarks, buffer, length);
}
