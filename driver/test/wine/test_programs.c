/*
 * test_programs.c - programs that log through the driver: a million records of two processes, and hostile ones.
 */
#include <stdlib.h>
#include <string.h>

#include "../../program/ringview_log.h"
#include "rig.h"
#include "ring_reader.h"
#include "tests.h"

#define RECORDS 500000u
#define TYPE 9u

typedef struct of_process {
    uint32_t pid;
    uint64_t read;
    uint64_t last;       /* number of the record before, plus one */
    uint64_t disordered; /* one that came before an earlier one */
} of_process;

typedef struct taken {
    of_process processes[2];
    uint64_t strangers; /* of another process, type or length */
} taken;

static void take(void *context, const rv_record *record, const uint8_t *data)
{
    taken *all = context;
    uint64_t content[8];
    if (record->origin != RV_ORIGIN_LOGGER + RV_LOGGER_PROGRAMS) {
        return;
    }
    for (uint32_t n = 0; n < 2 && record->type == TYPE && record->length == sizeof content; n++) {
        of_process *of = &all->processes[n];
        if (of->pid == record->pid) {
            memcpy(content, data, sizeof content);
            /* Of one ring the order is that of the process; the wine slots stand for CPUs, among which it moves. */
            of->disordered += content[1] != of->pid || content[0] >= RECORDS;
            of->read++;
            return;
        }
    }
    all->strangers++;
}

/* Child: logs RECORDS records of 64 bytes and says what became of them. */
void child_program(void)
{
    static rvp_log log;
    uint64_t content[8] = {0, GetCurrentProcessId()};
    need(rvp_open(&log) == ERROR_SUCCESS, "the device for programs opens");
    LARGE_INTEGER frequency, begin, end;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&begin);
    for (uint64_t n = 0; n < RECORDS; n++) {
        content[0] = n;
        rvp_data(&log, RV_LEVEL_INFO, TYPE, (uint32_t)n, content, sizeof content);
    }
    rvp_close(&log);
    QueryPerformanceCounter(&end);
    printf("# log.user.64B: %.0f ns a record\n",
           1e9 * (double)(end.QuadPart - begin.QuadPart) / (double)frequency.QuadPart / RECORDS);
    claim(log.attempted == RECORDS && log.written + log.lost + log.refused == RECORDS && log.unsent == 0,
          "a program knows what became of each record", "%llu written, %llu lost, %llu refused",
          (unsigned long long)log.written, (unsigned long long)log.lost, (unsigned long long)log.refused);
}

static rv_ioctl_program program(HANDLE device, uint32_t pid)
{
    static rv_ioctl_programs all;
    need(control(device, RV_IOCTL_PROGRAMS, NULL, 0, &all, sizeof all, NULL) == ERROR_SUCCESS, "programs");
    for (uint32_t n = 0; n < RV_PROGRAMS; n++) {
        if (all.programs[n].pid == pid) {
            return all.programs[n];
        }
    }
    return (rv_ioctl_program){0};
}

void test_programs(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    ring_reader reader;
    static taken all;
    HANDLE processes[2];
    need(configure(device, 4u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    for (uint32_t n = 0; n < 2; n++) {
        processes[n] = child(L"child-program");
        all.processes[n].pid = GetProcessId(processes[n]);
    }
    while (WaitForMultipleObjects(2, processes, TRUE, 0) != WAIT_OBJECT_0) {
        if (reader_poll(&reader, take, &all) == 0) {
            Sleep(1);
        }
    }
    while (reader_poll(&reader, take, &all) != 0) {
    }
    uint64_t lost = 0;
    for (uint32_t n = 0; n < 2; n++) {
        const of_process *of = &all.processes[n];
        rv_ioctl_program counted = program(device, of->pid);
        lost += counted.lost + counted.refused;
        claim(of->read + counted.lost + counted.refused == RECORDS && of->read == counted.written &&
                  of->disordered == 0,
              "a program: attempted = read + lost, under its own pid", "%llu read, %llu lost, %llu over its quota",
              (unsigned long long)of->read, (unsigned long long)counted.lost, (unsigned long long)counted.refused);
    }
    claim(all.strangers == 0, "and nothing of anybody else", "%llu", (unsigned long long)all.strangers);
    claim(reader.gaps + reader_trailing(&reader) == lost && reader.broken == 0,
          "what the reader misses is what they lost", "%llu", (unsigned long long)lost);
    uint64_t quota = 0;
    for (uint32_t cpu = 0; cpu < reader.cpus; cpu++) {
        quota += ((const rv_producer_page *)reader.rings[cpu])->lost_quota;
    }
    claim(quota == program(device, all.processes[0].pid).refused + program(device, all.processes[1].pid).refused,
          "losses by quota are counted by that cause", "%llu", (unsigned long long)quota);
    need(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach");
    reader_free(&reader);
    CloseHandle(device);
}

/* A hostile program: batches of any bytes, a flood, and requests that are not its to make. */
void test_hostile_program(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    need(attached_again(sample), "attached");
    need(configure(device, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    HANDLE handle = CreateFileW(RV_WRITE_DEVICE_PATH, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                OPEN_EXISTING, 0, NULL);
    need(handle != INVALID_HANDLE_VALUE, "the device for programs opens");
    static uint64_t batch[RV_WRITE_BYTES / 8 + 64];
    rv_write_answer answer;
    uint32_t taken_whole = 0, state = 1;
    for (uint32_t round = 0; round < 20000; round++) {
        for (uint32_t n = 0; n < 16; n++) {
            state = state * 1664525u + 1013904223u;
            batch[n] = (uint64_t)state << (state >> 27) & 0xffffffff000000ffull;
        }
        batch[0] = 1 | (uint64_t)(state >> 30) << 32;
        uint32_t bytes = round % 7 == 0 ? sizeof batch - round % 64 : round % 160;
        taken_whole += control(handle, RV_IOCTL_WRITE, batch, bytes, &answer, sizeof answer, NULL) == ERROR_SUCCESS;
    }
    claim(statistics(device).written + statistics(device).lost <= taken_whole * 3ull,
          "of batches of any bytes only whole ones are logged", "%u taken", taken_whole);
    bool refused = true;
    for (uint32_t code = 0x800; code < 0x840; code++) {
        refused =
            refused && control(handle, RV_IOCTL_CODE(code), batch, 32, batch, sizeof batch, NULL) != ERROR_SUCCESS;
    }
    claim(refused, "nothing else can be asked by that handle", "");

    /* It floods rings that nobody reads; a driver's records find room all the same. */
    uint32_t at = sizeof(rv_write_header), count = 0;
    memset(batch, 0, sizeof batch);
    for (; at + 80 <= RV_WRITE_BYTES; at += 80, count++) {
        rv_write_record record = {.length = 64, .type = TYPE};
        memcpy((uint8_t *)batch + at, &record, sizeof record);
    }
    memcpy(batch, &(rv_write_header){RV_WRITE_VERSION, count}, sizeof(rv_write_header));
    uint64_t over = 0, full = 0;
    for (uint32_t round = 0; round < 100; round++) {
        need(control(handle, RV_IOCTL_WRITE, batch, at, &answer, sizeof answer, NULL) == ERROR_SUCCESS, "write");
        over += answer.refused;
        full += answer.lost;
    }
    start_run(sample, 4000, 4, 0);
    need(run_ended(sample), "run ends");
    claim(over > 0 && full == 0 && run_status(sample).ok == 4000,
          "a program that floods loses records of its own, and a driver none", "%llu refused",
          (unsigned long long)over);
    CloseHandle(handle);
    CloseHandle(sample);
    CloseHandle(device);
}
