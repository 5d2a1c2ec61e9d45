import { describe, expect, it } from 'vitest';
import { authorityFile, hasDisplay } from './display.mjs';

describe('hasDisplay', () => {
  it('wants a display server named on Linux', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  });

  it('takes one for granted elsewhere', () => {
    expect(hasDisplay({}, 'win32')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
  });
});

it('writes one cookie for any display', () => {
  const file = authorityFile(Buffer.alloc(16, 0xab));
  expect(file.toString('hex')).toBe(
    `ffff00000000${'0012'}${Buffer.from('MIT-MAGIC-COOKIE-1').toString('hex')}${'0010'}${'ab'.repeat(16)}`,
  );
});
