import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignment } from './alignment.ts';

const sources = [
  { id: 0, name: 'guest' },
  { id: 3, name: 'host', statedNs: -500 },
];

describe('aligning two rows', () => {
  it('moves the source of the selected one so that its time becomes that of the other', () => {
    const ns = fc.integer({ min: -1e15, max: 1e15 });
    fc.assert(
      fc.property(ns, ns, ns, (there, here, statedNs) => {
        fc.pre(there !== here);
        const how = alignment({ source: 0, timeNs: there }, { source: 3, timeNs: here }, [
          { id: 0, name: 'guest' },
          { id: 3, name: 'host', statedNs },
        ]);
        if (typeof how === 'string') throw new Error(how);
        // The time of the row without what it is moved by now, and with what it is moved by then.
        expect(here - statedNs + how.ns).toBe(there);
        expect(how.source.id).toBe(3);
      }),
    );
  });

  it.each([
    [3, 0, 3, 5, 'Both rows are of host'],
    [0, 5, 3, 5, 'at one moment already'],
    [0, 5, 9, 7, 'not in use any more'],
    [0, -9e15, 3, 9e15, 'more than 104 days'],
  ])('does nothing for source %d at %d and %d at %d: %s', (there, thereNs, here, hereNs, words) => {
    const how = alignment({ source: there, timeNs: thereNs }, { source: here, timeNs: hereNs }, sources);
    expect(how).toContain(words);
  });

  it('is not for a recorded session by itself, and the sentence says what to do', () => {
    expect(alignment({ source: 0, timeNs: 1 }, { source: 1, timeNs: 2 }, [])).toContain('Open a file beside it');
  });
});
