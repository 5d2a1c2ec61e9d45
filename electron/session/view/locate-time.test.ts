import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeArchive } from '../test-support.ts';
import { locateIndex } from './locate-index.ts';
import { locateTime } from './locate-time.ts';
import { LogView } from './view.ts';

const TINY = { memoryCapBytes: 3000, segmentRows: 16, chunkBytes: 64, segmentBytes: 256 };

describe('locateTime', () => {
  it('finds what looking at every row finds, in a log whose times are out of order', () => {
    const cases = countCases('found', 'none', 'dropped rows', 'rows on disk', 'a row above with a smaller time');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(60), fc.nat(2)), { maxLength: 200 }),
        fc.array(fc.integer({ min: -5, max: 500 }), { minLength: 1, maxLength: 10 }),
        fc.boolean(),
        fc.boolean(),
        (steps, wanted, filtered, archived) => {
          const archive = new FakeArchive();
          const store = new SessionStore({ ...TINY, ...(archived ? { archive } : {}) });
          const view = new LogView(store);
          if (filtered) view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
          // Times rise with the rows, but for up to 60 back and forth.
          const rows = steps.map(([jitter, cpu], i) => entry(i, 'x', { timeNs: i + jitter, cpu }));
          store.append(batchOf(rows));
          view.advance(WHOLE);
          for (const time of wanted) {
            let best: number | null = null;
            for (let position = view.first; position < view.end; position++) {
              const at = rows[view.rowAt(position)]?.timeNs as number;
              if (at >= time && (best === null || at < (rows[view.rowAt(best)]?.timeNs as number))) best = position;
            }
            expect(locateTime(view, store, time)).toBe(best);
            cases.note('found', best !== null);
            cases.note('none', best === null && rows.length > 0);
            const above = best === null || best === view.first ? undefined : rows[view.rowAt(best - 1)];
            cases.note('a row above with a smaller time', above !== undefined && above.timeNs >= time);
          }
          cases.note('dropped rows', store.firstRow);
          cases.note('rows on disk', store.retention.diskRows);
        },
      ),
      { numRuns: 60 },
    );
    cases.expectEach();
  });

  it('reads back no segment that its bounds rule out', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...TINY, archive });
    const view = new LogView(store);
    for (let batch = 0; batch < 40; batch++) {
      store.append(
        batchOf(Array.from({ length: 16 }, (_, i) => entry(batch * 16 + i, 'x', { timeNs: batch * 16 + i }))),
      );
      view.survey.catchUp();
    }
    const { loads } = archive;
    expect(locateTime(view, store, 100)).toBe(100);
    expect(archive.loads - loads).toBe(1);
    expect(locateTime(view, store, 10_000)).toBeNull();
    expect(archive.loads - loads).toBe(1);
    expect(locateTime(view, store, -1)).toBe(0);
    expect(locateTime(view, store, 639)).toBe(639);
    expect(archive.loads - loads).toBe(2);
  });

  it('reads back no segment for an index that its bounds rule out, nor more once it is found', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...TINY, archive });
    const view = new LogView(store);
    for (let batch = 0; batch < 40; batch++) {
      store.append(batchOf(Array.from({ length: 16 }, (_, i) => entry(batch * 16 + i, 'x'))));
    }
    const { loads } = archive;
    expect(locateIndex(view, store, 100)).toBe(100);
    expect(archive.loads - loads).toBe(1);
    expect(locateIndex(view, store, 640)).toBeNull();
    expect(locateIndex(view, store, 639)).toBe(639);
    expect(archive.loads - loads).toBe(1);
    // Between two segments' indices: of the one that follows only the first row is of use, and nothing beyond it.
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [7] });
    view.advance(WHOLE);
    const before = archive.loads;
    expect(locateIndex(view, store, 31.5)).toBe(32);
    expect(archive.loads - before).toBe(1);
  });

  it('looks at no segment of which nothing is shown', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...TINY, archive });
    const view = new LogView(store);
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    for (let batch = 0; batch < 40; batch++) {
      const cpu = batch < 20 ? 1 : 0;
      store.append(batchOf(Array.from({ length: 16 }, (_, i) => entry(batch * 16 + i, 'x', { cpu }))));
      view.survey.catchUp();
      view.advance(WHOLE);
    }
    const { loads } = archive;
    expect(locateIndex(view, store, 100)).toBe(0);
    expect(locateTime(view, store, 100_000)).toBe(0);
    expect(view.rowAt(0)).toBe(320);
    expect(archive.loads - loads).toBe(1);
  });
});
