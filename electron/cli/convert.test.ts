/** `convert`, `query`, `stats` and `diff` as the built program: what scripts rely on. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../contract/export-formats.ts';
import { LOG_FIELDS, RECORD_FIELDS } from '../contract/log-fields.ts';
import { ensureBuild } from '../setup/build.mjs';
import { type Ended, Programs, program } from './test-support.ts';

const programs = new Programs('convert');
const dir = mkdtempSync(join(tmpdir(), 'ringview-convert-'));
const path = (name: string): string => join(dir, name);

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterEach(() => programs.endAll());
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = (...args: string[]): Promise<Ended> => programs.start(...args).ended;

/** A query that no machine answers in time. */
const FOREVER = 'select count(*) from range(100000000000) a, range(100000) b where a.range * b.range = 7';

/** Names of all files below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((each) => each.isFile())
    .map(({ name }) => name);

function logFile(name: string, content: string | Uint8Array): string {
  writeFileSync(path(name), content);
  return path(name);
}

const objects = (jsonl: string) =>
  jsonl
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const DEBUGVIEW =
  '00000001\t0.00000000\t[4] started with 12 items\t\r\n00000002\t0.25000000\tin the kernel\t\r\ngoes on\r\n00000003\t1.50000000\t[4] started with 7 items\t\r\n';

describe('convert', () => {
  it('writes every format, by its name or the ending of the file, and nothing else beside it', async () => {
    const input = logFile('every.LOG', DEBUGVIEW);
    mkdirSync(path('every'));
    for (const { name, extensions } of EXPORT_FORMATS) {
      const done = await run('convert', input, '--out', path(`every/log-${name}.${extensions[0]}`));
      expect([name, done.code, done.stdout, done.stderr]).toEqual([name, 0, '', '']);
    }
    expect(readdirSync(path('every')).length).toBe(EXPORT_FORMATS.length);
    expect((await run('convert', input, '--out', '-', '--format', 'chrome')).stdout).toContain('"traceEvents"');
  }, 120_000);

  it('has null in JSON Lines for what a DebugView log does not state', async () => {
    const { code, stdout } = await run('convert', logFile('nulls.LOG', DEBUGVIEW), '--out', '-', '--format', 'jsonl');
    expect(code).toBe(0);
    const rows = objects(stdout);
    expect(rows.map((row) => Object.keys(row))).toEqual(rows.map(() => [...LOG_FIELDS]));
    const nothing = { time: null, cpu: null, level: null, process: null, tid: null, type: null, remarks: null };
    expect(rows).toMatchObject([
      { ...nothing, index: 1, time_us: 0, pid: 4, message: 'started with 12 items' },
      { ...nothing, index: 2, time_us: 250_000, pid: null, message: 'in the kernel\ngoes on' },
      { ...nothing, index: 3, time_us: 1_500_000, pid: 4, message: 'started with 7 items' },
    ]);
  });

  it('has the wall clock where a log states it, and what its columns hold', async () => {
    const csv = 'time,level,message\n2026-11-28T10:00:00.5Z,error,a\n2026-11-28T10:00:01Z,info,b\n';
    const { stdout } = await run('convert', logFile('clock.csv', csv), '--out', '-', '--format', 'jsonl');
    expect(objects(stdout)).toMatchObject([
      { time_us: 0, time: '2026-11-28T10:00:00.500000000Z', level: 'error', pid: null, cpu: null },
      { time_us: 500_000, time: '2026-11-28T10:00:01.000000000Z', level: 'info' },
    ]);
    const plain = logFile('plain.txt', 'just text\nand more\n');
    const text = objects((await run('convert', plain, '--out', '-', '--format', 'jsonl')).stdout);
    expect(text).toMatchObject([{ time_us: null, time: null, level: null, message: 'just text' }, {}]);
  });

  it('merges several files by their time, whatever their length and order, packed or not', async () => {
    const line = (ms: number, text: string) => `${new Date(Date.UTC(2026, 10, 28) + ms).toISOString()} ${text}\n`;
    const many = Array.from({ length: 60_000 }, (_, i) => line(i * 10, `a${i} ${'x'.repeat(100)}`)).join('');
    const few = Array.from({ length: 100 }, (_, i) => line(i * 6000 + 5, `b${i}`)).join('');
    const inputs = [logFile('few.txt', few), logFile('many.txt.gz', gzipSync(many))];
    const done = await run('convert', ...inputs, '--out', path('merged.jsonl'));
    expect([done.code, done.stderr]).toEqual([0, '']);
    const rows = objects(readFileSync(path('merged.jsonl'), 'utf8'));
    expect(rows.length).toBe(60_100);
    let last = '';
    for (const { time } of rows) {
      if (time < last) throw new Error(`${time} follows ${last}`);
      last = time;
    }
    expect(rows.filter(({ late }) => late).length).toBe(0);
    expect(new Set(rows.map(({ source }) => source))).toEqual(new Set(inputs));
  }, 60_000);

  it('keeps messages that hold a text, whatever the case, and reads another encoding', async () => {
    const input = logFile(
      'gbk.LOG',
      Buffer.concat([Buffer.from('1\t0.5\tDevice '), Buffer.from([0xc9, 0xe8]), Buffer.from('\r\n2\t0.6\tother\r\n')]),
    );
    const { stdout } = await run(
      'convert',
      input,
      '--out',
      '-',
      '--format',
      'jsonl',
      '--encoding',
      'gbk',
      '--filter',
      'dEVICE',
    );
    expect(objects(stdout).map(({ message }) => message)).toEqual(['Device 设']);
  });

  it('reads standard input, and is no failure where whoever reads it leaves', async () => {
    const line = `printf '1\\t0.5\\ta\\r\\n2\\t0.6\\tb\\r\\n' | '${process.execPath}' '${program}' convert - --out - --format jsonl`;
    const piped = await programs.spawn('sh', ['-c', line], ['ignore', 'pipe', 'pipe']).ended;
    expect([piped.code, piped.stderr, objects(piped.stdout).map(({ message }) => message)]).toEqual([
      0,
      '',
      ['a', 'b'],
    ]);
    const long = logFile('long.txt', 'a line of text\n'.repeat(200_000));
    const head = `'${process.execPath}' '${program}' convert '${long}' --out - --format jsonl; echo $? >&2`;
    const cut = await programs.spawn('bash', ['-c', `{ ${head}; } | head -n 1`], ['ignore', 'pipe', 'pipe']).ended;
    expect([objects(cut.stdout).length, cut.stderr]).toEqual([1, '0\n']);
  }, 60_000);

  it('protects csv from spreadsheets unless told otherwise, and leaves losses out on demand', async () => {
    const input = logFile(
      'guard.jsonl',
      '{"index":1,"time_us":1,"remarks":0,"message":"=1+1"}\n{"index":2,"time_us":1,"level":"lost","remarks":3,"message":""}\n',
    );
    const csv = async (...more: string[]) =>
      (await run('convert', input, '--out', '-', '--format', 'csv', ...more)).stdout;
    expect(await csv()).toContain(",'=1+1\r\n");
    expect(await csv('--raw')).toContain(',=1+1\r\n');
    expect(await csv()).toContain('lost');
    expect(await csv('--no-losses')).not.toContain('lost');
  });

  it.runIf(process.platform !== 'win32')('writes to a device as it is', async () => {
    const done = await run('convert', logFile('device.LOG', DEBUGVIEW), '--out', '/dev/null', '--format', 'csv');
    expect([done.code, done.stderr]).toEqual([0, '']);
  });

  it('leaves the old file as it was where it fails, and says what and where', async () => {
    const input = logFile('kept.LOG', DEBUGVIEW);
    const out = logFile('kept.csv', 'old');
    const missing = await run('convert', path('nowhere.LOG'), '--out', out);
    expect([missing.code, missing.stdout, readFileSync(out, 'utf8')]).toEqual([1, '', 'old']);
    expect(missing.stderr).toContain('nowhere.LOG');
    const same = await run('convert', input, '--out', input, '--format', 'csv');
    expect([same.code, readFileSync(input, 'utf8')]).toEqual([2, DEBUGVIEW]);
    const folder = await run('convert', input, '--out', path('no/such/x.csv'));
    expect([folder.code, folder.stderr]).toEqual([1, expect.stringContaining('could not be written')]);
  });

  it('names what is broken in a log, and converts the rest', async () => {
    const input = logFile(
      'broken.jsonl',
      '{"index":1,"message":"a"}\n{"index":2,"message":"b"}\n{"index":3,"mess\n{"index":4,"message":"d"}\n',
    );
    const { code, stdout, stderr } = await run('convert', input, '--out', '-', '--format', 'jsonl');
    expect([code, objects(stdout).length]).toEqual([0, 4]);
    expect(stderr).toContain('line 3: the line is not valid JSON');
  });
});

describe('query', () => {
  it('answers over any log, as JSON, CSV or a table', async () => {
    const input = logFile('asked.LOG', DEBUGVIEW);
    const sql = 'select pid, count(*) as n, max(time_us) as last from log group by 1 order by 1 nulls first';
    const json = await run('query', input, sql, '--format', 'json');
    expect([json.code, json.stderr]).toEqual([0, '']);
    expect(JSON.parse(json.stdout)).toEqual([
      { pid: null, n: 1, last: 250_000 },
      { pid: 4, n: 2, last: 1_500_000 },
    ]);
    expect((await run('query', input, sql, '--format', 'csv')).stdout).toBe(
      'pid,n,last\r\n,1,250000\r\n4,2,1500000\r\n',
    );
    expect((await run('query', input, sql)).stdout).toContain('2 rows');
    const columns = await run('query', input, 'select * from log limit 0', '--format', 'csv');
    expect(columns.stdout).toBe(`${[...LOG_FIELDS, RECORD_FIELDS].join(',')}\r\n`);
  }, 60_000);

  it('reads a Parquet file as it is, and tells a mistake in the query', async () => {
    const input = logFile('mistaken.LOG', DEBUGVIEW);
    expect((await run('convert', input, '--out', path('mistaken.parquet'))).code).toBe(0);
    const sum = await run('query', path('mistaken.parquet'), 'select sum(index) as s from log', '--format', 'json');
    expect(JSON.parse(sum.stdout)).toEqual([{ s: 6 }]);
    const wrong = await run('query', input, 'select nothing from log');
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('"nothing"');
    expect(wrong.stderr).toContain('its columns are index, time_us');
  }, 60_000);
});

describe('a query that takes for ever', () => {
  it.runIf(process.platform !== 'win32')(
    'ends at Ctrl+C, with its process and its files',
    async () => {
      const input = logFile('forever.LOG', DEBUGVIEW);
      const temporary = path('temporary');
      mkdirSync(temporary);
      const env = { ...process.env, TMPDIR: temporary };
      const started = programs.spawn(
        process.execPath,
        [program, 'query', input, FOREVER],
        ['ignore', 'pipe', 'pipe'],
        env,
      );
      // The table is there before the query begins.
      await expect.poll(() => filesIn(temporary), { timeout: 60_000 }).toContain('log.parquet');
      started.child.kill('SIGINT');
      const { code, stderr } = await started.ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining('Stopped before')]);
      // The folder of all commands stays.
      expect(filesIn(temporary)).toEqual([]);
    },
    120_000,
  );

  it('is answered over a log without a row', async () => {
    const { code, stdout } = await run(
      'query',
      logFile('empty.LOG', ''),
      'select count(*) n, max(time) t from log',
      '--format',
      'json',
    );
    expect([code, JSON.parse(stdout)]).toEqual([0, [{ n: 0, t: null }]]);
  }, 60_000);
});

describe('stats and diff', () => {
  const a = () => logFile('a.LOG', `${DEBUGVIEW}00000004\t2.0\tgone now\r\n`);
  const b = () =>
    logFile(
      'b.LOG',
      `${DEBUGVIEW}${Array.from({ length: 60 }, (_, i) => `${i + 4}\t${(1.5 + i / 200).toFixed(3)}\tretry ${i} of 0x${i}f\r\n`).join('')}`,
    );

  it('count messages that differ in numbers alone as one', async () => {
    const { code, stdout } = await run('stats', a(), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      entries: 4,
      lost: 0,
      seconds: 2,
      levels: {},
      processes: { 4: 2 },
      templates: [
        { template: 'started with # items', count: 2, firstIndex: 1, lastIndex: 3 },
        { count: 1 },
        { count: 1 },
      ],
    });
    expect((await run('stats', a())).stdout).toContain('started with # items');
  });

  it('say what is new, gone, and how often', async () => {
    const { code, stdout } = await run('diff', a(), b(), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).differences).toMatchObject([
      { change: 'new', template: 'retry # of #', a: null, b: { count: 60, firstSeconds: 1.5, lastSeconds: 1.795 } },
      { change: 'gone', template: 'gone now', a: { count: 1 }, b: null },
    ]);
    const text = (await run('diff', a(), b())).stdout;
    expect(text).toContain('only in B (1)');
    const copy = logFile('copy.LOG', readFileSync(a()));
    expect((await run('diff', a(), copy)).stdout).toContain('no difference');
  });
});
