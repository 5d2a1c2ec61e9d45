/** The filter of the command line: the language of the filter box, on rows that pass by, with accounts that add up. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventNameTable } from '../../native/core/event-names.ts';
import { ok } from '../../native/core/result.ts';
import { ONE_FILE } from '../files/log-files.ts';
import { batchOf, cpuStats, entry, FakeSource, gap } from '../session/test-support.ts';
import { parseCommand } from './args.ts';
import { BatchFilter } from './batch-filter.ts';
import { captureToFile } from './capture.ts';
import { NOTHING_WATCHED } from './message-watch.ts';
import { ProcessWaiter } from './waiter.ts';

const shown = (filter: BatchFilter, batch: ReturnType<typeof batchOf>): number[] => {
  const taken = filter.take(batch);
  return [...taken.index.slice(0, taken.count)];
};

describe('a filter on rows that pass by', () => {
  it('is that of the filter box, over all batches, and counts what it hides', () => {
    const filter = new BatchFilter('delta>=5ns -noise', [{ id: 0, name: 'sim:a' }], [{}], 0);
    const first = batchOf([entry(0, 'a', { timeNs: 0 }), entry(1, 'noise', { timeNs: 9 }), gap(2, 0, 1)]);
    expect(shown(filter, first)).toEqual([2]);
    expect(shown(filter, batchOf([entry(3, 'b', { timeNs: 2005 }), entry(4, 'c', { timeNs: 2006 })]))).toEqual([3]);
    expect(filter.hidden).toBe(3);
    const all = batchOf([entry(5, 'x', { timeNs: 9000 })]);
    expect(filter.take(all)).toBe(all);
  });

  it('finds a status code however it is written', () => {
    const filter = new BatchFilter('status:STATUS_IO_TIMEOUT', [{ id: 0, name: 'sim:a' }], [{}], 0);
    const texts = ['0xc00000b5', 'c00000b5', 'status -1073741643', 'STATUS_TIMEOUT', 'STATUS_IO_TIMEOUT'];
    expect(shown(filter, batchOf(texts.map((text, at) => entry(at, text))))).toEqual([0, 2, 4]);
  });

  it('knows a process once its source has named it', () => {
    const processNames = new Map<number, string>();
    const filter = new BatchFilter('process:nic*', [{ id: 0, name: 'driver:' }], [{ processNames }], 0);
    const batch = batchOf([entry(0, 'a', { pid: 4 }), entry(1, 'b', { pid: 7 })]);
    expect(shown(filter, batch)).toEqual([]);
    processNames.set(7, 'NicTray.exe');
    expect(shown(filter, batch)).toEqual([1]);
  });

  it('knows what the events of each source are called', () => {
    const tables = [new EventNameTable(), new EventNameTable()] as const;
    const names = [0, 1].map((id) => ({ id, name: `file:${id}` }));
    const filter = new BatchFilter(
      'provider:nic*',
      names,
      tables.map((eventNames) => ({ eventNames })),
      0,
    );
    tables[1].numberOf({ provider: 'Nic', event: null, function: null, source_file: null });
    const both = batchOf([entry(0, 'a', { event: 1 }), entry(1, 'b', { event: 1, source: 1 })]);
    expect(shown(filter, both)).toEqual([1]);
    tables[0].numberOf({ provider: 'nicfilt', event: null, function: null, source_file: null });
    expect(shown(filter, both)).toEqual([0, 1]);
  });
});

describe('capture and tail with a filter', () => {
  it('write what it shows, and say what it hid', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ringview-filter-'));
    const out = join(dir, 'out.csv');
    const summaryPath = join(dir, 'summary.json');
    const source = new FakeSource();
    source.ready = [batchOf([entry(1, 'one', { level: 0 }), entry(2, 'two', { level: 3 }), gap(3, 0, 37)])];
    source.cpus = [cpuStats(0, { read: 2 })];
    source.state = 'ended';
    const request = {
      ...{ sources: ['sim:a'], durationSeconds: null, maxEntries: null, waitSeconds: 0, options: {} },
      ...{ logFiles: ONE_FILE, watch: { ...NOTHING_WATCHED, strict: false } },
    };
    const reports: string[] = [];
    const { failure } = await captureToFile(
      { ...request, out, format: 'csv', summaryPath, filter: 'level>=warning' },
      { open: () => ok(source), waiter: new ProcessWaiter(), unixMs: () => 0, report: (line) => reports.push(line) },
    );
    expect(failure).toBeNull();
    const lines = readFileSync(out, 'utf8').trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('one');
    expect(JSON.parse(readFileSync(summaryPath, 'utf8'))).toMatchObject({ rows: 2, hidden: 1, read: 2, notWritten: 0 });
    expect(reports.join()).toContain('1 rows hidden by the filter');
  });

  it.each(['capture --source sim:a --filter', 'tail sim:a --filter', 'convert a.csv --out - --format csv --filter'])(
    '%s takes any filter, and refuses what is none with its place',
    (line) => {
      const parsed = (filter: string) => parseCommand([...line.split(' '), filter]);
      expect(parsed('level>=warning (a or b)')).toMatchObject({
        ok: true,
        value: { request: { filter: 'level>=warning (a or b)' } },
      });
      expect(parsed('IRP 0x12 failed')).toMatchObject({ ok: true, value: { request: { filter: 'IRP 0x12 failed' } } });
      expect(parsed('cpu:3 level:high')).toMatchObject({
        ok: false,
        failure: { code: 'bad-argument', message: expect.stringContaining('(at character 13)') },
      });
      expect(parsed('status:STATUS_NO_SUCH_THING')).toMatchObject({
        ok: false,
        failure: { code: 'bad-argument', message: expect.stringContaining("is called 'STATUS_NO_SUCH_THING'") },
      });
    },
  );

  it('do not go with a session that records all rows', () => {
    const parsed = parseCommand(['capture', '--source', 'sim:a', '--session', 'x', '--filter', 'a']);
    expect(parsed).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('--filter is for a file') },
    });
  });
});
