/** A filter with terms in a view: names that become known later, times across segments, expressions that run in threads alone. */

import { describe, expect, it } from 'vitest';
import { EventNameTable } from '../../../native/core/event-names.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { CaptureFilter } from '../ingest/capture-filter.ts';
import { ProcessNames } from '../ingest/process-names.ts';
import { ExportJob } from '../output/export-job.ts';
import type { FilterNames } from '../search/name-binding.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads, gap } from '../test-support.ts';
import { LogView } from './view.ts';

const specOf = (text: string): FilterSpec => ({ ...SHOW_ALL, terms: { text, caseSensitive: false } });

function storeOf(rows: Parameters<typeof batchOf>[0], segmentRows = 65_536): SessionStore {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows });
  store.append(batchOf(rows));
  return store;
}

function shown(view: LogView): number[] {
  view.advance(WHOLE);
  return view.rows(view.first, 1000).rows.map(({ index }) => index);
}

describe('a filter by the name of a process', () => {
  it('shows its rows from before the name was known, and leaves the view alone where a name changes nothing', () => {
    const store = storeOf([0, 1, 2, 3].map((at) => entry(at, '', { pid: at % 2 })));
    const processes = new ProcessNames();
    const names = (): FilterNames => ({
      ...{ version: `${processes.version}`, sources: [], processes: processes.all, events: [], startUnixMs: null },
    });
    const view = new LogView(store, null, () => {}, undefined, names);
    view.setFilter(specOf('process:nic*'));
    expect(shown(view)).toEqual([]);
    const { generation } = view;
    processes.note(0, new Map([[0, 'idle']]));
    expect(shown(view)).toEqual([]);
    expect(view.generation).toBe(generation);
    processes.note(0, new Map([[1, 'NicTray.exe']]));
    expect(shown(view)).toEqual([1, 3]);
    expect(view.generation).toBe(generation + 1);
    view.setFilter(specOf('-process:nic*'));
    expect(shown(view)).toEqual([0, 2]);
  });
});

describe('a filter by the provider of an event', () => {
  it('shows rows of events that became known while they were read', () => {
    const store = storeOf([0, 1, 2, 3].map((at) => entry(at, '', { event: at % 2 })));
    const table = new EventNameTable();
    const names = (): FilterNames => ({
      ...{ version: `${table.size}`, sources: [], processes: [], events: [{ source: null, table }], startUnixMs: null },
    });
    const view = new LogView(store, null, () => {}, undefined, names);
    view.setFilter(specOf('provider:nic*'));
    expect(shown(view)).toEqual([]);
    table.numberOf({ provider: 'Nic-Driver', event: 'Send', function: null, source_file: null });
    expect(shown(view)).toEqual([1, 3]);
  });
});

describe('a filter by the time of the clock', () => {
  it('shows its rows once it is known when the log began, and losses of that time with them', () => {
    const at = (seconds: number) => seconds * 1e9;
    const rows = [0, 1, 2, 3].map((second) => entry(second, 'x', { timeNs: at(second) }));
    const store = storeOf([...rows, { ...gap(4, 0, 9), timeNs: at(4) }]);
    let startUnixMs: number | null = null;
    const names = (): FilterNames => ({
      ...{ version: `${startUnixMs}`, sources: [], processes: [], events: [], startUnixMs },
    });
    const view = new LogView(store, null, () => {}, undefined, names);
    view.setFilter(specOf('time>=2026-03-01T10:00:02Z'));
    expect(shown(view)).toEqual([]);
    startUnixMs = Date.UTC(2026, 2, 1, 10);
    expect(shown(view)).toEqual([2, 3, 4]);
    view.setFilter(specOf('-time>=2026-03-01T10:00:02Z'));
    expect(shown(view)).toEqual([0, 1]);
    const filter = new CaptureFilter();
    filter.set(specOf('time>=2026-03-01T10:00:02Z'));
    const batch = batchOf(rows);
    expect(filter.take(batch)).toBe(batch);
  });
});

describe('a filter by the time since the row before', () => {
  const times = [0, 1, 5, 6, 10, 11, 20, 21, 22];
  const rows = times.map((timeNs, index) => entry(index, 'x', { timeNs }));
  const late = [2, 4, 6];

  it.each([3, 4, 65_536])('knows the last row of the segment before, with segments of %i rows', (segmentRows) => {
    const store = storeOf(rows, segmentRows);
    for (const text of ['delta>=4ns', 'delta>=4ns x']) {
      const threads = new FakeThreads(1);
      const view = new LogView(store, threads.pool);
      view.setFilter(specOf(text));
      view.advance(WHOLE);
      threads.settle();
      expect(shown(view)).toEqual(late);
    }
  });

  it('is exported as it is shown', async () => {
    const store = storeOf(rows, 3);
    const job = ExportJob.create(store, { format: 'csv', filter: specOf('delta>=4ns'), endRow: store.endRow });
    if (!job.ok) throw new Error(job.failure.message);
    for (let part = await job.value.next(); part.ok && part.value !== null; ) part = await job.value.next();
    expect(job.value.writtenRows).toBe(late.length);
  });
});

describe('an expression in a filter of terms', () => {
  it('runs in threads alone', () => {
    const store = storeOf([0, 1, 2].map((at) => entry(at, `row ${at}`)));
    const view = new LogView(store, new FakeThreads(1).pool);
    view.setFilter(specOf('cpu:0 /row [12]/'));
    expect(shown(view)).toEqual([]);
    expect(view.scan).not.toBeNull();
    const plain = new LogView(store, new FakeThreads(1).pool);
    plain.setFilter(specOf('cpu:0 "row 1"'));
    expect(shown(plain)).toEqual([1]);
  });
});

describe('a capture filter of terms', () => {
  const batch = batchOf([entry(0, 'a', { level: 0 }), entry(1, 'b', { level: 3 }), gap(2, 0, 1)]);
  const kept = (text: string): number[] => {
    const filter = new CaptureFilter();
    filter.set(specOf(text));
    const taken = filter.take(batch);
    return [...taken.index.slice(0, taken.count)];
  };

  it('drops what it hides, but nothing by an expression, a name, or the time between rows, and never a loss', () => {
    expect(kept('level>=warning')).toEqual([0, 2]);
    expect(kept('-a')).toEqual([1, 2]);
    for (const text of ['/a/', 'process:none', 'source:none', 'delta>1s', 'level:error /a/']) {
      expect(kept(text)).toEqual([0, 1, 2]);
    }
  });
});
