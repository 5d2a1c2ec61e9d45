/*
 * test_format.c - the formatter, held against snprintf wherever both know the conversion.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "../ring/format.h"
#include "test.h"

static char text[2000];
static uint32_t length;
static bool truncated;

static void format_into(uint32_t capacity, const char *format, ...)
{
    va_list arguments;
    memset(text, 0x21, capacity + 16);
    va_start(arguments, format);
    length = rv_format(text, capacity, &truncated, format, arguments);
    va_end(arguments);
    CHECK_EQUAL(text[capacity], '!');
}

#define CHECK_TEXT(expected)                                                                                           \
    do {                                                                                                               \
        if (length != strlen(expected) || memcmp(text, expected, length) != 0) {                                       \
            printf("'%.*s' is not '%s'\n", (int)length, text, expected);                                               \
            CHECK(!"text");                                                                                            \
        }                                                                                                              \
    } while (0)

/* Formats with both, and compares. The format is built at run time on purpose. */
#define CHECK_LIKE_SNPRINTF(format, ...)                                                                               \
    do {                                                                                                               \
        char expected[1000];                                                                                           \
        snprintf(expected, sizeof expected, format, __VA_ARGS__);                                                      \
        format_into(1000, format, __VA_ARGS__);                                                                        \
        CHECK(!truncated);                                                                                             \
        if (length != strlen(expected) || memcmp(text, expected, length) != 0) {                                       \
            printf("%s: '%.*s' is not '%s'\n", format, (int)length, text, expected);                                   \
            CHECK(!"snprintf");                                                                                        \
        }                                                                                                              \
    } while (0)

static const char *const flags[] = {"", "-", "0", "+", " ", "#", "-0", "+0", " 0", "#0", "-#", "-+ #0"};
static const char *const widths[] = {"", "1", "5", "20"};
static const char *const precisions[] = {"", ".", ".0", ".1", ".7", ".25"};

static void integers(void)
{
    static const char *const lengths[] = {"hh", "h", "", "l", "ll", "j", "z", "t"};
    static const char conversions[] = "diuoxX";
    static const long long values[] = {0,         1,        -1, 7, 255, -128, 32767, 65535, 2147483647, -2147483647 - 1,
                                       INT64_MAX, INT64_MIN};
    char format[40];
    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++) {
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            for (size_t p = 0; p < sizeof precisions / sizeof *precisions; p++) {
                for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                    for (const char *c = conversions; *c != '\0'; c++) {
                        snprintf(format, sizeof format, "<%%%s%s%s%s%c>", flags[f], widths[w], precisions[p],
                                 lengths[l], *c);
                        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                            if (l < 3) {
                                CHECK_LIKE_SNPRINTF(format, (int)values[v]);
                            } else {
                                CHECK_LIKE_SNPRINTF(format, values[v]);
                            }
                        }
                    }
                }
            }
        }
    }
}

static void strings_and_characters(void)
{
    static const char *const values[] = {"", "a", "seven77", "a rather long string, longer than any width"};
    static const char *const string_flags[] = {"", "-"};
    char format[40];
    for (size_t f = 0; f < 2; f++) {
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            for (size_t p = 0; p < sizeof precisions / sizeof *precisions; p++) {
                snprintf(format, sizeof format, "<%%%s%s%ss>", string_flags[f], widths[w], precisions[p]);
                for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                    CHECK_LIKE_SNPRINTF(format, values[v]);
                }
            }
            snprintf(format, sizeof format, "<%%%s%sc>", string_flags[f], widths[w]);
            CHECK_LIKE_SNPRINTF(format, 'x');
        }
    }
    CHECK_LIKE_SNPRINTF("%5s|%-5s|%.2s|%c%c%%", "ab", "cd", "efg", 'h', 'i');
    CHECK_LIKE_SNPRINTF("%*d|%-*d|%*d|%.*d|%.*d", 6, 1, 6, 2, -6, 3, 4, 5, -1, 6);
    CHECK_LIKE_SNPRINTF("%.*s|%*s", 3, "abcdef", -8, "x");
    static const char unterminated[4] = {'a', 'b', 'c', 'd'};
    format_into(100, "%.4s", unterminated);
    CHECK_TEXT("abcd");
    format_into(100, "a%cb", 0);
    CHECK_EQUAL(length, 3);
    CHECK(memcmp(text, "a\0b", 3) == 0);
}

static void windows_forms(void)
{
    format_into(100, "%I64d %I64u %I64x %I32d %I32u %Id %Iu", -5ll, 5ull, 255ull, -7, 7u, (ptrdiff_t)-9, (size_t)9);
    CHECK_TEXT("-5 5 ff -7 7 -9 9");
    format_into(100, "%p", (void *)(uintptr_t)0xffff8a0012345678ull);
    CHECK_TEXT("FFFF8A0012345678");
    format_into(100, "<%20p>", (void *)(uintptr_t)0x1234);
    CHECK_TEXT("<    0000000000001234>");
    format_into(100, "%hs %hS %hc", "narrow", "narrow", 'n');
    CHECK_TEXT("narrow narrow n");
    format_into(100, "%s %ls %wZ %Z", (char *)NULL, (wchar_t *)NULL, (void *)NULL, (void *)NULL);
    CHECK_TEXT("(null) (null) (null) (null)");
}

static void wide_text_becomes_utf8(void)
{
    format_into(100, "%ls|%S|%ws|%.2ls", L"Gerät €", L"😀", L"x", L"äöü");
    CHECK_TEXT("Gerät €|😀|x|äö");
    format_into(100, "%lc%C%C", (wint_t)L'ß', (wint_t)L'A', (wint_t)0x1f600);
    CHECK_TEXT("ßA😀");

    static const uint16_t units[] = {'G', 0xe4, 0x20ac, 0xd83d, 0xde00, 0, 'z'};
    rv_counted_string string = {sizeof units, sizeof units, units};
    format_into(100, "<%wZ>", &string);
    CHECK_EQUAL(length, 2 + 1 + 2 + 3 + 4 + 1 + 1);
    CHECK(memcmp(text, "<Gä€😀\0z>", length) == 0);
    string.length = 6;
    format_into(100, "<%10wZ><%-10wZ>", &string, &string); /* six bytes of output */
    CHECK_TEXT("<    Gä€><Gä€    >");
    string.length = 8; /* half a pair at the end */
    format_into(100, "<%wZ>", &string);
    CHECK_TEXT("<Gä€\xef\xbf\xbd>");
    string.length = 5; /* half a unit at the end */
    format_into(100, "<%wZ>", &string);
    CHECK_TEXT("<Gä>");

    static const uint16_t broken[] = {0xde00, 0xd83d, 'x', 0xd83d, 0xd83d, 0xde00};
    string = (rv_counted_string){sizeof broken, sizeof broken, broken};
    format_into(100, "%wZ", &string);
    CHECK_TEXT("\xef\xbf\xbd\xef\xbf\xbdx\xef\xbf\xbd😀");

    rv_counted_string narrow = {3, 8, "abcdef"};
    format_into(100, "%Z %.2Z", &narrow, &narrow);
    CHECK_TEXT("abc ab");
    narrow = (rv_counted_string){0, 0, NULL};
    format_into(100, "<%Z><%wZ>", &narrow, &narrow);
    CHECK_TEXT("<><>");
    narrow.length = 4; /* a length without a buffer */
    format_into(100, "<%Z><%wZ>", &narrow, &narrow);
    CHECK_TEXT("<(null)><(null)>");
}

static void stops_at_what_it_does_not_know(void)
{
    format_into(100, "%d %f %d", 1, 2.0, 3);
    CHECK_TEXT("1 %f %d");
    int written = 0;
    format_into(100, "a%nb", &written);
    CHECK_TEXT("a%nb");
    CHECK_EQUAL(written, 0);
    format_into(100, "100%");
    CHECK_TEXT("100%");
    format_into(100, "%-08.3", 1);
    CHECK_TEXT("%-08.3");
    format_into(100, "%y%d", 1);
    CHECK_TEXT("%y%d");
}

static void cuts_and_says_so(void)
{
    char expected[100];
    for (uint32_t capacity = 0; capacity < 40; capacity++) {
        int whole = snprintf(expected, sizeof expected, "abc %d %s %08x end", 12345, "text", 0xbeefu);
        format_into(capacity, "abc %d %s %08x end", 12345, "text", 0xbeefu);
        CHECK_EQUAL(length, capacity < (uint32_t)whole ? capacity : (uint32_t)whole);
        CHECK_EQUAL(truncated, capacity < (uint32_t)whole);
        CHECK(memcmp(text, expected, length) == 0);
    }
}

static void cuts_between_characters(void)
{
    static const char sample[] = "aß€😀ß";
    static const uint32_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10, 12};
    for (uint32_t capacity = 0; capacity < sizeof ends / sizeof *ends; capacity++) {
        format_into(capacity, "%s", sample);
        CHECK_EQUAL(length, ends[capacity]);
        CHECK_EQUAL(truncated, capacity < 12);
        format_into(capacity, "%ls", L"aß€😀ß");
        CHECK_EQUAL(length, ends[capacity]);
    }
    /* What is not UTF-8 to begin with is cut anywhere. */
    format_into(3, "%s", "\x80\x80\x80\x80");
    CHECK_EQUAL(length, 3);
}

/* Work is bounded by the capacity, whatever the format asks for: this runs at high IRQL. */
static void huge_fields_cost_nothing(void)
{
    for (int i = 0; i < 10000; i++) {
        format_into(64, "%*d%.*d%2000000000s%.2000000000u", 2147483647, 1, 2147483647, 2, "x", 3u);
        CHECK_EQUAL(length, 64);
        CHECK(truncated);
    }
    format_into(64, "%-*s|", -2147483647 - 1, "x");
    CHECK_EQUAL(length, 64);
    format_into(64, "%99999999999999999999d", 1);
    CHECK_EQUAL(length, 64);
}

int main(void)
{
    RUN(integers);
    RUN(strings_and_characters);
    RUN(windows_forms);
    RUN(wide_text_becomes_utf8);
    RUN(stops_at_what_it_does_not_know);
    RUN(cuts_and_says_so);
    RUN(cuts_between_characters);
    RUN(huge_fields_cost_nothing);
    return REPORT();
}
