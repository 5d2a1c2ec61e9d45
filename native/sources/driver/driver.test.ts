/** The source of a driver, with a simulated driver's memory mapped in pieces and a control device of this test. */
import { afterEach, describe, expect, it } from 'vitest';
import { RowKind } from '../../core/entry.ts';
import { type AttachedViews, CAPTURE, type DriverStatistics } from '../../core/ioctl.ts';
import { RV } from '../../core/layout.ts';
import type { MappedMemory, Platform } from '../../core/platform.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { parseRingSession } from '../../core/ring-session.ts';
import { getPlatform } from '../../platform.ts';
import { planSimulator, SimulatedDriver } from '../../sim/index.ts';
import type { RingViewDevice } from '../../win32/ringview-device.ts';
import { openDriverSource, viewMemory } from './driver.ts';

const CPUS = 3;
let sessions = 0;
const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

/** A driver whose session is a simulated one, mapped through its own views. */
function createDevice(platform: Platform, mode: 'drop' | 'overwrite' = 'drop') {
  const name = `device.${process.pid}.${sessions++}`;
  let address = 0;
  // A driver maps into its reader what it writes itself; here both are this process.
  const noted: Platform = {
    ...platform,
    createImage: (...args) => {
      const created = platform.createImage(...args);
      if (created.ok) address = created.value.address;
      return created;
    },
  };
  const driver = unwrap(
    SimulatedDriver.create(unwrap(planSimulator({ name, cpus: CPUS, ringBytes: 65536, mode })), noted),
  );
  driver.start();
  cleanups.push(() => driver.close());
  const page = new Uint8Array(RV.PAGE);
  platform.copyOut(address, page, 0, page.length);
  const header = unwrap(parseRingSession(page, Number.MAX_SAFE_INTEGER));
  const { consumerOffset, ringsOffset, ringStride, ringBytes } = header;
  const views: AttachedViews = {
    cpuCount: CPUS,
    ringBytes,
    session: address,
    consumers: address + consumerOffset,
    rings: Array.from({ length: CPUS }, (_, cpu) => address + ringsOffset + cpu * ringStride),
  };
  const said: string[] = [];
  const state = { alive: true, captures: 0, capturing: 0, attached: ok(views) as Result<AttachedViews> };
  const device: RingViewDevice = {
    loggers: () => ok([]),
    mask: () => ok(undefined),
    stacks: () => ok(undefined),
    filters: () => ok(new Map()),
    filter: () => ok(undefined),
    version: {
      protocol: 1,
      layoutMajor: RV.VERSION_MAJOR,
      layoutMinor: 0,
      cpuCount: CPUS,
      get captures() {
        return state.captures;
      },
      driver: 'test.sys',
    },
    attach: () => state.attached,
    detach: () => said.push('detach'),
    alive: () => state.alive,
    statistics: () => ok({ capturing: state.capturing } as DriverStatistics),
    configure: () => ok(undefined),
    capture: (mask) => {
      said.push(`capture ${mask}`);
      return ok(mask);
    },
    stop: () => ok(undefined),
    close: () => said.push('close'),
  };
  let now = 0;
  const openDevice = (path: string): Result<RingViewDevice> => {
    said.push(path);
    return ok(device);
  };
  const open = (rest = '') => {
    const options = { platform, milliseconds: () => now, openDevice };
    return openDriverSource(rest, options);
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { driver, device, views, state, said, open, pass };
}

describe.skipIf(process.platform !== 'linux')('a driver as a source', () => {
  const platform = () => unwrap(getPlatform());

  it('is read through its views, every record of every CPU', () => {
    const { driver, open, said } = createDevice(platform());
    const source = unwrap(open());
    expect(source.info).toMatchObject({ name: 'driver:', producer: 'simulated driver', cpuCount: CPUS });
    driver.step(300);
    let rows = 0;
    for (let polls = 0; polls < 3; polls++) rows += source.poll(() => {}).rows;
    const cpus = source.stats().cpus;
    expect(rows).toBe(300);
    expect(cpus.map(({ read, ring }) => [read, ring?.attempted])).toEqual(cpus.map(({ read }) => [read, read]));
    expect(cpus.every(({ read }) => read > 0)).toBe(true);
    source.close(() => {});
    source.close(() => {});
    expect(said).toEqual(['RingView', 'close']);
  });

  it.each(['drop', 'overwrite'] as const)(
    'that nobody read since it began has the first or the last (%s), and all others as lost',
    (mode) => {
      const { driver, open } = createDevice(platform(), mode);
      driver.step(20_000);
      const source = unwrap(open());
      const before = source.info.ring?.lostBefore ?? 0;
      const kinds: boolean[] = [];
      for (let polls = 0; polls < 6; polls++) {
        source.poll((batch) => {
          for (let row = 0; row < batch.count; row++) {
            kinds.push(batch.kind[row] === RowKind.Gap);
          }
        });
      }
      source.close(() => {});
      const { cpus } = source.stats();
      const read = cpus.reduce((sum, cpu) => sum + cpu.read, 0);
      const lost = cpus.reduce((sum, cpu) => sum + cpu.lost, 0);
      expect([read + lost, before]).toEqual([20_000, lost]);
      expect(before).toBeGreaterThan(10_000);
      // Where the newest are kept, what is missing is the first thing that a person sees; else it follows what there is.
      expect(kinds[0]).toBe(mode === 'overwrite');
      const ends = cpus.map(({ firstIndex, lastIndex }) => (mode === 'overwrite' ? lastIndex : firstIndex) ?? -1);
      expect(mode === 'overwrite' ? Math.max(...ends) : Math.min(...ends)).toBe(mode === 'overwrite' ? 20_000 : 1);
      expect(unwrap(open()).info.ring).not.toHaveProperty('lostBefore');
    },
  );

  it('ends with the session and is gone with the device, after what was left', () => {
    for (const ending of ['ended', 'gone'] as const) {
      const { driver, state, open, pass } = createDevice(platform());
      const source = unwrap(open('Other'));
      expect(source.info.name).toBe('driver:Other');
      driver.step(30);
      if (ending === 'ended') driver.stop();
      else state.alive = false;
      pass(1000);
      let rows = 0;
      for (let polls = 0; polls < 3; polls++) rows += source.poll(() => {}).rows;
      expect([rows, source.stats().state]).toEqual([30, ending]);
      source.close(() => {});
    }
  });

  it('switches the capture of DbgPrint on, beside what runs, where there is one', () => {
    const device = createDevice(platform());
    device.state.captures = CAPTURE.DBGPRINT | CAPTURE.PROCESS;
    device.state.capturing = CAPTURE.PROCESS;
    unwrap(device.open()).close(() => {});
    expect(device.said).toEqual(['RingView', `capture ${CAPTURE.DBGPRINT | CAPTURE.PROCESS}`, 'close']);
    device.said.length = 0;
    device.state.capturing = CAPTURE.DBGPRINT;
    unwrap(device.open()).close(() => {});
    unwrap(device.open('Other')).close(() => {});
    expect(device.said).toEqual(['RingView', 'close', 'Other', 'close']);
  });

  it('lets go of the device when it cannot be read', () => {
    const device = createDevice(platform());
    device.state.attached = fail('source-busy', 'x.exe reads', 'close it');
    expect(device.open()).toMatchObject({ ok: false, failure: { code: 'source-busy' } });
    device.state.attached = ok({ ...device.views, cpuCount: CPUS - 1 });
    expect(device.open()).toMatchObject({ ok: false });
    expect(device.said).toEqual(['RingView', 'close', 'RingView', 'close']);
  });
});

it('refuses what is no device name, and everything off Windows', () => {
  for (const name of ['a b', '..\\x', 'x/y', 'x'.repeat(65)]) {
    expect(openDriverSource(name)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  }
  if (process.platform === 'win32') return;
  expect(openDriverSource('')).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
});

it('finds each place of an image in the view that holds it', () => {
  const touched: number[] = [];
  const mapped: MappedMemory = {
    read: (address) => touched.push(address),
    copyOut: (address) => touched.push(address),
    write: (address) => touched.push(address),
    copyIn: () => expect.unreachable('written into a ring'),
    barrier: () => {},
  };
  const header = { consumerOffset: 65536, ringsOffset: 131072, ringStride: 65536 * 2 };
  const views = { cpuCount: 2, ringBytes: 65536, session: 0x1000_0000, consumers: 0x2000_0000, rings: [7e8, 3e8] };
  const memory = viewMemory(views, header, mapped);
  const words = new Uint32Array(2);
  memory.read(256, words);
  memory.read(65536 + 4096 + 64, words);
  memory.writeConsumer(65536 + 4096 + 64, words);
  memory.read(131072 + 8, words);
  memory.copyOut(131072 + 131072 - 1, new Uint8Array(1), 0, 1);
  memory.copyOut(131072 + 131072 + 4096, new Uint8Array(1), 0, 1);
  const consumer = 0x2000_0000 + 4096 + 64;
  expect(touched).toEqual([0x1000_0000 + 256, consumer, consumer, 7e8 + 8, 7e8 + 131071, 3e8 + 4096]);
});
