/*
 * network_test.c - ringview-net.sys over the shim: what the filter engine tells becomes records, whatever it leaves out; the
 * engine comes and goes; and each call into the system fails once.
 */
#include "observed_test.h"

#include "../../network/layers.h"

enum {
    ESTABLISHED_4,
    ESTABLISHED_6,
    LISTEN_4,
    LISTEN_6,
    CLOSURE_4,
    CLOSURE_6
};

/* Values of a layer as the engine hands them over. */
typedef struct layer_values {
    FWPS_INCOMING_VALUE0 value[16];
    FWPS_INCOMING_VALUES0 values;
    FWPS_INCOMING_METADATA_VALUES0 metadata;
    FWP_BYTE_ARRAY16 local, remote;
    FWP_BYTE_BLOB program, process;
} layer_values;

static uint16_t program[] = u"\\device\\harddiskvolume3\\nic.exe", process[] = u"\\device\\harddiskvolume3\\Tool.exe";

static void put(layer_values *of, uint32_t field, FWP_VALUE0 value)
{
    of->value[field].value = value;
}

/* A TCP connection of process 77 from port 5000 to port 443. */
static layer_values *connection(uint32_t layer, uint64_t endpoint)
{
    static layer_values it;
    memset(&it, 0, sizeof it);
    bool six = layer % 2 != 0, listens = layer / 2 == 1;
    for (uint32_t i = 0; i < 16; i++) {
        it.local.byteArray16[i] = (uint8_t)(0x20 + i);
        it.remote.byteArray16[i] = (uint8_t)(0x80 + i);
    }
    it.program = (FWP_BYTE_BLOB){sizeof program, (UINT8 *)program};
    it.process = (FWP_BYTE_BLOB){sizeof process, (UINT8 *)process};
    put(&it, 0, (FWP_VALUE0){.type = FWP_BYTE_BLOB_TYPE, .byteBlob = &it.program});
    put(&it, 2,
        six ? (FWP_VALUE0){.type = FWP_BYTE_ARRAY16_TYPE, .byteArray16 = &it.local}
            : (FWP_VALUE0){.type = FWP_UINT32, .uint32 = 0xc0a80102u});
    put(&it, 4, (FWP_VALUE0){.type = FWP_UINT16, .uint16 = 5000});
    if (!listens) {
        put(&it, 5, (FWP_VALUE0){.type = FWP_UINT8, .uint8 = 6});
        put(&it, 6,
            six ? (FWP_VALUE0){.type = FWP_BYTE_ARRAY16_TYPE, .byteArray16 = &it.remote}
                : (FWP_VALUE0){.type = FWP_UINT32, .uint32 = 0x5db8d822u});
        put(&it, 7, (FWP_VALUE0){.type = FWP_UINT16, .uint16 = 443});
    }
    put(&it, 12, (FWP_VALUE0){.type = FWP_UINT32, .uint32 = FWP_DIRECTION_OUTBOUND});
    it.values = (FWPS_INCOMING_VALUES0){(UINT16)layer, 16, it.value};
    it.metadata = (FWPS_INCOMING_METADATA_VALUES0){
        .currentMetadataValues = FWPS_METADATA_FIELD_PROCESS_ID | FWPS_METADATA_FIELD_TRANSPORT_ENDPOINT_HANDLE,
        .processId = 77,
        .transportEndpointHandle = endpoint,
    };
    return &it;
}

static uint32_t tell(uint32_t layer, const layer_values *of)
{
    return shim_classify(&rv_layers[layer].layer, &of->values, &of->metadata, FWPS_RIGHT_ACTION_WRITE, DISPATCH_LEVEL);
}

static const rv_event_network *event_of(const shim_record *record)
{
    return (const rv_event_network *)(const void *)record->data;
}

static void unload(void)
{
    driver.DriverUnload(&driver);
}

/* ---- what is reported ------------------------------------------------------------------------------------------- */

static void test_operations(void)
{
    static const uint8_t local4[4] = {192, 168, 1, 2}, remote4[4] = {0x5d, 0xb8, 0xd8, 0x22};
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    shim_ringview_arrives();
    expect(load(), "it loads");
    expect(shim_engine_filters() == RV_LAYERS, "a filter for each layer");
    hostile_requests(RV_OBSERVE_NETWORK_ALL);
    expect(state().settings.operations == RV_OBSERVE_NETWORK_ALL && state().attached == 1 && state().engine_code == 0,
           "everything is on at first");
    for (uint32_t version = 0; version < 2; version++) {
        forget_records();
        layer_values *of = connection(ESTABLISHED_4 + version, 0xaaa0);
        expect(tell(ESTABLISHED_4 + version, of) == 1, "one callout a layer");
        of->value[12].value.uint32 = FWP_DIRECTION_INBOUND;
        (void)tell(ESTABLISHED_4 + version, of);
        (void)tell(LISTEN_4 + version, connection(LISTEN_4 + version, 0xbbb0));
        (void)tell(CLOSURE_4 + version, connection(CLOSURE_4 + version, 0xaaa0));
        const shim_record *records = logged(4, "connect, accept, listen, close");
        for (uint32_t n = 0; n < 4; n++) {
            static const uint32_t operations[] = {RV_NETWORK_CONNECT, RV_NETWORK_ACCEPT, RV_NETWORK_LISTEN,
                                                  RV_NETWORK_CLOSE};
            const rv_event_network *event = event_of(&records[n]);
            bool listens = n == 2;
            expect(records[n].type == RV_TYPE_NETWORK && records[n].length == 72 + event->path_bytes,
                   "a record of its type and length");
            expect(event->operation == operations[n] && event->pid == 77 && event->protocol == 6 && event->flags == 0 &&
                       event->family == (version == 0 ? 4 : 6) && event->local_port == 5000 &&
                       event->remote_port == (listens ? 0 : 443) && event->endpoint == (listens ? 0xbbb0u : 0xaaa0u),
                   "what, whose, and from where to where");
            static const uint8_t nothing[16];
            expect(version == 1 ? event->local[0] == 0x20 && event->local[15] == 0x2f
                                : memcmp(event->local, local4, 4) == 0 && memcmp(event->local + 4, nothing, 12) == 0,
                   "the local address in the order of the network");
            expect(listens        ? memcmp(event->remote, nothing, 16) == 0
                   : version == 1 ? event->remote[0] == 0x80 && event->remote[15] == 0x8f
                                  : memcmp(event->remote, remote4, 4) == 0,
                   "the remote one");
            expect(has_text(&records[n], 72, event->path_bytes, "\\device\\harddiskvolume3\\nic.exe"), "the program");
            expect((event->duration != 0) == (n == 3), "a close says how long it was");
        }
    }
    forget_records();
    layer_values *of = connection(ESTABLISHED_4, 0xccc0);
    of->metadata.currentMetadataValues |= FWPS_METADATA_FIELD_PROCESS_PATH;
    of->metadata.processPath = &of->process;
    expect(shim_classify(&rv_layers[ESTABLISHED_4].layer, &of->values, &of->metadata, 0, PASSIVE_LEVEL) == 1,
           "without the right to decide");
    const shim_record *record = logged(1, "it is reported all the same");
    expect(has_text(record, 72, event_of(record)->path_bytes, "\\device\\harddiskvolume3\\Tool.exe"),
           "the path of the process, where it is told");
    unload();
    shim_ringview_leaves();
}

/* The clock of the shim goes on by a tick of 100 ns whenever it is asked. */
static uint64_t duration_of_close(uint64_t endpoint)
{
    forget_records();
    (void)tell(CLOSURE_4, connection(CLOSURE_4, endpoint));
    return event_of(logged(1, "a close"))->duration;
}

static void test_durations(void)
{
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    shim_ringview_arrives();
    expect(load(), "it loads");
    (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
    expect(duration_of_close(0x40) == 100, "a tick");
    expect(duration_of_close(0x40) == 0, "an endpoint closes once");
    expect(duration_of_close(0x80) == 0, "one that was not seen to be connected");
    (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
    shim_tick();
    (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
    expect(duration_of_close(0x40) == 100, "TCP: a socket that is used again begins anew");
    layer_values *of = connection(ESTABLISHED_4, 0x40);
    of->value[5].value.uint8 = 17;
    (void)tell(ESTABLISHED_4, of);
    shim_tick();
    (void)tell(ESTABLISHED_4, of);
    expect(duration_of_close(0x40) > 100000000, "UDP: since the first of its peers");

    /* Closes that nobody looked at: what was connected then must not come back with its time. */
    of->value[5].value.uint8 = 17;
    (void)tell(ESTABLISHED_4, of);
    switch_on(RV_OBSERVE(RV_NETWORK_CONNECT));
    (void)tell(CLOSURE_4, connection(CLOSURE_4, 0x40));
    shim_tick();
    switch_on(RV_OBSERVE_NETWORK_ALL);
    expect(duration_of_close(0x40) == 0, "a close after a gap");
    of = connection(ESTABLISHED_4, 0x40);
    of->value[5].value.uint8 = 17;
    (void)tell(ESTABLISHED_4, of);
    expect(duration_of_close(0x40) == 100, "and a new connection after it");

    /* More at once than the table has room for. */
    for (uint32_t n = 1; n < 20000; n++) {
        (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40u * n));
    }
    expect(state().no_room > 1000, "what has no room is counted");
    unload();
    shim_ringview_leaves();
}

/* ---- what is not reported --------------------------------------------------------------------------------------- */

static void test_choice(void)
{
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    expect(load(), "it loads without ringview.sys");
    expect(state().attached == 0, "and says so");
    forget_records();
    (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
    (void)logged(0, "nobody to log to");
    shim_ringview_arrives();
    expect(state().attached == 1, "ringview.sys comes");

    for (uint32_t operation = RV_NETWORK_CONNECT; operation <= RV_NETWORK_LISTEN; operation++) {
        switch_on(RV_OBSERVE(operation));
        layer_values *of = connection(ESTABLISHED_4, 0x40);
        (void)tell(ESTABLISHED_4, of);
        of->value[12].value.uint32 = FWP_DIRECTION_INBOUND;
        (void)tell(ESTABLISHED_4, of);
        (void)tell(CLOSURE_4, connection(CLOSURE_4, 0x40));
        (void)tell(LISTEN_4, connection(LISTEN_4, 0x40));
        expect(event_of(logged(1, "one of four"))->operation == operation, "the one that is on");
    }
    static const struct {
        uint32_t left_out, pid, mode, records;
        const char *part, *what;
    } choices[] = {
        {77, 0, 0, 0, NULL, "the reader itself"},
        {78, 0, 0, 1, NULL, "another reader"},
        {0, 77, RV_FILTER_EXCLUDE, 0, NULL, "a process that is left out"},
        {0, 78, RV_FILTER_INCLUDE, 0, NULL, "one that is not among them"},
        {0, 77, RV_FILTER_INCLUDE, 1, NULL, "one that is"},
        {77, 77, RV_FILTER_INCLUDE, 0, NULL, "the reader is never among them"},
        {0, 0, RV_FILTER_INCLUDE, 1, "NIC.EXE", "a program by a part of its path"},
        {0, 0, RV_FILTER_EXCLUDE, 0, "nic", "and without it"},
        {0, 0, RV_FILTER_INCLUDE, 0, "other", "another program"},
    };
    for (uint32_t n = 0; n < sizeof choices / sizeof choices[0]; n++) {
        rv_observe_settings wanted = settings_of(RV_OBSERVE_NETWORK_ALL);
        wanted.left_out_pid = choices[n].left_out;
        if (choices[n].pid != 0) {
            wanted.filter = only_pid(choices[n].pid, choices[n].mode);
        } else if (choices[n].part != NULL) {
            wanted.filter = only_path(choices[n].part, choices[n].mode);
        }
        expect(set(&wanted) == STATUS_SUCCESS, choices[n].what);
        (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
        (void)logged(choices[n].records, choices[n].what);
    }
    switch_on(RV_OBSERVE_NETWORK_ALL);
    shim_ringview_mask(RV_NETWORK_LOGGER, rv_mask_type(RV_TYPE_NETWORK));
    (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
    (void)logged(0, "off by the mask of its logger");
    shim_ringview_mask(RV_NETWORK_LOGGER, 0);
    shim_ringview_full(true);
    (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
    shim_ringview_full(false);
    expect(state().lost == 1, "what the rings refuse is counted");
    shim_ringview_leaves();
    (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
    (void)logged(0, "ringview.sys is gone");
    unload();
}

/* ---- what the engine leaves out, or should not say ---------------------------------------------------------------- */

static void tell_raw(uint32_t layer, const FWPS_INCOMING_VALUES0 *values,
                     const FWPS_INCOMING_METADATA_VALUES0 *metadata)
{
    (void)shim_classify(&rv_layers[layer].layer, values, metadata, FWPS_RIGHT_ACTION_WRITE, DISPATCH_LEVEL);
}

static void test_hostile(void)
{
    static uint16_t odd[] = u"ab";
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    shim_ringview_arrives();
    expect(load(), "it loads");
    for (uint32_t layer = 0; layer < RV_LAYERS; layer++) {
        forget_records();
        tell_raw(layer, NULL, NULL);
        layer_values *of = connection(layer, 0x40);
        FWPS_INCOMING_VALUES0 none = {(UINT16)layer, 16, NULL}, few = {(UINT16)layer, 1, of->value};
        tell_raw(layer, &none, NULL);
        tell_raw(layer, &few, &of->metadata);
        of->value[0].value.byteBlob = NULL;
        of->value[2].value.byteArray16 = NULL;
        of->value[2].value.type = layer % 2 == 0 ? FWP_UINT64 : FWP_BYTE_ARRAY16_TYPE;
        of->value[4].value.type = FWP_EMPTY;
        of->metadata.currentMetadataValues = FWPS_METADATA_FIELD_PROCESS_PATH; /* and nothing there */
        tell_raw(layer, &of->values, &of->metadata);
        const shim_record *records = logged(4, "what there is of it");
        for (uint32_t n = 0; n < 4; n++) {
            const rv_event_network *event = event_of(&records[n]);
            expect(event->local_port == 0 && event->local[0] == 0 && event->pid == (n == 2 ? 77u : 0u) &&
                       event->family == (layer % 2 == 0 ? 4 : 6),
                   "what is missing is 0");
            expect(n == 2 ? event->path_bytes != 0 && event->flags == 0
                          : event->path_bytes == 0 && event->flags == RV_EVENT_PATH_UNKNOWN,
                   "and a path that is missing is flagged");
        }
        /* Blobs: without bytes, with an odd one, with NULs only, without text. */
        FWP_BYTE_BLOB blobs[] = {
            {0, (UINT8 *)odd}, {5, (UINT8 *)odd}, {2, (UINT8 *)&odd[2]}, {8, NULL}, {1, (UINT8 *)odd}};
        for (uint32_t n = 0; n < 5; n++) {
            of->value[0].value.byteBlob = &blobs[n];
            of->value[0].value.type = FWP_BYTE_BLOB_TYPE;
            tell_raw(layer, &of->values, NULL);
            const shim_record *record = logged(1, "a blob");
            expect(n == 1 ? has_text(record, 72, event_of(record)->path_bytes, "ab")
                          : event_of(record)->flags == RV_EVENT_PATH_UNKNOWN,
                   "is read as far as it goes");
        }
    }
    static uint16_t endless[4000];
    for (uint32_t i = 0; i < 4000; i++) {
        endless[i] = (uint16_t)('a' + i % 26);
    }
    layer_values *of = connection(ESTABLISHED_4, 0x40);
    of->program = (FWP_BYTE_BLOB){sizeof endless, (UINT8 *)endless};
    (void)tell(ESTABLISHED_4, of);
    const shim_record *record = logged(1, "a path without an end");
    expect(event_of(record)->path_bytes == RV_EVENT_PATH_BYTES && event_of(record)->flags == RV_EVENT_PATH_CUT &&
               record->data[record->length - 1] == (uint8_t)endless[3999],
           "keeps its end, and is flagged");
    unload();
    shim_ringview_leaves();
}

/* ---- the engine comes and goes ---------------------------------------------------------------------------------- */

static void test_engine(void)
{
    shim_ringview_arrives();
    shim_engine_becomes(FWPM_SERVICE_STOPPED);
    expect(load() && shim_engine_filters() == 0, "it loads before the engine");
    expect(state().engine_code == 0, "which is no failure");
    shim_engine_becomes(FWPM_SERVICE_START_PENDING);
    expect(shim_engine_filters() == 0, "and waits");
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    expect(shim_engine_filters() == RV_LAYERS, "until it runs, told twice or not");
    shim_engine_becomes(FWPM_SERVICE_STOP_PENDING);
    expect(shim_engine_filters() == 0, "it stops");
    shim_engine_becomes(FWPM_SERVICE_STOPPED);
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    expect(shim_engine_filters() == RV_LAYERS, "and runs again");
    shim_engine_becomes(FWPM_SERVICE_STOPPED);
    expect(shim_engine_filters() == 0, "it dies without a word before");
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
    (void)logged(1, "and the filters are there again");
    /* A callout that is just called, and one that is just being registered. */
    shim_callouts_busy(7);
    unload();
    expect(shim_nothing_held(), "it goes when its callouts do");
    shim_ringview_leaves();
}

/* The whole life, with whatever fails. A driver that does not load has left nothing behind; one that does can be stopped. */
static void life(void)
{
    shim_engine_becomes(FWPM_SERVICE_RUNNING);
    shim_ringview_arrives();
    bool loaded = load();
    expect(loaded || shim_failed() != NULL, "it loads unless something fails");
    if (loaded) {
        rv_observe_state now = state();
        expect(shim_engine_filters() == (now.engine_code == 0 ? RV_LAYERS : 0u),
               "all filters are there, or none and it is told");
        (void)tell(ESTABLISHED_4, connection(ESTABLISHED_4, 0x40));
        (void)tell(CLOSURE_4, connection(CLOSURE_4, 0x40));
        (void)logged(now.attached != 0 && now.engine_code == 0 ? 2 : 0, "and what they tell is logged");
        /* What could not be added is added when the engine says again that it runs, and when it starts anew. */
        shim_engine_becomes(FWPM_SERVICE_RUNNING);
        expect(shim_engine_filters() == RV_LAYERS, "another attempt works");
        shim_engine_becomes(FWPM_SERVICE_STOPPED);
        shim_engine_becomes(FWPM_SERVICE_RUNNING);
        expect(shim_engine_filters() == (state().engine_code == 0 ? RV_LAYERS : 0u), "again");
        unload();
    }
    shim_ringview_leaves();
}

int main(void)
{
    test_operations();
    test_durations();
    test_choice();
    test_hostile();
    test_engine();
    fail_each(life);
    check(shim_violations() == 0, "no rule of the WDK is broken");
    check(shim_nothing_held(), "nothing is held");
    return report();
}
