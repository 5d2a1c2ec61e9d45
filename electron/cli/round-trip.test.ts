/** Any session, written in a format and read back by this program: what the format can carry is as it was. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RowKind } from '../../native/core/entry.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import type { ExportFormat } from '../contract/export-formats.ts';
import { shownText } from '../contract/shown-text.ts';
import { countCases } from '../contract/test-support.ts';
import { createOutput } from '../session/output/export.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import { batchRun, createExportRow, type ExportRow } from '../session/output/output-row.ts';
import { batchOf, entry, gap, type PlainRow } from '../session/test-support.ts';
import { decodeUtf8 } from '../session/text/text.ts';
import { FileMerge } from './file-merge.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-round-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 10, 28, 9, 30) + 0.25;
const unit = fc.oneof(
  fc.constantFrom(
    '"',
    ',',
    '\n',
    '\r\n',
    '\r',
    '\t',
    ';',
    '=',
    '-',
    "'",
    '@',
    '\\',
    '\0',
    '|',
    '[4] ',
    '\u2028',
    '😀',
    '\u202e',
    '0x41',
  ),
  fc.string({ minLength: 1, maxLength: 1 }),
  fc.constantFrom('00000001\t0.5\t', '{"a":1}', 'index,time_us'),
);
const anyRow: fc.Arbitrary<PlainRow> = fc
  .record({
    loss: fc.nat(6).map((n) => n === 0),
    index: fc.nat(2 ** 31 - 1).map((n) => n * 400_000),
    step: fc.nat(3_000_000_000),
    cpu: fc.nat(2047),
    level: fc.nat(253),
    type: fc.constantFrom(0, 0, 0, 9),
    remarks: fc.nat(2 ** 31 - 1),
    pid: fc.nat(2 ** 31 - 1),
    text: fc.string({ unit, maxLength: 12 }),
  })
  .map(({ loss, step, text, ...row }) =>
    loss ? { ...gap(row.index, row.cpu, row.remarks), timeNs: step } : entry(row.index, text, { ...row, timeNs: step }),
  );
/** In the order of their time, as a session has them. */
const anySession = fc.array(anyRow, { minLength: 1, maxLength: 15 }).map((rows) => {
  let timeNs = 0;
  return rows.map((row) => {
    timeNs += row.timeNs;
    return { ...row, timeNs };
  });
});

type Read = ExportRow & { readonly wallMs: number };

/** Writes the rows in a format, opens what was written, and gives its rows. */
function throughFile(format: ExportFormat, rows: readonly PlainRow[], spreadsheetSafe = true): Read[] {
  const info = { source: 'sim:a', sessionId: 'f0', startUnixMs: START };
  const sources = [{ id: 0, name: 'sim:a' }];
  const output = createOutput(format, outputFacts({ info, sources, spreadsheetSafe }));
  const path = join(folder, `log.${format}`);
  writeFileSync(path, Buffer.concat([output.begin(), output.rows(batchRun(batchOf(rows))), output.end()]));
  const opened = openFileSource(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const read: Read[] = [];
  const merge = new FileMerge([{ source: opened.value, statedNs: 0 }], (batch) => {
    const run = batchRun(batch);
    for (let at = 0; at < run.count; at++) {
      const row = createExportRow();
      run.read(at, row);
      read.push({ ...row, payload: row.payload.slice(), wallMs: opened.value.info.startUnixMs });
    }
  });
  while (merge.step() !== 'ended');
  merge.close();
  return read;
}

const isLoss = ({ kind }: { kind: number }): boolean => kind === RowKind.Gap;
/** A message without what no file can hold: bytes that are no UTF-8 became U+FFFD on the way. */
const textOf = (row: PlainRow): string => decodeUtf8(row.payload);

describe.each([
  ['csv', true],
  ['csv', false],
  ['jsonl', true],
] as const)('a session as %s (safe for spreadsheets: %s) and back', (format, safe) => {
  it('has every row with its index, time to the nanosecond, wall clock, CPU, level, process, type, remarks, bytes and losses', () => {
    const cases = countCases('a loss', 'a payload', 'a formula', 'several lines');
    fc.assert(
      fc.property(anySession, (rows) => {
        const read = throughFile(format, rows, safe);
        const facts = (row: { kind: number; index: number; timeNs: number; cpu: number; remarks: number }) => [
          isLoss(row),
          row.index,
          row.timeNs,
          row.cpu,
          row.remarks,
        ];
        expect(read.map(facts)).toEqual(rows.map(facts));
        const whole = (row: PlainRow | Read) => (isLoss(row) ? null : [row.level, row.pid, row.type, [...row.payload]]);
        expect(read.map(whole)).toEqual(rows.map(whole));
        expect(read.every(({ wallMs }) => wallMs === START)).toBe(true);
        cases.note('a loss', rows.filter(isLoss).length);
        cases.note('a payload', rows.filter((row) => row.type === 9 && !isLoss(row)).length);
        cases.note('a formula', rows.filter((row) => /^'*[=+@-]/.test(textOf(row))).length);
        cases.note('several lines', rows.filter((row) => textOf(row).includes('\n')).length);
      }),
      { numRuns: 150 },
    );
    cases.expectEach();
  });
});

describe('a session as a DebugView log and back', () => {
  it('has every row with its index, time to 10 ns, process and message; a loss is a line of text', () => {
    const cases = countCases('a process', 'of the kernel', 'several lines', 'a loss');
    fc.assert(
      fc.property(anySession, (rows) => {
        const read = throughFile('debugview', rows);
        const shown = rows.map((row) => {
          const text = textOf(row).replace(/\r\n|\r/g, '\n');
          return {
            index: row.index % 1e15,
            timeNs: Math.round(row.timeNs / 10) * 10,
            pid: isLoss(row) ? 0 : row.pid,
            text: isLoss(row)
              ? `... ${row.remarks} record${row.remarks === 1 ? '' : 's'} lost on CPU ${row.cpu}`
              : text,
          };
        });
        for (const [at, row] of read.entries()) {
          const wanted = shown[at] as (typeof shown)[number];
          expect([row.index, row.timeNs, row.pid]).toEqual([wanted.index, wanted.timeNs, wanted.pid]);
          const source = rows[at] as PlainRow;
          // Two things it cannot tell apart: a blank and nothing; and a line that looks like a record has a blank before it.
          if (source.type !== 0) continue;
          const told = (text: string): string =>
            text.replace(/\n (?=\d{1,15}\t\d|\[\\\\)/g, '\n').replace(/^ (?=\n|$)/, '');
          expect(told(row.text)).toBe(told(wanted.text));
        }
        expect(read.length).toBe(rows.length);
        cases.note('a process', shown.filter(({ pid }) => pid > 0).length);
        cases.note('of the kernel', rows.filter((row) => row.pid === 0 && !isLoss(row)).length);
        cases.note('several lines', shown.filter(({ text }) => text.includes('\n')).length);
        cases.note('a loss', rows.filter(isLoss).length);
      }),
      { numRuns: 150, examples: [[[entry(1, 'of the kernel', { pid: 0 })]]] },
    );
    cases.expectEach();
  });
});

describe('a session as text for people and back', () => {
  it('has every row with its index, time to the nanosecond, wall clock, CPU, level, remarks, losses, and its message as it was shown', () => {
    fc.assert(
      fc.property(anySession, (rows) => {
        const read = throughFile('text', rows);
        const facts = (row: PlainRow | Read) => [
          isLoss(row),
          row.index,
          row.timeNs,
          row.cpu,
          row.remarks,
          isLoss(row) ? 0 : row.level,
        ];
        expect(read.map(facts)).toEqual(rows.map(facts));
        const shown = (row: PlainRow) =>
          isLoss(row) ? null : row.type === 0 ? shownText(textOf(row)) : [...row.payload];
        expect(read.map((row) => (isLoss(row) ? null : row.type === 0 ? row.text : [...row.payload]))).toEqual(
          rows.map((row) => (row.type !== 0 && row.payload.length === 0 ? [] : shown(row))),
        );
        expect(read.every(({ wallMs }) => wallMs === Math.floor(START))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

/** The longest message of a ring, in bytes. */
const LONGEST = 65_536;
const UNITS = ['"', '\0', 'a', 'ü', '€', '\ufffd', ',"', '😀'] as const;

describe('a message as long as one can be', () => {
  it.each(['csv', 'jsonl', 'debugview', 'text'] as const)('is one row with all of it, as %s and back', (format) => {
    // A text for people has a control character as a sign that takes more bytes.
    const units = UNITS.filter((unit) => format !== 'text' || unit !== '\0');
    fc.assert(
      // What a message is made of is long in one of the formats, and how many bytes it lacks.
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...units), fc.nat(200)), { minLength: 1, maxLength: 3 }),
        (made) => {
          const texts = made.map(([unit, less]) => unit.repeat(Math.floor((LONGEST - less) / Buffer.byteLength(unit))));
          const rows = texts.map((text, at) => entry(at + 1, text, { pid: 4, timeNs: at * 1000 }));
          const read = throughFile(format, rows);
          expect(read.map(({ text }) => text.length)).toEqual(texts.map(({ length }) => length));
          expect(read.every(({ text }, at) => text === texts[at])).toBe(true);
        },
      ),
      { numRuns: 8, examples: units.map((unit) => [[[unit, 0]]]) },
    );
  });

  it.each(['csv', 'jsonl', 'text'] as const)(
    'that is a payload is one row with its bytes, as %s and back',
    (format) => {
      const rows = [entry(1, 'ü'.repeat(LONGEST / 2), { type: 9 }), entry(2, 'next', {})];
      const read = throughFile(format, rows);
      expect(read.map(({ type, payload }) => [type, payload.length])).toEqual([
        [9, LONGEST],
        [0, 4],
      ]);
      expect(Buffer.compare(read[0]?.payload as Uint8Array, rows[0]?.payload as Uint8Array)).toBe(0);
    },
  );
});
