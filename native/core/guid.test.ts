import fc from 'fast-check';
import { expect, it } from 'vitest';
import { guidAt, guidBytes, guidOf, registryGuidAt } from './guid.ts';

const GUID = '7237fff9-a08a-4804-9c79-4a8704b70b87';

it('has the bytes of a GUID as Windows lays them out', () => {
  expect(Buffer.from(guidBytes(GUID)).toString('hex')).toBe('f9ff37728aa004489c794a8704b70b87');
});

it('writes the bytes at a place', () => {
  const view = new DataView(Uint8Array.of(0xee, ...guidBytes(GUID)).buffer);
  expect(guidAt(view, 1)).toBe(GUID);
  expect(registryGuidAt(view, 1)).toBe('{7237FFF9-A08A-4804-9C79-4A8704B70B87}');
});

it('takes a GUID with both braces or none', () => {
  expect(guidOf(`{${GUID.toUpperCase()}}`)).toBe(GUID);
  expect(guidOf(GUID)).toBe(GUID);
  for (const text of [`{${GUID}`, `${GUID}}`, GUID.slice(1), `${GUID}0`, '', GUID.replace('7', 'g')])
    expect(guidOf(text)).toBeNull();
});

it('gives every GUID back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const text = guidAt(new DataView(bytes.buffer, bytes.byteOffset), 0);
      expect(guidOf(text)).toBe(text);
      expect(guidBytes(text)).toEqual(bytes);
    }),
  );
});
