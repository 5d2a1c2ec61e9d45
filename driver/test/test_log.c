/*
 * test_log.c - LogMessage and SendData: what arrives, what is refused, and texts of interrupts within texts.
 */
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "test.h"

static rv_log_slot slots[FIXTURE_CPUS * RV_MAX_NESTING];
static rv_log logger;

typedef struct caught {
    rv_record header;
    char text[2000];
    uint32_t count;
} caught;

static void catch_last(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                       uint64_t lost_before)
{
    (void)position;
    (void)lost_before;
    caught *c = context;
    c->header = *header;
    memcpy(c->text, payload, header->length);
    c->text[header->length] = '\0';
    c->count++;
}

/* By address: the log points into the fixture. */
static void start(fixture *f, uint32_t cpus)
{
    *f = fixture_make(cpus, 8192, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    CHECK_EQUAL(rv_log_init(&logger, f->rings, cpus, slots), RV_OK);
    rv_log_attach(&logger);
}

static caught last_of(fixture *f, uint32_t cpu)
{
    caught c = {.count = 0};
    reader_ring reader;
    CHECK(reader_open(&reader, f->image, f->geometry.image_bytes, cpu));
    fixture_drain(&reader, catch_last, &c);
    CHECK_EQUAL(reader.corrupt, 0);
    reader_close(&reader);
    return c;
}

static void finish(fixture *f)
{
    CHECK_EQUAL(platform_pins(), 0);
    rv_log_detach();
    fixture_free(f);
}

static void logs_text(void)
{
    for (int may_page = 0; may_page <= 1; may_page++) {
        fixture f;
        start(&f, 3);
        platform_set_may_page(may_page != 0);
        platform_set_cpu(2);
        CHECK_EQUAL(LogMessage("hello %s %d", "world", 42), RV_OK);
        caught c = last_of(&f, 2);
        CHECK_EQUAL(c.count, 1);
        CHECK(strcmp(c.text, "hello world 42") == 0);
        CHECK_EQUAL(c.header.level, RV_LEVEL_INFO);
        CHECK_EQUAL(c.header.type, RV_TYPE_TEXT);
        CHECK_EQUAL(c.header.origin, RV_ORIGIN_DRIVER);
        CHECK_EQUAL(c.header.flags, 0);
        CHECK_EQUAL(c.header.remarks, 0);
        CHECK_EQUAL(c.header.cpu, 2);
        CHECK_EQUAL(c.header.pid, FIXTURE_PID);
        CHECK_EQUAL(c.header.tid, FIXTURE_TID);
        CHECK_EQUAL(c.header.irql, may_page ? 0 : 2);
        CHECK_EQUAL(LogMessageLevel(RV_LEVEL_ERROR, "failed 0x%08x", 0xc0000001u), RV_OK);
        c = last_of(&f, 2);
        CHECK(strcmp(c.text, "failed 0xc0000001") == 0);
        CHECK_EQUAL(c.header.level, RV_LEVEL_ERROR);
        CHECK_EQUAL(last_of(&f, 0).count, 0);
        finish(&f);
    }
}

static void logs_data(void)
{
    fixture f;
    start(&f, 1);
    static const uint8_t bytes[] = {0, 255, 1, 254, 0};
    CHECK_EQUAL(SendData(77, 0xcafe, bytes, sizeof bytes), RV_OK);
    caught c = last_of(&f, 0);
    CHECK_EQUAL(c.header.type, 77);
    CHECK_EQUAL(c.header.remarks, 0xcafe);
    CHECK_EQUAL(c.header.level, RV_LEVEL_INFO);
    CHECK_EQUAL(c.header.length, 5);
    CHECK_EQUAL(c.header.tid, FIXTURE_TID);
    CHECK_EQUAL(c.header.irql, 0);
    CHECK(memcmp(c.text, bytes, 5) == 0);
    platform_set_may_page(false);
    CHECK_EQUAL(SendDataLevel(RV_LEVEL_TRACE, 78, 1, bytes, 1), RV_OK);
    c = last_of(&f, 0);
    CHECK_EQUAL(c.header.level, RV_LEVEL_TRACE);
    CHECK_EQUAL(c.header.type, 78);
    CHECK_EQUAL(c.header.irql, 2);
    CHECK_EQUAL(c.header.length, 1);
    finish(&f);
}

static uint64_t frame_of(const caught *c, uint32_t at)
{
    uint64_t frame = 0;
    memcpy(&frame, c->text + at * 8, sizeof frame);
    return frame;
}

/* Not inlined, and something follows the call: it is where this function goes on. */
static __attribute__((noinline)) rv_status log_from_here(void)
{
    rv_status status = LogMessage("hello %d", 42);
    __asm__ volatile("" : : : "memory");
    return status;
}

static bool is_in(uint64_t address, rv_status (*function)(void))
{
    uint64_t begin = (uint64_t)(uintptr_t)function;
    return address > begin && address < begin + 512;
}

/* What another module logs: with a stack from `caller` outwards, or without one. */
static rv_status pass_on(const void *caller, uint8_t level, const char *format, ...)
{
    rv_record_info info = {.level = level, .origin = 20};
    va_list arguments;
    va_start(arguments, format);
    rv_status status =
        caller == NULL ? rv_log_text(&info, format, arguments) : rv_log_text_stack(&info, caller, format, arguments);
    va_end(arguments);
    return status;
}

static void logs_the_stack_of_the_caller(void)
{
    for (int may_page = 0; may_page <= 1; may_page++) {
        fixture f;
        start(&f, 1);
        platform_set_may_page(may_page != 0);
        rv_log_stack(3);
        CHECK_EQUAL(log_from_here(), RV_OK);
        caught c = last_of(&f, 0);
        CHECK_EQUAL(c.header.frames, 3);
        CHECK_EQUAL(c.header.irql, may_page ? 0 : 2);
        CHECK_EQUAL(c.header.tid, FIXTURE_TID);
        CHECK(strcmp(c.text + 24, "hello 42") == 0);
        CHECK(is_in(frame_of(&c, 0), log_from_here));
        CHECK(!is_in(frame_of(&c, 1), log_from_here) && frame_of(&c, 1) != 0);
        /* As much as a record carries, and no more of a walk that ends early. What data is carries none. */
        static const uint64_t walked[40] = {11, 12, 13};
        platform_set_stack(walked, 40);
        rv_log_stack(255);
        CHECK_EQUAL(LogMessageLevel(RV_LEVEL_ERROR, "x"), RV_OK);
        c = last_of(&f, 0);
        CHECK_EQUAL(c.header.frames, RV_MAX_FRAMES);
        CHECK_EQUAL(c.header.length, RV_MAX_FRAMES * 8 + 1);
        platform_set_stack(walked, 2);
        CHECK_EQUAL(log_from_here(), RV_OK);
        c = last_of(&f, 0);
        CHECK_EQUAL(c.header.frames, 2);
        CHECK_EQUAL(frame_of(&c, 0), 11);
        CHECK_EQUAL(frame_of(&c, 1), 12);
        platform_set_stack(walked, 0);
        CHECK_EQUAL(log_from_here(), RV_OK);
        CHECK_EQUAL(last_of(&f, 0).header.frames, 0);
        platform_set_stack(walked, 3);
        CHECK_EQUAL(pass_on(NULL, RV_LEVEL_ERROR, "x"), RV_OK);
        CHECK_EQUAL(last_of(&f, 0).header.frames, 0);
        CHECK_EQUAL(SendData(7, 1, "x", 1), RV_OK);
        CHECK_EQUAL(last_of(&f, 0).header.frames, 0);
        rv_log_stack(0);
        CHECK_EQUAL(log_from_here(), RV_OK);
        c = last_of(&f, 0);
        CHECK_EQUAL(c.header.frames, 0);
        CHECK(strcmp(c.text, "hello 42") == 0);
        finish(&f);
    }
}

static uint32_t frames_at(fixture *f, uint8_t level)
{
    CHECK_EQUAL(LogMessageLevel(level, "x"), RV_OK);
    caught c = last_of(f, 0);
    CHECK_EQUAL(c.header.length, 8 * c.header.frames + 1);
    return c.header.frames;
}

static void logs_the_stack_of_some_levels(void)
{
    fixture f;
    start(&f, 1);
    static const uint64_t walked[40] = {11, 12, 13, 14};
    platform_set_stack(walked, 40);
    rv_log_stack_levels(3, (uint32_t)rv_mask_level(RV_LEVEL_WARNING) | (uint32_t)rv_mask_level(31));
    CHECK_EQUAL(frames_at(&f, RV_LEVEL_WARNING), 3);
    CHECK_EQUAL(frames_at(&f, RV_LEVEL_ERROR), 0);
    CHECK_EQUAL(frames_at(&f, RV_LEVEL_INFO), 0);
    CHECK_EQUAL(frames_at(&f, 30), 0);
    CHECK_EQUAL(frames_at(&f, 255), 3);
    CHECK_EQUAL(LogMessage("x"), RV_OK);
    CHECK_EQUAL(last_of(&f, 0).header.frames, 0);
    rv_log_stack_levels(3, 0);
    CHECK_EQUAL(frames_at(&f, RV_LEVEL_WARNING), 0);
    rv_log_stack_levels(0, ~0u);
    CHECK_EQUAL(frames_at(&f, RV_LEVEL_WARNING), 0);
    /* Of another module, which says itself whether it wants one. */
    CHECK_EQUAL(pass_on((const void *)13, RV_LEVEL_TRACE, "x"), RV_OK);
    caught c = last_of(&f, 0);
    CHECK_EQUAL(c.header.frames, RV_MAX_FRAMES);
    CHECK_EQUAL(c.header.level, RV_LEVEL_TRACE);
    CHECK_EQUAL(c.header.origin, 20);
    CHECK_EQUAL(frame_of(&c, 0), 13);
    CHECK_EQUAL(frame_of(&c, 1), 14);
    CHECK_EQUAL(pass_on((const void *)99, RV_LEVEL_TRACE, "x"), RV_OK);
    c = last_of(&f, 0);
    CHECK_EQUAL(frame_of(&c, 0), 11);
    finish(&f);
    CHECK_EQUAL(pass_on((const void *)13, RV_LEVEL_TRACE, "x"), RV_NOT_ATTACHED);
}

/* What is off is no attempt: nothing is written, numbered, counted or formatted. */
static void leaves_out(void)
{
    fixture f;
    start(&f, 1);
    rv_log_mask(rv_mask_level(RV_LEVEL_INFO) | rv_mask_type(7) | rv_mask_level(200));
    CHECK_EQUAL(LogMessage("off %s", (const char *)1), RV_MASKED);
    CHECK_EQUAL(LogMessageLevel(RV_LEVEL_INFO, "off"), RV_MASKED);
    CHECK_EQUAL(LogMessageLevel(RV_LEVEL_INFO, NULL), RV_MASKED);
    CHECK_EQUAL(LogMessageLevel(255, "off"), RV_MASKED);
    CHECK_EQUAL(SendDataLevel(RV_LEVEL_ERROR, 7, 1, "off", 3), RV_MASKED);
    CHECK_EQUAL(SendData(8, 1, "off", 3), RV_MASKED);
    CHECK_EQUAL(last_of(&f, 0).count, 0);
    CHECK_EQUAL(f.rings[0].producer->lost, 0);
    CHECK_EQUAL(LogMessageLevel(RV_LEVEL_ERROR, "on"), RV_OK);
    CHECK_EQUAL(SendDataLevel(RV_LEVEL_TRACE, 8, 1, "on", 2), RV_OK);
    /* Who passes on what others log has looked at their mask. */
    rv_record_info info = {.level = RV_LEVEL_INFO, .origin = 300, .type = 7};
    CHECK_EQUAL(rv_log_write(&info, "on", 2), RV_OK);
    caught c = last_of(&f, 0);
    CHECK_EQUAL(c.count, 3);
    CHECK_EQUAL(c.header.origin, 300);
    CHECK_EQUAL(c.header.sequence, 3);
    rv_log_mask(rv_mask_type(RV_TYPE_TEXT));
    CHECK_EQUAL(LogMessageLevel(RV_LEVEL_ERROR, "off"), RV_MASKED);
    CHECK_EQUAL(SendData(7, 1, "on", 2), RV_OK);
    rv_log_mask(0);
    CHECK_EQUAL(LogMessage("on"), RV_OK);
    finish(&f);
    rv_log_mask(rv_mask_level(RV_LEVEL_INFO));
    CHECK_EQUAL(LogMessage("off"), RV_MASKED);
    rv_log_mask(0);
    CHECK_EQUAL(LogMessage("nowhere"), RV_NOT_ATTACHED);
}

static void cuts_long_text(void)
{
    for (int may_page = 0; may_page <= 1; may_page++) {
        fixture f;
        start(&f, 1);
        platform_set_may_page(may_page != 0);
        char text[700];
        memset(text, 'x', sizeof text);
        text[512] = '\0';
        CHECK_EQUAL(LogMessage("%s", text), RV_OK);
        caught c = last_of(&f, 0);
        CHECK_EQUAL(c.header.length, 512);
        CHECK_EQUAL(c.header.flags, 0);
        text[512] = 'x';
        text[699] = '\0';
        CHECK_EQUAL(LogMessage("%s", text), RV_OK);
        c = last_of(&f, 0);
        CHECK_EQUAL(c.header.length, 512);
        CHECK_EQUAL(c.header.flags, RV_FLAG_TRUNCATED);
        memcpy(text + 510, "\xe2\x82\xac", 3);
        CHECK_EQUAL(LogMessage("%s", text), RV_OK);
        c = last_of(&f, 0);
        CHECK_EQUAL(c.header.length, 510);
        CHECK_EQUAL(c.header.flags, RV_FLAG_TRUNCATED);
        finish(&f);
    }
}

static void refuses_and_counts(void)
{
    for (int may_page = 0; may_page <= 1; may_page++) {
        fixture f;
        start(&f, 1);
        platform_set_may_page(may_page != 0);
        const rv_producer_page *p = f.rings[0].producer;
        const char *missing = NULL;
        CHECK_EQUAL(LogMessage("%s", ""), RV_LOST_ZERO_LENGTH);
        CHECK_EQUAL(LogMessage(missing, 0), RV_LOST_MISSING_DATA);
        CHECK_EQUAL(SendData(1, 0, NULL, 5), RV_LOST_MISSING_DATA);
        CHECK_EQUAL(SendData(1, 0, "", 0), RV_LOST_ZERO_LENGTH);
        CHECK_EQUAL(SendData(1, 0, NULL, 0), RV_LOST_ZERO_LENGTH);
        CHECK_EQUAL(SendData(1, 0, "", f.rings[0].max_length + 1), RV_LOST_TOO_BIG);
        CHECK_EQUAL(p->lost_zero_length, 3);
        CHECK_EQUAL(p->lost_missing_data, 2);
        CHECK_EQUAL(p->lost_too_big, 1);
        while (LogMessage("%0500d", 1) == RV_OK) {
        }
        CHECK_EQUAL(LogMessage("%0500d", 1), RV_LOST_FULL);
        CHECK_EQUAL(p->lost_full, 2);
        CHECK_EQUAL(p->lost, 8);
        CHECK_EQUAL(p->nesting, 0);
        finish(&f);
    }
}

static void says_when_there_is_nowhere_to_log(void)
{
    platform_reset();
    CHECK_EQUAL(LogMessage("x"), RV_NOT_ATTACHED);
    CHECK_EQUAL(SendData(1, 0, "x", 1), RV_NOT_ATTACHED);
    for (int may_page = 0; may_page <= 1; may_page++) {
        fixture f;
        start(&f, 2);
        platform_set_may_page(may_page != 0);
        platform_set_cpu(2);
        CHECK_EQUAL(LogMessage("x"), RV_NO_RING);
        CHECK_EQUAL(SendData(1, 0, "x", 1), RV_NO_RING);
        CHECK_EQUAL(logger.no_ring, 2);
        rv_log_detach();
        CHECK_EQUAL(LogMessage("x"), RV_NOT_ATTACHED);
        finish(&f);
    }
    fixture f = fixture_make(1, 4096, RV_MODE_DROP_NEW, RV_ORDER_INDEX);
    CHECK_EQUAL(rv_log_init(&logger, NULL, 1, slots), RV_BAD_LOG);
    CHECK_EQUAL(rv_log_init(&logger, f.rings, 0, slots), RV_BAD_LOG);
    CHECK_EQUAL(rv_log_init(&logger, f.rings, 1, NULL), RV_BAD_LOG);
    fixture_free(&f);
}

typedef struct nested_texts {
    uint32_t attempts;
} nested_texts;

static void interrupt_logs(rv_ring *ring, void *context)
{
    (void)ring;
    nested_texts *n = context;
    n->attempts++;
    LogMessage("interrupt %u says %0100d", n->attempts, 7);
}

static void check_texts(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                        uint64_t lost_before)
{
    (void)position;
    (void)lost_before;
    uint32_t *bad = context;
    char expected[200], text[600];
    memcpy(text, payload, header->length);
    text[header->length] = '\0';
    unsigned number;
    if (sscanf(text, "interrupt %u", &number) == 1) {
        snprintf(expected, sizeof expected, "interrupt %u says %0100d", number, 7);
    } else {
        snprintf(expected, sizeof expected, "outermost says %080d", 9);
    }
    *bad += strcmp(text, expected) != 0;
}

/* Each depth has a slot of its own: no text is written over by that of an interrupt. */
static void keeps_texts_apart(void)
{
    for (int point = 0; point < RV_POINT_COUNT; point++) {
        for (int inner = 0; inner < RV_POINT_COUNT; inner++) {
            fixture f;
            start(&f, 1);
            platform_set_may_page(false);
            nested_texts n = {0};
            interrupt_at((rv_point)point, 0, interrupt_logs, &n);
            interrupt_at((rv_point)inner, 0, interrupt_logs, &n);
            CHECK_EQUAL(LogMessage("outermost says %080d", 9), RV_OK);
            interrupts_ran();
            reader_ring reader;
            uint32_t bad = 0;
            CHECK(reader_open(&reader, f.image, f.geometry.image_bytes, 0));
            fixture_drain(&reader, check_texts, &bad);
            CHECK_EQUAL(bad, 0);
            CHECK_EQUAL(reader.read, 1 + n.attempts);
            reader_close(&reader);
            finish(&f);
        }
    }
}

static void refuses_texts_nested_too_deep(void)
{
    fixture f;
    start(&f, 1);
    platform_set_may_page(false);
    for (uint32_t i = 0; i < RV_MAX_NESTING; i++) {
        rv_ring_enter(&f.rings[0]);
    }
    CHECK_EQUAL(LogMessage("x"), RV_LOST_NESTING);
    for (uint32_t i = 0; i < RV_MAX_NESTING; i++) {
        rv_ring_leave(&f.rings[0]);
    }
    CHECK_EQUAL(f.rings[0].producer->lost_nesting, 1);
    CHECK_EQUAL(LogMessage("x"), RV_OK);
    finish(&f);
}

static void interrupt_logs_too_much(rv_ring *ring, void *context)
{
    (void)ring;
    *(rv_status *)context = LogMessage("%0600d", 7);
}

/* A text that is cut and comes from an interrupt is both. */
static void flags_a_cut_text_of_an_interrupt(void)
{
    for (int may_page = 0; may_page <= 1; may_page++) {
        fixture f;
        start(&f, 1);
        platform_set_may_page(may_page != 0);
        rv_status status = RV_LOST_FULL;
        interrupt_at(RV_POINT_RESERVED, 0, interrupt_logs_too_much, &status);
        CHECK_EQUAL(LogMessage("short"), RV_OK);
        CHECK(interrupts_ran());
        CHECK_EQUAL(status, RV_OK);
        rv_record record;
        memcpy(&record, f.rings[0].data, sizeof record);
        CHECK_EQUAL(record.flags, 0);
        memcpy(&record, f.rings[0].data + 64, sizeof record);
        CHECK_EQUAL(record.length, 512);
        CHECK_EQUAL(record.flags, RV_FLAG_TRUNCATED | RV_FLAG_NESTED);
        finish(&f);
    }
}

int main(void)
{
    RUN(logs_text);
    RUN(logs_data);
    RUN(logs_the_stack_of_the_caller);
    RUN(logs_the_stack_of_some_levels);
    RUN(leaves_out);
    RUN(cuts_long_text);
    RUN(refuses_and_counts);
    RUN(says_when_there_is_nowhere_to_log);
    RUN(keeps_texts_apart);
    RUN(refuses_texts_nested_too_deep);
    RUN(flags_a_cut_text_of_an_interrupt);
    return REPORT();
}
