/** What the files of a log are called, and when the next one begins. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogFiles, nextBegins, numbersThere, ONE_FILE, pathOf } from './log-files.ts';
import { RollingWriter } from './rolling-writer.ts';

const NOON = new Date(2026, 10, 28, 12, 3, 4).getTime();
const DAY_MS = 24 * 3600 * 1000;
const limited: LogFiles = { ...ONE_FILE, limitBytes: 100 };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('the files of a log', () => {
  it.each<[string, Partial<LogFiles>, number, string]>([
    ['boot.log', {}, 1, 'boot.log'],
    ['boot.log', { limitBytes: 100 }, 1, 'boot.log'],
    ['boot.log', { limitBytes: 100 }, 3, 'boot-3.log'],
    ['boot.log', { limitBytes: 100, wrap: true }, 3, 'boot.log'],
    ['a.b/boot', { limitBytes: 100 }, 2, 'a.b/boot-2'],
    ['boot.log', { daily: true }, 1, 'boot-2026-11-28.log'],
    ['boot.log', { daily: true, limitBytes: 100 }, 2, 'boot-2026-11-28-2.log'],
    ['{date}/boot-{n}.log', { daily: true, limitBytes: 100 }, 12, '2026-11-28/boot-012.log'],
    ['boot-{date}_{time}.log', {}, 1, 'boot-2026-11-28_12-03-04.log'],
  ])('%s with %j: number %i is %s', (pattern, more, number, path) => {
    expect(pathOf(pattern, { ...ONE_FILE, ...more }, number, NOON)).toBe(path);
  });

  it('are found again by their numbers, whatever digits their names have', () => {
    const there = (pattern: string, more: Partial<LogFiles>, names: readonly string[]) =>
      numbersThere(pattern, { ...ONE_FILE, append: true, ...more }, names, NOON);
    const names = ['boot7.log', 'boot7-10.log', 'boot7-9.log', 'boot7-9.log.bak', 'boot-9.log', 'x'];
    expect(there('d/boot7.log', { limitBytes: 100 }, names)).toEqual([1, 9, 10]);
    expect(there('boot7.log', {}, names)).toEqual([1]);
    expect(there('boot7.log', { daily: true }, ['boot7-2026-11-28.log', 'boot7-2026-11-27.log'])).toEqual([1]);
    expect(there('boot-{n}.log', { limitBytes: 100 }, ['boot-003.log', 'boot-3.log'])).toEqual([3]);
  });

  it('change at the limit, never for the first part of a file, and when the day does', () => {
    const current = { bytes: 90, rows: 3, beganUnixMs: NOON };
    expect(nextBegins(limited, current, 10, NOON)).toBeNull();
    expect(nextBegins(limited, current, 11, NOON)).toBe('limit');
    expect(nextBegins(limited, { ...current, rows: 0 }, 1000, NOON)).toBeNull();
    expect(nextBegins(limited, current, 10, NOON + DAY_MS)).toBeNull();
    expect(nextBegins({ ...limited, daily: true }, current, 1, NOON + DAY_MS)).toBe('day');
  });
});

describe('RollingWriter', () => {
  async function write(
    files: LogFiles,
    lines: readonly string[],
    folder = mkdtempSync(join(tmpdir(), 'ringview-log-')),
  ) {
    let now = NOON;
    const reports: string[] = [];
    const opened = await RollingWriter.open(join(folder, 'boot.log'), files, {
      unixMs: () => now,
      report: (line) => reports.push(line),
    });
    if (!opened.ok) throw new Error(opened.failure.message);
    const writer = opened.value;
    writer.begin(text('head\n'));
    for (const line of lines) {
      if (line === 'next day') now += DAY_MS;
      else writer.push(text(`${line}\n`), 1);
    }
    await writer.finish();
    const { failure, writtenRows, lostRows, replacedRows } = writer;
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const names = readdirSync(folder, { withFileTypes: true }).flatMap((each) => (each.isFile() ? each.name : []));
    const written = Object.fromEntries(names.map((name) => [name, read(name)]));
    return { folder, written, reports, failure, writtenRows, lostRows, replacedRows };
  }

  it('begins another file at the limit, each with its head, and loses no row', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(150), { maxLength: 40 }), async (lengths) => {
        const lines = lengths.map((length, at) => `${at} ${'x'.repeat(length)}`);
        const { written, failure, writtenRows, replacedRows } = await write(limited, lines);
        expect([failure, writtenRows, replacedRows]).toEqual([null, lines.length, 0]);
        const ordered = Object.keys(written).sort((a, b) => numberOf(a) - numberOf(b));
        expect(ordered.map((name) => (written[name] as string).startsWith('head\n'))).toEqual(ordered.map(() => true));
        expect(ordered.flatMap((name) => (written[name] as string).split('\n').slice(1, -1))).toEqual(lines);
        for (const name of ordered) {
          const content = written[name] as string;
          expect(content.length <= 100 || content.split('\n').length === 3).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  const numberOf = (name: string): number => Number(/-(\d+)\.log$/.exec(name)?.[1] ?? 1);
  const line = (number: number): string => `${number} ${'.'.repeat(40)}`;

  it('begins the same file anew where it shall wrap, and counts the rows that went', async () => {
    const { written, writtenRows, replacedRows } = await write({ ...limited, wrap: true }, [1, 2, 3, 4, 5].map(line));
    expect(written).toEqual({ 'boot.log': `head\n${line(5)}\n` });
    expect([writtenRows, replacedRows]).toEqual([1, 4]);
  });

  it('keeps the last files, and counts the rows that went with the others', async () => {
    const { written, writtenRows, replacedRows } = await write(
      { ...limited, keep: 2 },
      [1, 2, 3, 4, 5, 6, 7].map(line),
    );
    expect(Object.keys(written).sort()).toEqual(['boot-3.log', 'boot-4.log']);
    expect([writtenRows, replacedRows]).toEqual([3, 4]);
  });

  it('has a file for each day', async () => {
    const { written } = await write({ ...ONE_FILE, daily: true }, ['one', 'next day', 'two', 'three']);
    expect(written).toEqual({ 'boot-2026-11-28.log': 'head\none\n', 'boot-2026-11-29.log': 'head\ntwo\nthree\n' });
  });

  it('adds to what is there, without another head, in the last file there is', async () => {
    const first = await write({ ...ONE_FILE, append: true }, ['one']);
    const second = await write({ ...ONE_FILE, append: true }, ['two'], first.folder);
    expect(second.written).toEqual({ 'boot.log': 'head\none\ntwo\n' });
    const rolled = await write(limited, [1, 2, 3].map(line));
    const again = await write({ ...limited, append: true, keep: 2 }, [4, 5].map(line), rolled.folder);
    expect(again.written).toEqual({
      'boot-2.log': `head\n${line(3)}\n${line(4)}\n`.slice(0, 5 + 2 * (line(3).length + 1)),
      'boot-3.log': `head\n${line(5)}\n`,
    });
  });

  it('adds to the last file that is kept, though the first ones are gone, and replaces none of the others', async () => {
    const kept = await write({ ...limited, keep: 2 }, [1, 2, 3, 4, 5, 6, 7].map(line));
    const again = await write({ ...limited, append: true, keep: 3 }, [8, 9].map(line), kept.folder);
    expect(again.written).toEqual({
      'boot-3.log': `head\n${line(5)}\n${line(6)}\n`,
      'boot-4.log': `head\n${line(7)}\n${line(8)}\n`,
      'boot-5.log': `head\n${line(9)}\n`,
    });
  });

  it('says why a next file cannot be written, and counts what it did not take', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringview-log-'));
    mkdirSync(join(folder, 'boot-2.log'));
    const { failure, writtenRows, lostRows } = await write(limited, [1, 2, 3, 4].map(line), folder);
    expect(failure?.message).toContain('boot-2.log cannot be written');
    expect([writtenRows, lostRows]).toEqual([2, 2]);
  });
});
