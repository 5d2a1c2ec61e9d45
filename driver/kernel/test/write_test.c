/*
 * write_test.c - host tests of what programs send: batches against a second statement of what one is, and the quota against a
 * plain account of every record.
 */
#include <stdlib.h>
#include <string.h>

#include "host_test.h"
#include "../batch.h"
#include "../quota.h"

static uint8_t batch[RV_WRITE_BYTES + 64];

static uint32_t add(uint32_t at, uint32_t length, uint16_t type)
{
    rv_write_record record = {.length = length, .type = type};
    memcpy(batch + at, &record, sizeof record);
    return at + 16 + (length + 7) / 8 * 8;
}

static void head(uint32_t version, uint32_t count)
{
    memcpy(batch, &version, 4);
    memcpy(batch + 4, &count, 4);
}

static void test_batches(void)
{
    check(RV_IOCTL_WRITE == 0x22a100, "the code that programs were built with");
    head(1, 0);
    check(rv_batch_check(batch, 8), "an empty batch");
    for (uint32_t bytes = 0; bytes < 8; bytes++) {
        check(!rv_batch_check(batch, bytes), "less than a head");
    }
    head(1, 2);
    uint32_t end = add(add(8, 5, 0), 0, 65279);
    check(end == 48 && rv_batch_check(batch, end), "two records");
    for (uint32_t bytes = 0; bytes < 64; bytes++) {
        check(rv_batch_check(batch, bytes) == (bytes == end), "and not a byte more or less");
    }
    head(1, 1);
    check(!rv_batch_check(batch, 8 + 16 + 5), "one that ends with its data");
    static const uint32_t versions[] = {0, 2, ~0u};
    for (uint32_t n = 0; n < 3; n++) {
        head(versions[n], 2);
        check(!rv_batch_check(batch, end), "another version");
    }
    static const uint32_t counts[] = {0, 1, 3, ~0u};
    for (uint32_t n = 0; n < 4; n++) {
        head(1, counts[n]);
        check(!rv_batch_check(batch, end), "another count");
    }
    head(1, 2);
    static const uint32_t lengths[] = {9, 24, 25, 40, 65536, 0x7ffffff8, 0xfffffff0, 0xfffffff8, ~0u};
    for (uint32_t n = 0; n < sizeof lengths / sizeof lengths[0]; n++) {
        memcpy(batch + 8, &lengths[n], 4);
        check(!rv_batch_check(batch, end), "a length that ends elsewhere");
    }
    (void)add(8, 5, 0);
    for (uint32_t type = 65280; type < 65536; type++) {
        (void)add(8, 5, (uint16_t)type);
        check(!rv_batch_check(batch, end), "a type of RingView's own");
    }
    (void)add(8, 5, 0);
    batch[8 + 7] = 1;
    check(!rv_batch_check(batch, end), "a reserved byte");
    batch[8 + 7] = 0;
    batch[8 + 15] = 1;
    check(!rv_batch_check(batch, end), "a reserved word");
    batch[8 + 15] = 0;
    head(1, 1);
    check(add(8, 65512, 0) == 65536 && rv_batch_check(batch, 65536), "the longest batch");
    check(add(8, 65520, 0) == 65544 && !rv_batch_check(batch, 65544), "and none longer");
}

#define RING 65536u
#define RECORDS 4096u

/* What a program has in a ring, record by record. */
static struct {
    uint64_t end, bytes;
} plain[RECORDS];

static void test_quota(void)
{
    uint32_t wrong = 0, refused = 0, taken = 0;
    srand(1);
    for (uint32_t run = 0; run < 50; run++) {
        rv_share own = {0}, all = {0};
        uint64_t position = 0, passed = 0, largest = 0;
        uint32_t count = 0;
        for (uint32_t step = 0; step < RECORDS; step++) {
            uint64_t bytes = 56 + (uint64_t)(rand() % 64) * 8;
            uint64_t held = 0;
            for (uint32_t n = 0; n < count; n++) {
                held += plain[n].end > passed ? plain[n].bytes : 0;
            }
            uint64_t said = rv_share_held(&own, 7, passed);
            wrong += said < held || rv_share_held(&all, 7, passed) < held;
            /* Once all is read, nothing is held any more. */
            wrong += passed >= position && said != 0;
            if (rv_quota_admits(said, rv_share_held(&all, 7, passed), bytes, bytes, RING)) {
                position += bytes;
                plain[count].end = position;
                plain[count++].bytes = bytes;
                rv_share_take(&own, position, bytes);
                rv_share_take(&all, position, bytes);
                largest = held + bytes > largest ? held + bytes : largest;
                taken++;
            } else {
                refused++;
            }
            /* A reader that is away, and then catches up with some or all of it; others write in between. */
            if (rand() % 64 == 0) {
                passed += rand() % 4 == 0 ? position - passed : (position - passed) / 2 & ~7ull;
                position += (uint64_t)(rand() % 100) * 8;
            }
        }
        wrong += largest > RING / 4;
    }
    check(wrong == 0, "what is held is never thought less, and never more than a quarter of the ring");
    check(refused > 1000 && taken > 10000, "some were refused, and most were not");
    rv_share share = {0};
    rv_share_take(&share, 100, 100);
    check(rv_share_held(&share, 1, 0) == 0, "what was taken of another session is not held");
}

static bool admits(uint64_t own, uint64_t all, uint64_t bytes)
{
    return rv_quota_admits(own, all, bytes, bytes, RING);
}

static void test_admission(void)
{
    check(admits(0, 0, RING / 4) && !admits(0, 0, RING / 4 + 1), "a quarter at once");
    check(admits(100, 100, RING / 4 - 100) && !admits(101, 101, RING / 4 - 100), "a quarter for a process");
    check(admits(0, RING / 2 - 100, 100) && !admits(0, RING / 2 - 99, 100), "half for all of them");
    check(!admits(~0ull, 0, 8) && !admits(0, ~0ull, 8) && !admits(0, 0, ~0ull), "no sum overflows");
    check(rv_quota_admits(0, RING / 4, 100, RING / 4, RING) && !rv_quota_admits(0, RING / 4 + 1, 100, RING / 4, RING) &&
              !rv_quota_admits(0, 0, 100, ~0ull, RING),
          "what a record leaves at the end of the ring counts for all");
    check(rv_quota_admits(RING / 4 - 100, RING / 4 - 100, 100, 190, RING), "and not for the process");
}

/* Who holds nothing can log any record that the ring takes, wherever in the ring it would lie. */
static void test_longest(void)
{
    uint32_t wrong = 0;
    for (uint64_t ring = 4096; ring <= 1u << 21; ring *= 2) {
        uint64_t longest = ring / 4 < 65536 ? ring / 4 : 65536;
        for (uint64_t to_end = 8; to_end <= longest; to_end += 8) {
            uint64_t need = longest <= to_end ? longest : longest + to_end;
            wrong += !rv_quota_admits(0, 0, longest, need, ring);
        }
    }
    check(wrong == 0, "the longest record is let in, also where it does not fit before the end of the ring");
}

/* Users come one after another, and each takes all it can get. */
static void test_places(void)
{
    uint32_t left = 256, users = 0, most = 0;
    for (; left > 0 && users < 32; users++) {
        uint32_t own = 0;
        while (rv_quota_place(own, left)) {
            own++;
            left--;
        }
        most = own > most ? own : most;
        if (own == 0) {
            break;
        }
    }
    check(most == 128 && users >= 8, "a user takes half of the places, and at least eight find one");
    check(!rv_quota_place(0, 0) && rv_quota_place(0, 1) && !rv_quota_place(1, 1), "the last place is for who has none");
}

int main(void)
{
    test_batches();
    test_quota();
    test_admission();
    test_longest();
    test_places();
    return report();
}
