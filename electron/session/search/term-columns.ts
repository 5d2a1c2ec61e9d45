/**
 * Tests of numbers in columns: each keeps, of offsets in a segment, those of rows that pass, without a look at any text.
 * Loss markers pass whatever does not concern them: they are hidden by CPU, source and time alone.
 */
import { RowKind } from '../../../native/core/entry.ts';
import type { NameField, NumberField, NumberRange } from '../../contract/filter/tree.ts';
import type { Segment } from '../store/segment.ts';
import type { NameBinding } from './name-binding.ts';

/** Keeps, of the first `count` rows, those that pass, in order, and returns how many. `beforeNs`: time of the row before offset 0, NaN if there is none. */
export type RowKeeper = (segment: Segment, rows: Uint32Array, count: number, beforeNs: number) => number;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Columns whose numbers are few enough for a table. */
const TABLES: Readonly<Partial<Record<NumberField, number>>> = {
  cpu: 65_536,
  level: 256,
  origin: 65_536,
  type: 65_536,
};

/** Columns that losses have, so that terms about them can hide losses. */
const OF_LOSSES: ReadonlySet<NumberField> = new Set(['cpu', 'time']);

export function numberKeeper(field: NumberField, ranges: readonly NumberRange[]): RowKeeper {
  const passes = testOf(ranges);
  if (field === 'delta') return deltaKeeper(passes);
  const size = TABLES[field];
  const table = size === undefined ? null : tableOf(ranges, size);
  const [only] = ranges;
  const alone = ranges.length === 1 && only !== undefined ? only : null;
  const concernsLosses = OF_LOSSES.has(field);
  return (segment, rows, count) => {
    const values = valuesOf(segment, field);
    const losses = concernsLosses ? null : lossesOf(segment);
    if (losses === ALL_LOSSES) return count;
    if (typeof values === 'number') return passes(values) ? count : keepLosses(losses, rows, count);
    if (losses !== null) return keepPassing(values, passes, losses, rows, count);
    if (table !== null) return keepInTable(values as Uint8Array | Uint16Array, table, rows, count);
    if (alone !== null) return keepInRange(values as Uint32Array | Float64Array, alone.from, alone.to, rows, count);
    return keepPassing(values, passes, null, rows, count);
  };
}

/** Time since the row before it in the log, shown or not; 0 for the first there is. */
function deltaKeeper(passes: (value: number) => boolean): RowKeeper {
  return (segment, rows, count, beforeNs) => {
    const { timeNs } = segment;
    const losses = lossesOf(segment);
    if (losses === ALL_LOSSES) return count;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const offset = rows[i] as number;
      const now = timeNs[offset] as number;
      const before = offset > 0 ? (timeNs[offset - 1] as number) : Number.isNaN(beforeNs) ? now : beforeNs;
      if (passes(now - before) || (losses !== null && losses[offset] !== RowKind.Entry)) rows[kept++] = offset;
    }
    return kept;
  };
}

/** Keeps rows of these sources and origins, of these processes, or of these events; with `hides`, all other rows. */
export function nameKeeper(field: NameField, binding: NameBinding, hides: boolean): RowKeeper {
  if (field === 'source') return sourceKeeper(binding, hides);
  return field === 'process' ? processKeeper(binding, hides) : eventKeeper(binding, hides);
}

function sourceKeeper({ sources, origins }: NameBinding, hides: boolean): RowKeeper {
  const ofSource = new Set(sources);
  const ofOrigin = new Set(origins);
  return (segment, rows, count) => {
    const { source, origin } = segment;
    const losses = lossesOf(segment);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const offset = rows[i] as number;
      const named = ofSource.has(source.get(offset));
      // A loss has no origin: it passes unless its source says otherwise.
      const isLoss = losses === ALL_LOSSES || (losses !== null && losses[offset] !== RowKind.Entry);
      const passes = isLoss
        ? hides
          ? !named
          : named || ofOrigin.size > 0
        : (named || ofOrigin.has(origin.get(offset))) !== hides;
      if (passes) rows[kept++] = offset;
    }
    return kept;
  };
}

const NUMBERS_OF_PROCESSES = 2 ** 32;

function processKeeper({ processes }: NameBinding, hides: boolean): RowKeeper {
  const meant = new Set(processes.map(({ source, pid }) => source * NUMBERS_OF_PROCESSES + pid));
  return (segment, rows, count) => {
    const { source, pid } = segment;
    const losses = lossesOf(segment);
    if (losses === ALL_LOSSES) return count;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const offset = rows[i] as number;
      const passes = meant.has(source.get(offset) * NUMBERS_OF_PROCESSES + pid.get(offset)) !== hides;
      if (passes || (losses !== null && losses[offset] !== RowKind.Entry)) rows[kept++] = offset;
    }
    return kept;
  };
}

const NUMBERS_OF_EVENTS = 65_536;

/** A row without an event has no name, so that it passes only where names are hidden. */
function eventKeeper({ events }: NameBinding, hides: boolean): RowKeeper {
  const ofAny = tableOf(
    events.flatMap(({ source, numbers }) => (source === null ? numbers : [])),
    NUMBERS_OF_EVENTS,
  );
  const bySource = new Map(
    events.flatMap(({ source, numbers }) =>
      source === null ? [] : [[source, tableOf(numbers, NUMBERS_OF_EVENTS)] as const],
    ),
  );
  return (segment, rows, count) => {
    const { source, event } = segment;
    const losses = lossesOf(segment);
    if (losses === ALL_LOSSES) return count;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const offset = rows[i] as number;
      const number = event.get(offset);
      const named = ofAny[number] === 1 || (bySource.size > 0 && bySource.get(source.get(offset))?.[number] === 1);
      if (named !== hides || (losses !== null && losses[offset] !== RowKind.Entry)) rows[kept++] = offset;
    }
    return kept;
  };
}

/** 1 at each number that lies in one of the ranges. */
function tableOf(ranges: readonly NumberRange[], size: number): Uint8Array {
  const table = new Uint8Array(size);
  for (const { from, to } of ranges) table.fill(1, Math.max(0, from), Math.min(size, to + 1));
  return table;
}

function testOf(ranges: readonly NumberRange[]): (value: number) => boolean {
  const [only] = ranges;
  if (only !== undefined && ranges.length === 1) return (value) => value >= only.from && value <= only.to;
  return (value) => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle] as NumberRange).to < value) low = middle + 1;
      else high = middle;
    }
    const found = ranges[low];
    return found !== undefined && found.from <= value;
  };
}

/** A column, or the number that all its rows have. */
function valuesOf(segment: Segment, field: Exclude<NumberField, 'delta'>): Numbers | number {
  switch (field) {
    case 'cpu':
      return segment.cpu;
    case 'level':
      return segment.level;
    case 'index':
      return segment.index;
    case 'time':
      return segment.timeNs;
    default:
      return segment[field].data ?? segment[field].constant;
  }
}

const ALL_LOSSES = Symbol('every row of the segment is a loss');

/** Null where no row of a segment is a loss; else the column that says it of each. */
function lossesOf({ kind }: Segment): Uint8Array | typeof ALL_LOSSES | null {
  if (kind.data !== null) return kind.data;
  return kind.constant === RowKind.Entry ? null : ALL_LOSSES;
}

function keepLosses(losses: Uint8Array | null, rows: Uint32Array, count: number): number {
  if (losses === null) return 0;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const offset = rows[i] as number;
    if (losses[offset] !== RowKind.Entry) rows[kept++] = offset;
  }
  return kept;
}

function keepPassing(
  values: Numbers,
  passes: (value: number) => boolean,
  losses: Uint8Array | null,
  rows: Uint32Array,
  count: number,
): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const offset = rows[i] as number;
    if (passes(values[offset] as number) || (losses !== null && losses[offset] !== RowKind.Entry))
      rows[kept++] = offset;
  }
  return kept;
}

// Written always and counted if it passes: a branch that goes either way at random costs more than the store.

function keepInTable(values: Uint8Array | Uint16Array, table: Uint8Array, rows: Uint32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const offset = rows[i] as number;
    rows[kept] = offset;
    kept += table[values[offset] as number] as number;
  }
  return kept;
}

function keepInRange(
  values: Uint32Array | Float64Array,
  from: number,
  to: number,
  rows: Uint32Array,
  count: number,
): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const offset = rows[i] as number;
    const value = values[offset] as number;
    rows[kept] = offset;
    kept += (value >= from ? 1 : 0) & (value <= to ? 1 : 0);
  }
  return kept;
}
