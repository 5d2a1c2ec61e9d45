import fc from 'fast-check';
import { expect, it } from 'vitest';
import { registryGuidAt } from '../../core/guid.ts';
import { GuidCache } from './guid-cache.ts';

it('GUIDs are told as they are, also those that differ in one part alone', () => {
  const part = fc.constantFrom(0, 1, 0x12345678, 0xffffffff);
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part, part, part), { minLength: 1, maxLength: 40 }), (guids) => {
      const cache = new GuidCache();
      for (const words of guids) {
        const view = new DataView(new Uint32Array(words).buffer);
        expect(cache.textOf(view, 0)).toBe(registryGuidAt(view, 0).slice(1, -1).toLowerCase());
      }
    }),
  );
});
