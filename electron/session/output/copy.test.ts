import { afterEach, describe, expect, it } from 'vitest';
import type { LogField } from '../../contract/log-fields.ts';
import { SHOWN_COLUMNS, type ShownColumn } from '../../contract/output.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeArchive, gap } from '../test-support.ts';
import { fieldValues } from '../text/field-values.ts';
import { setSchemas } from '../text/schemas.ts';
import { LogView } from '../view/view.ts';
import { CopyJob, copyRows, estimateText, MAX_COPY_TEXT } from './copy.ts';
import { createFormatter, formatBatch } from './line-formats.ts';
import type { OutputFacts } from './output-facts.ts';
import { createExportRow } from './output-row.ts';

const TINY = { memoryCapBytes: 20_000, segmentRows: 64, chunkBytes: 1024, segmentBytes: 4096 };
const ROWS = Array.from({ length: 3000 }, (_, i) => entry(i, `message ${i}`, { cpu: i % 4 }));

function filled(more: object = {}) {
  const store = new SessionStore({ ...TINY, ...more });
  const view = new LogView(store);
  store.append(batchOf(ROWS));
  view.survey.catchUp();
  return { store, view };
}

/** What a text export writes of the same rows. */
const exported = (rows: typeof ROWS) =>
  formatBatch(createFormatter('text'), batchOf(rows), 0, rows.length, createExportRow());

const REQUESTS = JSON.stringify({
  ringview_schema: 1,
  types: {
    16: {
      name: 'request',
      fields: [
        { name: 'code', type: 'u8' },
        { name: 'what', type: 'utf8', bytes: 7 },
      ],
    },
  },
});

afterEach(() => {
  setSchemas([]);
});

const STEPWISE = { slice: () => ({ spent: () => true }), rest: () => Promise.resolve() };

describe('a copy', () => {
  it('is what an export writes, made in many steps, of rows that lie on disk', async () => {
    const { store, view } = filled({ archive: new FakeArchive() });
    expect(store.retention.diskRows).toBeGreaterThan(2000);
    const range = { generation: view.generation, first: 100, last: 2900 };
    const job = new CopyJob(view, range);
    let rests = 0;
    const text = await copyRows(job, {
      ...STEPWISE,
      rest: async () => {
        rests++;
      },
      cancelled: () => false,
    });
    expect(text).toEqual({ ok: true, value: exported(ROWS.slice(100, 2901)) });
    expect(rests).toBeGreaterThan(5);
    expect([job.rows, job.totalRows, job.skippedRows]).toEqual([2801, 2801, 0]);
  });

  it('takes what the filter shows, and no more than there is', () => {
    const { view } = filled({ archive: new FakeArchive() });
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [0, 1, 2] });
    view.advance(WHOLE);
    const range = { generation: view.generation, first: 700, last: 1e9 };
    expect(new CopyJob(view, range).step(WHOLE)).toEqual({
      ok: true,
      value: exported(ROWS.filter((row) => row.cpu === 3).slice(700)),
    });
  });

  it('is of the parts that are selected, whose deltas are those the table shows', async () => {
    const { view } = filled({ archive: new FakeArchive() });
    const { generation } = view;
    const parts = [
      { first: 10, last: 12 },
      { first: 700, last: 700 },
      { first: 2990, last: 4000 },
    ];
    const range = { generation, first: 10, last: 4000, parts };
    const whole = new CopyJob(view, range).step(WHOLE);
    const wanted = [...ROWS.slice(10, 13), ...ROWS.slice(700, 701), ...ROWS.slice(2990)];
    expect(whole).toEqual({ ok: true, value: exported(wanted) });
    const job = new CopyJob(view, range);
    expect(await copyRows(job, { ...STEPWISE, cancelled: () => false })).toEqual(whole);
    expect([job.rows, job.totalRows]).toEqual([14, 14]);
    expect(estimateText(view, range).rows).toBe(14);

    const origin = { startUnixMs: 0, bootNs: null };
    const times = { kind: 'elapsed', digits: 'ns', delta: 'row', origin } as const;
    const linesOf = (some: typeof range | { generation: number; first: number; last: number }) => {
      const text = new CopyJob(view, some, { times }).step(WHOLE);
      return text?.ok ? text.value.slice(0, -1).split('\n') : [];
    };
    const all = linesOf({ generation, first: 0, last: 2999 });
    expect(linesOf(range)).toEqual([...all.slice(10, 13), ...all.slice(700, 701), ...all.slice(2990)]);
  });

  it('has the columns that the table shows, in its order, and no others', () => {
    const store = new SessionStore(TINY);
    const view = new LogView(store);
    const rows = [
      entry(7, 'first', { cpu: 2, timeNs: 1e9, pid: 44, type: 0, remarks: 5, origin: 1 }),
      { ...gap(8, 2, 30), timeNs: 2e9, type: 1 },
    ];
    store.append(batchOf(rows));
    view.advance(WHOLE);
    const range = { generation: view.generation, first: 0, last: 1 };
    const copied = (columns: readonly ShownColumn[]) => new CopyJob(view, range, { columns }).step(WHOLE);
    const cells = (columns: readonly ShownColumn[]) => {
      const text = copied(columns);
      if (!text?.ok) throw new Error('nothing was copied');
      return text.value
        .slice(0, -1)
        .split('\n')
        .map((line) => line.split('\t').map((cell) => cell.trim()));
    };
    expect(cells(['index', 'cpu', 'message'])[0]).toEqual(['7', '2', 'first']);
    expect(cells(['time', 'level', 'pid', 'origin', 'remarks'])).toEqual([
      ['1.000000000', 'info', '44', 'dbgprint', '5'],
      ['2.000000000', 'lost', '', '', ''],
    ]);
    expect(cells(SHOWN_COLUMNS)[0]).toHaveLength(SHOWN_COLUMNS.length);
    expect(cells(['message', 'cpu', 'index'])[0]).toEqual(['first', '2', '7']);
  });

  it('has no level of a source that states none, but those that its rows have all the same', () => {
    const store = new SessionStore(TINY);
    const view = new LogView(store);
    store.append(batchOf([entry(1, 'a', { level: 2 }), entry(2, 'b', { level: 0 }), gap(3, 0, 1)]));
    view.advance(WHOLE);
    const range = { generation: view.generation, first: 0, last: 2 };
    const fieldsOf = () => ({ lacks: new Set<LogField>(['level']), zeroPidIsNone: true });
    const text = new CopyJob(view, range, { columns: ['level'], fieldsOf }).step(WHOLE);
    expect(text?.ok && text.value.split('\n').map((line) => line.trim())).toEqual(['', 'error', 'lost', '']);
  });

  it('has the fields of records where the table has them', () => {
    const type = {
      name: 'probe',
      fields: [
        { name: 'code', type: 'u8' },
        { name: 'flags', type: 'u8' },
      ],
    };
    setSchemas([JSON.stringify({ ringview_schema: 1, types: { 16: type } })]);
    try {
      const store = new SessionStore(TINY);
      const view = new LogView(store);
      const record = entry(1, '', { type: 16, payload: Uint8Array.of(7, 9) });
      store.append(batchOf([record, entry(2, 'text'), { ...gap(3, 0, 1), type: 16 }]));
      view.advance(WHOLE);
      const range = { generation: view.generation, first: 0, last: 2 };
      const columns = ['field:probe.flags', 'index', 'field:probe.code', 'field:probe.gone'] as const;
      const fields = fieldValues(['probe.code', 'probe.flags']);
      const text = new CopyJob(view, range, { columns, fields }).step(WHOLE);
      const lines = text?.ok ? text.value.slice(0, -1).split('\n') : [];
      expect(lines.map((line) => line.split('\t').map((cell) => cell.trim()))).toEqual([
        ['9', '1', '7', ''],
        ['', '2', '', ''],
        ['', '3', '', ''],
      ]);
    } finally {
      setSchemas([]);
    }
  });

  it('has them as a Markdown table and as CSV, too, with those of fields, where they are shown', () => {
    setSchemas([REQUESTS]);
    const store = new SessionStore(TINY);
    const view = new LogView(store);
    const payload = Uint8Array.of(5, ...new TextEncoder().encode('=1+1,x '));
    const rows = [
      entry(7, 'a|b, "c"', { cpu: 2, timeNs: 1e9, pid: 44, type: 0 }),
      entry(8, '', { cpu: 2, timeNs: 2e9, pid: 44, type: 16, payload }),
      { ...gap(9, 2, 30), timeNs: 3e9, type: 1 },
    ];
    store.append(batchOf(rows));
    view.advance(WHOLE);
    const range = { generation: view.generation, first: 0, last: 2 };
    const columns = ['message', 'field:request.what', 'level', 'field:request.code', 'time', 'process'] as const;
    const processOf = () => 'nic=1.exe';
    const linesOf = (format: 'text' | 'markdown' | 'csv', more: Partial<OutputFacts> = {}) => {
      const text = new CopyJob(view, range, { columns, processOf, ...more }, format).step(WHOLE);
      return text?.ok ? text.value.trimEnd().split(/\r?\n/) : [];
    };
    expect(linesOf('markdown')).toEqual([
      '| message | request\\.what | level | request\\.code | time \\(s\\) | process |',
      '| --- | --- | --- | --- | ---: | --- |',
      '| a\\|b, "c" |  | info |  | 1\\.000000000 | nic\\=1\\.exe \\(44\\) |',
      expect.stringMatching(/\| \\=1\\\+1,x {2}\| info \| 5 \| 2\\\.000000000 \|/),
      expect.stringMatching(/^\| 30 records lost .* \| {2}\| lost \| {2}\| 3\\\.000000000 \| {2}\|$/),
    ]);
    expect(linesOf('csv')).toEqual([
      'message,request.what,level,request.code,time (s),process',
      '"a|b, ""c""",,info,,1.000000000,nic=1.exe (44)',
      expect.stringMatching(/,"'=1\+1,x ",info,5,2\.000000000,nic=1\.exe \(44\)$/),
      expect.stringMatching(/^30 records lost .*,,lost,,3\.000000000,$/),
    ]);
    // As it is, where that is wanted; the head says so.
    const [head, , record] = linesOf('csv', { spreadsheetSafe: false });
    expect(head).toMatch(/^"message",request\.what,/);
    expect(record).toContain(',"=1+1,x ",info,');
    expect(linesOf('text').map((line) => line.split('\t').map((cell) => cell.trim())[3])).toEqual(['', '5', '']);
    // A bookmark is told of as in any Markdown.
    expect(linesOf('markdown', { notes: new Map([[0, 'see']]) })[2]).toMatch(/ \| \u2691 see \|$/);
  });

  it('has one line for losses without a record between them, but where a program reads it', () => {
    const store = new SessionStore(TINY);
    const view = new LogView(store);
    const rows = [
      entry(1, 'before', { cpu: 1, timeNs: 1e9 }),
      { ...gap(2, 1, 30), timeNs: 2e9, type: 1 },
      { ...gap(3, 2, 7), timeNs: 3e9, type: 4 },
      { ...gap(4, 3, 5), timeNs: 4e9, type: 1 },
      entry(5, 'between', { cpu: 1, timeNs: 5e9 }),
      { ...gap(6, 2, 1), timeNs: 6e9, type: 1 },
    ];
    store.append(batchOf(rows));
    const linesOf = (first: number, last: number, format: 'text' | 'markdown' | 'csv' = 'text') => {
      const job = new CopyJob(view, { generation: view.generation, first, last }, {}, format);
      const text = job.step(WHOLE);
      expect(job.rows).toBe(last - first + 1);
      return text?.ok ? text.value.slice(0, -1).split(/\r?\n/) : [];
    };
    const [before, lost = '', between, alone] = linesOf(0, 5);
    expect([before, between, alone].map((line) => line?.split('\t').at(-1))).toEqual([
      'before',
      'between',
      '... 1 record lost on CPU 2 (ring full)',
    ]);
    const [index, time, cpu, level, , remarks, message] = lost.split('\t').map((column) => column.trim());
    expect([index, time, cpu, level, remarks]).toEqual(['2', '2.000000000', '', 'lost', '42']);
    expect(message).toMatch(
      /^\.\.\. 42 records lost on CPUs 1-3 between 1\.000000000 and 4\.000000000 \(ring full or .*\), 3 losses$/,
    );
    // Of a part of them it says what that part lost.
    expect(linesOf(2, 3)).toEqual([expect.stringContaining('12 records lost on CPUs 2-3 before 4.000000000')]);
    expect(linesOf(0, 5, 'markdown').length).toBe(2 + 4);
    expect(linesOf(0, 5, 'csv').length).toBe(1 + 6);
  });

  it('is a table with its head where one is wanted', () => {
    const { view } = filled({ archive: new FakeArchive() });
    const range = { generation: view.generation, first: 5, last: 6 };
    const copied = (format: 'csv' | 'markdown') => new CopyJob(view, range, {}, format).step(WHOLE);
    expect(copied('markdown')).toEqual({
      ok: true,
      value:
        '| index | time (s) | cpu | level | pid | message |\n| ---: | ---: | ---: | --- | ---: | --- |\n' +
        '| 5 | 0.000005000 | 1 | info | 0 | message 5 |\n| 6 | 0.000006000 | 2 | info | 0 | message 6 |\n',
    });
    expect(copied('csv')).toMatchObject({ value: expect.stringMatching(/^index,.*message\r\n5,.*message 5\r\n6,/) });
  });

  it.each([false, true])('stops when its session is closed under it, paused: %s', async (paused) => {
    const { store, view } = filled({ archive: new FakeArchive() });
    view.setPaused(paused);
    const job = new CopyJob(view, { generation: view.generation, first: 0, last: 2999 });
    expect(job.step({ spent: () => true })).toBe(null);
    // As a session does that is closed: its views are told of nothing any more.
    view.close();
    store.clear();
    expect(job.step(WHOLE)).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('stops when it is told to, and when the view changes under it', async () => {
    const { view } = filled({ archive: new FakeArchive() });
    const range = { generation: view.generation, first: 0, last: 2999 };
    const cancelled = await copyRows(new CopyJob(view, range), { ...STEPWISE, cancelled: () => true });
    expect(cancelled).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    const job = new CopyJob(view, range);
    expect(job.step({ spent: () => true })).toBeNull();
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    expect(job.step(WHOLE)).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('counts the rows that left the history before it came to them', () => {
    const { store, view } = filled();
    const job = new CopyJob(view, { generation: view.generation, first: view.first, last: view.end - 1 });
    expect(job.step({ spent: () => true })).toBeNull();
    const taken = job.rows;
    for (let i = 0; i < 3; i++) store.append(batchOf(ROWS));
    expect(job.step(WHOLE)).toMatchObject({ ok: true });
    expect(job.rows).toBe(taken);
    expect(job.rows + job.skippedRows).toBe(job.totalRows);
  });

  it('is estimated within a tenth of its size', () => {
    const { view } = filled({ archive: new FakeArchive() });
    for (const [first, last] of [
      [0, 2999],
      [640, 1279],
      [2000, 2100],
    ] as const) {
      const { rows, bytes } = estimateText(view, { first, last });
      expect(rows).toBe(last - first + 1);
      const actual = exported(ROWS.slice(first, last + 1)).length;
      expect(Math.abs(bytes - actual)).toBeLessThan(actual / 10);
    }
    expect(estimateText(view, { first: 5000, last: 6000 })).toEqual({ rows: 0, bytes: 0 });
  });

  it('gives up where the estimate was far too low', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    const view = new LogView(store);
    store.append(batchOf([entry(1, 'x'.repeat(MAX_COPY_TEXT + 1)), entry(2, 'y')]));
    const job = new CopyJob(view, { generation: view.generation, first: 0, last: 1 });
    expect(job.step(WHOLE)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  });
});
