/** Rings in real shared memory: the simulated driver on one side, the source on the other. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RowFlag, RowKind } from '../../core/entry.ts';
import { PRODUCER, RV, SESSION } from '../../core/layout.ts';
import type { Platform } from '../../core/platform.ts';
import type { FailureCode, Result } from '../../core/result.ts';
import { rowsOf, type TestRow, testRandom } from '../../core/test-support.ts';
import { getPlatform } from '../../platform.ts';
import { loadLibc } from '../../posix/libc.ts';
import { O_RDWR, posixSystem } from '../../posix/system.ts';
import { type Exit, type RunningChild, startProgram } from '../../sim/child-output.ts';
import { planSimulator, SimulatedDriver, type SimulatorOptions, type SimulatorResult } from '../../sim/index.ts';
import { fnv1a } from '../../sim/messages.ts';
import { buildChild, resultOf, startChild } from '../../sim/spawn-child.ts';
import type { CpuStats, LogSource, SourceState } from '../source.ts';
import { openRingSource } from './ring.ts';

const linux = process.platform === 'linux';

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

function codeOf(result: Result<unknown>): FailureCode | 'ok' {
  return result.ok ? 'ok' : result.failure.code;
}

const cleanups: (() => void)[] = [];
let sessions = 0;

function freshName(): string {
  return `test.${process.pid}.${sessions++}`;
}

function platform(): Platform {
  return unwrap(getPlatform());
}

function createDriver(options: Partial<SimulatorOptions> = {}): { driver: SimulatedDriver; name: string } {
  const name = options.name ?? freshName();
  const plan = unwrap(planSimulator({ ringBytes: 65536, ...options, name }));
  const driver = unwrap(SimulatedDriver.create(plan, platform()));
  cleanups.push(() => driver.close());
  driver.start();
  return { driver, name };
}

function open(name: string, milliseconds?: () => number): LogSource {
  const source = unwrap(openRingSource(name, milliseconds ? { milliseconds } : {}));
  cleanups.push(() => source.close(() => {}));
  return source;
}

/** What came out of a source, checked row by row as it comes. */
class Receiver {
  entries = 0;
  texts = 0;
  gaps = 0;
  lost = 0;
  late = 0;
  lastIndex = 0;
  /** What the source promised last: nothing older comes. */
  safeTimeNs = 0;
  rows: TestRow[] = [];
  private readonly keep: boolean;

  constructor(keep = false) {
    this.keep = keep;
  }

  readonly sink = (batch: Parameters<Parameters<LogSource['poll']>[0]>[0]): void => {
    for (let row = 0; row < batch.count; row++) {
      if (batch.kind[row] === RowKind.Gap) {
        this.gaps++;
        this.lost += batch.remarks[row] as number;
        continue;
      }
      this.entries++;
      const index = batch.index[row] as number;
      if ((batch.timeNs[row] as number) < this.safeTimeNs) throw new Error(`${batch.timeNs[row]} after a promise`);
      if (((batch.flags[row] as number) & RowFlag.Late) !== 0) this.late++;
      else if (index !== 0 && index <= this.lastIndex) throw new Error(`index ${index} after ${this.lastIndex}`);
      else this.lastIndex = index;
      if (batch.type[row] === 0)
        this.checkText(batch.bytes, batch.dataStart[row] as number, batch.dataLength[row] as number);
    }
    if (this.keep) this.rows.push(...rowsOf(batch));
  };

  private checkText(bytes: Uint8Array, start: number, length: number): void {
    this.texts++;
    const end = start + length;
    const sum = Buffer.from(bytes.buffer, end - 8, 8).toString('latin1');
    if (Number.parseInt(sum, 16) !== fnv1a(bytes, start, end - 10)) {
      throw new Error(`torn: ${Buffer.from(bytes.buffer, start, length).toString()}`);
    }
  }
}

function drain(source: LogSource, receiver: Receiver): SourceState {
  for (;;) {
    const outcome = source.poll(receiver.sink);
    if (!outcome.more) return outcome.state;
  }
}

/** Attempts that this reader or earlier ones know the fate of. */
const accountedFor = ({ ring, read, lost }: CpuStats): number => (ring?.attemptedBefore ?? Number.NaN) + read + lost;

/** attempted = before + read + lost on every CPU, and what the producer says itself. */
function expectExact(source: LogSource, result: SimulatorResult, overwrite: boolean): void {
  for (const cpu of source.stats().cpus) {
    const truth = result.cpus[cpu.cpu];
    expect(cpu.ring?.attempted).toBe(truth?.attempted);
    expect(cpu.ring?.written).toBe(truth?.written);
    expect(accountedFor(cpu)).toBe(cpu.ring?.attempted);
    expect(cpu.lostByCause).toEqual({
      ...truth?.lost,
      quota: 0,
      overwritten: overwrite ? (truth?.written ?? 0) - cpu.read : 0,
      corrupt: 0,
      unread: 0,
    });
  }
}

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

describe.skipIf(!linux)('a ring source', () => {
  it('says what the session is', () => {
    const { name } = createDriver({ cpus: 3, mode: 'overwrite', order: 'clock' });
    const { info } = open(name);
    expect(info).toMatchObject({
      name: `sim:${name}`,
      producer: 'simulated driver',
      cpuCount: 3,
      clock: { frequency: 1e9 },
      ring: { bytes: 65536, mode: 'overwrite', order: 'clock' },
    });
    expect(info.ring?.sessionId).toMatch(/^[0-9a-f]{16}$/);
    expect(info.identity).toBe(info.ring?.sessionId);
    expect(info.file).toBeUndefined();
    expect(Math.abs(info.startUnixMs - Date.now())).toBeLessThan(60_000);
  });

  for (const mode of ['drop', 'overwrite'] as const) {
    for (const order of ['index', 'clock'] as const) {
      it(`accounts for every attempt: ${mode}, ${order}`, () => {
        const { driver, name } = createDriver({ cpus: 4, mode, order, checksum: true, binary: 17, faults: 31 });
        const source = open(name);
        const receiver = new Receiver();
        const random = testRandom(7);
        for (let turn = 0; turn < 60; turn++) {
          driver.step(random(6000));
          if (random(3) > 0) drain(source, receiver);
        }
        const result = driver.stop();
        expect(drain(source, receiver)).toBe('ended');
        expectExact(source, result, mode === 'overwrite');
        const { cpus } = source.stats();
        expect(receiver.entries).toBe(cpus.reduce((sum, { read }) => sum + read, 0));
        expect(receiver.lost).toBe(cpus.reduce((sum, { lost }) => sum + lost, 0));
        expect(receiver.late).toBe(0);
        expect(receiver.texts).toBeGreaterThan(1000);
        expect(receiver.gaps).toBeGreaterThan(10);
        const cause = mode === 'drop' ? 'full' : 'overwritten';
        expect(cpus.every(({ lostByCause }) => lostByCause[cause] > 0 && lostByCause.tooBig > 0)).toBe(true);
      });
    }
  }

  it('loses nothing while it keeps up, and numbers entries without a gap', () => {
    const { driver, name } = createDriver({ cpus: 8, ringBytes: 1 << 20, checksum: true });
    const source = open(name);
    const receiver = new Receiver();
    for (let turn = 0; turn < 20; turn++) {
      driver.step(5000);
      drain(source, receiver);
    }
    expect(receiver.entries).toBe(100_000);
    expect(receiver.lastIndex).toBe(100_000);
    expect(receiver.gaps).toBe(0);
    driver.stop();
    expect(drain(source, receiver)).toBe('ended');
    expect(source.poll(receiver.sink)).toEqual({ state: 'ended', rows: 0, bytes: 0, more: false });
  });

  it('shows the fields of an entry', () => {
    const replay = new TextEncoder().encode('IRP failed 0xC000009A\r\nwarning: ä\n\ntrace: x\nplain\n');
    const { driver, name } = createDriver({ cpus: 1, replay });
    const source = open(name);
    const receiver = new Receiver(true);
    // No checksums in this text.
    driver.step(5);
    source.poll((batch) => receiver.rows.push(...rowsOf(batch)));
    expect(
      receiver.rows.map(({ data, level, index, cpu }) => [new TextDecoder().decode(data), level, index, cpu]),
    ).toEqual([
      ['IRP failed 0xC000009A', 0, 1, 0],
      ['warning: ä', 1, 2, 0],
      ['trace: x', 3, 3, 0],
      ['plain', 2, 4, 0],
      ['IRP failed 0xC000009A', 0, 5, 0],
    ]);
    const times = receiver.rows.map(({ timeNs }) => timeNs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(0);
  });

  it('goes on where the reader before it stopped', () => {
    const { driver, name } = createDriver({ cpus: 3, checksum: true, faults: 10 });
    const receiver = new Receiver();
    let before: number[] = [0, 0, 0];
    for (let reader = 0; reader < 4; reader++) {
      const source = unwrap(openRingSource(name));
      driver.step(900);
      drain(source, receiver);
      driver.step(100);
      source.poll(receiver.sink);
      source.close(receiver.sink);
      const { cpus } = source.stats();
      expect(cpus.map(({ ring }) => ring?.attemptedBefore)).toEqual(before);
      before = cpus.map(accountedFor);
    }
    const result = driver.stop();
    const last = open(name);
    expect(drain(last, receiver)).toBe('ended');
    expect(receiver.entries).toBe(result.cpus.reduce((sum, { written }) => sum + written, 0));
    expect(receiver.entries + receiver.lost).toBe(4000);
    expect(receiver.lastIndex).toBe(receiver.entries);
  });

  it('has one reader at a time', () => {
    const { name, driver } = createDriver();
    expect(driver.hasReader()).toBe(false);
    const first = open(name);
    expect(driver.hasReader()).toBe(true);
    expect(codeOf(openRingSource(name))).toBe('source-busy');
    first.close(() => {});
    first.close(() => {});
    expect(driver.hasReader()).toBe(false);
    expect(codeOf(openRingSource(name))).toBe('ok');
  });

  it('does not look for the producer on every poll', () => {
    const { name, driver } = createDriver();
    let now = 0;
    const source = open(name, () => now);
    expect(source.poll(() => {}).state).toBe('capturing');
    driver.close();
    now = 49;
    expect(source.poll(() => {}).state).toBe('capturing');
    now = 50;
    expect(source.poll(() => {}).state).toBe('gone');
  });

  it('emits what it holds back when it is closed', () => {
    const { driver, name } = createDriver({ cpus: 1 });
    const source = unwrap(openRingSource(name));
    driver.step(10);
    let seen = 0;
    source.poll((batch) => {
      seen += batch.count;
    });
    source.close(() => {
      seen = -1;
    });
    expect(seen).toBe(10);
    expect(source.poll(() => {})).toMatchObject({ rows: 0, more: false });
  });
});

describe.skipIf(!linux)('a session that is not one', () => {
  function withImage(change: (write: (at: number, value: bigint) => void) => void): string {
    const name = freshName();
    const { driver } = createDriver({ name, cpus: 2 });
    const image = unwrap(platform().openImage(name));
    unwrap(image.allowWriting(0, image.bytes));
    change((at, value) => image.memory.writeConsumer(at, new Uint32Array(new BigUint64Array([value]).buffer)));
    image.close();
    expect(driver.attempted).toBe(0);
    return name;
  }

  it.each<[FailureCode, number, bigint]>([
    ['bad-magic', SESSION.magic, 0x1234n],
    ['bad-magic', SESSION.magic, 0n],
    ['bad-version', SESSION.versionMajor, 9n | (BigInt(RV.PAGE) << 32n)],
    ['bad-layout', SESSION.ringBytes, 12345n],
    ['bad-layout', SESSION.ringsOffset, 0n],
    ['bad-magic', 131072 + PRODUCER.magic, 1n],
    ['bad-layout', 131072 + PRODUCER.sessionId, 1n],
  ])('is refused with %s (field at %i)', (code, at, value) => {
    expect(codeOf(openRingSource(withImage((write) => write(at, value))))).toBe(code);
  });

  it('or is not there at all, or has an impossible name', () => {
    expect(codeOf(openRingSource(freshName()))).toBe('source-not-found');
    for (const name of ['', 'a/b', 'x'.repeat(49), 'ü']) expect(codeOf(openRingSource(name))).toBe('bad-argument');
  });

  it('can be read with lengths that lie: what they hide is counted as corrupt', () => {
    const { driver, name } = createDriver({ cpus: 1 });
    const source = open(name);
    driver.step(3);
    const image = unwrap(platform().openImage(name));
    unwrap(image.allowWriting(0, image.bytes));
    image.memory.writeConsumer(131072 + RV.PAGE, new Uint32Array([0x7fffffff, 1 << 16]));
    image.close();
    const receiver = new Receiver(true);
    source.poll((batch) => receiver.rows.push(...rowsOf(batch)));
    driver.step(1);
    source.poll((batch) => receiver.rows.push(...rowsOf(batch)));
    driver.stop();
    source.poll((batch) => receiver.rows.push(...rowsOf(batch)));
    expect(receiver.rows.map(({ kind, remarks }) => [kind, kind === 'gap' ? remarks : 0])).toEqual([
      ['gap', 3],
      ['entry', 0],
    ]);
    expect(source.stats().cpus[0]).toMatchObject({ read: 1, lost: 3, lostByCause: { corrupt: 3 } });
  });

  function truncate(name: string, bytes: number): void {
    const libc = unwrap(loadLibc(posixSystem('linux') as NonNullable<ReturnType<typeof posixSystem>>));
    const fd = libc.shmOpen(`/ringview.${name}`, O_RDWR, 0);
    expect(libc.ftruncate(fd, bytes)).toBe(0);
    libc.close(fd);
  }

  it('or was cut short before it is opened', () => {
    const { name } = createDriver({ cpus: 2 });
    truncate(name, 200_000);
    expect(codeOf(openRingSource(name))).toBe('truncated-mapping');
    truncate(name, 100);
    expect(codeOf(openRingSource(name))).toBe('truncated-mapping');
    truncate(name, 0);
    expect(codeOf(openRingSource(name))).toBe('truncated-mapping');
  });

  it('or is cut short while it is read: a failed source, not a dead process', () => {
    const { name, driver } = createDriver({ cpus: 2 });
    const source = open(name);
    driver.step(10);
    expect(source.poll(() => {}).rows).toBe(10);
    truncate(name, 4096);
    expect(source.poll(() => {})).toEqual({ state: 'failed', rows: 0, bytes: 0, more: false });
    expect(source.stats().failure?.code).toBe('truncated-mapping');
    expect(source.poll(() => {}).state).toBe('failed');
    source.close(() => {});
  });
});

describe.skipIf(!linux)('a producer in another process', () => {
  beforeAll(buildChild, 60_000);

  const children: RunningChild[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.process.kill('SIGKILL');
      await child.exit;
    }
  });

  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

  async function attach(name: string, child: RunningChild): Promise<LogSource> {
    let exit: Exit | undefined;
    void child.exit.then((value) => {
      exit = value;
    });
    for (;;) {
      const opened = openRingSource(name);
      if (opened.ok) {
        cleanups.push(() => opened.value.close(() => {}));
        return opened.value;
      }
      if (exit) throw new Error(`the producer ended first: ${exit.stderr}`);
      await turn();
    }
  }

  async function follow(
    source: LogSource,
    receiver: Receiver,
    until: () => boolean = () => false,
    promises: number[] = [],
  ): Promise<SourceState> {
    for (;;) {
      const { state, safeTimeNs } = source.poll(receiver.sink);
      if (safeTimeNs !== undefined) {
        promises.push(safeTimeNs);
        receiver.safeTimeNs = safeTimeNs;
      }
      if (state !== 'capturing' || until()) return state;
      await turn();
    }
  }

  function start(options: SimulatorOptions): RunningChild {
    const child = startChild(options);
    children.push(child);
    return child;
  }

  it.each(['drop', 'overwrite'] as const)(
    'is accounted for exactly while it writes as fast as it can: %s',
    async (mode) => {
      const name = freshName();
      const child = start({
        name,
        cpus: 4,
        ringBytes: 65536,
        mode,
        rate: 'max',
        count: 300_000,
        checksum: true,
        waitReader: true,
      });
      const source = await attach(name, child);
      const receiver = new Receiver();
      const promises: number[] = [];
      expect(await follow(source, receiver, () => false, promises)).toBe('ended');
      expect(promises).toEqual([...promises].sort((a, b) => a - b));
      expect(new Set(promises).size).toBeGreaterThan(10);
      const exit = await child.exit;
      expect(exit).toMatchObject({ code: 0, stderr: '' });
      expectExact(source, resultOf(exit), mode === 'overwrite');
      expect(receiver.entries + receiver.lost).toBe(300_000);
      expect(receiver.entries).toBeGreaterThan(0);
      expect(codeOf(openRingSource(name))).toBe('source-not-found');
    },
  );

  it('stops cleanly when it is asked to', async () => {
    const name = freshName();
    const child = start({ name, cpus: 2, rate: 50_000, checksum: true });
    const source = await attach(name, child);
    const receiver = new Receiver();
    await follow(source, receiver, () => receiver.entries > 500);
    child.process.kill('SIGTERM');
    expect(await follow(source, receiver)).toBe('ended');
    const exit = await child.exit;
    expect(exit.code).toBe(0);
    expectExact(source, resultOf(exit), false);
  });

  it('that is killed leaves what it had written, a source that says gone, and a name that can be used again', async () => {
    const name = freshName();
    const child = start({ name, cpus: 2, rate: 'max', checksum: true });
    const source = await attach(name, child);
    const receiver = new Receiver();
    await follow(source, receiver, () => receiver.entries > 20_000);
    expect(codeOf(SimulatedDriver.create(unwrap(planSimulator({ name })), platform()))).toBe('source-busy');
    child.process.kill('SIGKILL');
    expect((await child.exit).signal).toBe('SIGKILL');
    expect(await follow(source, receiver)).toBe('gone');
    for (const cpu of source.stats().cpus) expect(cpu.read + cpu.lost).toBe(cpu.ring?.attempted);
    source.close(receiver.sink);

    const left = open(name);
    expect(drain(left, receiver)).toBe('gone');
    left.close(() => {});
    const { driver } = createDriver({ name });
    driver.step(5);
    const next = new Receiver(true);
    const again = open(name);
    again.poll((batch) => next.rows.push(...rowsOf(batch)));
    expect(next.rows).toHaveLength(5);
  });

  const project = fileURLToPath(new URL('../../../', import.meta.url));
  const rvhost = `${project}build/driver/rvhost`;
  const made = linux ? spawnSync('make', ['-s', '-C', `${project}driver`, 'host'], { encoding: 'utf8' }) : null;
  // Where tests are complete or failed, and not on a person's machine, a missing compiler is a failure.
  const needed = process.env.CI === 'true';
  if (made?.status !== 0)
    console.warn(`SKIPPED: the C ring in shared memory: make and gcc are needed (${made?.error ?? made?.stderr})`);

  it.skipIf(made?.status !== 0 && !needed).each([
    ['drop', 'index'],
    ['overwrite', 'index'],
    ['drop', 'clock'],
    ['overwrite', 'clock'],
  ])('written in C, interrupted by signals, is accounted for exactly: %s, %s', async (mode, order) => {
    const name = freshName();
    const child = startProgram(rvhost, [
      ...['--name', name, '--cpus', '4', '--ring-bytes', '65536', '--rate', 'max', '--count', '400000'],
      ...['--mode', mode, '--order', order, '--binary', '50', '--faults', '70', '--linger', '3000'],
      ...['--signals', '--checksum', '--wait-reader'],
    ]);
    children.push(child);
    const source = await attach(name, child);
    const receiver = new Receiver();
    expect(await follow(source, receiver)).toBe('ended');
    const exit = await child.exit;
    expect(exit.code, exit.stderr).toBe(0);
    expectExact(source, resultOf(exit), mode === 'overwrite');
    expect(receiver.entries).toBeGreaterThan(0);
    expect(source.stats().cpus.every(({ lostByCause }) => lostByCause.corrupt === 0)).toBe(true);
  });
});
