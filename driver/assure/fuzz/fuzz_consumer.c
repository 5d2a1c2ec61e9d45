/*
 * fuzz_consumer.c - a client that stores what the fuzzer likes into the consumer page, between writes and, at the test
 * points, in the middle of them; interrupts write there too. A shadow list of what must be in the ring is kept beside
 * it.
 */
#include "platform_fuzz.h"

#include "../../ring/points.h"

#define RING_BYTES 4096u
#define MAX_LIVE (RING_BYTES / 64u + 1u)

typedef struct live {
    uint64_t position;
    uint32_t length;
    uint8_t seed;
} live;

static struct {
    rv_session_page session;
    rv_producer_page producer;
    rv_consumer_page consumer;
    rv_ring ring;
    _Alignas(8) uint8_t data[RING_BYTES];
} world;

static fuzz_input input;
static uint32_t depth;
static uint64_t attempts;
static uint64_t last_accepted, last_tail, last_published;
static bool inside; /* A write is under way, in which test points interfere; none must while check() walks. */

static void lie(void)
{
    uint64_t how = take(&input, 1);
    uint64_t published = world.producer.published;
    uint64_t positions[] = {
        published,           published + 8,           published - 8,           published - (how >> 3) * 8,
        world.ring.accepted, world.ring.accepted - 8, world.producer.reserved, take(&input, how & 1 ? 8 : 2)};
    rv_store(&world.consumer.consumed, positions[how & 7]);
    if (how & 0x80) {
        /* Everything else of the page is overwritten too, because the driver must not even read it. */
        memset((uint8_t *)&world.consumer + 72, (int)how, sizeof world.consumer - 72);
        world.consumer.magic = how;
        world.consumer.cpu = (uint32_t)how;
    }
}

static void write_one(void)
{
    uint64_t choice = take(&input, 2);
    uint32_t length = (uint32_t)(choice % 1100);
    uint8_t seed = (uint8_t)(choice >> 8);
    uint8_t payload[1100];
    memset(payload, seed, sizeof payload);
    rv_record_info info = {.level = seed, .remarks = seed};
    attempts++;
    (void)rv_ring_write(&world.ring, &info, payload, length);
}

void rv_test_point(struct rv_ring *ring, rv_point point)
{
    (void)point;
    /* At every step: what is reserved and not published fits the ring, and none of it was given away. */
    const rv_producer_page *p = ring->producer;
    REQUIRE(p->reserved - p->published <= RING_BYTES);
    REQUIRE(ring->accepted <= p->published && p->tail <= p->published);
    if (input.left == 0 || !inside) {
        return;
    }
    uint64_t what = take(&input, 1);
    if (what < 64) {
        lie();
    } else if (what < 96 && depth < 4) {
        depth++;
        write_one();
        depth--;
    }
}

/* Walks over everything that the driver considers live and checks each record. */
static void check(void)
{
    const rv_producer_page *p = &world.producer;
    REQUIRE(p->nesting == 0 && p->published == p->reserved);
    REQUIRE(p->written + p->lost == attempts);
    REQUIRE(world.ring.accepted >= last_accepted && world.ring.accepted <= p->published);
    REQUIRE(p->tail >= last_tail && p->tail <= p->published);
    REQUIRE(p->published >= last_published);
    uint64_t from;
    if (world.ring.mode == RV_MODE_DROP_NEW) {
        REQUIRE(p->tail == 0);
        REQUIRE(p->published - world.ring.accepted <= RING_BYTES);
        /* A false position that was accepted may lie inside a record. What the last write published begins at a
         * record, so the walk starts there. */
        from = last_published;
    } else {
        REQUIRE(p->published - p->tail <= RING_BYTES);
        from = p->tail;
    }
    if (p->published - from > RING_BYTES) {
        from = p->published; /* one write with its interrupts went round: possible when lies free room meanwhile */
    }
    while (from < p->published) {
        uint32_t length;
        const uint8_t *at = world.data + from % RING_BYTES;
        memcpy(&length, at, 4);
        REQUIRE(at[6] == RV_KIND_RECORD || at[6] == RV_KIND_PAD);
        if (at[6] == RV_KIND_RECORD) {
            rv_record header;
            memcpy(&header, at, sizeof header);
            REQUIRE(header.sequence != 0 && header.sequence <= p->sequence);
            for (uint32_t i = 0; i < length; i++) {
                REQUIRE(at[56 + i] == header.level);
            }
            from += rv_record_bytes(length);
        } else {
            from += RV_PAD_HEADER_BYTES + length;
        }
    }
    REQUIRE(from == p->published);
    last_accepted = world.ring.accepted;
    last_tail = p->tail;
    last_published = p->published;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input = (fuzz_input){data, size};
    uint64_t setting = take(&input, 1);
    rv_session_config config = {.cpu_count = 1,
                                .ring_mode = setting & 1 ? RV_MODE_DROP_NEW : RV_MODE_OVERWRITE_OLD,
                                .order_mode = setting & 2 ? RV_ORDER_INDEX : RV_ORDER_CLOCK,
                                .ring_bytes = RING_BYTES,
                                .qpc_frequency = 1};
    REQUIRE(rv_session_init(&world.session, &config) == RV_OK);
    memset(world.data, 0, sizeof world.data);
    rv_ring_init(&world.ring, &world.session, &world.producer, &world.consumer, world.data, 0);
    depth = 0;
    attempts = last_accepted = last_tail = last_published = 0;
    while (input.left != 0) {
        if (take(&input, 1) & 1) {
            lie();
        }
        inside = true;
        write_one();
        inside = false;
        check();
    }
    return 0;
}
