/** What each format promises of its own, held against readers that know nothing of this program where there are any. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS, type ExportFormat, formatOfPath } from '../../../contract/export-formats.ts';
import { LOG_FIELDS, type LogField } from '../../../contract/log-fields.ts';
import { countCases } from '../../../contract/test-support.ts';
import { findProgram } from '../../../setup/provide/find-tools.mjs';
import { ensureOtherArrow } from '../../../setup/provide/other-arrow.mjs';
import { batchOf, entry, gap, type PlainRow } from '../../test-support.ts';
import { setSchemas } from '../../text/schemas.ts';
import { decodeUtf8 } from '../../text/text.ts';
import { createOutput } from '../export.ts';
import { ALL_FIELDS, type OutputFacts, outputFacts } from '../output-facts.ts';
import { batchRun, type RowRun } from '../output-row.ts';
import { ArrowFormatter } from './arrow.ts';
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, PAGE_STYLE } from './html-page.ts';

const START = Date.UTC(2026, 10, 28, 9, 30);
const INFO = { source: 'sim:a', sessionId: 'f0', startUnixMs: START };
const SOURCES = [
  { id: 0, name: 'sim:a' },
  { id: 1, name: 'sim:b' },
];

function write(format: ExportFormat, rows: readonly PlainRow[], facts: Partial<OutputFacts> = {}): Uint8Array {
  const output = createOutput(format, outputFacts({ info: INFO, sources: SOURCES, ...facts }));
  const batch = batchOf(rows);
  const parts = [output.begin()];
  // In runs, as rows arrive.
  for (let from = 0; from < rows.length; from += 3) {
    parts.push(output.rows(batchRun(batch, from, Math.min(rows.length, from + 3))).slice());
  }
  return Buffer.concat([...parts, output.end()]);
}

const text = (format: ExportFormat, rows: readonly PlainRow[], facts: Partial<OutputFacts> = {}): string =>
  decodeUtf8(write(format, rows, facts));

const ROWS: readonly PlainRow[] = [
  entry(1, 'first', { timeNs: 1_500_000_123, cpu: 2, level: 0, pid: 4 }),
  { ...gap(2, 1, 7), timeNs: 2_000_000_000 },
  entry(3, 'say "hi" <b>|</b>\nnext', { timeNs: 2_000_000_001, cpu: 0, source: 1 }),
  entry(4, '', { timeNs: 3_000_000_000, cpu: 2, type: 9, payload: Uint8Array.of(1, 2, 254) }),
];

describe('the table of formats', () => {
  it('names each once, and finds it by its name and the ending of a path', () => {
    const names = EXPORT_FORMATS.flatMap(({ name, alsoCalled }) => [name, ...alsoCalled]);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, extensions } of EXPORT_FORMATS) expect(formatOfPath(`a.b/x.${extensions[0]}`)).toBe(name);
    expect([formatOfPath('x.LOG'), formatOfPath('x.log'), formatOfPath('x'), formatOfPath('a.csv/x')]).toEqual([
      'debugview',
      'text',
      null,
      null,
    ]);
  });

  it('has formats that write a log of no rows, and leave losses out where they are not wanted', () => {
    for (const { name } of EXPORT_FORMATS) {
      expect(() => write(name, []), name).not.toThrow();
      if (name === 'csv' || name === 'jsonl') {
        expect(text(name, ROWS, { losses: false }), name).not.toContain('lost');
        expect(text(name, ROWS), name).toContain('lost');
      }
    }
  });
});

describe('fields that a source does not have', () => {
  const fieldsOf = () => ({
    ...ALL_FIELDS,
    lacks: new Set(['cpu', 'level', 'type', 'remarks', 'time'] as const),
    zeroPidIsNone: true,
  });

  it('are null in JSON Lines and empty in csv, and those of a loss are told all the same', () => {
    const lines = text('jsonl', ROWS, { fieldsOf })
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(Object.keys(lines[0])).toEqual([...LOG_FIELDS]);
    expect(lines[0]).toMatchObject({
      cpu: null,
      level: null,
      type: null,
      remarks: null,
      time: null,
      tid: null,
      pid: 4,
    });
    expect(lines[1]).toMatchObject({ level: 'lost', remarks: 7, pid: null });
    expect(lines[2].pid).toBeNull();
    expect(text('csv', ROWS, { fieldsOf }).split('\r\n')[1]).toBe('1,1500000.123,,,,sim:a,4,,,,,first');
  });
});

describe('the wall clock', () => {
  it('is exact to the nanosecond, also before 1970 and where the begin has a fraction', () => {
    const times = (startUnixMs: number, rows: readonly PlainRow[]) =>
      text('jsonl', rows, { info: { ...INFO, startUnixMs } })
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).time);
    expect(times(START + 0.25, [entry(1, '', { timeNs: 1 }), entry(1, '', { timeNs: 999_750_000 })])).toEqual([
      '2026-11-28T09:30:00.000250001Z',
      '2026-11-28T09:30:01.000000000Z',
    ]);
    expect(times(-1500, [entry(1, '', { timeNs: 1 })])).toEqual(['1969-12-31T23:59:58.500000001Z']);
  });
});

describe('csv for spreadsheets', () => {
  it('has no value that begins a formula, and as many characters more as it protects', () => {
    const cases = countCases('protected', 'as it is', 'in quotes', 'empty');
    const begins = fc.constantFrom('=', '+', '-', '@', "'", '\t', '\r', '\n', '＝', 'a', '"');
    fc.assert(
      fc.property(fc.string({ unit: begins, maxLength: 5 }), (message) => {
        const [, line = ''] = /message\r\n[\s\S]*?,0,0,([\s\S]*)\r\n$/.exec(text('csv', [entry(1, message)])) ?? [];
        const value = line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
        expect(value).not.toMatch(/^[=+\-@\t\r\n＝]/);
        expect([message, `'${message}`]).toContain(value);
        expect(text('csv', [entry(1, message)], { spreadsheetSafe: false })).not.toContain(`,'${message || '='}\r\n`);
        cases.note(value === message ? 'as it is' : 'protected');
        cases.note('in quotes', line.startsWith('"'));
        cases.note('empty', message === '');
      }),
    );
    cases.expectEach(3);
  });
});

describe('a Perfetto trace', () => {
  it('is JSON with the fields its readers require, a lane for each CPU of each source, and every row', () => {
    const trace = JSON.parse(text('perfetto', ROWS)) as {
      displayTimeUnit: string;
      traceEvents: Record<string, unknown>[];
    };
    expect(trace.displayTimeUnit).toBe('ns');
    for (const event of trace.traceEvents) {
      expect(event).toMatchObject({
        name: expect.any(String),
        ph: expect.stringMatching(/^[iM]$/),
        pid: expect.any(Number),
        tid: expect.any(Number),
      });
      if (event.ph === 'i') expect(event).toMatchObject({ s: 't', ts: expect.any(Number), cat: expect.any(String) });
    }
    const lanes = trace.traceEvents.filter(({ name }) => name === 'thread_name');
    expect(lanes.map(({ pid, tid, args }) => [pid, tid, args])).toEqual([
      [1, 2, { name: 'CPU 2' }],
      [1, 1, { name: 'CPU 1' }],
      [2, 0, { name: 'CPU 0' }],
    ]);
    const events = trace.traceEvents.filter(({ ph }) => ph === 'i');
    expect(events.map(({ ts, cat, tid }) => [ts, cat, tid])).toEqual([
      [1_500_000.123, 'error', 2],
      [2_000_000, 'lost', 1],
      [2_000_000.001, 'info', 0],
      [3_000_000, 'info', 2],
    ]);
    expect(events.map(({ args }) => (args as { message: string }).message)).toEqual([
      'first',
      '7 records lost on CPU 1',
      'say "hi" <b>|</b>\nnext',
      '0x0102fe',
    ]);
    expect(JSON.parse(text('perfetto', [])).traceEvents).toEqual([]);
  });
});

describe('an HTML report', () => {
  it('runs its own script and no other, and holds every row in a form that cannot end the element it lies in', () => {
    expect(createHash('sha256').update(PAGE_SCRIPT).digest('base64')).toBe(PAGE_SCRIPT_HASH);
    const hostile = ['</script><script>alert(1)</script>', '<!--', '<img src=x onerror=alert(1)>', '\u2028'];
    const page = text(
      'html',
      hostile.map((message, at) => entry(at, message)),
      { filter: '</title><script>' },
    );
    expect(page.match(/<script/g)?.length).toBe(3);
    expect(page).not.toContain('<img');
    const [, json = ''] = /<script type="application\/json" class="rows">([\s\S]*?)<\/script>/.exec(page) ?? [];
    expect((JSON.parse(json) as unknown[][]).map((row) => row[8])).toEqual([...hostile.slice(0, 3), '\u2424']);
  });

  it('gives every figure the width of the longest, wherever in the log that is, and names one that has a bound', () => {
    const HOURS_NS = 3_600_000_000_000;
    const rows = [
      entry(1, 'first', { timeNs: 0, cpu: 0, pid: 4 }),
      ...Array.from({ length: 1100 }, (_, at) => entry(2 + at, 'more', { timeNs: at, pid: 8 })),
      entry(4_294_967_295, 'last', { timeNs: 1000 * HOURS_NS + 1000, cpu: 2047, level: 200, pid: 4_294_967_292 }),
      entry(9, 'earlier', { timeNs: -HOURS_NS, source: 1 }),
    ];
    const processOf = (_: number, pid: number) => ['system', 'x'.repeat(99)][pid === 4 ? 0 : pid === 8 ? 1 : 2];
    const widthsOf = (some: readonly PlainRow[], facts: Partial<OutputFacts> = {}) =>
      JSON.parse(/id="about">(.*?)<\/script>/.exec(text('html', some, facts))?.[1] ?? '').widths;
    expect(widthsOf(rows, { processOf })).toEqual({
      index: '4294967295'.length,
      time: '3600000.000001000'.length,
      cpu: '2047'.length,
      level: 'level 200'.length,
      source: 'sim:a'.length,
      process: 24 + ' (8)'.length,
    });
    expect(widthsOf(rows.slice(0, 1))).toMatchObject({ index: 1, time: 11, cpu: 1, level: 4, process: 3 });
    expect(widthsOf(rows.slice(-2)).process).toBe('(4294967292)'.length);
    // A page that gives a column a width of its own could cut what is in it.
    expect(`${PAGE_STYLE}${PAGE_SCRIPT}`).not.toMatch(/cell\([^;]*px|\.row[^}]*[^-]width/);
  });
});

/** Rows as a store keeps them, which have numbers: those from 0 on. */
function stored(format: ExportFormat, rows: readonly PlainRow[], notes: ReadonlyMap<number, string>): string {
  const output = createOutput(format, outputFacts({ info: INFO, sources: SOURCES.slice(0, 1), notes }));
  const { count, read } = batchRun(batchOf(rows));
  const run: RowRun = {
    count,
    read: (at, row) => {
      read(at, row);
      row.row = at;
    },
  };
  return decodeUtf8(Buffer.concat([output.begin(), output.rows(run).slice(), output.end()]));
}

describe('bookmarks and notes', () => {
  const notes = new Map([
    [1, ''],
    [2, '</script> | two'],
    [99, 'of a row that is not written'],
  ]);

  it('stand behind their rows in an HTML report, losses among them, and nowhere else', () => {
    const page = stored('html', ROWS, notes);
    const [, json = ''] = /<script type="application\/json" class="rows">([\s\S]*?)<\/script>/.exec(page) ?? [];
    expect((JSON.parse(json) as unknown[][]).map((row) => row.slice(9))).toEqual([
      [],
      [7, ''],
      [null, '</script> | two'],
      [],
    ]);
    expect(page).not.toContain('not written');
    expect(page.match(/<script/g)?.length).toBe(3);
  });

  it('are a column of a Markdown table, which is not there without any', () => {
    const column = (table: string): (string | undefined)[] =>
      table
        .trimEnd()
        .split('\n')
        .map((line) => cellsOf(line).at(-1));
    expect(column(stored('markdown', ROWS, notes))).toEqual([
      'note',
      '---',
      '',
      '\u2691',
      '\u2691 </script> | two',
      '',
    ]);
    expect(column(stored('markdown', ROWS, new Map()))[0]).toBe('message');
  });
});

/** The cells of a line of a table of GitHub's Markdown, as it shows them. */
function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<=(?<!\\)(?:\\\\)*)\|/)
    .map((cell) =>
      cell
        .trim()
        .replace(/\\([!-/:-@[-`{-~])/g, '$1')
        .replaceAll('&emsp;', '\t')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    );
}

describe('a Markdown table', () => {
  it('has a line and the same cells for every row, whatever the messages hold', () => {
    const cases = countCases('a bar', 'a backslash before a bar', 'a line break', 'a tab', 'markup', 'nothing');
    const units = fc.constantFrom(
      '|',
      '\\',
      '\\|',
      '`',
      '*',
      '<b>',
      '&amp;',
      '\n',
      '[x](y)',
      'a',
      ' ',
      '~~',
      '\t',
      '_',
      '*a*',
      '<!--',
      '```',
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit: units, maxLength: 8 }), { maxLength: 5 }), (messages) => {
        const lines = text(
          'markdown',
          messages.map((message, at) => entry(at, message)),
        ).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.length).toBe(messages.length + 2);
        const cells = lines.map(cellsOf);
        expect(new Set(cells.map((row) => row.length)).size).toBe(1);
        expect(cells.slice(2).map((row) => row.at(-1))).toEqual(
          messages.map((message) => message.replaceAll('\n', '\u240a').replace(/^ +| +$/g, '')),
        );
        const all = messages.join('\0');
        cases.note('a bar', all.includes('|'));
        cases.note('a backslash before a bar', all.includes('\\|'));
        cases.note('a line break', all.includes('\n'));
        cases.note('a tab', all.includes('\t'));
        cases.note('markup', /[*`~<&[]/.test(all));
        cases.note('nothing', messages.includes(''));
      }),
    );
    cases.expectEach(3);
  });
});

it('says nothing of a CPU where no source states one: no column, no loss on a CPU', () => {
  const rows = [entry(1, 'first', { cpu: 0 }), gap(2, 0, 7)];
  const none = { fieldsOf: () => ({ lacks: new Set<LogField>(['cpu']), zeroPidIsNone: true }) };
  expect(text('markdown', rows)).toContain('| cpu |');
  expect(text('markdown', rows, none)).not.toMatch(/cpu/i);
  expect(text('markdown', rows, none)).toContain('7 records lost');
  expect(text('html', rows, none)).not.toContain('CPU 0');
  expect(text('html', rows, none)).toContain('"cpu":0,"level"');
  const [first = '', lost = ''] = text('text', rows, none).trimEnd().split('\n').slice(1);
  expect([first, lost].map((line) => line.split('\t')[2]?.trim())).toEqual(['', '']);
  expect(lost).toMatch(/\.\.\. 7 records lost$/);
  expect(JSON.parse(text('jsonl', rows, none).split('\n')[1] as string)).toMatchObject({
    cpu: null,
    message: '7 records lost',
  });
});

/** In a process of its own: the columns of a file as another implementation of Arrow has them. */
const ARROW_READER = `
import { readFileSync } from 'node:fs';
const { tableFromIPC } = await import(process.argv[1]);
const table = tableFromIPC(readFileSync(process.argv[2]), { useBigInt: true });
const plain = (value) => (typeof value === 'bigint' ? String(value) : value);
const columns = Object.fromEntries(table.names.map((name) => [name, Array.from(table.getChild(name), plain)]));
process.stdout.write(JSON.stringify(columns));
`;

function inFile<T>(bytes: Uint8Array, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-format-'));
  try {
    const path = join(folder, 'log');
    writeFileSync(path, bytes);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('an Arrow file', () => {
  it('is read by another implementation of Arrow, value for value, over several batches', async ({ skip }) => {
    const other = await ensureOtherArrow();
    if (!other.ok) {
      if (process.env.CI === 'true') throw new Error(other.message);
      skip(other.message);
      return;
    }
    const rows = Array.from({ length: 700 }, (_, i) =>
      i % 50 === 7
        ? gap(i, 3, i)
        : entry(i * 1e10, `é ${i}`, { timeNs: i * 1001, cpu: i % 9, pid: i, remarks: 2 ** 32 - 1 - i, source: i % 2 }),
    );
    const facts = outputFacts({
      info: INFO,
      sources: SOURCES,
      processOf: (_, pid) => (pid % 3 === 0 ? `p${pid}` : undefined),
    });
    const output = new ArrowFormatter(facts, 256);
    const bytes = Buffer.concat([output.begin(), output.rows(batchRun(batchOf(rows))), output.end()]);
    const args = ['--input-type=module', '-e', ARROW_READER, pathToFileURL(other.path).href];
    const columns = inFile(bytes, (path) =>
      JSON.parse(execFileSync(process.execPath, [...args, path], { encoding: 'utf8', maxBuffer: 1 << 26 })),
    );
    const lines = text('jsonl', rows, facts)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(Object.keys(columns)).toEqual([...LOG_FIELDS]);
    for (const name of LOG_FIELDS) {
      if (name === 'index') expect(columns.index.map(Number)).toEqual(rows.map(({ index }) => index));
      else if (name !== 'time') expect(columns[name], name).toEqual(lines.map((line) => line[name]));
    }
    // A moment as a number: of this reader milliseconds since 1970, exact or not.
    expect(columns.time.map((ms: number | string) => Math.round(Number(ms)))).toEqual(
      rows.map(({ timeNs }) => Math.round(START + timeNs / 1e6)),
    );
  });
});

/** Ethernet, IPv4, UDP to port 53 of 192.0.2.7, without a payload. */
const UDP = Uint8Array.from(
  ('00112233445566778899aabb0800' + '4500001c000040004011b6c5c0000201c0000207' + '303900350008' + '0000').match(
    /../g,
  ) as string[],
  (byte) => Number.parseInt(byte, 16),
);

describe('a packet capture', () => {
  it('is read by tshark: packets with their time, bytes, comment, and how many were lost before them', ({ skip }) => {
    const tshark = findProgram('tshark');
    if (tshark === null) {
      if (process.env.CI === 'true') throw new Error('tshark is missing');
      skip('SKIPPED: tshark is missing, see electron/setup/provide/system-packages.mjs');
      return;
    }
    const packet = (index: number, payload: Uint8Array, more: Partial<PlainRow> = {}) =>
      entry(index, '', { timeNs: index * 1_000_000_001, type: 9, payload, cpu: 3, ...more });
    const rows = [
      entry(1, 'text has no place in it'),
      packet(2, UDP, { pid: 4, remarks: 5 }),
      gap(3, 3, 40),
      packet(4, UDP.subarray(14), { source: 1 }),
      packet(5, Uint8Array.of(1, 2, 3)),
      gap(6, 3, 2),
    ];
    const fields = [
      'frame.time_epoch',
      'frame.len',
      'frame.comment',
      'frame.protocols',
      'ip.dst',
      'udp.dstport',
      'frame.drop_count',
      'frame.interface_name',
    ];
    const args = ['-n', '-T', 'fields', '-E', 'separator=;', ...fields.flatMap((field) => ['-e', field]), '-r'];
    const read = (file: Uint8Array) =>
      inFile(file, (path) =>
        execFileSync(tshark, [...args, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
      );
    const lines = read(write('pcapng', rows))
      .trim()
      .split('\n')
      .map((line) => line.split(';'));
    const second = START / 1000;
    expect(lines.map(([time]) => time)).toEqual([
      `${second + 2}.000000002`,
      `${second + 4}.000000004`,
      `${second + 5}.000000005`,
    ]);
    expect(lines.map((line) => [line[1], line[4], line[5]])).toEqual([
      ['42', '192.0.2.7', '53'],
      ['28', '192.0.2.7', '53'],
      ['3', '', ''],
    ]);
    expect(lines.map((line) => line[2])).toEqual([
      'index 2, cpu 3, level info, pid 4, type 9, remarks 5',
      'index 4, cpu 3, level info, pid 0, type 9, remarks 0',
      'index 5, cpu 3, level info, pid 0, type 9, remarks 0',
    ]);
    expect(lines.map((line) => line[6])).toEqual(['', '40', '']);
    expect(lines.map((line) => line[7])).toEqual(['sim:a', 'sim:b', 'sim:a']);
    // What was lost behind the last packet has no packet: the file still is one.
    expect(read(write('pcapng', [gap(1, 0, 5)]))).toBe('');
    expect(read(write('pcapng', []))).toBe('');
  });

  it('has the part of a payload that its schema calls a packet, which tshark takes apart', ({ skip }) => {
    const tshark = findProgram('tshark');
    if (tshark === null) {
      if (process.env.CI === 'true') throw new Error('tshark is missing');
      skip('SKIPPED: tshark is missing, see electron/setup/provide/system-packages.mjs');
      return;
    }
    const head = { name: 'queue', type: 'u32' };
    const sized = [head, { name: 'bytes', type: 'u16' }, { name: 'frame', type: 'bytes', bytes: 'bytes' }];
    const schema = {
      ringview_schema: 1,
      types: {
        20: { name: 'sent', fields: [head], packet: { link: 'ethernet', offset: 4 } },
        21: { name: 'inner', fields: sized, packet: { link: 'ip', field: 'frame' } },
      },
    };
    expect(setSchemas([JSON.stringify(schema)])).toMatchObject({ ok: true });
    try {
      const ip = UDP.subarray(14);
      const row = (index: number, type: number, bytes: Uint8Array) =>
        entry(index, '', { timeNs: index, type, payload: bytes });
      const rows = [
        row(1, 20, Uint8Array.of(7, 0, 0, 0, ...UDP)),
        row(2, 21, Uint8Array.of(7, 0, 0, 0, ip.length, 0, ...ip, 99, 99)),
        // Its bytes end before the frame does: all of it, as without a schema.
        row(3, 21, Uint8Array.of(7, 0, 0, 0, 9, 0, 1)),
      ];
      const fields = ['frame.len', 'frame.protocols', 'udp.dstport', 'frame.interface_description'];
      const args = ['-n', '-T', 'fields', '-E', 'separator=;', ...fields.flatMap((field) => ['-e', field]), '-r'];
      const lines = inFile(write('pcapng', rows), (path) =>
        execFileSync(tshark, [...args, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
      )
        .trim()
        .split('\n');
      expect(lines[0]).toMatch(/^42;eth:ethertype:ip:udp[^;]*;53;sent, payload type 20$/);
      expect(lines[1]).toMatch(/^28;raw:ip:udp[^;]*;53;inner, payload type 21$/);
      expect(lines[2]).toMatch(/^7;/);
    } finally {
      setSchemas([]);
    }
  });
});
