import { describe, expect, it } from 'vitest';
import { LiveClock } from './live-clock.ts';

describe('the clock of a live source', () => {
  it('is not known before it has shown anything, and goes on when nothing comes', () => {
    const clock = new LiveClock();
    expect(clock.at(100)).toBeNull();
    clock.note(5e9, 100);
    expect(clock.at(100)).toBe(5e9);
    expect(clock.at(4100)).toBe(9e9);
  });

  it('is taken from the record that was on its way for the shortest time', () => {
    const clock = new LiveClock();
    clock.note(5e9, 100);
    clock.note(5.5e9, 1000);
    expect(clock.at(1000)).toBe(5.9e9);
    clock.note(6.5e9, 1400);
    expect(clock.at(1400)).toBe(6.5e9);
  });
});
