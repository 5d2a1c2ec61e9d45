import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_NAMES } from '../../core/columns.ts';
import { type BatchLease, createEntryBatch, type EntryBatch } from '../../core/entry.ts';
import { countCases, testRandom } from '../../core/test-support.ts';
import { debugViewFormat } from './debugview.ts';
import { debugViewRun } from './debugview-run.ts';
import { FileTime } from './file-time.ts';
import { createLine } from './line-format.ts';
import { viewOf } from './lines.ts';
import { chooseReading, RecordReader } from './record-reader.ts';
import { RowBuilder } from './row-builder.ts';
import { DAY } from './test-support.ts';

const encoder = new TextEncoder();

/** Every column of every row, and its payload, as one text. */
function wholeRows(batch: EntryBatch): string[] {
  return Array.from({ length: batch.count }, (_, row) => {
    const start = batch.dataStart[row] as number;
    expect(start % 4).toBe(0);
    const payload = Buffer.from(batch.bytes.slice(start, start + (batch.dataLength[row] as number)));
    return `${COLUMN_NAMES.map((name) => batch[name][row]).join(' ')} ${payload.toString('latin1')}`;
  });
}

/** What is leased has anything in it before, and after it was handed on. */
function scramble(batch: EntryBatch): void {
  for (const name of COLUMN_NAMES) batch[name].fill(name === 'source' || name === 'event' ? 0 : 171);
  batch.dataStart.fill(171);
  batch.dataLength.fill(171);
  batch.bytes.fill(171);
}

interface How {
  readonly plainly: boolean;
  /** Leases by this seed, of few rows and bytes, and now and then none; null for none at all. */
  readonly seed: number | null;
  /** Bytes of a piece, and pieces of a poll. */
  readonly piece: number;
  readonly pieces: number;
}

interface Read {
  readonly rows: string[];
  readonly broken: unknown;
  readonly lastIndex: number;
  readonly lastNs: number;
  readonly leased: number;
}

function readAll(content: Uint8Array, { plainly, seed, piece, pieces }: How): Read {
  const reading = chooseReading(content.subarray(0, 65_536), true, DAY, { format: 'debugview', encoding: 'utf-8' });
  if (!reading.ok) throw new Error(reading.failure.message);
  const random = testRandom(seed ?? 1);
  // Of its own, so that it says the same whether there are leases or not.
  const pause = testRandom(pieces);
  const rows: string[] = [];
  let leased = 0;
  const lease: BatchLease = (_, bytes) => {
    if (random(5) === 0) return null;
    const batch = createEntryBatch(1 + random(6), bytes + random(4096));
    scramble(batch);
    return batch;
  };
  const sink = (batch: EntryBatch): void => {
    rows.push(...wholeRows(batch));
    if (batch.capacity >= 8192) return;
    leased++;
    scramble(batch);
  };
  const reader = new RecordReader(reading.value, DAY, sink, { plainly, shiftNs: 5 });
  for (let at = 0; at < content.length; at += piece * pieces) {
    reader.begin(seed === null ? null : lease);
    for (let n = 0; n < pieces; n++) reader.push(content.slice(at + n * piece, at + (n + 1) * piece));
    reader.flush(pause(4) === 0);
  }
  reader.finish();
  const { lastIndex, lastNs } = reader;
  return { rows, broken: reader.broken.figures(), lastIndex, lastNs, leased };
}

const digits = (least: number, most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((each) => each.join(''));
const clock = fc.tuple(
  fc.integer({ min: 0, max: 25 }).map((hour) => (hour % 2 === 0 ? String(hour) : String(hour).padStart(2, '0'))),
  fc.integer({ min: 0, max: 61 }).map((each) => String(each).padStart(2, '0')),
  fc.integer({ min: 0, max: 61 }).map((each) => String(each).padStart(2, '0')),
  fc.oneof(
    fc.constant(''),
    digits(0, 11).map((each) => `.${each}`),
    digits(1, 3).map((each) => `,${each}`),
  ),
  fc.constantFrom('', '', ' AM', ' PM', ' am', ' xm', ' A', ' PMx'),
);
const time = fc.oneof(
  { weight: 4, arbitrary: digits(1, 9).map((each) => `${each.length % 3}.${each}`) },
  { weight: 1, arbitrary: fc.tuple(digits(0, 14), digits(0, 12)).map(([whole, fraction]) => `${whole}.${fraction}`) },
  { weight: 4, arbitrary: clock.map(([h, m, s, fraction, half]) => `${h}:${m}:${s}${fraction}${half}`) },
  { weight: 1, arbitrary: fc.constantFrom('', 'x', '12', '1:2:3', '12:34', '12:34:5x', '12:34:567', '-1.5', '1.5 ') },
);
const number = fc.oneof(
  { weight: 6, arbitrary: digits(8, 8) },
  { weight: 1, arbitrary: digits(0, 17) },
  { weight: 1, arbitrary: fc.constantFrom('', 'x', '1x', ' 1') },
);
const process = fc.oneof(
  fc.constantFrom(
    '',
    '',
    '[4] ',
    '[1980] ',
    '[4294967295] ',
    '[4294967296] ',
    '[12345678901] ',
    '[7]',
    '[7]\t',
    '[7]  ',
  ),
  fc.constantFrom('[] ', '[', '[7', '[x] ', '[7 ] ', '[[7]] '),
);
const text = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 24 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('', ' ', '  ', '\t', '\t\t', 'a\t', 'a\tb', ' \t', '\u0000', '\u0001\u0002', 'ä€𝄞'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 65_500, max: 65_560 }).map((length) => 'x'.repeat(length)) },
);
const record = fc
  .tuple(number, time, process, text, fc.constantFrom('', '', '\t'))
  .map(([n, t, p, message, tab]) => ({ kind: 'record' as const, line: `${n}\t${t}\t${p}${message}${tab}` }));
const usual = fc.tuple(digits(8, 8), fc.integer({ min: 0, max: 999 }), text).map(([n, ms, message]) => ({
  kind: 'usual' as const,
  line: `${n}\t10:00:00.${String(ms).padStart(3, '0')}\t[4] ${message}`,
}));
const other = fc.oneof(fc.constantFrom('', '[\\\\HOST]', '1', '1\t', '1\t0.5', 'and more'), text).map((line) => ({
  kind: 'other' as const,
  line,
}));
const log = fc.array(
  fc.tuple(
    fc.oneof({ weight: 4, arbitrary: usual }, { weight: 4, arbitrary: record }, { weight: 1, arbitrary: other }),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('\r\n') },
      { weight: 3, arbitrary: fc.constant('\n') },
      { weight: 1, arbitrary: fc.constantFrom('\r', '\r\r\n', '\n\r', '') },
    ),
  ),
  { maxLength: 40 },
);

describe('the fast way through a DebugView log', () => {
  it('reads any bytes as the plain one, whatever the pieces, and whether rows are written into leased batches or not', () => {
    const cases = countCases('long line', 'cr alone', 'continuation', 'pieces', 'one piece', 'leased', 'byte changed');
    fc.assert(
      fc.property(
        log,
        fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constant(1 << 20)),
        fc.integer({ min: 1, max: 4 }),
        fc.integer(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        (lines, piece, pieces, seed, changes) => {
          const content = encoder.encode(lines.map(([{ line }, end]) => line + end).join(''));
          for (const [at, byte] of changes) if (content.length > 0) content[at % content.length] = byte;
          const [size, long] = [
            content.length > 20_000 ? 1 << 20 : piece,
            lines.some(([{ line }]) => line.length > 60_000),
          ];
          const plain = readAll(content, { plainly: true, seed: null, piece: size, pieces });
          const fast = readAll(content, { plainly: false, seed: null, piece: size, pieces });
          const leased = readAll(content, { plainly: false, seed, piece: size, pieces });
          const plainLeased = readAll(content, { plainly: true, seed, piece: size, pieces });
          for (const { leased: _, ...read } of [fast, leased, plainLeased])
            expect(read).toEqual({ ...plain, leased: undefined });
          cases.note('long line', long);
          cases.note(
            'cr alone',
            lines.some(([, end]) => end === '\r'),
          );
          cases.note(
            'continuation',
            plain.rows.some((row) => row.includes('\n')),
          );
          cases.note('pieces', size < content.length);
          cases.note('one piece', size >= content.length);
          cases.note('leased', leased.leased > 0);
          cases.note('byte changed', changes.length > 0);
        },
      ),
      { numRuns: 400 },
    );
    cases.expectEach(20);
  });

  it.each([
    ['elapsed', '00000001\t0.00001234\t[1980] a message\t'],
    ['elapsed, of the kernel', '00000002\t12.50000000\ta message\twith tabs\tin it'],
    ['clock', '00000003\t14:03:22\t[4] a message'],
    ['clock, to the millisecond', '00000004\t4:03:22.250\t[4] ä message'],
    ['12 hours', '00000005\t04:03:22.250 PM\t[4] a message\t'],
    ['an empty message', '00000006\t0.5\t[7] \t'],
  ])('takes lines of the usual shapes: %s', (_, line) => {
    for (const end of ['\r\n', '\n', '\r']) {
      const content = encoder.encode(`${line}${end}`.repeat(20));
      const time = new FileTime(DAY);
      const parsed = createLine();
      debugViewFormat.parse(encoder.encode(line), 0, encoder.encode(line).length, parsed);
      time.place(parsed);
      const handed: number[] = [];
      const rows = new RowBuilder((batch) => handed.push(batch.count));
      const to = debugViewRun(content, viewOf(content), 0, rows, time, 0);
      rows.flush();
      // What is left is shorter than the longest begin of a line.
      expect(content.length - to).toBeLessThan(100);
      expect(handed).toEqual([to / (content.length / 20)]);
    }
  });
});
