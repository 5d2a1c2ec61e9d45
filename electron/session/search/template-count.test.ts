import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import type { TemplateFigures } from '../../contract/templates.ts';
import { countCases } from '../../contract/test-support.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeArchive, FakeThreads, gap, type PlainRow } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { shownTemplate } from './match-template.ts';
import { TemplateCount } from './template-count.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 256, segmentBytes: 1024 };
const EVICTING = { memoryCapBytes: 1500, segmentRows: 8, chunkBytes: 64, segmentBytes: 128 };
/** As many templates as these tests let a session tell apart. */
const MOST = 4;

const WORDS = ['read 1 byte', 'read 22 bytes', 'open 0x1f', 'closed', '', 'a\nb 7', 'late 3 of 4', 'x'];

const anyRow = fc
  .tuple(fc.nat(9), fc.nat(WORDS.length - 1))
  .map(([what, word]): PlainRow => (what === 0 ? gap(1, 0, 3) : entry(1, WORDS[word] as string)));

type Counted = Pick<TemplateFigures, 'template' | 'count' | 'firstRow' | 'lastRow'>;

/** The plain twin: one look at every row from one on. */
function plainly(rows: readonly PlainRow[], from: number): { readonly known: Counted[]; readonly others: number } {
  const known = new Map<string, { template: string; count: number; firstRow: number; lastRow: number }>();
  let others = 0;
  for (const [row, { kind, payload }] of rows.entries()) {
    if (row < from || kind !== RowKind.Entry) continue;
    const template = shownTemplate(decodeUtf8(payload));
    const found = known.get(template);
    if (found !== undefined) Object.assign(found, { count: found.count + 1, lastRow: row });
    else if (known.size < MOST) known.set(template, { template, count: 1, firstRow: row, lastRow: row });
    else others++;
  }
  return { known: [...known.values()], others };
}

const byRow = (a: Counted, b: Counted): number => a.firstRow - b.firstRow;
const counted = ({ template, count, firstRow, lastRow }: Counted): Counted => ({ template, count, firstRow, lastRow });

it('counts every message once by its template as a look at the whole log does, however rows come and go', () => {
  const cases = countCases(
    'more templates than are told apart',
    'rows were dropped after they were counted',
    'cleared',
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          { weight: 6, arbitrary: fc.array(anyRow, { maxLength: 30 }) },
          { weight: 4, arbitrary: fc.nat(1) },
          { weight: 1, arbitrary: fc.constant('clear' as const) },
        ),
        { minLength: 5, maxLength: 25 },
      ),
      fc.constantFrom(
        () => SMALL,
        () => ({ ...EVICTING, archive: new FakeArchive() }),
        () => EVICTING,
      ),
      (actions, options) => {
        const store = new SessionStore(options());
        const threads = new FakeThreads(2);
        const templates = new TemplateCount(store, threads.pool, () => {}, MOST);
        let all: PlainRow[] = [];
        for (const action of actions) {
          if (action === 'clear') {
            store.clear();
            all = [];
            cases.note('cleared', true);
          } else if (typeof action === 'number') threads.work(action);
          else {
            store.append(batchOf(action));
            all.push(...action);
            templates.report(0, 'count', 9, []);
            templates.advance(0);
            // A history so short that rows leave it uncounted is counted at once.
            if (store.firstRow > 0 || options().memoryCapBytes < 2000) threads.settle();
          }
        }
        templates.report(0, 'count', 9, []);
        templates.advance(0);
        threads.settle();
        const report = templates.report(1, 'newest', 9, []);
        const wanted = plainly(all, 0);
        if (report.missed === 0) {
          expect(report.rows.map(counted).sort(byRow)).toEqual(wanted.known);
          expect(report.others).toBe(wanted.others);
        }
        expect(report.total).toBe(all.filter(({ kind }) => kind === RowKind.Entry).length);
        expect(report.counted + report.missed).toBe(report.total);
        expect(report.rows.reduce((sum, { count }) => sum + count, report.others)).toBe(report.counted);
        expect(report.templates).toBeLessThanOrEqual(MOST);
        cases.note('more templates than are told apart', report.others > 0);
        cases.note('rows were dropped after they were counted', store.firstRow > 0 && report.missed === 0);
      },
    ),
    // Far more rows than are kept.
    {
      numRuns: 150,
      examples: [[Array.from({ length: 5 }, () => Array.from({ length: 30 }, () => entry(1, 'x'))), () => EVICTING]],
    },
  );
  cases.expectEach();
});

/** A log in which each second has some messages of each kind; all of it is counted. */
function told(seconds: readonly Readonly<Record<string, number>>[], marked: readonly number[] = []) {
  const store = new SessionStore(SMALL);
  const threads = new FakeThreads(1);
  const templates = new TemplateCount(store, threads.pool, () => {});
  templates.report(0, 'count', 1, []);
  for (const [second, messages] of seconds.entries()) {
    const rows = Object.entries(messages).flatMap(([text, count]) => Array.from({ length: count }, () => text));
    store.append(
      batchOf(rows.map((text, at) => entry(at, text, { timeNs: second * 1e9 + Math.round((at * 1e9) / rows.length) }))),
    );
    templates.advance(0);
    threads.settle();
  }
  return (order: 'count' | 'rate' | 'newest' | 'silent') => templates.report(0, order, 9, marked).rows;
}

it('says which messages flood now, which are new since the last bookmark, and which have gone silent', () => {
  const rows = told(
    [
      { steady: 2, 'beat 1': 1, early: 90 },
      ...Array.from({ length: 8 }, () => ({ steady: 2, 'beat 1': 1 })),
      { steady: 2, flood: 50 },
      { steady: 2, flood: 50 },
      { steady: 1 },
    ],
    [3, 93],
  );
  expect(rows('count').map(({ template }) => template)).toEqual(['flood', 'early', 'steady', 'beat #']);
  expect(rows('rate')[0]).toMatchObject({ template: 'flood' });
  expect(rows('rate')[0]?.perSecond).toBeGreaterThan(40);
  expect(rows('newest')[0]).toMatchObject({ template: 'flood', isNew: true, firstNs: 9_038_461_538 });
  expect(rows('silent').filter(({ isSilent }) => isSilent)).toMatchObject([{ template: 'early' }]);
  expect(rows('count').filter(({ isNew }) => isNew)).toHaveLength(1);
});

it('counts nothing while nobody asks, and goes on where it was', () => {
  const store = new SessionStore(SMALL);
  const threads = new FakeThreads(1);
  const templates = new TemplateCount(store, threads.pool, () => {});
  const grow = (): void => {
    store.append(batchOf([entry(1, 'a'), entry(2, 'b')]));
  };
  grow();
  templates.advance(0);
  expect(threads.started).toBe(0);
  templates.report(0, 'count', 9, []);
  templates.advance(0);
  threads.settle();
  grow();
  templates.advance(60_000);
  threads.settle();
  expect(templates.report(60_000, 'count', 9, [])).toMatchObject({ counted: 2, total: 4 });
  templates.advance(60_000);
  threads.settle();
  expect(templates.report(60_000, 'count', 9, [])).toMatchObject({ counted: 4, total: 4, templates: 2 });
});
