import { describe, expect, it } from 'vitest';
import type { CpuStats, SourceState } from '../../native/sources/source.ts';
import { cpuStats, FakeSource, fileCpuStats, lost } from '../session/test-support.ts';
import { type CaptureOutcome, describeSummary, type SourceOutcome, summarize } from './summary.ts';

type Ending = SourceState | 'stopped';

function source(name: string, state: Ending, cpus: readonly CpuStats[] = []): SourceOutcome {
  const { info } = new FakeSource({ name, sessionId: `id of ${name}` });
  return { source: name, info, state, stats: { state: 'capturing', failure: null, cpus } };
}

function outcome(opened: readonly SourceOutcome[], more: Partial<CaptureOutcome> = {}): CaptureOutcome {
  return {
    sources: opened.map((each) => each.source),
    opened,
    lateByMerge: 0,
    startedAtUnixMs: 0,
    durationMs: 1234.6,
    rows: 0,
    notWritten: 0,
    failure: null,
    ...more,
  };
}

describe('summarize', () => {
  it('counts rows that are late on their CPU and those that are late because of another source', () => {
    const a = source('a', 'ended', [cpuStats(0, { read: 5, late: 2 }), cpuStats(1, { read: 1, late: 3 })]);
    const b = source('b', 'ended', [cpuStats(0, { read: 2, late: 1 })]);
    const summary = summarize(outcome([a, b], { lateByMerge: 10 }));
    expect(summary.late).toBe(16);
    expect(summary.cpus.map(({ late }) => late)).toEqual([2, 3, 1]);
    // What the merge made late belongs to no source alone.
    expect(summary.sources?.map(({ late }) => late)).toEqual([5, 1]);
    expect(summarize(outcome([a])).late).toBe(5);
    expect(summary.read).toBe(8);
  });

  it.each<[Ending[], Ending]>([
    [['ended', 'gone'], 'gone'],
    [['gone', 'ended'], 'gone'],
    [['ended', 'stopped'], 'stopped'],
    [['stopped', 'gone'], 'stopped'],
    [['gone', 'stopped', 'ended'], 'stopped'],
    [['stopped', 'failed'], 'failed'],
    [['failed', 'gone', 'stopped', 'ended'], 'failed'],
    [['ended', 'ended'], 'ended'],
    [['stopped'], 'stopped'],
    [['gone'], 'gone'],
  ])('names of the endings %j the one that matters most: %s', (states, named) => {
    const summary = summarize(outcome(states.map((state, at) => source(`s${at}`, state))));
    expect(summary.state).toBe(named);
    if (states.length > 1) expect(summary.sources?.map(({ state }) => state)).toEqual(states);
    else expect(summary.sources).toBeUndefined();
  });

  it('names no ending and no session of what was never opened', () => {
    expect(summarize(outcome([], { sources: ['sim:a', 'sim:b'] }))).toMatchObject({
      source: 'sim:a, sim:b',
      state: null,
      sessionId: null,
      sources: [],
      durationMs: 1235,
    });
  });
});

describe('the summary of a file', () => {
  const figures = {
    readBytes: 5000,
    totalBytes: 5000,
    ended: true,
    format: 'CSV',
    formatName: 'csv',
    encoding: 'utf-8',
    broken: { count: 2, places: [{ line: 7, problem: 'the record has 3 values, the first line names 4' }] },
  } as const;
  const { info } = new FakeSource({ name: 'file:a.csv', file: { path: '/logs/a.csv' } });
  const stats = { state: 'ended', failure: null, cpus: [fileCpuStats(0, { read: 9 })], file: figures } as const;
  const file = { source: 'file:a.csv', info, state: 'ended', stats } as const;

  it('has its progress and what is broken in it, and no figures of rings', () => {
    const summary = summarize(outcome([file]));
    expect(summary).toMatchObject({ sessionId: null, read: 9, file: { path: '/logs/a.csv', ...figures } });
    expect(Object.keys(summary.cpus[0] ?? {})).toEqual([
      'cpu',
      'read',
      'lost',
      'lostByCause',
      'late',
      'firstIndex',
      'lastIndex',
    ]);
    expect(describeSummary(summary, stats.cpus, 0, false)).toBe(
      'file:a.csv ended; 9 entries in 1.2 s; 0 lost; 0 late; 5,000 bytes read as CSV, utf-8; ' +
        '2 problems, the first at line 7: the record has 3 values, the first line names 4',
    );
  });

  it('beside a ring session leaves each its own', () => {
    const summary = summarize(outcome([file, source('sim:a', 'ended', [cpuStats(0)])]));
    expect(summary.file).toBeUndefined();
    expect(summary.sessionId).toBe('id of sim:a');
    expect(summary.sources?.map((each) => [each.sessionId, each.file?.path])).toEqual([
      [null, '/logs/a.csv'],
      ['id of sim:a', undefined],
    ]);
  });
});

it('has what each source notes, of one and of several', () => {
  const noting = (name: string, notes: readonly string[]): SourceOutcome => {
    const plain = source(name, 'stopped');
    return { ...plain, stats: { ...plain.stats, notes } };
  };
  const one = summarize(outcome([noting('etw:x', ['nobody has registered it'])]));
  expect(one.notes).toEqual(['nobody has registered it']);
  expect(describeSummary(one, [], 0, false)).toMatch(/; nobody has registered it$/);
  const two = summarize(outcome([noting('etw:x', ['first']), noting('etw:y', [])]));
  expect(two.sources?.map(({ notes }) => notes)).toEqual([['first'], undefined]);
  expect(describeSummary(two, [], 0, false)).toMatch(/; first$/);
});

describe('describeSummary', () => {
  const cpus = [cpuStats(0, { read: 1500, late: 7, ...lost('full', 3), peakPendingBytes: 25, ringBytes: 100 })];
  const summary = summarize(outcome([source('sim:a', 'gone', cpus)], { durationMs: 2500 }));

  it('says in one line how it ended and what it came to', () => {
    expect(describeSummary(summary, cpus, 0, false)).toBe(
      'sim:a gone; 1,500 entries in 2.5 s; 3 lost (full 3); 7 late; rings at most 25 % full',
    );
  });

  it('adds what was in the way, and only that', () => {
    const cut = { ...summary, notWritten: 12 };
    expect(describeSummary(cut, cpus, 1, true)).toMatch(
      /; 12 rows not written; the reader of the output left; the output was too slow for 0\.0 s$/,
    );
    expect(describeSummary(summary, [cpuStats(0)], 0.9, false)).toMatch(/; 3 lost; .* full$/);
  });
});
