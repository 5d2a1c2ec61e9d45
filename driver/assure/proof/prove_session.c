/*
 * prove_session.c - drives Eva through the making of a session (session.c): any configuration at all for what only judges
 * and fills the session page, and whole images of every ring size in a block that ends where the geometry says it does.
 */
#include <stdlib.h>

#include "../../include/ringview/ring.h"
#include "../../ring/platform.h"

#include "any_words.h"

static rv_session_page page;

static rv_session_config any_config(void)
{
    rv_session_config config;
    any_bytes(&config, sizeof config);
    config.producer = NULL;
    return config;
}

/* A name of any bytes and of any length up to more than there is room for, which ends with its NUL. */
static void init_named(void)
{
    static char name[32];
    rv_session_config config = any_config();

    any_bytes(name, sizeof name - 1);
    //@ loop unroll 32;
    for (uint32_t length = 0; length < sizeof name; length++) {
        config.producer = name + sizeof name - 1 - length;
        (void)rv_session_init(&page, &config);
    }
}

static void init_any(void)
{
    rv_geometry geometry;
    rv_session_config config = any_config();
    rv_status status = rv_session_geometry(&config, &geometry);
    if (status == RV_OK) {
        /* Far below 2^64, as the sums in there take for granted. */
        //@ assert image_small: geometry.image_bytes <= 0x40000000000;
        //@ assert allowed: 4096 <= config.ring_bytes <= 1073741824 && 1 <= config.cpu_count <= 2048;
        //@ assert offsets: geometry.rings_offset >= geometry.consumer_offset + 4096 && geometry.ring_stride >= 4096;
    }
    (void)rv_session_init(&page, &config);
    (void)rv_image_init(NULL, any64(), &config, NULL);
}

static void init_image(uint64_t ring_bytes, uint32_t cpu_count)
{
    rv_session_config config = any_config();
    rv_geometry geometry;

    config.ring_bytes = ring_bytes;
    config.cpu_count = cpu_count;
    config.ring_mode = any_bool() ? RV_MODE_DROP_NEW : RV_MODE_OVERWRITE_OLD;
    config.order_mode = any_bool() ? RV_ORDER_INDEX : RV_ORDER_CLOCK;
    if (rv_session_geometry(&config, &geometry) != RV_OK) {
        return;
    }
    uint8_t *image = malloc(geometry.image_bytes);
    rv_ring *rings = malloc(cpu_count * sizeof *rings);
    if (rv_image_init(image, geometry.image_bytes, &config, rings) == RV_OK) {
        if (cpu_count == 1) { /* of several rings Eva keeps one picture */
            //@ assert whole: \valid(rings->data + (0 .. rings->mask)) && rings->mask == ring_bytes - 1;
            //@ assert quarter: rings->max_length + 56 <= ring_bytes / 4;
        }
        rv_session_publish((rv_session_page *)image);
        rv_session_stop((rv_session_page *)image);
    }
    free(image);
    /* A page too little of it, which has to be noticed before anything of it is touched. */
    image = malloc(geometry.image_bytes - RV_PAGE);
    rv_status status = rv_image_init(image, any_between(0, geometry.image_bytes - RV_PAGE), &config, rings);
    //@ assert too_small: status == RV_BAD_IMAGE;
    free(image);
    free(rings);
}

int main(void)
{
    init_any();
    init_named();
    //@ loop unroll 32;
    for (uint32_t log2 = 12; log2 <= LOG2_LAST; log2++) {
        //@ loop unroll 2048;
        for (uint32_t cpu_count = 1; cpu_count <= CPUS; cpu_count++) {
            init_image(1ull << log2, cpu_count);
        }
        init_image(1ull << log2, RV_MAX_CPUS);
    }
    Frama_C_show_each_end_of_main();
    return 0;
}
