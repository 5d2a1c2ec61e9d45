/*
 * pure_test.c - host tests of the kernel driver's pure parts: lines of DbgPrint, pages of a dump, UTF-8 names.
 */
#include <string.h>

#include "../crash_pages.h"
#include "../dbgprint_lines.h"
#include "host_test.h"
#include "../utf8.h"

/* ---- lines ------------------------------------------------------------------------------------------------------ */

typedef struct seen {
    char text[16384];
    uint32_t length;
    uint32_t lines;
    uint32_t truncated;
    uint32_t longest;
    uint32_t bytes;
    uint32_t levels; /* a bit for each level seen */
    bool last_truncated;
    uint32_t last_pid;
    uint8_t last_irql;
    uint64_t last_begun;
} seen;

static rv_line_writer by(uint32_t pid)
{
    return (rv_line_writer){pid, 0};
}

/* Collects lines as `thread:text|`, with `~` before the bar if truncated. */
static void collect(void *context, const rv_line *line)
{
    seen *all = context;
    all->length +=
        (uint32_t)snprintf(all->text + all->length, sizeof all->text - all->length, "%u:%.*s%s|",
                           (unsigned)line->key.thread, (int)line->length, line->text, line->truncated ? "~" : "");
    all->lines++;
    all->truncated += line->truncated;
    all->longest = line->length > all->longest ? line->length : all->longest;
    all->bytes += line->length;
    all->levels |= line->key.level < 32 ? 1u << line->key.level : 0;
    all->last_truncated = line->truncated;
    all->last_pid = line->writer.pid;
    all->last_irql = line->writer.irql;
    all->last_begun = line->begun;
}

/* Process 100 + thread. */
static void feed_as(rv_lines *lines, seen *all, rv_line_key key, uint64_t time, const char *text)
{
    rv_lines_feed(lines, &key, by(100 + (uint32_t)key.thread), time, text, (uint32_t)strlen(text), collect, all);
}

static void feed(rv_lines *lines, seen *all, uint64_t thread, uint64_t time, const char *text)
{
    feed_as(lines, all, (rv_line_key){thread, 101, 3}, time, text);
}

static bool saw(const seen *all, const char *expected)
{
    return strcmp(all->text, expected) == 0;
}

static void test_lines(void)
{
    static rv_lines lines;
    seen all = {0};
    feed(&lines, &all, 1, 1, "one\n");
    feed(&lines, &all, 1, 1, "two\r\nthree\n");
    check(saw(&all, "1:one|1:two|1:three|"), "whole lines, CR dropped");

    memset(&all, 0, sizeof all);
    feed(&lines, &all, 1, 1, "a");
    feed(&lines, &all, 2, 2, "x");
    feed(&lines, &all, 1, 3, "b");
    feed(&lines, &all, 2, 4, "y\n");
    feed(&lines, &all, 1, 5, "c\n");
    check(saw(&all, "2:xy|1:abc|"), "pieces join by thread");

    memset(&all, 0, sizeof all);
    feed(&lines, &all, 1, 1, "\n\n");
    check(saw(&all, "1: |1: |"), "an empty line is a space");

    memset(&all, 0, sizeof all);
    feed(&lines, &all, 1, 1, "");
    check(all.lines == 0, "an empty print is nothing");
}

/* Lines belong to a thread, a component and a level together: what differs in one of them is another line. */
static void test_keys(void)
{
    static const struct {
        rv_line_key key;
        const char *what;
    } others[] = {
        {{2, 101, 3}, "another thread's piece does not join"},
        {{1, 102, 3}, "another component's piece does not join"},
        {{1, 101, 2}, "a piece of another level does not join"},
    };
    for (uint32_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        static rv_lines lines;
        seen all = {0};
        memset(&lines, 0, sizeof lines);
        feed(&lines, &all, 1, 1, "mine, ");
        feed_as(&lines, &all, others[i].key, 2, "other\n");
        check(all.lines == 1 && strstr(all.text, ":other|") != NULL, others[i].what);
        feed(&lines, &all, 1, 3, "mine\n");
        check(all.lines == 2 && strstr(all.text, "1:mine, mine|") != NULL, "and the first one goes on");
    }

    static rv_lines lines;
    seen all = {0};
    for (uint32_t level = 0; level < RV_LINE_PROBES; level++) {
        feed_as(&lines, &all, (rv_line_key){1, 101, level}, level, "x");
    }
    rv_lines_flush(&lines, RV_LINE_PROBES, collect, &all);
    check(all.lines == RV_LINE_PROBES && all.levels == 0xf, "each unfinished line keeps the level it came with");
}

/*
 * Unfinished lines wait in slots; of those that a thread may use, who waits longest makes room, and a flush takes by the time
 * of the last piece. Threads below 4 have the same slots.
 */
static void test_slots(void)
{
    static rv_lines lines;
    seen all = {0};
    feed(&lines, &all, 0, 10, "p");
    feed(&lines, &all, 1, 11, "q");
    feed(&lines, &all, 2, 12, "r");
    feed(&lines, &all, 3, 13, "s");
    feed_as(&lines, &all, (rv_line_key){3, 101, 2}, 14, "t");
    check(saw(&all, "0:p|"), "a fifth unfinished line pushes the oldest out");
    check(all.last_pid == 100 && all.last_begun == 10, "which says whose it is and when it began, not who pushed it");
    rv_lines_flush(&lines, 12, collect, &all);
    check(all.lines == 3 && strstr(all.text, "1:q|") != NULL && strstr(all.text, "2:r|") != NULL,
          "flush takes those that waited long enough");
    rv_lines_flush(&lines, 13, collect, &all);
    rv_lines_flush(&lines, 99, collect, &all);
    check(all.lines == 5 && strstr(all.text, "3:s|3:t|") != NULL && all.levels == 0xc,
          "and then the rest, each under its own name");

    memset(&all, 0, sizeof all);
    feed(&lines, &all, 1, 1, "old, ");
    feed(&lines, &all, 2, 5, "b");
    feed(&lines, &all, 1, 9, "touched");
    rv_lines_flush(&lines, 5, collect, &all);
    check(saw(&all, "2:b|"), "a later piece lets its line wait on");
    feed(&lines, &all, 3, 10, "c");
    feed(&lines, &all, 0, 11, "d");
    feed_as(&lines, &all, (rv_line_key){0, 101, 2}, 12, "e");
    feed_as(&lines, &all, (rv_line_key){0, 101, 1}, 13, "f");
    check(saw(&all, "2:b|1:old, touched|"), "age is that of the last piece");
    check(all.last_pid == 101 && all.last_begun == 1, "the begin that of the first");
    rv_lines_flush(&lines, 99, collect, &all);

    /* Threads that follow one another do not crowd each other out. */
    memset(&all, 0, sizeof all);
    for (uint32_t thread = 4; thread < 4 * 25; thread += 4) {
        feed(&lines, &all, thread, thread, "waiting");
    }
    check(all.lines == 0, "two dozen threads have an unfinished line each");
    rv_lines_flush(&lines, 999, collect, &all);
    check(all.lines == 24, "and none of them is lost");

    static char wide[RV_LINE_BYTES / 2];
    memset(wide, 'w', sizeof wide - 1);
    memset(&all, 0, sizeof all);
    for (uint32_t i = 0; i < 5; i++) {
        feed(&lines, &all, 1, i, wide);
    }
    feed(&lines, &all, 1, 6, "\n");
    check(all.lines == 3 && all.longest == RV_LINE_BYTES && all.bytes == 5 * (sizeof wide - 1),
          "a line longer than a slot comes in pieces, whole");
    check(all.truncated == 0, "which are not marked: nothing of it was cut");
}

/*
 * DbgPrint formats into 512 bytes; what does not fit is cut, and the system puts a line end at 510 and NUL at 511. So a cut
 * text arrives with length 511 and ends with a line end that its driver never wrote.
 */
static void test_cut_marks(void)
{
    static rv_lines lines;
    seen all = {0};
    char cut[513];
    memset(cut, 'z', sizeof cut);
    cut[510] = '\n';
    cut[511] = '\0';
    check(rv_lines_cut(cut, 511) && !rv_lines_cut(cut, 510) && !rv_lines_cut(cut + 1, 511),
          "511 bytes that end with a line end were cut");
    feed(&lines, &all, 1, 1, cut);
    check(all.lines == 1 && all.truncated == 1 && all.longest == 510, "and are marked");

    memset(&all, 0, sizeof all);
    feed(&lines, &all, 1, 1, cut + 1);
    check(all.lines == 1 && all.truncated == 0, "510 are not");
    memset(&all, 0, sizeof all);
    cut[510] = 'z';
    feed(&lines, &all, 1, 1, cut);
    feed(&lines, &all, 1, 2, "\n");
    check(all.lines == 1 && all.truncated == 0, "nor are 511 without a line end: the system would have made one");

    cut[9] = '\n';
    cut[400] = '\n';
    cut[510] = '\n';
    memset(&all, 0, sizeof all);
    feed(&lines, &all, 1, 1, cut);
    check(all.lines == 3 && all.truncated == 1 && all.last_truncated, "of several lines only the last is");

    /* The cut may hit a line that began in an earlier piece. */
    memset(&all, 0, sizeof all);
    memset(cut, 'z', 510);
    feed(&lines, &all, 1, 1, "begun, ");
    feed(&lines, &all, 1, 2, cut);
    check(all.lines == 1 && all.truncated == 1 && all.longest == 517, "a line that a cut piece ends is marked");
    feed(&lines, &all, 1, 4, "next");
    feed(&lines, &all, 1, 5, " line\n");
    check(all.lines == 2 && all.truncated == 1 && !all.last_truncated, "the mark does not stick to the next line");
}

/* A thread that moves to another CPU between two pieces: there is nothing here that belongs to a CPU. */
static void test_a_line_is_its_thread_s(void)
{
    static rv_lines lines;
    seen all = {0};
    rv_line_key key = {8, 101, 3};
    rv_lines_feed(&lines, &key, (rv_line_writer){77, 2}, 5, "first half, ", 12, collect, &all);
    rv_lines_feed(&lines, &key, (rv_line_writer){99, 0}, 6, "second half\n", 12, collect, &all);
    check(saw(&all, "8:first half, second half|"), "both halves are one line");
    check(all.last_pid == 77 && all.last_irql == 2 && all.last_begun == 5,
          "of the process, level and time of the first");
    rv_lines_feed(&lines, &key, by(77), 8, "unfinished", 10, collect, &all);
    rv_lines_flush(&lines, 8, collect, &all);
    check(all.lines == 2 && all.last_pid == 77 && all.last_begun == 8, "who flushes lends a line nothing of his");
    rv_lines_feed(&lines, &key, by(78), 9, "whole\n", 6, collect, &all);
    check(all.last_pid == 78 && all.last_begun == 9, "a line that never waited is of now");
}

/* What an interrupt does while it lands on a call that has a slot in use: the sink is called with the slot held. */
typedef struct landing {
    rv_lines *lines;
    seen *all;
    bool landed;
} landing;

static void collect_and_land(void *context, const rv_line *line)
{
    landing *here = context;
    if (!here->landed) {
        here->landed = true;
        feed(here->lines, here->all, line->key.thread, 50, "interrupt\n");
        feed(here->lines, here->all, line->key.thread, 51, "its half");
        rv_lines_flush(here->lines, ~0ull, collect, here->all);
    }
    collect(here->all, line);
}

static void test_held_slots(void)
{
    static rv_lines lines;
    seen all = {0};
    landing here = {&lines, &all, false};
    rv_line_key key = {4, 101, 3};
    feed(&lines, &all, 4, 1, "begun, ");
    rv_lines_feed(&lines, &key, by(104), 2, "ended\n", 6, collect_and_land, &here);
    check(saw(&all, "4:interrupt|4:its half|4:begun, ended|"), "who lands on a line in use leaves it alone");

    memset(&all, 0, sizeof all);
    for (uint32_t i = 0; i < RV_LINE_SLOTS; i++) {
        lines.slots[i].held = 1;
    }
    feed(&lines, &all, 4, 3, "no room to wait");
    check(saw(&all, "4:no room to wait|"), "with every slot in use a piece does not wait");
    for (uint32_t i = 0; i < RV_LINE_SLOTS; i++) {
        check(lines.slots[i].held == 1 && lines.slots[i].owner == 0, "nor is one let go that another holds");
        lines.slots[i].held = 0;
    }
    feed(&lines, &all, 4, 4, "waits");
    rv_lines_flush(&lines, 4, collect, &all);
    check(all.lines == 2, "afterwards pieces wait again");
}

/* Whatever the pieces, the same bytes come out. */
static void test_lines_keep_all(void)
{
    static rv_lines lines;
    static char text[6000], out[8000];
    seen all = {0};
    uint32_t random = 12345, length = 0, at = 0;
    for (uint32_t i = 0; i < sizeof text; i++) {
        random = random * 1664525u + 1013904223u;
        text[i] = random >> 25 == 0 ? '\n' : (char)('a' + (random >> 24) % 26);
    }
    text[sizeof text - 1] = '\n';
    while (at < sizeof text) {
        random = random * 1664525u + 1013904223u;
        uint32_t piece = 1 + (random >> 16) % 400;
        piece = piece < sizeof text - at ? piece : (uint32_t)sizeof text - at;
        rv_line_key key = {7, 0, 0};
        rv_lines_feed(&lines, &key, by(1), at, text + at, piece, collect, &all);
        at += piece;
    }
    for (const char *p = all.text; *p != '\0'; p++) {
        if (strncmp(p, "7:", 2) == 0) {
            p++;
        } else if (*p != '|') {
            out[length++] = *p;
        }
    }
    uint32_t same = 0;
    for (uint32_t i = 0, o = 0; i < sizeof text; i++) {
        if (text[i] == '\n') {
            bool empty = i == 0 || text[i - 1] == '\n';
            o += empty && out[o] == ' ';
            continue;
        }
        same += out[o++] == text[i];
    }
    uint32_t letters = 0;
    for (uint32_t i = 0; i < sizeof text; i++) {
        letters += text[i] != '\n';
    }
    check(same == letters, "no byte lost or changed over random pieces");
    check(all.longest <= RV_LINE_BYTES, "no line longer than its buffer");
}

/* ---- pages of a dump -------------------------------------------------------------------------------------------- */

/* Every page of a ring that is asked for, a bit each; 0 if a page comes twice or lies outside. */
static uint64_t pages_of(uint64_t ring_bytes, uint64_t share, uint64_t published)
{
    uint64_t pages = 0, offset, bytes;
    for (uint32_t n = 0; n < RV_CRASH_RANGES; n++) {
        if (!rv_crash_range(n, ring_bytes, share, published, &offset, &bytes)) {
            continue;
        }
        for (uint64_t at = offset; at < offset + bytes; at += 4096) {
            if (offset % 4096 != 0 || at / 4096 > ring_bytes / 4096 || (pages >> at / 4096 & 1) != 0) {
                return 0;
            }
            pages |= 1ull << at / 4096;
        }
    }
    uint64_t none;
    return rv_crash_range(RV_CRASH_RANGES, ring_bytes, share, published, &none, &none) ? 0 : pages;
}

static void test_crash_pages(void)
{
    check(rv_crash_share(1 << 20, 64) == 1 << 20, "rings of the usual size go in whole");
    check(rv_crash_share(1 << 30, 4) == RV_CRASH_BYTES / 4, "large ones in equal shares");
    check(rv_crash_share(1 << 20, 96) == 696320, "of whole pages");
    check(rv_crash_share(1 << 20, 2048) * 2048 <= RV_CRASH_BYTES && rv_crash_share(4096, 2048) == 4096, "however many");

    check(rv_crash_small_share(1 << 20, 4, 1 << 20) == ((1 << 20) - 9 * 4096) / 4 / 4096 * 4096 &&
              rv_crash_small_share(4096, 4, 1 << 20) == 4096,
          "a small dump takes what the pages that describe the rings leave, and no more than there is");
    check(rv_crash_small_share(1 << 20, 4, 9 * 4096) == 0 && rv_crash_small_share(1 << 20, 2048, 0) == 0,
          "nothing where they leave nothing");

    /* Page 0 is the producer's; 16 pages of data follow. */
    const uint64_t ring = 16 * 4096;
    check(pages_of(ring, ring, 0) == 0x1ffff && pages_of(ring, ring, 5 * 4096 + 8) == 0x1ffff,
          "a whole ring, each page once");
    check(pages_of(ring, 4 * 4096, 8 * 4096) == (0xfull << 5 | 1), "the newest part ends where the newest record does");
    check(pages_of(ring, 4 * 4096, 8 * 4096 + 8) == (0xfull << 6 | 1), "with the page it ends in");
    check(pages_of(ring, 4 * 4096, 16 * 4096 + 8) == (1ull << 1 | 7ull << 14 | 1),
          "and comes in two pieces over the end");
    check(pages_of(ring, 4 * 4096, 32 * 4096) == (0xfull << 13 | 1), "at the end itself in one");
    check(pages_of(ring, 4096, 3 * 4096 + 8) == (1ull << 4 | 1), "one page is that of the newest record");
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

static void test_utf8(void)
{
    char out[64];
    static const uint16_t text[] = {'C', ':', 0xe4, 0x20ac, 0xd83d, 0xde00, 0xd800, 'x'};
    uint32_t n = rv_utf8_tail(out, sizeof out, text, 8);
    check(n == 15 && memcmp(out, "C:\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbdx", 15) == 0,
          "1 to 4 bytes, lone surrogate");
    n = rv_utf8_tail(out, 8, text, 8);
    check(n == 8 && memcmp(out, "\xf0\x9f\x98\x80\xef\xbf\xbdx", 8) == 0, "keeps the end that fits");
    n = rv_utf8_tail(out, 7, text, 8);
    check(n == 4 && memcmp(out, "\xef\xbf\xbdx", 4) == 0, "never half a character");
    bool cut = false;
    check(rv_utf8_end(out, 15, text, 8, &cut) == 15 && !cut, "all of it is not cut");
    check(rv_utf8_end(out, 14, text, 8, &cut) == 14 && cut, "and a character less is");
    check(rv_utf8_end(out, 15, text, 8, &cut) == 15 && cut, "what was cut before stays so");
    check(rv_utf8_tail(out, 0, text, 8) == 0 && rv_utf8_tail(out, 8, text, 0) == 0, "nothing to do");
    for (uint32_t capacity = 0; capacity < 20; capacity++) {
        memset(out, 0x55, sizeof out);
        n = rv_utf8_tail(out, capacity, text, 8);
        check(n <= capacity && out[capacity] == 0x55, "stays within its buffer");
    }
}

/* Where the number of bytes changes, and pairs at either end of the text. */
static void test_utf8_bounds(void)
{
    static const struct {
        uint16_t units[2];
        uint32_t count;
        const char *expected;
    } cases[] = {
        {{0x7f}, 1, "\x7f"},
        {{0x80}, 1, "\xc2\x80"},
        {{0x7ff}, 1, "\xdf\xbf"},
        {{0x800}, 1, "\xe0\xa0\x80"},
        {{0xd7ff}, 1, "\xed\x9f\xbf"},
        {{0xe000}, 1, "\xee\x80\x80"},
        {{0xffff}, 1, "\xef\xbf\xbf"},
        {{0xd800, 0xdc00}, 2, "\xf0\x90\x80\x80"},
        {{0xdbff, 0xdfff}, 2, "\xf4\x8f\xbf\xbf"},
        {{0xdc00, 'a'},
         2,
         "\xef\xbf\xbd"
         "a"},
        {{0xdc00, 0xdc00}, 2, "\xef\xbf\xbd\xef\xbf\xbd"},
        {{0xd800, 0xd800}, 2, "\xef\xbf\xbd\xef\xbf\xbd"},
        {{0xdc00, 0xd800}, 2, "\xef\xbf\xbd\xef\xbf\xbd"},
        {{'a', 0xdc00}, 2, "a\xef\xbf\xbd"},
    };
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[8];
        uint32_t bytes = (uint32_t)strlen(cases[i].expected);
        uint32_t n = rv_utf8_tail(out, sizeof out, cases[i].units, cases[i].count);
        check(n == bytes && memcmp(out, cases[i].expected, bytes) == 0, "a character at a bound of its length");
        n = rv_utf8_tail(out, bytes, cases[i].units, cases[i].count);
        check(n == bytes, "it fits where there is just room for it");
        n = rv_utf8_tail(out, bytes - 1, cases[i].units, cases[i].count);
        check(n < bytes, "and not where one byte is missing");
    }
}

int main(void)
{
    test_lines();
    test_keys();
    test_slots();
    test_cut_marks();
    test_a_line_is_its_thread_s();
    test_held_slots();
    test_lines_keep_all();
    test_crash_pages();
    test_utf8();
    test_utf8_bounds();
    return report();
}
