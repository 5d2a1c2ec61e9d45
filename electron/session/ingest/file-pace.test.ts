import fc from 'fast-check';
import { expect, it } from 'vitest';
import { furthestBehind } from './file-pace.ts';

it('the file that is furthest behind is read next, of those one that has something', () => {
  const file = fc.record({ reachNs: fc.constantFrom(Number.NEGATIVE_INFINITY, 0, 1, 2), waits: fc.boolean() });
  fc.assert(
    fc.property(fc.array(file), (files) => {
      const next = furthestBehind(files);
      const least = Math.min(...files.map(({ reachNs }) => reachNs));
      const behind = files.filter(({ reachNs }) => reachNs === least);
      expect(next).toBe(behind.find(({ waits }) => !waits) ?? behind[0]);
    }),
  );
});
