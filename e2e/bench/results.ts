/** What a measurement says, and how a run is printed and kept. Pure. */
import { rounded } from './statistics.ts';

export interface BenchResult {
  readonly name: string;
  /** Null if it was skipped. */
  readonly value: number | null;
  readonly unit: string;
  /** The reference of the same run, in the same unit; null where there is none. */
  readonly reference: number | null;
  readonly referenceName: string;
  /** value / reference. */
  readonly ratio: number | null;
  readonly goal: string;
  /** Null where no goal applies or nothing was measured. */
  readonly holds: boolean | null;
  /** Half the distance of the quartiles over the median, of the value. */
  readonly spread: number | null;
  /** What else there is to know; for a skipped one, why. */
  readonly note: string;
}

export interface BenchRun {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly date: string;
  readonly quick: boolean;
  readonly results: readonly BenchResult[];
}

export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly reference?: number;
  readonly referenceName?: string;
  readonly goal: string;
  readonly holds: boolean | null;
  readonly spread?: number;
  readonly note?: string;
}

export function measured(what: Measured): BenchResult {
  const { reference } = what;
  return {
    name: what.name,
    value: rounded(what.value),
    unit: what.unit,
    reference: reference === undefined ? null : rounded(reference),
    referenceName: what.referenceName ?? '',
    ratio: reference === undefined || reference === 0 ? null : rounded(what.value / reference),
    goal: what.goal,
    holds: what.holds,
    spread: what.spread === undefined ? null : rounded(what.spread),
    note: what.note ?? '',
  };
}

export function skipped(name: string, why: string): BenchResult {
  const nothing = { value: null, unit: '', reference: null, referenceName: '', ratio: null, spread: null };
  return { name, ...nothing, goal: '', holds: null, note: `skipped: ${why}` };
}

/** One run as a section of RESULTS.md. */
export function markdown(run: BenchRun): string {
  const machine = Object.entries(run.machine)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const cell = (value: number | null) =>
    value === null ? '' : value.toLocaleString('en', { maximumFractionDigits: 3 });
  const holds = (value: boolean | null) => (value === null ? '' : value ? 'yes' : '**no**');
  const rows = run.results.map((each) =>
    [
      each.name,
      each.value === null ? 'skipped' : `${cell(each.value)} ${each.unit}`,
      each.reference === null ? '' : `${cell(each.reference)} (${each.referenceName})`,
      cell(each.ratio),
      each.goal,
      holds(each.holds),
      each.note.replaceAll('|', '/'),
    ].join(' | '),
  );
  return [
    `## ${run.date.slice(0, 16).replace('T', ' ')}, ${run.quick ? 'quick' : 'full'}`,
    '',
    machine,
    '',
    '| name | value | reference | ratio | goal | holds | note |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}
