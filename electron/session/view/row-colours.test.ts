/** Which rule colours a row: against its plain twin for any rules over any rows and views, and what threads may do meanwhile. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import { COLOUR_NAMES, type ColourRule, type RowRule, specOfText } from '../../contract/colour-rules.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { compileFilter } from '../search/filter.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import type { StoreOptions } from '../store/store-options.ts';
import { batchOf, entry, FakeArchive, FakeThreads, gap } from '../test-support.ts';
import { RowPainter } from './row-colours.ts';
import { LogView } from './view.ts';

const rule = (text: string, colour: RowRule['colour'] = 'red', more: Partial<RowRule> = {}): RowRule => ({
  ...{ of: 'rows', text, caseSensitive: false, colour, on: true },
  ...more,
});

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 8, chunkBytes: 256, segmentBytes: 1024 };

function setUp(options: StoreOptions = SMALL) {
  const store = new SessionStore(options);
  const threads = new FakeThreads(2);
  const view = new LogView(store, threads.pool);
  const painter = new RowPainter(view, threads.pool, () => null);
  /** The answer, for which the threads work until it is there. */
  const settled = async <T>(asked: Promise<T>): Promise<T> => {
    let done = false;
    void asked.finally(() => {
      done = true;
    });
    while (!done) {
      threads.settle();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return asked;
  };
  return { store, threads, view, painter, settled };
}

/** The plain twin: each row by itself, rule by rule, the first that shows it. */
function plainly(view: LogView, rules: readonly ColourRule[], first: number, end: number): number[] {
  const colours: number[] = [];
  for (let position = first; position < end; position++) {
    const [segment, offset] = view.place(position);
    const before = view.rowAt(position) === 0 ? null : view.store.segmentOf(view.rowAt(position) - 1);
    const beforeNs =
      before === null ? Number.NaN : (before.timeNs[view.rowAt(position) - 1 - before.firstRow] as number);
    const fits = rules.find((each) => {
      if (each.of !== 'rows' || !each.on || segment.kind.get(offset) !== RowKind.Entry) return false;
      const filter = compileFilter(specOfText(each));
      return filter.ok && filter.value.scan(segment, offset, offset + 1, new Uint32Array(1), beforeNs) > 0;
    });
    colours.push(fits === undefined ? 0 : COLOUR_NAMES.indexOf(fits.colour) + 1);
  }
  return colours;
}

const anyRule: fc.Arbitrary<ColourRule> = fc
  .record({
    text: fc.constantFrom(
      'alpha',
      '"bet"',
      'cpu:1',
      'level:error',
      '/^al/',
      '-/a$/i',
      'delta>2us',
      'cpu:0 or beta',
      'zzz',
    ),
    colour: fc.constantFrom(...COLOUR_NAMES),
    on: fc.boolean(),
    caseSensitive: fc.boolean(),
    words: fc.nat(5).map((n) => n === 0),
  })
  .map(({ words, ...shared }) => (words ? { of: 'words', regex: false, ...shared } : { of: 'rows', ...shared }));

const anyRows = fc.array(
  fc.record({
    isGap: fc.nat(6).map((n) => n === 0),
    message: fc.constantFrom('alpha', 'Beta', 'alphabet', ''),
    cpu: fc.nat(2),
    level: fc.nat(3),
    step: fc.nat(4),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('colours of rows', () => {
  it('are those of the first rule that shows a row, in any view of any rows', async () => {
    const cases = countCases('some coloured', 'expression', 'filtered', 'words');
    await fc.assert(
      fc.asyncProperty(
        anyRows,
        fc.array(anyRule, { maxLength: 5 }),
        fc.constantFrom('', 'cpu:0-1', 'alpha'),
        fc.boolean(),
        async (rows, rules, filter, archived) => {
          const { store, view, painter, settled } = setUp(
            archived
              ? { ...SMALL, ...{ memoryCapBytes: 1500, chunkBytes: 64, segmentBytes: 128 }, archive: new FakeArchive() }
              : SMALL,
          );
          let timeNs = 0;
          const list = rows.map(({ isGap, message, cpu, level, step }, at) => {
            timeNs += step * 1000;
            return isGap ? { ...gap(at, cpu, 2), timeNs } : entry(at, message, { cpu, level, timeNs });
          });
          for (let at = 0; at < list.length; at += 5) store.append(batchOf(list.slice(at, at + 5)));
          if (filter !== '') view.setFilter(specOfText({ text: filter, caseSensitive: false }));
          while (view.advance(WHOLE));
          const { first, end, generation } = view;
          const got = await settled(painter.colours(rules, 0, 1000));
          const wanted = plainly(view, rules, first, end);
          expect(got).toEqual({ generation, first, colours: wanted, given: [] });
          cases.note(
            'some coloured',
            wanted.some((colour) => colour > 0),
          );
          cases.note(
            'expression',
            rules.some(({ of, on, text }) => of === 'rows' && on && text.includes('/')),
          );
          cases.note('filtered', filter !== '');
          cases.note(
            'words',
            rules.some(({ of }) => of === 'words'),
          );
        },
      ),
    );
    cases.expectEach();
  });

  it('are none of a view that changed while threads looked at an expression', async () => {
    const { store, view, painter, settled } = setUp();
    store.append(batchOf([entry(0, 'alpha'), entry(1, 'beta')]));
    const asked = painter.colours([rule('/alpha/')], 0, 10);
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [3] });
    expect(await settled(asked)).toMatchObject({ generation: view.generation, colours: [] });
    while (view.advance(WHOLE));
    const cleared = painter.colours([rule('/alpha/')], 0, 10);
    store.clear();
    expect(await settled(cleared)).toMatchObject({ generation: view.generation, colours: [] });
  });

  it('are judged without a rule whose expression fails, until the rules change', async () => {
    const { store, threads, painter, settled } = setUp();
    threads.refused.add('beta');
    store.append(batchOf([entry(0, 'alpha'), entry(1, 'beta'), entry(2, 'alpha')]));
    const rules = [rule('/a/', 'green'), rule('alpha', 'blue')];
    const green = COLOUR_NAMES.indexOf('green') + 1;
    const blue = COLOUR_NAMES.indexOf('blue') + 1;
    expect(await settled(painter.colours(rules, 0, 10))).toMatchObject({ colours: [green, 0, blue], given: ['/a/'] });
    const opened = threads.started;
    expect(await settled(painter.colours(rules, 0, 10))).toMatchObject({ colours: [blue, 0, blue], given: ['/a/'] });
    expect(threads.started).toBe(opened);
    threads.refused.clear();
    expect(await settled(painter.colours([...rules], 0, 10))).toMatchObject({
      colours: [green, green, green],
      given: [],
    });
  });
});
