/** Times and deltas in what is copied and exported as text: those that the table shows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineFormat } from '../../contract/export-formats.ts';
import type { ShownDelta, ShownTimes } from '../../contract/output.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { deltaText, TIME_DIGITS, TIME_KINDS, type TimeOrigin, timeWriter } from '../../contract/shown-time.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeArchive, gap } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { DeltaReader } from '../view/row-deltas.ts';
import { LogView } from '../view/view.ts';
import { CopyJob } from './copy.ts';
import { ExportJob } from './export-job.ts';
import { lineFormatter } from './line-formats.ts';
import { outputFacts } from './output-facts.ts';

const ORIGIN: TimeOrigin = { startUnixMs: Date.UTC(2026, 2, 1, 9, 30), bootNs: 3600e9 };
const zone = () => 60;

/** A log on disk and in memory, some of whose rows are hidden. */
function shown(hiddenCpus: readonly number[] = [2]) {
  const archive = new FakeArchive();
  const store = new SessionStore({
    memoryCapBytes: 20_000,
    segmentRows: 64,
    chunkBytes: 1024,
    segmentBytes: 4096,
    archive,
  });
  const view = new LogView(store);
  view.setFilter({ ...SHOW_ALL, hiddenCpus });
  for (let n = 0; n < 900; n += 100) {
    const rows = Array.from({ length: 100 }, (_, at) => {
      const timeNs = (n + at) * 1_234_567 - ((n + at) % 7 === 0 ? 3_000_000 : 0);
      return (n + at) % 50 === 9
        ? { ...gap(n + at, 1, 3), timeNs }
        : entry(n + at, `row ${n + at}`, { cpu: at % 5, timeNs });
    });
    store.append(batchOf(rows));
    view.advance(WHOLE);
  }
  return { store, view };
}

const timesOf = (form: ShownTimes) => ({ ...form, origin: ORIGIN, zone });

function copied(view: LogView, first: number, last: number, form: ShownTimes, format: LineFormat = 'text'): string {
  const job = new CopyJob(view, { generation: view.generation, first, last }, { times: timesOf(form) }, format);
  const text = job.step(WHOLE);
  if (text === null || !text.ok) throw new Error('not copied in one go');
  return text.value;
}

async function exported(job: ReturnType<typeof ExportJob.create>): Promise<string> {
  if (!job.ok) throw new Error(job.failure.message);
  let text = '';
  for (;;) {
    const part = await job.value.next(50);
    if (!part.ok) throw new Error(part.failure.message);
    if (part.value === null) return text;
    text += decodeUtf8(part.value);
  }
}

const form = fc.record({
  kind: fc.constantFrom(...TIME_KINDS),
  digits: fc.constantFrom(...TIME_DIGITS),
  delta: fc.constantFrom<ShownDelta | null>('row', 'cpu', null, { fromNs: 500_000_000 }),
});

describe('a copy of shown rows', () => {
  it('has the times and deltas of the table, whichever it shows', () => {
    const { view } = shown();
    const end = view.end - view.first;
    fc.assert(
      fc.property(form, fc.nat(end - 1), fc.integer({ min: 1, max: 30 }), (times, from, count) => {
        const first = view.first + from;
        const rows = view.rows(first, count).rows;
        const write = timeWriter(times, ORIGIN, { zone, group: '' });
        const lines = copied(view, first, first + count - 1, times)
          .trimEnd()
          .split('\n');
        expect(lines).toHaveLength(rows.length);
        rows.forEach((row, at) => {
          const [, time, delta] = (lines[at] as string).split('\t').map((field) => field.trim());
          expect(time).toBe(write(row.timeNs));
          if (times.delta === null) return;
          const ns =
            times.delta === 'row'
              ? row.deltaNs
              : times.delta === 'cpu'
                ? row.cpuDeltaNs
                : row.timeNs - times.delta.fromNs;
          expect(delta).toBe(ns === null ? '-' : deltaText(ns, times.digits, ''));
        });
      }),
    );
  });

  it('is as before where no table is behind it, and in a table has its columns named', () => {
    const { view } = shown();
    const job = new CopyJob(view, { generation: view.generation, first: 1, last: 1 });
    expect(job.step(WHOLE)).toMatchObject({ value: expect.stringMatching(/^ +1\t +0\.001234567\t {2}1\t/) });
    const clock: ShownTimes = { kind: 'clock', digits: 'ms', delta: 'row' };
    const [head, , row] = copied(view, 1, 1, clock, 'markdown').split('\n');
    expect(head).toBe('| index | time (UTC+01:00) | delta (s) | cpu | level | pid | message |');
    expect(row).toBe('| 1 | 10:30:00.001 | +0.004 | 1 | info | 0 | row 1 |');
    const csv = copied(view, 1, 1, clock, 'csv');
    expect(csv).toContain('\n1,1234.567,');
  });
});

describe('an export as text', () => {
  it('has the lines that a copy has: of a selection, and of all that is shown', async () => {
    const { store, view } = shown();
    for (const delta of ['row', 'cpu', null, { fromNs: 7 }] as const) {
      const times: ShownTimes = { kind: 'elapsed', digits: '100ns', delta };
      const common = { format: 'text', filter: view.filterSpec, info: null, times: timesOf(times) } as const;
      const [first, last] = [view.first + 40, view.first + 400];
      const deltas = new DeltaReader(view, first).tracked();
      const range = { firstRow: view.rowAt(first), endRow: view.rowAt(last) + 1, deltas };
      const selected = await exported(ExportJob.create(store, { ...common, ...range }));
      expect(selected.split('\n').slice(1).join('\n')).toBe(copied(view, first, last, times));
      const all = await exported(ExportJob.create(store, { ...common, endRow: store.endRow }));
      expect(all.split('\n').slice(1).join('\n')).toBe(copied(view, view.first, view.end - 1, times));
    }
  });

  it('leaves losses out without measuring from other rows than the table does', async () => {
    const { store, view } = shown([]);
    const times: ShownTimes = { kind: 'elapsed', digits: 'us', delta: 'row' };
    const common = {
      format: 'text',
      filter: SHOW_ALL,
      info: null,
      times: timesOf(times),
      endRow: store.endRow,
    } as const;
    const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const whole = lines(await exported(ExportJob.create(store, common)));
    const without = lines(await exported(ExportJob.create(store, { ...common, losses: false })));
    expect(without).toEqual(whole.filter((line) => !line.includes('\tlost')));
    expect(without.length).toBeLessThan(whole.length);
    expect(view.end - view.first).toBe(whole.length);
  });

  it('says in its first line which times they are', () => {
    const info = { source: 'sim:a', sessionId: null, startUnixMs: ORIGIN.startUnixMs ?? 0 };
    const head = (kind: ShownTimes['kind'], origin = ORIGIN) =>
      lineFormatter('text', outputFacts({ info, times: { kind, digits: 'us', delta: null, origin, zone } }))
        .header(info)
        .trimEnd();
    const begin = '# RingView log of sim:a, time 0 is 2026-03-01T09:30:00.000Z';
    expect(head('elapsed')).toBe(begin);
    expect(head('clock')).toBe(`${begin}, times are of the clock at UTC+01:00`);
    expect(head('boot')).toBe(`${begin}, times are since the machine was started, 3600.000000000 s before time 0`);
    expect(head('boot', { ...ORIGIN, bootNs: null })).toBe(begin);
  });
});
