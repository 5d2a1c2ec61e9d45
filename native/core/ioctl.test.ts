import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BOOT_FAILED, BOOT_VALUES, bootOutcome, STANDARD, START_TYPES } from './boot.ts';
import { EVERYTHING, type EventFilter } from './event-filter.ts';
import {
  attachBytes,
  attachRequest,
  CAPTURE,
  CAPTURE_NAMES,
  CAPTURES_WITH_PATH,
  captureMask,
  captureNames,
  captureRequest,
  checkVersion,
  configureRequest,
  eventFilterRequest,
  FILTERED_CAPTURES,
  holderOf,
  IOCTL,
  IOCTL_ATTACH_HEADER_BYTES,
  IOCTL_BYTES,
  IOCTL_MAX_TOTAL_BYTES,
  IOCTL_PROTOCOL,
  maskRequest,
  parseAttach,
  parseEventFilters,
  parseLoggers,
  parseStatistics,
  parseVersion,
  STATISTICS_LEAST,
  stacksRequest,
} from './ioctl.ts';

const header = readFileSync(new URL('../../driver/include/ringview/ioctl.h', import.meta.url), 'utf8');

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function literal(name: string): number {
  const found = new RegExp(`^#define ${name} (\\d+)u(?:ll)?$`, 'm').exec(header);
  expect(found, name).not.toBeNull();
  return Number(found?.[1]);
}

function u64(bytes: Uint8Array, at: number, value: number): Uint8Array {
  new DataView(bytes.buffer).setBigUint64(at, BigInt(value), true);
  return bytes;
}

function u32(bytes: Uint8Array, at: number, value: number): Uint8Array {
  new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
}

/** An attach reply for two CPUs. */
function reply(): Uint8Array {
  const bytes = new Uint8Array(attachBytes(2));
  u32(bytes, 0, IOCTL_PROTOCOL);
  u32(bytes, 4, 2);
  u32(bytes, 8, 77);
  u64(bytes, 16, 0x10000);
  u64(bytes, 24, 0x20000);
  u64(bytes, 32, 65536);
  u64(bytes, 40, 65536 + 4096);
  u64(bytes, 48, 0x30000);
  u64(bytes, 56, 0x7ff000050000);
  return bytes;
}

describe('control code twin', () => {
  it('has every code of the header, and no other', () => {
    const codes = [...header.matchAll(/^#define RV_IOCTL_(\w+) RV_IOCTL_CODE\((0x[0-9a-f]+)\)$/gm)];
    expect(codes.length).toBeGreaterThan(8);
    expect(header).toContain('#define RV_IOCTL_CODE(function) (0x22u << 16 | 3u << 14 | (uint32_t)(function) << 2)');
    expect(IOCTL).toEqual(
      Object.fromEntries(codes.map(([, name, number]) => [name, 0x22 * 65536 + 3 * 16384 + Number(number) * 4])),
    );
  });

  it('has the numbers of the header', () => {
    expect(literal('RV_IOCTL_PROTOCOL')).toBe(IOCTL_PROTOCOL);
    expect(literal('RV_IOCTL_MAX_TOTAL_BYTES')).toBe(IOCTL_MAX_TOTAL_BYTES);
    expect(literal('RV_IOCTL_ATTACH_HEADER_BYTES')).toBe(IOCTL_ATTACH_HEADER_BYTES);
    for (const [name, bit] of Object.entries(CAPTURE)) expect(literal(`RV_CAPTURE_${name}`)).toBe(bit);
    expect(literal('RV_CAPTURE_FILTERED')).toBe(captureMask(FILTERED_CAPTURES));
    expect(literal('RV_CAPTURE_WITH_PATH')).toBe(captureMask(CAPTURES_WITH_PATH));
    expect(literal('RV_CAPTURE_ALL')).toBe(Object.values(CAPTURE).reduce<number>((all, bit) => all | bit, 0));
  });

  it('has the values and bits of how a driver begins', () => {
    for (const [parameter, name] of Object.entries(BOOT_VALUES)) {
      const constant = `RV_BOOT_${parameter.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
      expect(header).toContain(`#define ${constant}_NAME L"${name}"`);
      const bit = literal(constant);
      expect(bootOutcome({ startType: 1, set: bit, ignored: bit, failed: bit })).toEqual({
        ...{ start: 'system', set: [name], ignored: [name], refused: [name], unread: false, unlinked: false },
      });
    }
    for (const [at, name] of START_TYPES.entries()) expect(literal(`RV_START_${name.toUpperCase()}`)).toBe(at);
    expect(literal('RV_IOCTL_DEFAULT_RING_BYTES')).toBe(STANDARD.ringBytes);
    expect(literal('RV_IOCTL_STATISTICS_LEAST')).toBe(STATISTICS_LEAST);
    expect(header).toMatch(new RegExp(`^#define RV_BOOT_REGISTRY ${BOOT_FAILED.REGISTRY}u`, 'm'));
    expect(header).toMatch(new RegExp(`^#define RV_BOOT_LINK ${BOOT_FAILED.LINK}u`, 'm'));
  });

  it('has the sizes of the header', () => {
    const sizes = [...header.matchAll(/^RV_ASSERT_SIZE\(rv_ioctl_(\w+), (\d+)\);$/gm)];
    const twin = new Map<string, number>(Object.entries(IOCTL_BYTES));
    expect(sizes.length).toBeGreaterThan(5);
    for (const [, name = '', bytes] of sizes) expect(twin.get(camel(name)), name).toBe(Number(bytes));
  });

  it('reads the fields where the header has them', () => {
    const offsets = new Map(
      [...header.matchAll(/^RV_ASSERT_OFFSET\(rv_ioctl_(\w+), (\w+), (\d+)\);$/gm)].map(([, type, field, at]) => [
        `${type}.${field}`,
        Number(at),
      ]),
    );
    const statistics = new Uint8Array(IOCTL_BYTES.statistics);
    u64(statistics, offsets.get('statistics.lost') ?? 0, 5);
    u64(statistics, offsets.get('statistics.no_ring') ?? 0, 6);
    u32(statistics, offsets.get('statistics.attached_drivers') ?? 0, 7);
    u32(statistics, offsets.get('statistics.dbgprint_renewals') ?? 0, 8);
    expect(parseStatistics(statistics)).toMatchObject({
      value: { lost: 5, noRing: 6, attachedDrivers: 7, dbgprintRenewals: 8 },
    });
    for (const [at, field] of ['start_type', 'boot_set', 'boot_ignored', 'boot_failed'].entries()) {
      u32(statistics, offsets.get(`statistics.${field}`) ?? 0, [0, 1, 8, 48][at] ?? 0);
    }
    u64(statistics, 48, 3);
    u64(statistics, offsets.get('statistics.lost_quota') ?? 0, 2);
    expect(parseStatistics(statistics)).toMatchObject({
      value: {
        losses: [
          ['full', 3],
          ['quota', 2],
        ],
        boot: { startType: 0, set: 1, ignored: 8, failed: 48 },
      },
    });
    const version = new Uint8Array(IOCTL_BYTES.version);
    u32(version, offsets.get('version.cpu_count') ?? 0, 3);
    u32(version, offsets.get('version.captures') ?? 0, 9);
    version.set([0x72, 0x76, 0x01], offsets.get('version.driver'));
    expect(parseVersion(version)).toMatchObject({ value: { cpuCount: 3, captures: 9, driver: 'rv?' } });
    expect(holderOf(reply())).toBe(77);
    expect(offsets.get('attach.reader_pid')).toBe(8);
  });
});

describe('loggers', () => {
  const offset = (field: string): number =>
    Number(new RegExp(`^RV_ASSERT_OFFSET\\(rv_ioctl_${field}, (\\d+)\\);$`, 'm').exec(header)?.[1]);

  it('are read with their names and masks, empty places left out', () => {
    const bytes = new Uint8Array(IOCTL_BYTES.loggers);
    bytes.set(new TextEncoder().encode('nic'), 3 * IOCTL_BYTES.logger);
    u64(bytes, 3 * IOCTL_BYTES.logger + offset('logger, off'), 2 ** 3 + 2 ** 31 + 2 ** 32);
    u32(bytes, 3 * IOCTL_BYTES.logger + offset('logger, attached'), 2);
    u32(bytes, 3 * IOCTL_BYTES.logger + offset('logger, stacks'), 2 ** 1 + 2 ** 31);
    bytes[IOCTL_BYTES.logger * 63] = 0x78;
    expect(parseLoggers(bytes)).toEqual({
      ok: true,
      value: [
        { name: 'nic', off: { levels: [3, 31], types: [0] }, stacks: [1, 31], attached: 2 },
        { name: 'x', off: { levels: [], types: [] }, stacks: [], attached: 0 },
      ],
    });
    expect(parseLoggers(bytes.subarray(1)).ok).toBe(false);
  });

  it('are masked by name, levels low and types high', () => {
    const request = maskRequest('nic', { levels: [0, 3, 300], types: [0, 7, 65535] });
    expect([...request.subarray(0, 4)]).toEqual([0x6e, 0x69, 0x63, 0]);
    expect(new DataView(request.buffer).getBigUint64(offset('mask, off'), true)).toBe(
      (1n << 0n) | (1n << 3n) | (1n << 31n) | (1n << 32n) | (1n << 39n) | (1n << 63n),
    );
    expect(request.length).toBe(IOCTL_BYTES.mask);
  });

  it('get stacks for levels by name, and nothing in what is reserved', () => {
    const request = stacksRequest('nic', [0, 1, 300]);
    expect([...request.subarray(0, 4)]).toEqual([0x6e, 0x69, 0x63, 0]);
    expect(new DataView(request.buffer).getUint32(offset('stacks, levels'), true)).toBe(2 ** 0 + 2 ** 1 + 2 ** 31);
    expect([...request.subarray(offset('stacks, levels') + 4)]).toEqual([0, 0, 0, 0]);
    expect(request.length).toBe(IOCTL_BYTES.stacks);
  });
});

describe('filters of events', () => {
  const filter: EventFilter = { pidMode: 'exclude', pids: [7], pathMode: 'include', paths: ['\\Run'] };

  it('are set for captures', () => {
    const request = eventFilterRequest(['image', 'registry'], filter);
    expect([...request.subarray(0, 20)]).toEqual([24, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0]);
    expect(request.length).toBe(IOCTL_BYTES.eventFilter);
  });

  it('are read by capture', () => {
    const reply = new Uint8Array(IOCTL_BYTES.eventFilters);
    reply.set(eventFilterRequest(['registry'], filter).subarray(8), 4 * 1104);
    const filters = parseEventFilters(reply);
    expect(filters.ok && [...filters.value]).toEqual([
      ['process', EVERYTHING],
      ['thread', EVERYTHING],
      ['image', EVERYTHING],
      ['registry', filter],
      ['handles', EVERYTHING],
    ]);
    expect(parseEventFilters(reply.subarray(1)).ok).toBe(false);
  });
});

describe('replies', () => {
  it('reads where the views are', () => {
    expect(parseAttach(reply())).toEqual({
      ok: true,
      value: { cpuCount: 2, ringBytes: 65536, session: 0x10000, consumers: 0x20000, rings: [0x30000, 0x7ff000050000] },
    });
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['nothing', () => new Uint8Array(0)],
    ['a part', (bytes) => bytes.subarray(0, 60)],
    ['no CPUs', (bytes) => u32(bytes, 4, 0)],
    ['too many CPUs', (bytes) => u32(bytes, 4, 4096)],
    ['another view size', (bytes) => u64(bytes, 40, 4096)],
    ['no session page', (bytes) => u64(bytes, 16, 0)],
    ['a missing ring', (bytes) => u64(bytes, 56, 0)],
  ])('refuses %s', (_, change) => {
    expect(parseAttach(change(reply()))).toMatchObject({ ok: false, failure: { code: 'bad-layout' } });
  });

  it('refuses replies that are cut short', () => {
    expect(parseVersion(new Uint8Array(39)).ok).toBe(false);
    expect(parseStatistics(new Uint8Array(159)).ok).toBe(false);
    expect(holderOf(new Uint8Array(11))).toBe(0);
  });

  it('takes replies that are just long enough, and as many CPUs as there may be', () => {
    const version = new Uint8Array(40);
    version.fill(0x41, 16);
    u32(version, 0, 1);
    u32(version, 4, 3 | (4 << 16));
    u32(version, 12, 5);
    // A name that fills its field has no end of its own.
    expect(parseVersion(version)).toMatchObject({
      value: { protocol: 1, layoutMajor: 3, layoutMinor: 4, captures: 5, driver: 'A'.repeat(24) },
    });
    const statistics = new Uint8Array(160);
    for (const [at, value] of [7, 8, 9, 10].entries()) u32(statistics, at * 4, value);
    u64(statistics, 24, 11);
    u64(statistics, 88, 12);
    expect(parseStatistics(statistics)).toMatchObject({
      value: {
        state: 7,
        readerPid: 8,
        cpuCount: 9,
        capturing: 10,
        written: 11,
        overwritten: 12,
        losses: [],
        boot: null,
      },
    });
    expect([holderOf(u32(new Uint8Array(12), 8, 5)), holderOf(u32(new Uint8Array(13), 8, 6))]).toEqual([5, 6]);
    const most = new Uint8Array(attachBytes(2048));
    most.set(reply().subarray(0, 48));
    u32(most, 4, 2048);
    for (let cpu = 0; cpu < 2048; cpu++) u64(most, 48 + 8 * cpu, 4096 * (cpu + 1));
    expect(parseAttach(most)).toMatchObject({ ok: true, value: { cpuCount: 2048 } });
    expect(parseAttach(most.subarray(0, -1)).ok).toBe(false);
    const more = new Uint8Array(attachBytes(2049));
    more.set(most);
    expect(parseAttach(u64(u32(more, 4, 2049), 48 + 8 * 2048, 4096)).ok).toBe(false);
    expect(parseVersion(new Uint8Array(40))).toMatchObject({ value: { driver: '' } });
    const one = u32(reply(), 4, 1);
    expect(parseAttach(one.subarray(0, 56))).toMatchObject({ ok: true, value: { rings: [0x30000] } });
  });

  it.each([16, 24, 48, 56])('refuses an address at byte %i that is none, or none that can be told exactly', (at) => {
    expect(parseAttach(u64(reply(), at, 2 ** 53 - 1)).ok).toBe(true);
    for (const address of [0, 2 ** 53]) {
      expect(parseAttach(u64(reply(), at, address))).toMatchObject({ ok: false, failure: { code: 'bad-layout' } });
    }
  });

  it('names captures by their bits, and bits by their captures', () => {
    expect(captureNames(CAPTURE.DBGPRINT | CAPTURE.IMAGE)).toEqual(['dbgprint', 'image']);
    expect([captureNames(0), captureNames(64)]).toEqual([[], []]);
    expect(captureMask(['process', 'thread', 'process'])).toBe(6);
    expect(captureMask([])).toBe(0);
    expect(CAPTURE_NAMES.map((name) => captureMask([name]))).toEqual([1, 2, 4, 8, 16, 32]);
  });

  it('judges versions', () => {
    const version = { protocol: 1, layoutMajor: 1, layoutMinor: 9, cpuCount: 1, captures: 0, driver: 'x.sys' };
    expect(checkVersion(version).ok).toBe(true);
    expect(checkVersion({ ...version, protocol: 2 })).toMatchObject({ failure: { code: 'bad-version' } });
    expect(checkVersion({ ...version, layoutMajor: 2 }).ok).toBe(true);
    expect(checkVersion({ ...version, layoutMajor: 3 })).toMatchObject({ failure: { code: 'bad-version' } });
  });
});

it('writes requests as the header lays them out', () => {
  // Version 1 is asked for what it writes.
  expect([...attachRequest(1)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
  expect([...attachRequest(2)]).toEqual([1, 0, 0, 0, 2, 0, 0, 0]);
  expect([...captureRequest(9)]).toEqual([9, 0, 0, 0, 0, 0, 0, 0]);
  expect([...configureRequest({ ringBytes: 65536, ringMode: 'drop', orderMode: 'index' })]).toEqual([
    0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
  ]);
  expect([...configureRequest({ ringBytes: 65536, ringMode: 'overwrite', orderMode: 'clock' })]).toEqual([
    0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0,
  ]);
});
