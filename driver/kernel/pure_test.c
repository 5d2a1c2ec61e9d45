/*
 * pure_test.c - host tests of the kernel driver's pure parts: lines of DbgPrint, UTF-8 names, control request checks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgprint_lines.h"
#include "ioctl_check.h"
#include "utf8.h"

static int passed;
static int failed;

static void check(bool holds, const char *what)
{
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("FAIL %s\n", what);
    }
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

typedef struct seen {
    char text[16384];
    uint32_t length;
    uint32_t lines;
    uint32_t truncated;
    uint32_t longest;
} seen;

/* Collects lines as `thread:text|`, with `~` before the bar if truncated. */
static void collect(void *context, const rv_line_key *key, const char *text, uint32_t length, bool truncated)
{
    seen *all = context;
    all->length += (uint32_t)snprintf(all->text + all->length, sizeof all->text - all->length, "%u:%.*s%s|",
                                      (unsigned)key->thread, (int)length, text, truncated ? "~" : "");
    all->lines++;
    all->truncated += truncated;
    all->longest = length > all->longest ? length : all->longest;
}

static void feed(rv_lines *lines, seen *all, uint64_t thread, uint64_t time, const char *text)
{
    rv_line_key key = {thread, 101, 3};
    rv_lines_feed(lines, &key, time, text, (uint32_t)strlen(text), collect, all);
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

    memset(&all, 0, sizeof all);
    feed(&lines, &all, 1, 10, "p");
    feed(&lines, &all, 2, 11, "q");
    feed(&lines, &all, 3, 12, "r");
    feed(&lines, &all, 4, 13, "s");
    feed(&lines, &all, 5, 14, "t");
    check(saw(&all, "1:p|"), "a fifth unfinished line pushes the oldest out");
    rv_lines_flush(&lines, 12, collect, &all);
    check(saw(&all, "1:p|2:q|3:r|"), "flush takes those that waited long enough");
    rv_lines_flush(&lines, 99, collect, &all);
    check(all.lines == 5, "and then the rest");

    memset(&all, 0, sizeof all);
    char cut[RV_DBGPRINT_BYTES + 1];
    memset(cut, 'z', sizeof cut);
    cut[RV_DBGPRINT_BYTES - 1] = '\n';
    cut[RV_DBGPRINT_BYTES] = '\0';
    feed(&lines, &all, 1, 1, cut);
    check(all.lines == 1 && all.truncated == 1 && all.longest == RV_DBGPRINT_BYTES - 1, "512 bytes are marked cut");
    cut[9] = '\n';
    memset(&all, 0, sizeof all);
    feed(&lines, &all, 1, 1, cut);
    check(all.lines == 2 && all.truncated == 1 && strstr(all.text, "zzz|") < strstr(all.text, "~|"),
          "of its lines only the last is");

    memset(&all, 0, sizeof all);
    rv_line_key key = {9, 0, 0};
    rv_lines_whole(&key, "m\nn", 3, collect, &all);
    check(saw(&all, "9:m|9:n|"), "whole keeps nothing");
    check(lines.slots[0].length == 0, "nor leaves anything");
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
        rv_lines_feed(&lines, &key, at, text + at, piece, collect, &all);
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
    check(rv_utf8_tail(out, 0, text, 8) == 0 && rv_utf8_tail(out, 8, text, 0) == 0, "nothing to do");
    for (uint32_t capacity = 0; capacity < 20; capacity++) {
        memset(out, 0x55, sizeof out);
        n = rv_utf8_tail(out, capacity, text, 8);
        check(n <= capacity && out[capacity] == 0x55, "stays within its buffer");
    }
}

/* ---- control requests ------------------------------------------------------------------------------------------- */

static void test_ioctls(void)
{
    uint32_t fine = 0;
    for (uint32_t code = RV_IOCTL_CODE(0x7f0); code < RV_IOCTL_CODE(0x820); code++) {
        for (uint32_t in = 0; in < 40; in++) {
            for (uint32_t out = 0; out < 300; out++) {
                if (rv_ioctl_check_lengths(code, in, out, 8) == RV_IOCTL_FINE) {
                    fine++;
                    if (in != rv_ioctl_input_bytes(code) || out < rv_ioctl_output_bytes(code, 8) ||
                        code < RV_IOCTL_VERSION || code > RV_IOCTL_STOP || code % 4 != 0) {
                        check(false, "a length or code passes that must not");
                    }
                }
            }
        }
    }
    check(fine > 0, "right lengths pass");
    check(rv_ioctl_check_lengths(RV_IOCTL_ATTACH, 8, rv_ioctl_attach_bytes(64) - 1, 64) == RV_IOCTL_SMALL_OUTPUT,
          "an attach needs room for every CPU");
    check(rv_ioctl_check_lengths(RV_IOCTL_CONFIGURE, 15, 0, 1) == RV_IOCTL_BAD_INPUT &&
              rv_ioctl_check_lengths(RV_IOCTL_CONFIGURE, 17, 0, 1) == RV_IOCTL_BAD_INPUT,
          "neither shorter nor longer input");

    rv_ioctl_configure good = {65536, RV_MODE_DROP_NEW, RV_ORDER_INDEX};
    check(rv_ioctl_check_configure(&good, 8), "a good configuration");
    static const uint64_t bad[] = {0, 1, 2048, 4097, 65537, 1ull << 31, 1ull << 63, ~0ull};
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        rv_ioctl_configure request = {bad[i], RV_MODE_DROP_NEW, RV_ORDER_INDEX};
        check(!rv_ioctl_check_configure(&request, 1), "a ring size that must not pass");
    }
    rv_ioctl_configure big = {RV_MAX_RING_BYTES, RV_MODE_DROP_NEW, RV_ORDER_INDEX};
    check(rv_ioctl_check_configure(&big, 4) && !rv_ioctl_check_configure(&big, 5), "all rings together are bounded");
    rv_ioctl_configure mode = {65536, 3, RV_ORDER_INDEX}, order = {65536, RV_MODE_DROP_NEW, 0};
    check(!rv_ioctl_check_configure(&mode, 1) && !rv_ioctl_check_configure(&order, 1), "modes that do not exist");
    rv_ioctl_capture capture = {RV_CAPTURE_ALL, 0}, extra = {16, 0}, dirty = {1, 1};
    check(rv_ioctl_check_capture(&capture) && !rv_ioctl_check_capture(&extra) && !rv_ioctl_check_capture(&dirty),
          "capture masks");
}

int main(void)
{
    test_lines();
    test_lines_keep_all();
    test_utf8();
    test_ioctls();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
