/** What a filter hides and what it never hides, row by row, and what it refuses to be. */
import { describe, expect, it } from 'vitest';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap, segmentOf } from '../test-support.ts';
import { compileFilter, type Filter } from './filter.ts';
import { bindNames } from './name-binding.ts';

function compiled(more: Partial<FilterSpec>): Filter {
  const filter = compileFilter({ ...SHOW_ALL, ...more });
  if (!filter.ok) throw new Error(filter.failure.message);
  return filter.value;
}

function shown(filter: Filter, segment: Segment, from = 0, to = segment.count): number[] {
  const out = new Uint32Array(to - from);
  return [...out.subarray(0, filter.scan(segment, from, to, out))];
}

const plain = (pattern: string) => ({ pattern, regex: false, caseSensitive: true });

describe('a filter', () => {
  const most = 65_535;
  it.each<[string, Partial<FilterSpec>, boolean]>([
    ['the first and the last CPU', { hiddenCpus: [0, most] }, true],
    ['a CPU behind the last', { hiddenCpus: [most + 1] }, false],
    ['a CPU before the first', { hiddenCpus: [-1] }, false],
    ['half a CPU', { hiddenCpus: [1.5] }, false],
    ['all levels', { hiddenLevels: [0, 1, 2, 3, 4] }, true],
    ['a level behind the last', { hiddenLevels: [5] }, false],
    ['a level before the first', { hiddenLevels: [-1] }, false],
    ['half a level', { hiddenLevels: [0.5] }, false],
    ['the first and the last source', { hiddenSources: [0, most] }, true],
    ['a source behind the last', { hiddenSources: [most + 1] }, false],
    ['a source before the first', { hiddenSources: [-1] }, false],
    ['half a source', { hiddenSources: [0.5] }, false],
    ['a time without length', { time: { fromNs: 5, toNs: 5 } }, true],
    ['a time that ends before it begins', { time: { fromNs: 5, toNs: 4 } }, false],
    ['a time that is none', { time: { fromNs: Number.NaN, toNs: 4 } }, false],
  ])('takes what there can be, and nothing else: %s', (_what, more, taken) => {
    const filter = compileFilter({ ...SHOW_ALL, ...more });
    expect(filter.ok).toBe(taken);
    if (!filter.ok) expect(filter.failure.code).toBe('bad-argument');
  });

  it('refuses a text that the engine refuses, before anything is looked for', () => {
    for (const text of [plain(''), { ...plain('('), regex: true }]) {
      expect(compileFilter({ ...SHOW_ALL, text })).toMatchObject({ ok: false, failure: { code: 'bad-pattern' } });
    }
  });

  it.each<[Partial<FilterSpec>, boolean, boolean]>([
    [{}, true, false],
    [{ hiddenCpus: [1] }, false, false],
    [{ hiddenLevels: [1] }, false, false],
    [{ hiddenSources: [1] }, false, false],
    [{ types: [0] }, false, false],
    [{ pids: [] }, false, false],
    [{ origins: [1] }, false, false],
    [{ time: { fromNs: 0, toNs: 1 } }, false, false],
    [{ text: plain('a') }, false, true],
  ])('knows whether it shows all, and whether it reads text: %j', (more, showsAll, readsText) => {
    const filter = compiled(more);
    expect([filter.showsAll, filter.readsText]).toEqual([showsAll, readsText]);
    expect(filter.spec).toEqual({ ...SHOW_ALL, ...more });
  });
});

describe('the rows of a filter', () => {
  const rows = [
    entry(0, 'alpha', { cpu: 1, level: 0, type: 0, pid: 5, origin: 1, source: 0, timeNs: 10 }),
    gap(1, 1, 3),
    entry(2, 'beta', { cpu: 2, level: 3, type: 7, pid: 6, origin: 0, source: 1, timeNs: 20 }),
    entry(3, 'alpha beta', { cpu: 2, level: 4, pid: 5, source: 1, timeNs: 30 }),
    { ...gap(4, 2, 1), source: 1, timeNs: 30 },
    entry(5, 'gamma', { cpu: 3, level: 255, pid: 7, timeNs: 40 }),
  ];

  it.each<[Partial<FilterSpec>, number[]]>([
    [{}, [0, 1, 2, 3, 4, 5]],
    // Losses go with their CPU, their source and their time, and with nothing else.
    [{ hiddenCpus: [2] }, [0, 1, 5]],
    [{ hiddenCpus: [1, 3] }, [2, 3, 4]],
    [{ hiddenLevels: [0] }, [1, 2, 3, 4, 5]],
    [{ hiddenLevels: [3] }, [0, 1, 3, 4, 5]],
    [{ hiddenLevels: [4] }, [0, 1, 2, 4]],
    [{ hiddenSources: [1] }, [0, 1, 5]],
    [{ hiddenSources: [0] }, [2, 3, 4]],
    [{ time: { fromNs: 20, toNs: 40 } }, [2, 3, 4]],
    [{ time: { fromNs: 40, toNs: 41 } }, [5]],
    [{ types: [7] }, [1, 2, 4]],
    [{ pids: [5, 7] }, [0, 1, 3, 4, 5]],
    [{ pids: [] }, [1, 4]],
    [{ origins: [0] }, [1, 2, 3, 4, 5]],
    [{ text: plain('alpha') }, [0, 1, 3, 4]],
    [{ text: plain('nothing') }, [1, 4]],
    [{ text: { pattern: '^beta|a$', regex: true, caseSensitive: true } }, [0, 1, 3, 4, 5]],
    [{ text: plain('beta'), hiddenCpus: [1], pids: [5] }, [3, 4]],
  ])('are those of %j', (more, wanted) => {
    const filter = compiled(more);
    const segment = segmentOf(rows);
    expect(shown(filter, segment)).toEqual(wanted);
    for (let from = 0; from < rows.length; from++) {
      for (let to = from; to <= rows.length; to++) {
        expect(shown(filter, segment, from, to)).toEqual(wanted.filter((at) => at >= from && at < to));
      }
    }
  });

  it('are the same where a segment has only entries, only losses, or one source', () => {
    const entries = segmentOf(
      [0, 1, 2].map((n) => entry(n, n === 1 ? 'beta' : 'alpha', { cpu: n, level: n, source: 3 })),
    );
    const losses = segmentOf([gap(0, 0, 1), gap(1, 1, 1)]);
    expect(shown(compiled({ hiddenCpus: [0], hiddenLevels: [2] }), entries)).toEqual([1]);
    expect(shown(compiled({ text: plain('alpha') }), entries)).toEqual([0, 2]);
    expect(shown(compiled({ hiddenSources: [3] }), entries)).toEqual([]);
    expect(shown(compiled({ hiddenSources: [2] }), entries)).toEqual([0, 1, 2]);
    expect(shown(compiled({ pids: [0] }), entries)).toEqual([0, 1, 2]);
    expect(shown(compiled({ pids: [1] }), entries)).toEqual([]);
    expect(shown(compiled({ text: plain('alpha') }), losses)).toEqual([0, 1]);
    expect(shown(compiled({ pids: [1], types: [4] }), losses)).toEqual([0, 1]);
    expect(shown(compiled({ hiddenCpus: [1], hiddenLevels: [0, 2] }), losses)).toEqual([0]);
  });

  it('are found in ranges of any length, short ones before long ones', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 100_000, chunkBytes: 1 << 20 });
    store.append(batchOf(Array.from({ length: 80_000 }, (_, n) => entry(n, n % 1000 === 7 ? 'wanted' : 'x'))));
    const segment = store.segmentOf(0) as Segment;
    for (const more of [{ time: { fromNs: 7000, toNs: 79_008_000 } }, { text: plain('wanted') }]) {
      const filter = compiled(more);
      for (const [from, to] of [
        [0, 10],
        [70_000, 80_000],
        [0, 80_000],
        [5, 9],
      ] as const) {
        const found = shown(filter, segment, from, to);
        const wanted = Array.from({ length: to - from }, (_, n) => from + n).filter((at) =>
          'text' in more ? at % 1000 === 7 : at >= 7 && at < 79_008,
        );
        expect(found.length).toBe(wanted.length);
        expect(found.every((at, n) => at === wanted[n])).toBe(true);
      }
    }
  });
});

describe('a filter within another', () => {
  it('shows what both show, each with the names of its own', () => {
    const rows = Array.from({ length: 60 }, (_, at) =>
      at % 9 === 4
        ? gap(at, at % 4, 2)
        : entry(at, at % 5 === 0 ? 'five' : 'x', { cpu: at % 4, source: at % 3, level: at % 4 }),
    );
    const segment = segmentOf(rows);
    const names = {
      ...{ version: '1', processes: [], events: [], startUnixMs: null },
      sources: ['sim:a', 'sim:b', 'sim:c'].map((name, id) => ({ id, name })),
    };
    const terms = (text: string) => ({ ...SHOW_ALL, terms: { text, caseSensitive: false } });
    const specs = [
      terms('source:sim:a,sim:b'),
      terms('-source:sim:b'),
      terms('five'),
      { ...SHOW_ALL, hiddenCpus: [1] },
      SHOW_ALL,
    ];
    const alone = (spec: FilterSpec): number[] => {
      const filter = compileFilter(spec, bindNames(spec, names));
      if (!filter.ok) throw new Error(filter.failure.message);
      return shown(filter.value, segment);
    };
    const each = specs.map((spec) => new Set(alone(spec)));
    specs.forEach((own, at) => {
      specs.forEach((outer, among) => {
        const spec = { ...own, within: { ...outer, within: specs[1] as FilterSpec } };
        const wanted = [...(each[at] ?? [])].filter((row) => each[among]?.has(row) && each[1]?.has(row));
        expect(alone(spec)).toEqual(wanted);
      });
    });
    expect(compiled({ within: SHOW_ALL }).showsAll).toBe(true);
    expect(compiled({ within: terms('five') })).toMatchObject({ showsAll: false, readsText: true });
  });
});
