/*
 * test_lap.c - interrupts that write a whole lap of the ring while one writer is under way, at every labelled instruction.
 *
 * After a lap the same address stands for another position. Whatever a writer remembers of its own record by address
 * must not be taken for what lies there now: each record of a later turn of `leave` is numbered, and attempts stay equal
 * to written + lost.
 */
#include <string.h>

#include "fixture.h"
#include "test.h"

#define RING_BYTES 4096u
#define OWN_LENGTH 72u /* a record of 128 bytes */
#define OWN_BYTES 128u
#define HALF_LENGTH 8u /* two records of 64 bytes are together as long as the writer's own */

typedef struct lap_world {
    fixture fixture;
    reader_ring reader;
    seen seen;
    uint32_t attempts;
} lap_world;

/* On another CPU the reader keeps up, so that there is room for a lap in either mode. */
static void read_on(lap_world *world)
{
    fixture_drain(&world->reader, seen_sink, &world->seen);
}

static void write_record(lap_world *world, rv_ring *ring, uint32_t length)
{
    world->attempts++;
    (void)fixture_write(ring, length, world->attempts);
}

/* As many records as fill the ring beside the writer's own; none crosses the ring's end, so there is no PAD. */
static void interrupts_fill_the_lap(rv_ring *ring, void *context)
{
    lap_world *world = context;
    uint32_t left = RING_BYTES - OWN_BYTES;
    read_on(world);
    while (left != 0) {
        uint32_t to_end = RING_BYTES - (uint32_t)(ring->producer->reserved % RING_BYTES);
        uint32_t bytes = left < to_end ? left : to_end;
        bytes = bytes > 1024 ? 912 : bytes;
        write_record(world, ring, bytes - RV_RECORD_HEADER_BYTES);
        left -= bytes;
    }
}

static void interrupts_take_its_place(rv_ring *ring, void *context)
{
    lap_world *world = context;
    read_on(world);
    write_record(world, ring, HALF_LENGTH);
    write_record(world, ring, HALF_LENGTH);
}

static void begin(lap_world *world, uint32_t mode, uint32_t order, uint64_t start)
{
    memset(world, 0, sizeof *world);
    world->fixture = fixture_make(1, RING_BYTES, mode, order);
    fixture_move(&world->fixture.rings[0], start);
    CHECK(reader_open(&world->reader, world->fixture.image, world->fixture.geometry.image_bytes, 0));
}

/* Every attempt is a record that was read, or a loss, whichever it came to. */
static void end(lap_world *world)
{
    const rv_producer_page *p = world->fixture.rings[0].producer;
    read_on(world);
    CHECK_EQUAL(p->nesting, 0);
    CHECK_EQUAL(p->published, p->reserved);
    CHECK_EQUAL(p->written + p->lost, world->attempts);
    CHECK_EQUAL(world->reader.corrupt, 0);
    CHECK_EQUAL(world->reader.read + world->reader.lost + reader_trailing_losses(&world->reader), world->attempts);
    CHECK_EQUAL(world->seen.bad, 0);
    CHECK_EQUAL(p->bad_consumer, 0);
    reader_close(&world->reader);
    fixture_free(&world->fixture);
}

/*
 * The one place where it matters, by hand: the lap is filled while the writer leaves, so that its first turn publishes
 * all of the ring, and two records take the place of its own before nesting is 0.
 */
static void numbers_what_lies_where_its_own_record_lay(void)
{
    for (uint32_t mode = RV_MODE_DROP_NEW; mode <= RV_MODE_OVERWRITE_OLD; mode++) {
        lap_world world;
        begin(&world, mode, RV_ORDER_INDEX, 0);
        rv_ring *ring = &world.fixture.rings[0];
        interrupt_at(RV_POINT_DEPTH_LOADED, 0, interrupts_fill_the_lap, &world);
        interrupt_at(RV_POINT_PUBLISHED, 0, interrupts_take_its_place, &world);
        write_record(&world, ring, OWN_LENGTH);
        CHECK(interrupts_ran());
        CHECK_EQUAL(ring->producer->reserved, RING_BYTES + OWN_BYTES);
        CHECK_EQUAL(point_count(RV_POINT_RESUMED), 1);
        CHECK_EQUAL(ring->producer->written, world.attempts);
        for (uint32_t at = 0; at < OWN_BYTES; at += OWN_BYTES / 2) {
            rv_record record;
            memcpy(&record, ring->data + at, sizeof record);
            CHECK_EQUAL(record.length, HALF_LENGTH);
            CHECK_EQUAL(record.sequence, world.attempts - (at == 0));
        }
        end(&world);
    }
}

/* The same wherever the two come, and wherever the ring begins; most pairs make no lap, and must add up just so. */
static void a_lap_at_every_pair_of_points(void)
{
    static const uint64_t starts[] = {0, 1024, RING_BYTES - OWN_BYTES, 5 * RING_BYTES + 2048};
    uint64_t laps = 0;
    for (uint32_t mode = RV_MODE_DROP_NEW; mode <= RV_MODE_OVERWRITE_OLD; mode++) {
        for (uint32_t order = RV_ORDER_INDEX; order <= RV_ORDER_CLOCK; order++) {
            for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
                for (int first = 0; first < RV_POINT_COUNT; first++) {
                    for (int second = 0; second < RV_POINT_COUNT; second++) {
                        lap_world world;
                        begin(&world, mode, order, starts[s]);
                        rv_ring *ring = &world.fixture.rings[0];
                        interrupt_at((rv_point)first, 0, interrupts_fill_the_lap, &world);
                        interrupt_at((rv_point)second, 0, interrupts_take_its_place, &world);
                        write_record(&world, ring, OWN_LENGTH);
                        bool both = interrupts_ran();
                        laps += both && ring->producer->reserved == starts[s] + RING_BYTES + OWN_BYTES;
                        end(&world);
                    }
                }
            }
        }
    }
    CHECK(laps > 1000);
}

int main(void)
{
    RUN(numbers_what_lies_where_its_own_record_lay);
    RUN(a_lap_at_every_pair_of_points);
    return REPORT();
}
