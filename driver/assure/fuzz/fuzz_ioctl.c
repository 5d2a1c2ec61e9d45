/*
 * fuzz_ioctl.c - the checks of control requests: whatever they let through must be safe to act on. The conditions for
 * that are written here once more, independently of the checks.
 */
#include "platform_fuzz.h"

#include "../../kernel/ioctl_check.h"

/* Code, input bytes, output bytes without the CPUs' part: written out, not taken from the table under test. */
static const struct {
    uint32_t code, input, output;
} codes[] = {
    {0x22e000, 0, 40}, {0x22e004, 16, 0},    {0x22e008, 8, 48},   {0x22e00c, 0, 0},    {0x22e010, 0, 160},
    {0x22e014, 8, 8},  {0x22e018, 8, 0},     {0x22e01c, 0, 8},    {0x22e020, 0, 0},    {0x22e024, 0, 2560},
    {0x22e028, 32, 0}, {0x22e02c, 0, 10240}, {0x22e030, 1112, 0}, {0x22e034, 0, 6624}, {0x22e038, 32, 0},
};

static void lengths(fuzz_input *input)
{
    uint64_t choice = take(input, 1);
    uint32_t code = choice & 0x80 ? (uint32_t)take(input, 4) : codes[choice % (sizeof codes / sizeof codes[0])].code;
    uint64_t in = take(input, choice & 0x40 ? 8 : 1);
    uint64_t out = take(input, choice & 0x20 ? 8 : 2);
    uint32_t cpus = 1 + (uint32_t)take(input, 2) % RV_MAX_CPUS;

    rv_ioctl_verdict verdict = rv_ioctl_check_lengths(code, in, out, cpus);
    const uint32_t count = sizeof codes / sizeof codes[0];
    uint32_t i = 0;
    while (i < count && codes[i].code != code) {
        i++;
    }
    if (i == count) {
        REQUIRE(verdict == RV_IOCTL_UNKNOWN);
        REQUIRE(rv_ioctl_input_bytes(code) == 0 && rv_ioctl_output_bytes(code, cpus) == 0);
        return;
    }
    uint64_t answer = codes[i].output + (code == 0x22e008 ? 8ull * cpus : 0);
    REQUIRE(verdict == (in != codes[i].input ? RV_IOCTL_BAD_INPUT
                        : out < answer       ? RV_IOCTL_SMALL_OUTPUT
                                             : RV_IOCTL_FINE));
    REQUIRE(rv_ioctl_input_bytes(code) == codes[i].input);
    /* Statistics have grown since; who asks with the first length gets what that holds. */
    REQUIRE(rv_ioctl_output_bytes(code, cpus) == answer + (code == 0x22e010 ? 24 : 0));
}

static void configure(fuzz_input *input)
{
    uint64_t choice = take(input, 1);
    rv_ioctl_configure request = {.ring_bytes = choice & 0x80 ? take(input, 8) : 1ull << (choice & 63),
                                  .ring_mode = (uint32_t)take(input, choice & 0x40 ? 4 : 1),
                                  .order_mode = (uint32_t)take(input, choice & 0x40 ? 4 : 1)};
    uint32_t cpus = (uint32_t)take(input, 2);
    bool power = request.ring_bytes != 0 && (request.ring_bytes & (request.ring_bytes - 1)) == 0;
    bool good = cpus >= 1 && cpus <= 2048 && power && request.ring_bytes >= 4096 && request.ring_bytes <= 1073741824 &&
                (request.ring_mode == 1 || request.ring_mode == 2) &&
                (request.order_mode == 1 || request.order_mode == 2) && request.ring_bytes <= 4294967296ull / cpus;
    REQUIRE(rv_ioctl_check_configure(&request, cpus) == good);
    if (good) {
        rv_session_config config = {.cpu_count = cpus,
                                    .ring_mode = request.ring_mode,
                                    .order_mode = request.order_mode,
                                    .ring_bytes = request.ring_bytes,
                                    .qpc_frequency = 1};
        rv_geometry geometry;
        REQUIRE(rv_session_geometry(&config, &geometry) == RV_OK);
        REQUIRE(geometry.rings_offset >= geometry.consumer_offset + (uint64_t)cpus * RV_PAGE);
        REQUIRE(geometry.ring_stride >= RV_PAGE + request.ring_bytes);
        REQUIRE((geometry.image_bytes - geometry.rings_offset) / geometry.ring_stride == cpus);
    }
}

static void capture(fuzz_input *input)
{
    rv_ioctl_capture request = {.mask = (uint32_t)take(input, 4), .reserved = (uint32_t)take(input, 1)};
    REQUIRE(rv_ioctl_check_capture(&request) == (request.mask < 64 && request.reserved == 0));
}

/* A name is what strlen and isgraph say, and nothing behind it is left for a reader to find. */
static void name(fuzz_input *input)
{
    rv_ioctl_stacks stacks;
    char text[RV_LOGGER_NAME_BYTES];
    bool good = true, ended = false;
    for (uint32_t i = 0; i < sizeof text; i++) {
        text[i] = (char)take(input, 1);
        ended = ended || text[i] == '\0';
        good = good && (ended ? text[i] == '\0' : text[i] >= 0x21 && text[i] <= 0x7e);
    }
    good = good && ended && text[0] != '\0';
    REQUIRE(rv_ioctl_check_name(text) == good);
    memcpy(stacks.name, text, sizeof text);
    stacks.levels = (uint32_t)take(input, 4);
    stacks.reserved = (uint32_t)take(input, 1);
    REQUIRE(rv_ioctl_check_stacks(&stacks) == (good && stacks.reserved == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    switch (take(&input, 1) % 4) {
    case 0:
        lengths(&input);
        break;
    case 1:
        configure(&input);
        break;
    case 2:
        capture(&input);
        break;
    default:
        name(&input);
        break;
    }
    return 0;
}
