/*
 * fuzz_format.c - compares the formatter with the C library's: one conversion with fuzzed flags, width, precision and
 * argument, between two pieces of text, into a buffer of fuzzed size. Formats of arbitrary bytes must only be survived.
 */
#include "platform_fuzz.h"

#include "../../ring/format.h"

static uint32_t format(char *text, uint32_t capacity, bool *truncated, const char *pattern, ...)
    __attribute__((format(printf, 4, 5)));

static uint32_t format(char *text, uint32_t capacity, bool *truncated, const char *pattern, ...)
{
    va_list arguments;
    va_start(arguments, pattern);
    uint32_t length = rv_format(text, capacity, truncated, pattern, arguments);
    va_end(arguments);
    return length;
}

static void compare(const char *expected, int expected_length, const char *text, uint32_t length, uint32_t capacity,
                    bool truncated, const char *pattern)
{
    uint32_t whole = (uint32_t)expected_length;
    bool same = whole <= capacity ? length == whole && !truncated : truncated && length <= capacity;
    if (!same || memcmp(text, expected, length) != 0) {
        fprintf(stderr, "pattern [%s] capacity %u: [%.*s] (%d), expected [%s]\n", pattern, capacity, (int)length, text,
                truncated, expected);
        abort();
    }
}

#pragma clang diagnostic ignored "-Wformat-nonliteral"
#pragma clang diagnostic ignored "-Wformat-security"

static void one_conversion(fuzz_input *input)
{
    static const char conversions[] = "diuxXocs";
    static const char flags[] = "-+ #0";
    char pattern[64], expected[1024];
    size_t at = 0;
    pattern[at++] = '<';
    pattern[at++] = '%';
    uint64_t chosen = take(input, 1);
    for (uint32_t i = 0; i < 5; i++) {
        if (chosen >> i & 1) {
            pattern[at++] = flags[i];
        }
    }
    uint32_t width = (uint32_t)take(input, 1), precision = (uint32_t)take(input, 1);
    if (chosen & 32) {
        at += (size_t)sprintf(pattern + at, "%u", 1 + width % 200);
    }
    if (chosen & 64) {
        at += (size_t)sprintf(pattern + at, ".%u", precision % 200);
    }
    char conversion = conversions[take(input, 1) % 8];
    uint32_t capacity = (uint32_t)take(input, 2) % 600;
    uint64_t value = take(input, 8);
    /* Combinations that the standard leaves undefined are not compared. */
    if (strchr("cs", conversion) != NULL && (chosen & 0x1e) != 0) {
        return;
    }
    if (conversion == 'c' && (chosen & 64) != 0) {
        return;
    }
    if (strchr("diu", conversion) != NULL && (chosen & 8) != 0) {
        return;
    }
    if (strchr("uxXo", conversion) != NULL && (chosen & 6) != 0) {
        return;
    }
    bool wide = conversion != 'c' && conversion != 's' && (value & 1);
    if (wide) {
        pattern[at++] = 'l';
        pattern[at++] = 'l';
    }
    pattern[at++] = conversion;
    pattern[at++] = '>';
    pattern[at] = '\0';

    char *text = malloc(capacity == 0 ? 1 : capacity); /* exactly so many bytes: one more is a report */
    bool truncated = false;
    uint32_t length;
    int expected_length;
    if (conversion == 's') {
        char argument[64];
        uint32_t bytes = (uint32_t)value % 64;
        for (uint32_t i = 0; i < bytes; i++) {
            argument[i] = (char)('!' + (value >> (i % 8 * 8)) % 90);
        }
        argument[bytes == 64 ? 63 : bytes] = '\0';
        expected_length = snprintf(expected, sizeof expected, pattern, argument);
        length = format(text, capacity, &truncated, pattern, argument);
    } else if (conversion == 'c') {
        int argument = (int)('!' + value % 90);
        expected_length = snprintf(expected, sizeof expected, pattern, argument);
        length = format(text, capacity, &truncated, pattern, argument);
    } else if (wide) {
        expected_length = snprintf(expected, sizeof expected, pattern, (unsigned long long)value);
        length = format(text, capacity, &truncated, pattern, (unsigned long long)value);
    } else {
        expected_length = snprintf(expected, sizeof expected, pattern, (unsigned)(value >> 8));
        length = format(text, capacity, &truncated, pattern, (unsigned)(value >> 8));
    }
    compare(expected, expected_length, text, length, capacity, truncated, pattern);
    free(text);
}

static void any_bytes(fuzz_input *input)
{
    uint32_t capacity = (uint32_t)take(input, 2) % 700;
    char *text = malloc(capacity == 0 ? 1 : capacity);
    char *pattern = malloc(input->left + 1);
    bool truncated;
    memcpy(pattern, input->bytes, input->left);
    pattern[input->left] = '\0';
    /* Whatever is asked for by mistake must not be a pointer: those conversions belong to the caller. */
    for (char *p = pattern; *p != '\0'; p++) {
        if (strchr("sSZw", *p) != NULL) {
            *p = 'd';
        }
    }
    /* A conversion of n bytes takes at most n - 1 arguments, so 79 bytes take fewer than these. */
    uint32_t length =
        format(text, capacity, &truncated, pattern, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
               20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
               46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64);
    REQUIRE(length <= capacity);
    free(pattern);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    if (take(&input, 1) & 3) {
        one_conversion(&input);
    } else if (size < 80) {
        any_bytes(&input);
    }
    return 0;
}
