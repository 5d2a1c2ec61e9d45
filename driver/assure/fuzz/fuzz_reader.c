/*
 * fuzz_reader.c - the C reader of driver/test on rings whose contents come from the fuzzer: it must always end, stay
 * inside the ring, and count what it cannot read as corrupt rather than as records.
 */
#include "platform_fuzz.h"

#include "../../test/reader.h"

#define RING_BYTES 4096u

static _Alignas(RV_PAGE) uint8_t image[4 * RV_GRANULE];

static void sink(void *context, const rv_record *header, const uint8_t *payload, uint64_t position,
                 uint64_t lost_before)
{
    uint64_t *sum = context;
    (void)lost_before;
    REQUIRE(header->kind == RV_KIND_RECORD);
    REQUIRE(header->length + 56u <= RING_BYTES - position % RING_BYTES);
    for (uint32_t i = 0; i < header->length; i++) {
        *sum += payload[i];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    static rv_ring ring;
    memset(image, 0, sizeof image);
    uint64_t setting = take(&input, 1);
    rv_session_config config = {.cpu_count = 1,
                                .ring_mode = setting & 1 ? RV_MODE_DROP_NEW : RV_MODE_OVERWRITE_OLD,
                                .order_mode = RV_ORDER_INDEX,
                                .ring_bytes = RING_BYTES,
                                .qpc_frequency = 1};
    REQUIRE(rv_image_init(image, sizeof image, &config, &ring) == RV_OK);
    rv_session_publish((rv_session_page *)(void *)image);
    reader_ring reader;
    REQUIRE(reader_open(&reader, image, sizeof image, 0));

    uint64_t begin = take(&input, 2) / 8 * 8;
    uint64_t bytes = take(&input, 2) % (RING_BYTES + 1) / 8 * 8;
    reader.position = begin;
    ring.producer->tail = setting & 2 ? begin + take(&input, 1) * 8 : 0;
    size_t filled = input.left < RING_BYTES ? input.left : RING_BYTES;
    if (filled != 0) {
        memcpy(ring.data, input.bytes, filled);
    }
    uint64_t sum = 0;
    uint64_t end = begin + bytes;
    reader_poll(&reader, end, true, sink, &sum);
    REQUIRE(reader.position >= end || reader.corrupt != 0);
    REQUIRE(reader.read <= RING_BYTES / 56);
    reader_close(&reader);
    return sum == UINT64_MAX ? -1 : 0;
}
