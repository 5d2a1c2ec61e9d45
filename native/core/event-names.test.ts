import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventNames, EventNameTable, NO_EVENT_NAMES } from './event-names.ts';

const named = (given: Partial<EventNames>): EventNames => ({ ...NO_EVENT_NAMES, ...given });

describe('the names of events', () => {
  it('have one number each, from 1; a row without names has 0', () => {
    const table = new EventNameTable();
    expect(table.numberOf(named({}))).toBe(0);
    expect(table.at(0)).toBeNull();
    expect(table.numberOf(named({ provider: 'a', event: '1' }))).toBe(1);
    expect(table.numberOf(named({ provider: 'a', event: '2' }))).toBe(2);
    expect(table.numberOf(named({ provider: 'a', event: '1' }))).toBe(1);
    expect(table.at(2)).toEqual(named({ provider: 'a', event: '2' }));
    expect(table.at(3)).toBeNull();
    expect(table.size).toBe(3);
  });

  it('are never taken for those of another event', () => {
    const name = fc.option(fc.string({ minLength: 1, maxLength: 3 }));
    const names = fc.record({ provider: name, event: name, function: name, source_file: name });
    fc.assert(
      fc.property(fc.array(names, { minLength: 2, maxLength: 40 }), (all) => {
        const table = new EventNameTable();
        const numbers = all.map((each) => table.numberOf(each));
        for (const [place, each] of all.entries()) {
          expect(table.at(numbers[place] as number) ?? NO_EVENT_NAMES).toEqual(each);
        }
      }),
    );
  });

  it('of a hostile trace take bounded memory: names are cut, and the table says that it is full', () => {
    const table = new EventNameTable();
    expect(table.at(table.numberOf(named({ event: 'x'.repeat(60_000) })))?.event).toHaveLength(256);
    for (let number = 1; number < 65_535; number++) table.numberOf(named({ event: String(number) }));
    expect(table.full).toBe(false);
    expect(table.numberOf(named({ event: 'one too many' }))).toBe(0);
    expect(table.full).toBe(true);
    expect(table.numberOf(named({ event: '5' }))).toBeGreaterThan(0);
  });
});
