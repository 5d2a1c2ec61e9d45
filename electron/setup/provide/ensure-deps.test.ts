import { describe, expect, it } from 'vitest';
import { missingDependency } from './ensure-deps.mjs';

const locked = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b/node_modules/@s/c': { version: '2.0.0', integrity: 'sha512-c' },
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-o', optional: true },
};
const installed = {
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b/node_modules/@s/c': { version: '2.0.0', integrity: 'sha512-c' },
};

describe('missingDependency', () => {
  it('is content with what the lock-file wants, without packages of other platforms', () => {
    expect(missingDependency(locked, installed)).toBeNull();
    expect(missingDependency(locked, { ...installed, 'node_modules/extra': { version: '9.0.0' } })).toBeNull();
  });

  it('names what differs', () => {
    expect(missingDependency(locked, null)).toBe('none installed yet');
    expect(missingDependency(locked, { 'node_modules/a': installed['node_modules/a'] })).toBe('@s/c is not installed');
    expect(missingDependency(locked, { ...installed, 'node_modules/a': { version: '0.9.0', integrity: 'x' } })).toBe(
      'a 0.9.0 is installed, 1.0.0 is wanted',
    );
    expect(missingDependency(locked, { ...installed, 'node_modules/other-platform': { version: '0.1.0' } })).toBe(
      'other-platform 0.1.0 is installed, 1.0.0 is wanted',
    );
  });

  it('does not trust the same version with other contents', () => {
    expect(
      missingDependency(locked, { ...installed, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } }),
    ).toContain('a 1.0.0');
  });
});
