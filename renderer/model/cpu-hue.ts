/**
 * A subdued hue for each CPU number, the same in table, chips and statistics. Consecutive numbers are a golden angle
 * apart on the colour circle, so that neighbours differ clearly however many CPUs there are.
 */

const GOLDEN_ANGLE = 137.508;
/** CPU 0 is blue: the hue furthest from the red and amber that levels and losses use. */
const FIRST_HUE = 250;

/** Hue in degrees, 0 inclusive to 360 exclusive. */
export function cpuHue(cpu: number): number {
  return (FIRST_HUE + cpu * GOLDEN_ANGLE) % 360;
}

const colours = new Map<number, string>();

/**
 * A CSS colour for text and highlights: low chroma, dark on light themes and light on dark ones, the same lightness for
 * all CPUs.
 */
export function cpuColour(cpu: number): string {
  let colour = colours.get(cpu);
  if (!colour) {
    const hue = cpuHue(cpu).toFixed(0);
    colour = `light-dark(oklch(0.48 0.09 ${hue}), oklch(0.78 0.08 ${hue}))`;
    colours.set(cpu, colour);
  }
  return colour;
}
