import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { ONE_FILE } from '../files/log-files.ts';
import { CSV_HEADER } from '../session/output/formats/csv.ts';
import { batchOf, cpuStats, entry, FakeSource, gap, lost } from '../session/test-support.ts';
import type { CaptureRequest } from './args.ts';
import { captureToFile } from './capture.ts';
import { NOTHING_WATCHED } from './message-watch.ts';
import type { Waiter } from './waiter.ts';

/** A clock that moves only when it is waited for; each wait is one step of `script`. */
class StepWaiter implements Waiter {
  stopped = false;
  readonly stops = 1;
  private ms = 0;
  private steps = 0;
  private readonly script: (step: number) => void;

  constructor(script: (step: number) => void = () => {}) {
    this.script = script;
  }
  now(): number {
    return this.ms;
  }
  async wait(ms: number): Promise<void> {
    this.ms += Math.max(1, ms);
    this.script(++this.steps);
  }
  async waitFor(what: Promise<unknown>): Promise<void> {
    await what;
  }
  async waitOut(what: Promise<unknown>): Promise<void> {
    await what;
  }
}

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'ringview-capture-'));
}

function setUp(more: Partial<CaptureRequest> = {}) {
  const dir = folder();
  const request: CaptureRequest = {
    sources: ['sim:a'],
    durationSeconds: null,
    maxEntries: null,
    out: join(dir, 'out.csv'),
    format: 'csv',
    summaryPath: join(dir, 'summary.json'),
    waitSeconds: 0,
    options: {},
    logFiles: ONE_FILE,
    watch: { ...NOTHING_WATCHED, strict: false },
    ...more,
  };
  const reports: string[] = [];
  const capture = (open: () => Result<LogSource>, waiter: Waiter) =>
    captureToFile(request, { open, waiter, unixMs: () => 0, report: (line) => reports.push(line) });
  const lines = () => readFileSync(request.out, 'utf8').split('\r\n').slice(0, -1);
  const summary = () => JSON.parse(readFileSync(request.summaryPath as string, 'utf8'));
  return { request, reports, capture, lines, summary };
}

describe('captureToFile', () => {
  it('writes what a source delivers until it ends, what it held back, and the accounts', async () => {
    const { capture, lines, summary, reports } = setUp();
    const source = new FakeSource();
    source.ready = [batchOf([entry(1, 'one'), gap(4, 2, 37)])];
    source.heldBack = [batchOf([entry(4, 'four', { cpu: 2 })])];
    source.cpus = [
      cpuStats(0, { read: 1, attempted: 1 }),
      cpuStats(2, { read: 1, attempted: 38, ...lost('full', 37) }),
    ];
    const result = await capture(
      () => ok(source),
      new StepWaiter(() => {
        source.state = 'ended';
      }),
    );
    expect(result.failure).toBeNull();
    expect(lines()).toEqual([
      CSV_HEADER,
      '1,1.000,1970-01-01T00:16:40.000001000Z,0,info,sim:test,0,,,0,0,one',
      '4,4.000,1970-01-01T00:16:40.000004000Z,2,lost,sim:test,,,,0,37,37 records lost on CPU 2',
      '4,4.000,1970-01-01T00:16:40.000004000Z,2,info,sim:test,0,,,0,0,four',
    ]);
    expect(summary()).toEqual(result.summary);
    expect(summary()).toMatchObject({
      source: 'sim:a',
      sessionId: source.info.ring?.sessionId,
      state: 'ended',
      startedAt: '1970-01-01T00:00:00.000Z',
      rows: 3,
      read: 2,
      lost: 37,
      notWritten: 0,
      failure: null,
      cpus: [{ cpu: 0 }, { cpu: 2, lostByCause: { full: 37 }, attempted: 38, attemptedBefore: 0 }],
    });
    expect(reports).toEqual([expect.stringContaining('37 lost (full 37)')]);
    expect(source.closed).toBe(1);
  });

  it('stops at the wanted number of entries, and says what it read beyond', async () => {
    const { capture, lines, summary } = setUp({ maxEntries: 2 });
    const source = new FakeSource();
    source.ready = [batchOf([entry(1, 'a'), gap(2, 0, 1), entry(2, 'b'), entry(3, 'c'), entry(4, 'd')])];
    await capture(() => ok(source), new StepWaiter());
    expect(lines().length).toBe(4);
    expect(summary()).toMatchObject({ state: 'stopped', rows: 3, notWritten: 2 });
  });

  it('takes one entry where one is wanted, and the losses before it', async () => {
    const { capture, lines, summary } = setUp({ maxEntries: 1 });
    const source = new FakeSource();
    source.ready = [batchOf([gap(1, 0, 4), entry(1, 'a'), entry(2, 'b'), gap(3, 0, 1)])];
    await capture(() => ok(source), new StepWaiter());
    expect(lines().map((line) => line.split(',').at(-1))).toEqual(['message', '4 records lost on CPU 0', 'a']);
    expect(summary()).toMatchObject({ state: 'stopped', rows: 2, notWritten: 2 });
  });

  it('stops after its time, and when it is told to', async () => {
    const timed = setUp({ durationSeconds: 2 });
    await timed.capture(() => ok(new FakeSource()), new StepWaiter());
    expect(timed.summary()).toMatchObject({ state: 'stopped', durationMs: 2000 });

    const told = setUp();
    const waiter = new StepWaiter((step) => {
      waiter.stopped = step === 3;
    });
    const source = new FakeSource();
    source.heldBack = [batchOf([entry(9, 'held')])];
    await told.capture(() => ok(source), waiter);
    expect(told.lines()).toEqual([CSV_HEADER, '9,9.000,1970-01-01T00:16:40.000009000Z,0,info,sim:test,0,,,0,0,held']);
  });

  it('waits for a source as long as it was asked to', async () => {
    const missing = () => fail('source-not-found', 'there is no sim:a', 'Start it');
    const never = setUp({ waitSeconds: 1 });
    const waiter = new StepWaiter();
    expect((await never.capture(missing, waiter)).failure?.code).toBe('source-not-found');
    expect(waiter.now()).toBeGreaterThanOrEqual(1000);
    expect(never.summary()).toMatchObject({ state: null, sessionId: null, failure: { code: 'source-not-found' } });

    const later = setUp({ waitSeconds: 1 });
    let tries = 0;
    const source = new FakeSource();
    source.state = 'ended';
    expect((await later.capture(() => (++tries < 5 ? missing() : ok(source)), new StepWaiter())).failure).toBeNull();

    const busy = setUp({ waitSeconds: 1 });
    const refused = new StepWaiter();
    await busy.capture(() => fail('source-busy', 'someone reads it', 'Stop them'), refused);
    expect(refused.now()).toBe(0);

    const cancelled = setUp({ waitSeconds: 1 });
    const stopped = new StepWaiter(() => {
      stopped.stopped = true;
    });
    expect((await cancelled.capture(missing, stopped)).failure?.code).toBe('cancelled');
  });

  it('lets go of the source when the output or the summary cannot be opened', async () => {
    const source = new FakeSource();
    const { capture, summary } = setUp({ out: join(folder(), 'missing', 'x.csv') });
    const result = await capture(() => ok(source), new StepWaiter());
    expect(result.failure?.system?.code).toBe('ENOENT');
    expect(source.closed).toBe(1);
    expect(summary()).toMatchObject({ rows: 0, failure: { system: { code: 'ENOENT' } } });

    let opened = 0;
    const blind = setUp({ summaryPath: join(folder(), 'missing', 's.json') });
    const refused = await blind.capture(() => {
      opened++;
      return ok(new FakeSource());
    }, new StepWaiter());
    expect([refused.failure?.system?.code, opened]).toEqual(['ENOENT', 0]);
  });

  it('merges several sources by their common clock, names each row, and accounts for each', async () => {
    const { capture, lines, summary } = setUp({ sources: ['sim:a', 'sim:b'] });
    const a = new FakeSource({ name: 'sim:a', sessionId: 'a', startTicks: '1000' });
    const b = new FakeSource({ name: 'sim:b', sessionId: 'b', startTicks: '3000' });
    a.ready = [batchOf([entry(1, 'a1'), entry(2, 'a2', { timeNs: 4000 })])];
    a.cpus = [cpuStats(0, { read: 2 })];
    b.ready = [batchOf([entry(1, 'b1', { timeNs: 500 }), gap(2, 1, 3)])];
    b.cpus = [cpuStats(1, { read: 1, ...lost('full', 3) })];
    const open = [a, b];
    await capture(
      () => ok(open.shift() as FakeSource),
      new StepWaiter((step) => {
        if (step === 1) a.state = 'ended';
        if (step === 2) b.state = 'gone';
      }),
    );
    expect(lines()).toEqual([
      CSV_HEADER,
      '1,1.000,1970-01-01T00:16:40.000001000Z,0,info,sim:a,0,,,0,0,a1',
      '1,2.500,1970-01-01T00:16:40.000002500Z,0,info,sim:b,0,,,0,0,b1',
      '2,4.000,1970-01-01T00:16:40.000004000Z,0,info,sim:a,0,,,0,0,a2',
      '2,4.000,1970-01-01T00:16:40.000004000Z,1,lost,sim:b,,,,0,3,3 records lost on CPU 1',
    ]);
    expect(summary()).toMatchObject({
      source: 'sim:a, sim:b',
      state: 'gone',
      rows: 4,
      read: 3,
      lost: 3,
      late: 0,
      sources: [
        { source: 'sim:a', sessionId: 'a', state: 'ended', read: 2, lost: 0 },
        { source: 'sim:b', sessionId: 'b', state: 'gone', read: 1, lost: 3, cpus: [{ cpu: 1 }] },
      ],
    });
    expect([a.closed, b.closed]).toEqual([1, 1]);
  });
});
