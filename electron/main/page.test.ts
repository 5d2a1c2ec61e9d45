import { sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ protocol: {} }));
// Test files share their modules, and those before may have put something else in Electron's place.
vi.resetModules();
const { fileOfAddress } = await import('./page.ts');

const root = `${sep}pages`;

describe('fileOfAddress', () => {
  it('finds files below the folder', () => {
    expect(fileOfAddress(root, 'ringview://app/index.html')).toBe(`${root}${sep}index.html`);
    expect(fileOfAddress(root, 'ringview://app/assets/a%20b.js?x#y')).toBe(`${root}${sep}assets${sep}a b.js`);
  });

  it.each([
    'ringview://other/index.html',
    'ringview://app/%2e%2e/%2e%2e/etc/passwd%00.html',
    'ringview://app/',
    'not an address',
    'ringview://app/%',
  ])('answers null for %s', (address) => {
    expect(fileOfAddress(root, address)).toBeNull();
  });

  it('never leaves the folder', () => {
    const piece = fc.constantFrom('..', '%2e%2e', '%2F', '/', '\\', '%5c', 'a', '.', '//', '%00');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const file = fileOfAddress(root, `ringview://app/${pieces.join('')}`);
        expect(file === null || file.startsWith(root + sep)).toBe(true);
      }),
    );
  });
});
