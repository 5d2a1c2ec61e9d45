/*
 * fuzz_write.c - batches of a hostile program: what the check lets through is walked to its end, each byte that its records name
 * is touched, and it is as a second statement of the rules says.
 */
#include "platform_fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "../../kernel/batch.h"
#include "../../kernel/quota.h"

static bool expected(const uint8_t *data, size_t size)
{
    uint32_t words[4], count = 0;
    size_t at = 8;
    if (size < 8 || size > 65536 || size % 8 != 0) {
        return false;
    }
    memcpy(words, data, 8);
    if (words[0] != 1) {
        return false;
    }
    uint32_t said = words[1];
    while (at < size) {
        if (size - at < 16) {
            return false;
        }
        memcpy(words, data + at, 16);
        uint64_t end = (uint64_t)at + 16 + ((uint64_t)words[0] + 7) / 8 * 8;
        if (end > size || (words[1] & 0xffff) >= 0xff00 || words[1] >> 24 != 0 || words[3] != 0) {
            return false;
        }
        at = (size_t)end;
        count++;
    }
    return count == said;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* In memory that ends where the batch does. */
    uint8_t *batch = malloc(size == 0 ? 1 : size);
    memcpy(batch, data, size);
    REQUIRE(rv_batch_check(batch, (uint32_t)size) == expected(data, size));
    if (rv_batch_check(batch, (uint32_t)size)) {
        rv_write_record record;
        volatile uint8_t sum = 0;
        uint32_t at = sizeof(rv_write_header);
        for (; rv_batch_record(batch, (uint32_t)size, at, &record); at += rv_write_record_bytes(record.length)) {
            for (uint32_t n = 0; n < record.length; n++) {
                sum = (uint8_t)(sum + batch[at + sizeof record + n]);
            }
        }
        (void)sum;
        REQUIRE(at == size);
    }
    free(batch);

    fuzz_input input = {data, size};
    rv_share share = {0};
    uint64_t passed = 0, end = 0, ends[64], lengths[64];
    uint32_t taken = 0;
    for (uint32_t n = 0; n < 64 && input.left > 0; n++) {
        passed += take(&input, 2) % (end - passed + 1);
        uint64_t bytes = take(&input, 2);
        uint64_t held = rv_share_held(&share, 3, passed);
        uint64_t unread = 0;
        for (uint32_t i = 0; i < taken; i++) {
            unread += ends[i] > passed ? lengths[i] : 0;
        }
        REQUIRE(held >= unread);
        REQUIRE(passed < end || held == 0);
        uint64_t need = bytes + take(&input, 2) % (bytes + 1);
        if (rv_quota_admits(held, held, bytes, need, 65536)) {
            REQUIRE(held + bytes <= 16384 && held + need <= 32768);
            end += bytes;
            rv_share_take(&share, end, bytes);
            ends[taken] = end;
            lengths[taken++] = bytes;
        }
    }
    return 0;
}
