import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isolate, toggleHidden } from './hidden.ts';

describe('chips', () => {
  it('toggles back to where it was', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(63)), fc.nat(63), (ids, id) => {
        const hidden = ids.sort((a, b) => a - b);
        expect(toggleHidden(toggleHidden(hidden, id), id)).toEqual(hidden);
      }),
    );
  });

  it('isolates one and, asked again, shows all', () => {
    const all = [0, 1, 2, 3];
    expect(isolate([], 2, all)).toEqual([0, 1, 3]);
    expect(isolate([0, 1, 3], 2, all)).toEqual([]);
    expect(isolate([0, 1, 3], 0, all)).toEqual([1, 2, 3]);
    expect(isolate([0, 1, 2, 3], 2, all)).toEqual([0, 1, 3]);
    expect(isolate([], 0, [0])).toEqual([]);
  });
});
