/*
 * prove_write.c - drives Eva through what programs send (batch.c) and hold (quota.c): batches of any bytes, of a few lengths and
 * the longest, each of which ends where its memory does, and shares in any state.
 */
#include "../../kernel/batch.h"
#include "../../kernel/quota.h"

#include "arbitrary.h"

static uint8_t batch[RV_WRITE_BYTES + 8];

static void judge(uint32_t bytes)
{
    rv_write_record record;
    const uint8_t *from = batch + sizeof batch - bytes;
    (void)rv_batch_check(from, bytes);
    uint32_t at = any32();
    if (rv_batch_record(from, bytes, at, &record)) {
        //@ assert begins_inside: at <= bytes;
        //@ assert no_longer: record.length <= 65544;
        (void)rv_write_record_bytes(record.length);
    }
}

int main(void)
{
    rv_share share;
    any_bytes(batch, sizeof batch);
    //@ loop unroll 12;
    for (uint32_t bytes = 0; bytes <= 88; bytes += 8) {
        judge(bytes);
    }
    judge(any_bool() ? 7 : 65);
    judge(RV_WRITE_BYTES);
    judge(sizeof batch);
    any_bytes(&share, sizeof share);
    uint64_t held = rv_share_held(&share, any64(), any64());
    (void)rv_quota_place(any32(), any32());
    if (rv_quota_admits(held, any64(), any64(), any64(), any64())) {
        rv_share_take(&share, any64(), any64());
    }
    Frama_C_show_each_end_of_main();
    return 0;
}
