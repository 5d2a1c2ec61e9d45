/** A filter that is typed on is applied to the matches of before; what it shows is what it shows of all rows. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FilterSpec } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import type { StoreOptions } from '../store/store-options.ts';
import { batchOf, entry, FakeArchive, FakeThreads } from '../test-support.ts';
import { LogView } from './view.ts';

/** Many rows, some of which are dropped or in an archive, so that pieces are submitted and cancelled. */
const STORES: readonly (() => StoreOptions)[] = [
  () => ({ memoryCapBytes: 1 << 30, segmentRows: 1500 }),
  () => ({ memoryCapBytes: 600_000, segmentRows: 1500, segmentBytes: 40_000, chunkBytes: 4096 }),
  () => ({
    memoryCapBytes: 600_000,
    segmentRows: 1500,
    segmentBytes: 40_000,
    chunkBytes: 4096,
    archive: new FakeArchive(),
  }),
];

const WORDS = ['irp', 'irp_read', 'irp_write', 'irp_reap', 'READ', ...Array.from({ length: 15 }, () => 'idle')];
const TEXTS = ['i', 'ir', 'irp', 'irp_', 'irp_r', 'irp_rea', 'irp_read', 'read', 'nowhere'];

const anySpec: fc.Arbitrary<FilterSpec> = fc.record({
  hiddenCpus: fc.constantFrom([], [1], [1, 2]),
  hiddenLevels: fc.constantFrom([], [3]),
  hiddenSources: fc.constant([]),
  text: fc.constantFrom(...TEXTS).map((pattern) => ({ pattern, regex: false, caseSensitive: false })),
});

type Step =
  | { readonly filter: FilterSpec }
  | { readonly pieces: number }
  | { readonly rows: number }
  | { readonly paused: boolean }
  | { readonly clear: true };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: anySpec.map((filter) => ({ filter })) },
  { weight: 3, arbitrary: fc.nat(12).map((pieces) => ({ pieces })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3000 }).map((rows) => ({ rows })) },
  { weight: 1, arbitrary: fc.boolean().map((paused) => ({ paused })) },
  { weight: 1, arbitrary: fc.constant({ clear: true as const }) },
);

/** The same steps, with one text typed in them, a key at a time. */
function typedOn(steps: readonly Step[]): Step[] {
  let keys = 0;
  return steps.map((step) => {
    if (!('filter' in step)) return step;
    const pattern = 'irp_read'.slice(0, Math.min(8, ++keys));
    return { filter: { ...step.filter, hiddenCpus: [], text: { pattern, regex: false, caseSensitive: false } } };
  });
}

const anySteps = fc
  .tuple(fc.boolean(), fc.array(anyStep, { minLength: 2, maxLength: 14 }))
  .map(([typed, steps]) => (typed ? typedOn(steps) : steps));

it('whatever is typed after what, and whatever comes, goes or stands still meanwhile', () => {
  const cases = countCases('chosen', 'chosen from one that was not at its end', 'looked at whole');
  fc.assert(
    fc.property(fc.constantFrom(...STORES), anySteps, fc.nat(), (options, steps, seed) => {
      const store = new SessionStore(options());
      const threads = new FakeThreads();
      const view = new LogView(store, threads.pool, () => {});
      let next = 0;
      const arrive = (rows: number): void => {
        const row = () => {
          const n = next++;
          const word = WORDS[(Math.imul(n + seed, 0x9e3779b1) >>> 8) % WORDS.length];
          return entry(n, `${word} ${n}`, { cpu: n % 4, level: n % 5 });
        };
        store.append(batchOf(Array.from({ length: rows }, row)));
      };
      arrive(6000);
      for (const step of steps) {
        if ('filter' in step) {
          const atItsEnd = view.scan === null;
          expect(view.setFilter(step.filter)).toMatchObject({ ok: true });
          cases.note('looked at whole', view.memoryBytes === 0);
          cases.note('chosen', view.memoryBytes > 0);
          cases.note('chosen from one that was not at its end', view.memoryBytes > 0 && !atItsEnd);
        } else if ('pieces' in step) for (let piece = 0; piece < step.pieces; piece++) threads.work(piece);
        else if ('rows' in step) arrive(step.rows);
        else if ('paused' in step) view.setPaused(step.paused);
        else store.clear();
        view.advance(WHOLE);
      }
      view.setPaused(false);
      for (let turn = 0; turn < 1000 && view.scan !== null; turn++) {
        view.advance(WHOLE);
        threads.settle();
      }
      const plain = new LogView(store);
      expect(plain.setFilter(view.filterSpec)).toMatchObject({ ok: true });
      while (plain.advance(WHOLE));
      expect(rowsOf(view)).toEqual(rowsOf(plain));
      expect([view.matchedEntries, view.scan]).toEqual([plain.matchedEntries, null]);
      // What a filter before had found is not kept beyond its use.
      expect(view.memoryBytes).toBeLessThanOrEqual(plain.memoryBytes + 65_536);
    }),
    { numRuns: 60 },
  );
  cases.expectEach(5);
});

function rowsOf(view: LogView): number[] {
  return Array.from({ length: view.end - view.first }, (_, at) => view.rowAt(view.first + at));
}
