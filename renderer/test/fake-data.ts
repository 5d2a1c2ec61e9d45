/** The rows and figures of a fake session, computed from its options: nothing is stored, so size costs nothing. */

import type { HistoryStatus } from '../../electron/contract/history.ts';
import type { DriverState } from '../../electron/contract/machine.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import type { CpuStats, SourceInfo, SourceState, SourceStatus, Status } from '../../electron/contract/status.ts';
import { LOSS_CAUSES, type LossCause } from '../../native/core/entry.ts';
import type { Failure } from '../../native/core/result.ts';

export interface FakeOptions {
  /** Rows the session starts with. */
  readonly rows: number;
  readonly cpus: number;
  /** Rows a second while time advances. */
  readonly rate: number;
  /** A gap row in place of every so many rows; 0 for none. */
  readonly gapEvery: number;
  /** Rows kept; older ones are dropped. */
  readonly keep: number;
  readonly state: SourceState | 'stopped' | 'none';
  readonly failure: Failure | null;
  readonly ringMode: 'drop' | 'overwrite';
  /** Whether rows have types and remarks. */
  readonly extras: boolean;
  readonly longText: boolean;
  /** Sources that deliver the rows. */
  readonly sources: number;
  readonly platform: 'linux' | 'win32';
  /** Where the driver stands on Windows. */
  readonly driver: DriverState;
  /** Whether the program has the rights of an administrator. */
  readonly elevated: boolean;
  /** Whether the processes of the rows have names. */
  readonly processes: boolean;
}

export const FAKE_DEFAULTS: FakeOptions = {
  rows: 0,
  cpus: 8,
  rate: 0,
  gapEvery: 0,
  keep: Number.POSITIVE_INFINITY,
  state: 'capturing',
  failure: null,
  ringMode: 'drop',
  extras: false,
  longText: false,
  sources: 1,
  platform: 'linux',
  driver: 'not-installed',
  elevated: true,
  processes: false,
};

export const FAKE_NAMES = ['sim:demo', 'sim:nicfilter', 'sim:storage', 'sim:usb'] as const;

const MESSAGES = [
  'IRP 0xffffa98f41c2e010 IRP_MJ_READ completed, status 0xc00000b5',
  'EvtIoDeviceControl: ioctl 0x222004, in 64, out 512',
  'DPC for queue 3 ran 412 us, over its budget of 100 us',
  'NicFilterSendNetBufferLists: 14 NBLs queued, 3 pending',
  'MmMapLockedPagesSpecifyCache returned 0xffffd00021b60000 for MDL 0xffffa98f40aa1c30',
  'pool tag Nflt: 1,204 allocations, 18 frees outstanding',
  'state machine: PowerUp -> Working (D0), 3.2 ms',
  'watchdog: no completion on channel 7 for 2000 ms, resetting',
] as const;

const LONG = `${'A long message of a driver that dumps its whole context: '}${Array.from({ length: 60 }, (_, i) => `field${i}=0x${(i * 2654435761).toString(16)}`).join(' ')}`;

function hash(n: number): number {
  let x = Math.imul((n ^ 0x9e3779b9) >>> 0, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Row `number` of the session, computed: always the same one. */
export function fakeRow(options: FakeOptions, number: number): LogRow {
  const { cpus, gapEvery, extras, longText } = options;
  const h = hash(number);
  const gap = gapEvery > 0 && number % gapEvery === gapEvery - 1;
  const timeNs = number * 10_000 + (h % 9_000);
  const roll = h % 100;
  const level = roll < 2 ? 0 : roll < 9 ? 1 : roll < 70 ? 2 : roll < 99 ? 3 : 6;
  const text = gap ? '' : longText && number % 7 === 3 ? LONG : MESSAGES[(h >>> 8) % MESSAGES.length]!;
  return {
    row: number,
    kind: gap ? 1 : 0,
    index: number + 1,
    timeNs,
    deltaNs: number === 0 ? null : timeNs - ((number - 1) * 10_000 + (hash(number - 1) % 9_000)),
    cpu: h % cpus,
    level,
    flags: gap ? 0 : h % 401 === 0 ? 64 : h % 307 === 0 ? 1 : 0,
    type: extras && number % 11 === 0 ? 7 : 0,
    origin: extras && number % 3 === 0 ? 1 : 0,
    pid: 4 + (h % 5) * 4,
    source: (h >>> 4) % options.sources,
    remarks: gap ? 1 + (h % 90) : extras ? h % 1000 : 0,
    text,
    textCut: false,
    length: text.length,
  };
}

/** What of a session changes while it runs. */
export interface FakeMoment {
  readonly atMs: number;
  readonly total: number;
  /** Number of the oldest row kept. */
  readonly oldest: number;
  readonly state: FakeOptions['state'];
  readonly capturing: boolean;
  readonly failure: Failure | null;
  readonly history: HistoryStatus;
  readonly memoryCapBytes: number;
}

/** Gap rows among `from..end-1`. */
export function gapsBetween({ gapEvery }: FakeOptions, from: number, end: number): number {
  return gapEvery > 0 ? Math.floor(end / gapEvery) - Math.floor(from / gapEvery) : 0;
}

export function fakeInfo(options: FakeOptions, name: string): SourceInfo {
  return {
    name,
    producer: 'simulated driver',
    cpuCount: options.cpus,
    identity: '00c0ffee12345678',
    startUnixMs: Date.UTC(2026, 2, 1, 9, 30),
    ring: { bytes: 1 << 20, mode: options.ringMode, order: 'index', sessionId: '00c0ffee12345678' },
  };
}

export function fakeStatus(options: FakeOptions, now: FakeMoment): Status {
  const { cpus, rate, ringMode } = options;
  const live = now.state === 'capturing' && now.capturing;
  const lost = gapsBetween(options, 0, now.total) * cpus;
  const causes = (count: number) =>
    Object.fromEntries(
      LOSS_CAUSES.map((cause) => [cause, cause === (ringMode === 'drop' ? 'full' : 'overwritten') ? count : 0]),
    ) as Record<LossCause, number>;
  const ringBytes = 1 << 20;
  const perCpu = (cpu: number): CpuStats => ({
    cpu,
    read: Math.floor(now.total / cpus),
    lost: lost / cpus,
    lostByCause: causes(lost / cpus),
    late: cpu === 1 ? 3 : 0,
    firstIndex: now.total > 0 ? 1 : null,
    lastIndex: now.total > 0 ? now.total : null,
    ring: {
      attempted: Math.floor(now.total / cpus) + lost / cpus,
      written: Math.floor(now.total / cpus),
      overwritten: 0,
      wrapped: Math.floor(now.total / cpus / 9000),
      badConsumer: 0,
      indexHoles: cpu === 2 ? 14 : 0,
      attemptedBefore: 0,
      pendingBytes: live ? Math.floor(ringBytes * 0.04 * ((hash(cpu + now.atMs) % 100) / 100)) : 0,
      ringBytes,
      peakPendingBytes: Math.floor(ringBytes * (cpu === 5 && lost > 0 ? 1 : 0.11)),
    },
  });
  const wave = 1 + 0.18 * Math.sin(now.atMs / 4000) + (hash(Math.floor(now.atMs / 250)) % 100) / 900;
  const rates = Array.from({ length: cpus }, (_, cpu) => ({ cpu, perSecond: live ? (rate * wave) / cpus : 0 }));
  const sourceOf = (id: number): SourceStatus => ({
    id,
    name: FAKE_NAMES[id] as string,
    info: fakeInfo(options, FAKE_NAMES[id] as string),
    state: !now.capturing && now.state !== 'failed' ? 'stopped' : id > 1 ? 'gone' : (now.state as SourceState),
    failure: now.failure,
    cpus: Array.from({ length: cpus }, (_, cpu) => perCpu(cpu)),
    perSecond: live ? (rate * wave) / options.sources : 0,
    rates,
    lost: lost / options.sources,
    rows: Math.floor(now.total / options.sources),
    records: Math.floor((now.total - gapsBetween(options, 0, now.total)) / options.sources),
  });
  const sources = now.state === 'none' ? [] : Array.from({ length: options.sources }, (_, id) => sourceOf(id));
  return {
    atMs: now.atMs,
    source: sources[0] ?? null,
    sources,
    sourceNames: sources.map(({ id, name }) => ({ id, name })),
    capturing: now.capturing,
    perSecond: live ? rate * wave : 0,
    rates,
    lost,
    lostByCause: causes(lost),
    late: now.total > 1000 ? 3 : 0,
    ringFill: live ? 0.04 : 0,
    peakRingFill: lost > 0 ? 1 : 0.11,
    memoryBytes: Math.min(now.memoryCapBytes, 8_000_000 + now.total * 42),
    memoryCapBytes: now.memoryCapBytes,
    evictedRows: now.oldest,
    evictedRecords: now.oldest - gapsBetween(options, 0, now.oldest),
    startUnixMs: Date.UTC(2026, 2, 1, 9, 30),
    history: now.history,
    levels: [0.02, 0.07, 0.61, 0.29, 0.01].map((share) => Math.floor(now.total * share)) as unknown as Status['levels'],
  };
}
