import { expect, it } from 'vitest';
import { zoomOf } from './zoom.ts';

const press = (key: string, more: object = {}) => ({
  ...{ type: 'keyDown' as const, control: true, alt: false, shift: false, key, code: '' },
  ...more,
});

it('goes up, down and back by keys, within bounds, and leaves all others alone', () => {
  expect(zoomOf(press('='), 0)).toBe(0.5);
  expect(zoomOf(press('+', { shift: true }), 4)).toBe(4);
  expect(zoomOf(press('-'), 0)).toBe(-0.5);
  expect(zoomOf(press('-'), -4)).toBe(-4);
  expect(zoomOf(press(')', { shift: true, code: 'Digit0' }), 2)).toBe(0);
  expect(zoomOf(press('0', { code: 'Digit0' }), 2)).toBeNull();
  expect(zoomOf(press('=', { control: false }), 0)).toBeNull();
  expect(zoomOf(press('=', { alt: true }), 0)).toBeNull();
  expect(zoomOf(press('=', { type: 'keyUp' }), 0)).toBeNull();
});
