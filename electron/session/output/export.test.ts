import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowFlag, RowKind } from '../../../native/core/entry.ts';
import type { LineFormat } from '../../contract/export-formats.ts';
import { LOG_FIELDS, type LogField } from '../../contract/log-fields.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import type { SourceName } from '../../contract/status.ts';
import { countCases } from '../../contract/test-support.ts';
import type { NameOfProcess } from '../ingest/process-names.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads, gap, type PlainRow, readCsv } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { createOutput } from './export.ts';
import { ExportJob } from './export-job.ts';
import { CSV_HEADER } from './formats/csv.ts';
import { createFormatter, formatBatch, lineFormatter } from './line-formats.ts';
import { outputFacts } from './output-facts.ts';
import { batchRun, createExportRow } from './output-row.ts';

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '\t',
      ';',
      '=',
      '\\',
      '\0',
      '\u001b',
      '\u2028',
      '\u202e',
      '\u009b',
      'é',
      '😀',
    ),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
});

const anyRow: fc.Arbitrary<PlainRow> = fc
  .record({
    gap: fc.nat(4).map((n) => n === 0),
    index: fc.nat(2 ** 31 - 1).map((n) => n * 4_000_000),
    timeNs: fc.nat(2 ** 31 - 1).map((n) => n * 4_000_003),
    cpu: fc.nat(2047),
    level: fc.nat(255),
    type: fc.constantFrom(0, 0, 0, 9),
    remarks: fc.nat(2 ** 31 - 1),
    text: hostile,
    tid: fc.constantFrom(0, 4, 0xffff_ffff),
    flags: fc.constantFrom(0, RowFlag.Thread),
  })
  .map((row) => (row.gap ? gap(row.index, row.cpu, row.remarks) : entry(row.index, row.text, row)));

const levels = ['error', 'warning', 'info', 'trace'];

/** Fields of which these rows know nothing. */
const NOT_KNOWN = { time: null, process: null };

/** What each row must read as, written down a second way. */
function expected(row: PlainRow): Record<string, unknown> {
  const isGap = row.kind === RowKind.Gap;
  const hex = `0x${[...row.payload].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return {
    ...NOT_KNOWN,
    source: String(row.source),
    ...(isGap ? { lost: row.remarks } : {}),
    index: row.index,
    time_us: row.timeNs / 1000,
    cpu: row.cpu,
    pid: isGap ? null : row.pid,
    tid: isGap || (row.tid === 0 && (row.flags & RowFlag.Thread) === 0) ? null : row.tid,
    level: isGap ? 'lost' : (levels[row.level] ?? `level ${row.level}`),
    type: row.type,
    remarks: row.remarks,
    ...(!isGap && (row.flags & RowFlag.Late) !== 0 ? { late: true } : {}),
    message: isGap
      ? `${row.remarks} record${row.remarks === 1 ? '' : 's'} lost on CPU ${row.cpu}`
      : row.type === 0
        ? decodeUtf8(row.payload)
        : row.payload.length > 0
          ? hex
          : '',
  };
}

const format = (
  name: LineFormat,
  rows: readonly PlainRow[],
  sources: readonly SourceName[] = [],
  processOf: NameOfProcess | null = null,
  spreadsheetSafe = true,
): string => {
  const formatter = lineFormatter(name, outputFacts({ sources, processOf, spreadsheetSafe }));
  return formatter.header(null) + formatBatch(formatter, batchOf(rows), 0, rows.length, createExportRow());
};

describe('the log of several sources', () => {
  const rows = [entry(1, 'one'), { ...gap(3, 2, 5), source: 4 }, entry(3, 'three', { source: 9 })];
  const sources = [
    { id: 0, name: 'sim:a' },
    { id: 4, name: 'sim:b,c' },
  ];

  it('names the source of each row', () => {
    expect(format('csv', rows, sources).split('\r\n')).toEqual([
      CSV_HEADER,
      '1,1.000,,0,info,sim:a,0,,,0,0,one',
      '3,3.000,,2,lost,"sim:b,c",,,,0,5,5 records lost on CPU 2',
      '3,3.000,,0,info,9,0,,,0,0,three',
      '',
    ]);
    const lines = format('jsonl', rows, sources).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).source)).toEqual(['sim:a', 'sim:b,c', '9']);
    expect(format('text', rows, sources)).toContain('\tsim:b,c\t... 5 records lost');
  });
});

describe('the log of processes that have names', () => {
  const rows = [
    entry(1, 'one', { pid: 8 }),
    { ...gap(3, 2, 5), source: 1 },
    entry(3, 'three', { source: 1, pid: 12 }),
    entry(4, 'four', { source: 1, pid: 8 }),
  ];
  const nameOf = (source: number, pid: number) => (pid === 8 ? (source === 0 ? 'a,b.exe' : 'c\t.exe') : undefined);
  const sources = [
    { id: 0, name: 'dbwin:' },
    { id: 1, name: 'dbwin:global' },
  ];

  it('says which process each entry is of, and nothing of losses', () => {
    expect(format('csv', rows, sources, nameOf).split('\r\n')).toEqual([
      CSV_HEADER,
      '1,1.000,,0,info,dbwin:,8,"a,b.exe",,0,0,one',
      '3,3.000,,2,lost,dbwin:global,,,,0,5,5 records lost on CPU 2',
      '3,3.000,,0,info,dbwin:global,12,,,0,0,three',
      '4,4.000,,0,info,dbwin:global,8,c\t.exe,,0,0,four',
      '',
    ]);
    const objects = format('jsonl', rows, [], nameOf)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.map(({ pid, process }) => [pid, process])).toEqual([
      [8, 'a,b.exe'],
      [null, null],
      [12, null],
      [8, 'c\t.exe'],
    ]);
    const text = format('text', rows, [], nameOf);
    expect(text).toContain('\ta,b.exe (8)\tone\n');
    expect(text).toContain('\tc␉.exe (8)\tfour\n');
    expect(text).toContain('\t(12)\tthree\n');
    expect(text).toContain('\t... 5 records lost');
  });
});

describe('csv', () => {
  it('reads back as it was for a strict reader, whatever the messages hold', () => {
    const cases = countCases('a lone CR', 'a quote', 'a comma', 'a line feed', 'a gap', 'nothing');
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), (rows) => {
        const [header, ...lines] = readCsv(format('csv', rows, [], null, false).replace('"message"', 'message'));
        expect(header).toEqual(CSV_HEADER.split(','));
        const objects = lines.map((line) => {
          const at = (name: LogField): string => line[LOG_FIELDS.indexOf(name)] as string;
          expect(line.length).toBe(LOG_FIELDS.length);
          return {
            ...NOT_KNOWN,
            index: Number(at('index')),
            time_us: Number(at('time_us')),
            cpu: Number(at('cpu')),
            source: at('source'),
            pid: at('pid') === '' ? null : Number(at('pid')),
            tid: at('tid') === '' ? null : Number(at('tid')),
            level: at('level'),
            type: Number(at('type')),
            remarks: Number(at('remarks')),
            message: at('message'),
          };
        });
        expect(objects).toEqual(rows.map(expected).map(({ lost: _, ...rest }) => rest));
        const texts = rows.filter(({ kind }) => kind === RowKind.Entry).map(({ payload }) => decodeUtf8(payload));
        cases.note('a lone CR', texts.filter((text) => text.includes('\r') && !/[\n",]/.test(text)).length);
        cases.note('a quote', texts.filter((text) => text.includes('"')).length);
        cases.note('a comma', texts.filter((text) => text.includes(',')).length);
        cases.note('a line feed', texts.filter((text) => text.includes('\n')).length);
        cases.note('a gap', rows.length - texts.length);
        cases.note('nothing', rows.length === 0);
      }),
      { examples: [[[]]] },
    );
    cases.expectEach();
  });

  it.each(['\r', 'a\rb', '\r\n', '"', 'a"b', ',', '\n', ' "', '"\r'])(
    'quotes what a strict reader needs quoted: %j',
    (text) => {
      const csv = format('csv', [entry(1, text)]);
      const guard = /^[\r\n]/.test(text) ? "'" : '';
      expect(csv).toContain(`,"${guard}${text.replaceAll('"', '""')}"\r\n`);
      expect(readCsv(csv)[1]?.at(-1)).toBe(guard + text);
    },
  );

  it('has a reader in these tests that takes nothing which is not quoted as it should be', () => {
    for (const wrong of ['a\rb\r\n', 'a"b\r\n', '"a"b\r\n', '"a\r\n', 'a', 'a\n', 'a,b\r\nc\r\n', '"a" ,b\r\n'])
      expect(() => readCsv(wrong), wrong).toThrow();
    expect(readCsv('a,"b\r""\n",\r\n1,2,3\r\n')).toEqual([
      ['a', 'b\r"\n', ''],
      ['1', '2', '3'],
    ]);
  });

  it('is exactly what it is said to be', () => {
    expect(CSV_HEADER).toBe('index,time_us,time,cpu,level,source,pid,process,tid,type,remarks,message');
    const rows = [entry(7, 'say "hi", twice', { timeNs: 12_004_512_345, cpu: 3, level: 1, pid: 4 }), gap(9, 5, 37)];
    expect(format('csv', rows)).toBe(
      `${CSV_HEADER}\r\n7,12004512.345,,3,warning,0,4,,,0,0,"say ""hi"", twice"\r\n9,9.000,,5,lost,0,,,,0,37,37 records lost on CPU 5\r\n`,
    );
    expect(createFormatter('csv').header(null)).toBe(`${CSV_HEADER}\r\n`);
  });
});

describe('jsonl', () => {
  it('reads back as it was, one row a line', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), (rows) => {
        const lines = format('jsonl', rows).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map((line) => JSON.parse(line))).toEqual(rows.map(expected));
      }),
    );
    expect(createFormatter('jsonl').header(null)).toBe('');
  });

  it('says of an entry that it is late', () => {
    const lines = format('jsonl', [entry(9, 'in time'), entry(7, 'late', { flags: RowFlag.Late | 1 })]).trim();
    expect(lines.split('\n').map((line) => JSON.parse(line).late)).toEqual([undefined, true]);
  });
});

describe('text', () => {
  it('holds every message readably, and nothing that drives a terminal', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), (rows) => {
        const whole = format('text', rows);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
        expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/.test(whole)).toBe(false);
        const [header, ...lines] = whole.split('\n');
        expect(header).toBe('# RingView log');
        expect(lines.pop()).toBe('');
        expect(lines.length).toBe(rows.length);
      }),
    );
  });

  it('lines up, keeps a message of several lines on one, and marks losses', () => {
    const rows = [entry(12, 'first\r\nsecond\n', { timeNs: 1_500_000_000, cpu: 2, level: 0 }), gap(13, 5, 1)];
    expect(format('text', rows)).toBe(
      '# RingView log\n' +
        '        12\t     1.500000000\t  2\terror  \t    0\t         0\tfirst␍␊second␊\n' +
        '        13\t     0.000013000\t  5\tlost   \t    0\t         1\t... 1 record lost on CPU 5\n',
    );
    expect(createFormatter('text').header({ source: 'sim:a', sessionId: 'f0', startUnixMs: 0 })).toBe(
      '# RingView log of sim:a, ring session f0, time 0 is 1970-01-01T00:00:00.000Z\n',
    );
  });
});

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 1024 };

async function drain(
  store: SessionStore,
  filter: FilterSpec,
  maxRows?: number,
  threads?: FakeThreads,
): Promise<string> {
  const scanner = threads === undefined ? {} : { scanner: threads.pool };
  const job = ExportJob.create(store, { format: 'csv', filter, endRow: store.endRow, info: null, ...scanner });
  if (!job.ok) throw new Error(job.failure.message);
  let text = '';
  for (;;) {
    let ended = false;
    const next = job.value.next(maxRows).finally(() => {
      ended = true;
    });
    while (!ended) {
      threads?.settle();
      await Promise.resolve();
    }
    const part = await next;
    if (!part.ok) throw new Error(part.failure.message);
    if (part.value === null) return text;
    text += decodeUtf8(part.value);
  }
}

describe('ExportJob', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => entry(i, `message ${i}`, { cpu: i % 4 }));

  it('writes the store as the batch formatter writes the batch', async () => {
    const store = new SessionStore(SMALL);
    store.append(batchOf(rows));
    expect(await drain(store, SHOW_ALL)).toBe(format('csv', rows));
    expect(await drain(store, SHOW_ALL, 10)).toBe(format('csv', rows));
    const odd = rows.filter((row) => row.cpu % 2 === 1);
    expect(await drain(store, { ...SHOW_ALL, hiddenCpus: [0, 2] }, 10)).toBe(format('csv', odd));
    expect(await drain(new SessionStore(SMALL), SHOW_ALL)).toBe(`${CSV_HEADER}\r\n`);
  });

  it('writes a format in blocks, which may give nothing for a while, and completes it once', async () => {
    const store = new SessionStore(SMALL);
    store.append(batchOf(rows));
    const facts = { info: { source: 'sim:a', sessionId: 'f0', startUnixMs: 5 }, losses: false };
    for (const format of ['arrow', 'parquet', 'perfetto', 'pcapng', 'html'] as const) {
      const job = ExportJob.create(store, { format, filter: SHOW_ALL, endRow: store.endRow, ...facts });
      if (!job.ok) throw new Error(job.failure.message);
      const parts: Uint8Array[] = [];
      for (let next = await job.value.next(10); ; next = await job.value.next(10)) {
        if (!next.ok) throw new Error(next.failure.message);
        if (next.value === null) break;
        parts.push(next.value);
      }
      const output = createOutput(format, outputFacts(facts));
      const whole = [output.begin(), output.rows(batchRun(batchOf(rows))).slice(), output.end()];
      const bytes = (pieces: readonly Uint8Array[]) => pieces.flatMap((piece) => [...piece]);
      expect(bytes(parts), format).toEqual(bytes(whole));
      expect(await job.value.next()).toEqual({ ok: true, value: null });
    }
  });

  it('leaves an expression to others, and says so if they cannot get past a row', async () => {
    const store = new SessionStore(SMALL);
    store.append(batchOf(rows));
    const filter = { ...SHOW_ALL, text: { pattern: '7$', regex: true, caseSensitive: true } };
    const threads = new FakeThreads();
    const wanted = rows.filter((_, at) => at % 10 === 7);
    expect(await drain(store, filter, 100, threads)).toBe(format('csv', wanted));
    threads.endless.add('message 500');
    await expect(drain(store, filter, 100, threads)).rejects.toThrow('more than 1 s on the message with index 500');
  });

  it('counts rows evicted under it, and ends when the log is cleared', async () => {
    const store = new SessionStore({ ...SMALL, memoryCapBytes: 20_000 });
    store.append(batchOf(rows.slice(0, 200)));
    const created = ExportJob.create(store, { format: 'jsonl', filter: SHOW_ALL, endRow: store.endRow, info: null });
    if (!created.ok) throw new Error(created.failure.message);
    const job = created.value;
    await job.next(1);
    const { writtenRows } = job;
    expect([job.scannedRows, job.totalRows]).toEqual([writtenRows, 200]);
    for (let i = 0; i < 10; i++) store.append(batchOf(rows));
    expect(store.firstRow).toBeGreaterThan(200);
    while (((await job.next()) as { value: unknown }).value !== null);
    expect(writtenRows).toBeGreaterThan(0);
    expect([job.writtenRows, job.skippedRows]).toEqual([writtenRows, 200 - writtenRows]);
    // The progress covers what was evicted too: it ends at its end.
    expect([job.scannedRows, job.totalRows]).toEqual([200, 200]);
    store.clear();
    expect(await job.next()).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });
});

describe('an export of parts of the rows', () => {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 1024, segmentBytes: 4096 });
  const rows = Array.from({ length: 4000 }, (_, i) => entry(i, `message ${i}`, { timeNs: i * 1000, cpu: i % 4 }));
  store.append(batchOf(rows));
  const spans = [
    { firstRow: 3, endRow: 5 },
    { firstRow: 200, endRow: 201 },
    { firstRow: 3990, endRow: 3995 },
  ];
  const within = (row: number) => spans.some(({ firstRow, endRow }) => row >= firstRow && row < endRow);
  const exported = async (filter: FilterSpec, more: object = {}) => {
    const made = ExportJob.create(store, { format: 'csv', filter, firstRow: 3, endRow: 3995, ...more });
    if (!made.ok) throw new Error(made.failure.message);
    const parts: Uint8Array[] = [];
    for (;;) {
      const part = await made.value.next(100);
      if (!part.ok) throw new Error(part.failure.message);
      if (part.value === null) break;
      parts.push(part.value);
    }
    const lines = decodeUtf8(Buffer.concat(parts)).trimEnd().split('\r\n').slice(1);
    expect(made.value.writtenRows).toBe(lines.length);
    expect(made.value.scannedRows).toBe(made.value.totalRows);
    return lines;
  };
  const numbered = (lines: readonly string[]) => lines.filter((line) => within(Number(line.split(',')[0])));
  const some: FilterSpec = { ...SHOW_ALL, hiddenCpus: [3] };

  it.each([
    ['all rows', SHOW_ALL, {}],
    ['those that pass a filter', some, {}],
    [
      'those around matches',
      { ...SHOW_ALL, text: { pattern: 'message 399', regex: false, caseSensitive: true }, context: 3 },
      {},
    ],
    [
      'those with deltas',
      some,
      { times: { kind: 'elapsed', digits: 'ns', delta: 'row', origin: { startUnixMs: 0, bootNs: null } } },
    ],
  ] as const)('writes of %s what an export of all writes of the same rows', async (_, filter, more) => {
    const all = await exported(filter, more);
    const parts = await exported(filter, { ...more, spans });
    expect(parts).toEqual(numbered(all));
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.length).toBeLessThan(9);
  });
});

it('counts the rows that it writes, and which of them are losses, where those are wanted', async () => {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 1024, segmentBytes: 4096 });
  store.append(batchOf(Array.from({ length: 500 }, (_, i) => (i % 50 === 7 ? gap(i, 1, 3) : entry(i, 'record')))));
  for (const losses of [true, false]) {
    const made = ExportJob.create(store, { format: 'csv', filter: SHOW_ALL, endRow: 500, losses });
    if (!made.ok) throw new Error(made.failure.message);
    let part = await made.value.next();
    let lines = -1;
    for (; part.ok && part.value !== null; part = await made.value.next())
      lines += decodeUtf8(part.value).split('\r\n').length - 1;
    expect([lines, made.value.writtenLosses]).toEqual(losses ? [500, 10] : [490, 0]);
    expect(made.value.writtenRows).toBe(lines);
  }
});
