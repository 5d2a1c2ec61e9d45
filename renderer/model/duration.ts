/** Lengths of time as they are told in figures: few digits, the unit that fits. */

const UNITS: readonly { readonly name: string; readonly ns: number }[] = [
  ...[
    { name: 'h', ns: 3600e9 },
    { name: 'min', ns: 60e9 },
  ],
  ...[
    { name: 's', ns: 1e9 },
    { name: 'ms', ns: 1e6 },
    { name: 'µs', ns: 1e3 },
  ],
];

/** `1.23 ms`: at most three digits behind the point, and no more than tell something. */
export function formatDuration(ns: number): string {
  if (ns < 0) return `-${formatDuration(-ns)}`;
  const unit = UNITS.find((each) => ns >= each.ns);
  if (unit === undefined) return `${Math.round(ns)} ns`;
  const value = ns / unit.ns;
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits)).toLocaleString('en', { maximumFractionDigits: digits })} ${unit.name}`;
}
