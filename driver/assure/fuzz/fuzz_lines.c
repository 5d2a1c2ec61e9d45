/*
 * fuzz_lines.c - captured debug text: pieces of several threads, components and levels, cut anywhere. Nothing is lost,
 * nothing invented, nothing joined that does not belong together: what comes out, put together again by all three, is what
 * went in but for line ends, and marked as cut where DbgPrint cut it. And names in UTF-16 become valid UTF-8.
 */
#include "platform_fuzz.h"

#include "../../kernel/dbgprint_lines.h"
#include "../../kernel/utf8.h"

/* The buffer of DbgPrint: a text is at most so long, and cut where it would not fit with its NUL. */
#define DBGPRINT_BYTES 512u

/* Who prints: two threads, each with two components, each at two levels, but for the last two. */
#define PRINTERS 6u

static char fed[PRINTERS][8192], emitted[PRINTERS][8192];
static uint32_t fed_length[PRINTERS], emitted_length[PRINTERS];
static uint32_t cuts[PRINTERS], marks[PRINTERS];
static uint64_t now;

static rv_line_key key_of(uint32_t printer)
{
    return (rv_line_key){.thread = printer >> 2, .component = printer >> 1 & 1, .level = printer & 1};
}

static void sink(void *context, const rv_line *line)
{
    const rv_line_key *key = &line->key;
    const char *text = line->text;
    uint32_t length = line->length;
    (void)context;
    REQUIRE(key->thread < 2 && key->component < 2 && key->level < 2 && length >= 1 && length <= RV_LINE_BYTES);
    uint32_t printer = (uint32_t)key->thread << 2 | key->component << 1 | key->level;
    REQUIRE(printer < PRINTERS && line->writer.pid == 1000 + printer && line->begun <= now);
    marks[printer] += line->truncated;
    for (uint32_t i = 0; i < length; i++) {
        REQUIRE(text[i] != '\n');
        if (text[i] != ' ' && text[i] != '\r' && emitted_length[printer] < sizeof emitted[0]) {
            emitted[printer][emitted_length[printer]++] = text[i];
        }
    }
}

static void lines(fuzz_input *input)
{
    static rv_lines state;
    memset(&state, 0, sizeof state);
    memset(fed_length, 0, sizeof fed_length);
    memset(emitted_length, 0, sizeof emitted_length);
    memset(cuts, 0, sizeof cuts);
    memset(marks, 0, sizeof marks);
    now = 1;
    while (input->left > 2) {
        uint64_t choice = take(input, 2);
        uint32_t printer = (uint32_t)choice % PRINTERS;
        uint32_t length = (uint32_t)(choice >> 3) % (DBGPRINT_BYTES + 1);
        rv_line_key key = key_of(printer);
        if (length > input->left) {
            length = (uint32_t)input->left;
        }
        const char *text = (const char *)input->bytes;
        input->bytes += length;
        input->left -= length;
        for (uint32_t i = 0; i < length; i++) {
            /* Blanks stand for empty lines, NUL is DbgPrint's end. */
            if (text[i] != '\n' && text[i] != '\r' && text[i] != ' ' && fed_length[printer] < sizeof fed[0]) {
                fed[printer][fed_length[printer]++] = text[i];
            }
        }
        /* Its last two bytes are a line end and, seldom handed over too, NUL or what filled the buffer. */
        cuts[printer] += length > DBGPRINT_BYTES - 2 && text[length - 1] == '\n';
        now += choice >> 14;
        rv_lines_feed(&state, &key, (rv_line_writer){1000 + printer, 0}, now, text, length, sink, NULL);
        if ((choice & 0x1000) != 0) {
            rv_lines_flush(&state, now - 1, sink, NULL);
        }
    }
    rv_lines_flush(&state, UINT64_MAX, sink, NULL);
    for (uint32_t i = 0; i < PRINTERS; i++) {
        REQUIRE(fed_length[i] == emitted_length[i]);
        REQUIRE(memcmp(fed[i], emitted[i], fed_length[i]) == 0);
        REQUIRE(marks[i] == cuts[i]);
    }
}

static void utf8(fuzz_input *input)
{
    uint32_t capacity = (uint32_t)take(input, 2) % 300;
    uint32_t units = (uint32_t)(input->left / 2);
    char *to = malloc(capacity == 0 ? 1 : capacity);
    uint16_t *from = malloc(units == 0 ? 2 : units * 2u);
    memcpy(from, input->bytes, units * 2u);
    uint32_t length = rv_utf8_tail(to, capacity, from, units);
    REQUIRE(length <= capacity);
    for (uint32_t i = 0; i < length;) {
        uint8_t lead = (uint8_t)to[i];
        uint32_t more = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        REQUIRE(lead < 0x80 || (lead >= 0xc2 && lead <= 0xf4));
        REQUIRE(i + more < length);
        for (uint32_t n = 1; n <= more; n++) {
            REQUIRE(((uint8_t)to[i + n] & 0xc0) == 0x80);
        }
        i += more + 1;
    }
    free(from);
    free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    if (take(&input, 1) & 1) {
        utf8(&input);
    } else if (size < 8000) {
        lines(&input);
    }
    return 0;
}
