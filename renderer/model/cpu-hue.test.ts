import { describe, expect, it } from 'vitest';
import { cpuColour, cpuHue } from './cpu-hue.ts';

describe('CPU hues', () => {
  it('is fixed for a number and inside the circle', () => {
    for (let cpu = 0; cpu < 2048; cpu++) {
      expect(cpuHue(cpu)).toBeGreaterThanOrEqual(0);
      expect(cpuHue(cpu)).toBeLessThan(360);
      expect(cpuColour(cpu)).toBe(cpuColour(cpu));
    }
  });

  it('keeps the first eight CPUs at least 30 degrees apart, and neighbours at least 100', () => {
    const distance = (a: number, b: number) => Math.min(Math.abs(a - b), 360 - Math.abs(a - b));
    for (let a = 0; a < 8; a++) {
      for (let b = 0; b < a; b++) expect(distance(cpuHue(a), cpuHue(b))).toBeGreaterThan(30);
      expect(distance(cpuHue(a), cpuHue(a + 1))).toBeGreaterThan(100);
    }
  });
});
