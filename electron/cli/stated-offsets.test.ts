/** Logs of clocks that disagree are merged by what a person says of the distance: the order follows, and the begin does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommand } from './args.ts';
import { FileMerge } from './file-merge.ts';
import type { InputRequest } from './input-args.ts';
import { openInputs } from './open-input.ts';

let folder = '';
const START = Date.UTC(2026, 10, 28, 12);
/** When the rows of each log were written by its own clock, milliseconds after START. */
const LOGS = { 'a.csv': [0, 100, 200, 300], 'b.csv': [50, 150, 250] } as const;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-offsets-'));
  for (const [name, times] of Object.entries(LOGS)) {
    const lines = times.map((ms) => `${new Date(START + ms).toISOString()},${name} ${ms}\r\n`);
    writeFileSync(join(folder, name), `time,message\r\n${lines.join('')}`);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const paths = Object.keys(LOGS).map((name) => () => join(folder, name));

/** The merged log, when each row is then said to have been written, and what it is. */
function merged(offsets: ReadonlyMap<string, number>) {
  const request: InputRequest = { inputs: paths.map((path) => path()), encoding: 'auto', symbols: [], offsets };
  const opened = openInputs(request);
  if (!opened.ok) throw new Error(opened.failure.message);
  const rows: { ns: number; text: string }[] = [];
  const merge = new FileMerge(opened.value, ({ count, timeNs, dataStart, dataLength, bytes }) => {
    for (let at = 0; at < count; at++) {
      const start = dataStart[at] as number;
      const text = Buffer.from(bytes.subarray(start, start + (dataLength[at] as number))).toString();
      rows.push({ ns: timeNs[at] as number, text });
    }
  });
  while (merge.step() !== 'ended');
  merge.close();
  const { startUnixMs = 0, source = '' } = merge.facts.info ?? {};
  return { source, rows: rows.map(({ ns, text }) => ({ ns, ms: startUnixMs + ns / 1e6 - START, text })) };
}

describe('a stated offset', () => {
  it('moves all rows of its log, whichever way, and the merged order follows', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }), (a, b) => {
        const [pathA = '', pathB = ''] = paths.map((path) => path());
        const { rows, source } = merged(
          new Map([
            [pathA, a * 1e6],
            [pathB, b * 1e6],
          ]),
        );
        const wanted = [
          ...LOGS['a.csv'].map((ms) => ({ ms: ms + a, text: `a.csv ${ms}` })),
          ...LOGS['b.csv'].map((ms) => ({ ms: ms + b, text: `b.csv ${ms}` })),
        ].sort((x, y) => x.ms - y.ms || (x.text < y.text ? -1 : 1));
        const sorted = [...rows].sort((x, y) => x.ms - y.ms || (x.text < y.text ? -1 : 1));
        expect(sorted.map(({ ms, text }) => ({ ms, text }))).toEqual(wanted);
        expect(rows.map(({ ms }) => ms)).toEqual(wanted.map(({ ms }) => ms));
        if (a !== 0) expect(source).toContain(`a.csv (moved by ${a > 0 ? '+' : '-'}${Math.abs(a)} ms)`);
        expect(Math.min(...rows.map(({ ns }) => ns))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });

  it('is read from the command line for a log that is read, once, in any unit', () => {
    const request = (args: string) => parseCommand(args.split(' '));
    const good = request('convert a.LOG b=c.LOG -o - -f csv --offset a.LOG=+1.5s --offset b=c.LOG=-200ms');
    expect(good).toMatchObject({ ok: true });
    const { offsets } = (good as unknown as { value: { request: InputRequest } }).value.request;
    expect([...(offsets ?? [])]).toEqual([
      ['a.LOG', 1.5e9],
      ['b=c.LOG', -2e8],
    ]);
    for (const bad of ['a.LOG', 'a.LOG=', 'a.LOG=soon', '=1s', 'x.LOG=1s', 'a.LOG=+-1s', 'a.LOG=1s --offset a.LOG=2s'])
      expect([bad, request(`stats a.LOG b.LOG --offset ${bad}`).ok]).toEqual([bad, false]);
  });
});
