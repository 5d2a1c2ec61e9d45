/**
 * Losses that follow each other without a record between them: one event on several CPUs, which is told in one line, with
 * its parts below it. Pure: reads the rows that the page holds.
 */
import { type FoundLoss, MOST_MARKERS } from '../../electron/contract/loss.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { RowKind } from '../../native/core/entry.ts';
import { meanwhileOf } from './loss-weight.ts';

/** Where a loss stands in its run: its first line says what all lost, the others are parts of it. */
export interface LossPlace {
  readonly part: 'alone' | 'head' | 'rest';
  /** Of a head: all of the run together. */
  readonly total: FoundLoss | null;
  /** Of a head: how many records of other CPUs came meanwhile, while the one of its losses lasted that has most; else 0. */
  readonly meanwhile: number;
}

export const ALONE: LossPlace = { part: 'alone', total: null, meanwhile: 0 };

interface Held {
  readonly first: number;
  readonly end: number;
  readonly generation: number;
  row(position: number): LogRow | undefined;
}

/**
 * The place of the loss at a position. A run of which not everything is held is not summed up: each of its losses then
 * stands alone, so that no line says less than was lost.
 */
export function lossPlace(held: Held, position: number): LossPlace {
  const run = runAt(held, position);
  if (run === null) return ALONE;
  if (position > run.first) return { part: 'rest', total: null, meanwhile: 0 };
  const rows = rowsOf(held, run);
  return {
    part: 'head',
    total: together(rows, { generation: held.generation, ...run }),
    meanwhile: Math.max(...rows.map(meanwhileOf)),
  };
}

/** All of the run that the loss at a position is in, together and one by one; null where it stands alone, as above. */
export function lossRun(
  held: Held,
  position: number,
): { readonly total: FoundLoss; readonly rows: readonly LogRow[] } | null {
  const run = runAt(held, position);
  if (run === null) return null;
  const rows = rowsOf(held, run);
  return { total: together(rows, { generation: held.generation, ...run }), rows };
}

function runAt(held: Held, position: number): { readonly first: number; readonly last: number } | null {
  const first = endOfRun(held, position, -1);
  const last = endOfRun(held, position, 1);
  if (first === null || last === null || first === last || last - first >= MOST_MARKERS) return null;
  return { first, last };
}

const rowsOf = (held: Held, { first, last }: { readonly first: number; readonly last: number }): LogRow[] =>
  Array.from({ length: last - first + 1 }, (_, at) => held.row(first + at) as LogRow);

/** The last loss in one direction without a record between; null where that is not known. */
function endOfRun({ first, end, row }: Held, position: number, step: 1 | -1): number | null {
  for (let at = position; Math.abs(at - position) < MOST_MARKERS; at += step) {
    const next = at + step;
    if (next < first || next >= end) return at;
    const beside = row(next);
    if (beside === undefined) return null;
    if (beside.kind !== RowKind.Gap) return at;
  }
  return null;
}

function together(rows: readonly LogRow[], place: Pick<FoundLoss, 'generation' | 'first' | 'last'>): FoundLoss {
  const froms = rows.flatMap(({ timeNs, cpuDeltaNs }) => (cpuDeltaNs === null ? [] : [timeNs - cpuDeltaNs]));
  return {
    ...place,
    lost: rows.reduce((sum, { remarks }) => sum + remarks, 0),
    cpus: [...new Set(rows.map(({ cpu }) => cpu))].sort((a, b) => a - b),
    causes: rows.reduce((bits, { type }) => bits | type, 0),
    fromNs: froms.length === 0 ? null : Math.min(...froms),
    toNs: Math.max(...rows.map(({ timeNs }) => timeNs)),
  };
}

/** The same place as before, so that nothing is drawn anew. */
export function samePlace(a: LossPlace, b: LossPlace): boolean {
  return a.part === b.part && a.total?.first === b.total?.first && a.total?.last === b.total?.last;
}
