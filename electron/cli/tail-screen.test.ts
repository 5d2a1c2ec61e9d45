import { describe, expect, it } from 'vitest';
import { RowFlag } from '../../native/core/entry.ts';
import type { CpuStats, SourceStats } from '../../native/sources/source.ts';
import { batchOf, cpuStats, entry, fileCpuStats, gap, lost } from '../session/test-support.ts';
import { drawLine, type Line, lineText } from './tail-line.ts';
import { TailScreen } from './tail-screen.ts';

/** The figures of a source of rings. */
const of = (cpus: readonly CpuStats[]): SourceStats => ({ state: 'capturing', failure: null, cpus });

const extras = { sourceName: null, processOf: null };

function setUp(rows = 8, columns = 200) {
  const screen = new TailScreen('sim:a', extras);
  screen.resize({ rows, columns });
  const lines = (nowMs = 0) => screen.frame(nowMs, [], 0).lines.map(lineText);
  const messages = (nowMs = 0) => lines(nowMs).map((line) => line.trim().replace(/^\d+ +\d+\.\d+ +\d+ +/, ''));
  const status = (nowMs = 0, stats = [cpuStats(0)]) => lineText(screen.frame(nowMs, [of(stats)], 0).status);
  return { screen, lines, messages, status };
}

const entries = (from: number, to: number) =>
  batchOf(Array.from({ length: to - from + 1 }, (_, at) => entry(from + at, `m${from + at}`)));

describe('TailScreen', () => {
  it('shows each row once, where it happened, with its loss and its lateness', () => {
    const { screen, lines } = setUp();
    screen.take(
      batchOf([
        entry(1, 'one', { timeNs: 1_500_000_000, level: 0 }),
        gap(5, 2, 37),
        entry(5, 'five', { cpu: 2, flags: RowFlag.Late }),
      ]),
    );
    expect(lines()).toEqual([
      '         1       1.500000   0 error   one',
      '         5       0.000005   2 lost    ... 37 records lost on CPU 2',
      '         5       0.000005   2 info    late five',
    ]);
    expect(lines()).toEqual([]);
  });

  it('says how many rows it does not show, and what was lost among them', () => {
    const { screen, messages } = setUp(8);
    screen.take(entries(1, 6));
    expect(messages().length).toBe(6);
    screen.take(entries(1, 7));
    expect(messages()).toEqual(['... 1 row read but not shown', ...[2, 3, 4, 5, 6, 7].map((at) => `info    m${at}`)]);
    // Over several batches, each larger or smaller than the screen.
    screen.take(batchOf([gap(1, 0, 5), entry(1, 'a'), gap(2, 0, 7)]));
    screen.take(entries(10, 40));
    screen.take(batchOf([gap(41, 1, 11), entry(41, 'b')]));
    expect(messages()).toEqual([
      '... 30 rows read but not shown, 12 records lost among them',
      ...[37, 38, 39, 40].map((at) => `info    m${at}`),
      'lost    ... 11 records lost on CPU 1',
      'info    b',
    ]);
  });

  it('stands still while paused, counts what it is behind, and goes on with the newest', () => {
    const { screen, messages, status } = setUp(5);
    screen.take(entries(1, 2));
    screen.togglePause();
    expect(messages()).toEqual([]);
    screen.take(entries(3, 6));
    expect(status()).toMatch(/^PAUSED, 4 rows behind \| sim:a \| 6 entries/);
    expect(status()).toContain('space goes on');
    screen.togglePause();
    expect(messages()).toEqual(['... 3 rows read but not shown', 'info    m4', 'info    m5', 'info    m6']);
    expect(status()).toMatch(/^sim:a \| 6 entries/);
    screen.togglePause();
    expect(status()).toMatch(/^PAUSED, 0 rows behind/);
  });

  it('has the statistics in its last line', () => {
    const { screen } = setUp();
    const stats = [
      cpuStats(0, { ...lost('full', 1200), late: 2, pendingBytes: 512, ringBytes: 1024 }),
      cpuStats(1, { ringBytes: 1024 }),
    ];
    screen.frame(0, [of(stats)], 0);
    screen.take(entries(1, 500));
    const { status } = screen.frame(1000, [of(stats)], 3);
    expect(lineText(status)).toBe(
      'sim:a | 500 entries, 500/s | 1,200 lost | 5 late | rings 50 % full | space pauses, q quits',
    );
    expect(status.find(({ text }) => text === '1,200 lost')?.meaning).toBe('lost');
    expect(screen.frame(1000, [of([cpuStats(0)])], 0).status.map(({ meaning }) => meaning)).not.toContain('lost');
  });

  it('shows how far a file was read in place of the fill of rings, which it has none of', () => {
    const { screen } = setUp();
    const file = { ended: false, format: null, formatName: null, encoding: null, broken: { count: 0, places: [] } };
    const said = (readBytes: number, totalBytes: number | null): string =>
      lineText(screen.frame(0, [{ ...of([fileCpuStats(0)]), file: { ...file, readBytes, totalBytes } }], 0).status);
    expect(said(50, 200)).toContain('| 0 late | 25 % read |');
    expect(said(1500, null)).toContain('| 0 late | 1,500 bytes read |');
    expect(said(50, 200)).not.toContain('ring');
  });

  it('makes text of no more rows than fit, however many arrive', () => {
    const { screen, lines } = setUp(10);
    let decoded = 0;
    const batch = entries(1, 1000);
    const slice = batch.bytes.slice.bind(batch.bytes);
    batch.bytes.slice = ((from: number, to: number) => {
      decoded++;
      return slice(from, to);
    }) as typeof batch.bytes.slice;
    screen.take(batch);
    expect(decoded).toBe(8);
    expect(lines().length).toBe(9);
  });

  it('cuts to the width and follows a change of size', () => {
    const { screen, lines, status } = setUp(10, 40);
    screen.take(batchOf([entry(1, 'x'.repeat(10_000)), entry(2, '日'.repeat(50))]));
    for (const line of lines()) expect(line.length).toBeLessThanOrEqual(40);
    expect(status().length).toBe(40);
    screen.take(entries(1, 8));
    screen.resize({ rows: 4, columns: 40 });
    expect(lines()[0]).toContain('6 rows');
    screen.take(entries(1, 22));
    screen.resize({ rows: 0, columns: 0 });
    screen.take(entries(1, 22));
    expect(lines().length).toBe(23);
  });

  it('shows nothing of a message that a terminal would obey', () => {
    const { screen, lines } = setUp();
    screen.take(batchOf([entry(1, '\u001b[2J\u202eabc\r\n\u0007')]));
    expect(lines()[0]).toContain('\u241b[2J\u2426abc\u240d\u240a\u2407');
  });
});

describe('a line of the log of several sources', () => {
  it('names source and process, and only what is known of them', () => {
    const screen = new TailScreen('a, b', {
      sourceName: (source) => ['sim:a', 'sim:\u202eb'][source] as string,
      processOf: (_, pid) => (pid === 7 ? 'good\u001b.exe' : undefined),
    });
    screen.resize({ rows: 20, columns: 200 });
    screen.take(
      batchOf([
        entry(1, 'x', { pid: 7 }),
        entry(2, 'y', { pid: 8, source: 1 }),
        { ...gap(3, 0, 2), source: 1 },
        entry(4, 'z', { level: 9 }),
      ]),
    );
    const lines = screen.frame(0, [], 0).lines.map((line) => lineText(line).slice(30));
    expect(lines).toEqual([
      'info    sim:a good\u241b.exe (7) x',
      'info    sim:\u2426b (8) y',
      'lost    sim:\u2426b ... 2 records lost on CPU 0',
      'level 9 sim:a (0) z',
    ]);
  });
});

describe('drawLine', () => {
  const line: Line = [
    { text: '1 ', meaning: 'quiet' },
    { text: 'bad', meaning: 'error' },
    { text: 'ok', meaning: 'plain' },
  ];
  it('draws meanings as colours, or without any', () => {
    expect(drawLine(line, true)).toBe('\u001b[2m1 \u001b[0m\u001b[31mbad\u001b[0mok');
    expect(drawLine(line, false)).toBe('1 badok');
  });
});
