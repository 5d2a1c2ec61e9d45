/**
 * What the names in a filter stand for just now: numbers of sources and of processes, which is what rows have. Names
 * become known while a log is read, so whoever has them binds a filter again when they change. A binding is plain data,
 * and as small as what it found, for it crosses to the threads with each piece.
 */
import type { EventNameField, EventNameTable } from '../../../native/core/event-names.ts';
import { patternTest } from '../../../native/core/wildcard.ts';
import { clockRanges } from '../../contract/filter/clock.ts';
import { filterTree } from '../../contract/filter/parse.ts';
import {
  type ClockTerm,
  mergedRanges,
  type NameTerm,
  type NumberRange,
  ORIGIN_NAMES,
  termsOf,
} from '../../contract/filter/tree.ts';
import type { ProcessName } from '../../contract/machine.ts';
import type { FilterSpec } from '../../contract/rows.ts';
import type { SourceName } from '../../contract/status.ts';

/** What events are called, by number: of one source, or of all (null) where a session gave the numbers. */
export interface NumberedEvents {
  readonly source: number | null;
  readonly table: Pick<EventNameTable, 'size' | 'at'>;
}

/** Who is called what, and when the log began. */
export interface FilterNames {
  /** Changes when a name does. */
  readonly version: string;
  readonly sources: readonly SourceName[];
  readonly processes: readonly ProcessName[];
  readonly events: readonly NumberedEvents[];
  /** Wall clock of time 0, milliseconds since 1970 UTC; null while no source states one. */
  readonly startUnixMs: number | null;
}

/** What one term with names or with times by the clock stands for. */
export interface NameBinding {
  readonly sources: readonly number[];
  readonly origins: readonly number[];
  readonly processes: readonly { readonly source: number; readonly pid: number }[];
  /** Numbers of events, of one source or, with null, of any. */
  readonly events: readonly { readonly source: number | null; readonly numbers: readonly NumberRange[] }[];
  /** Of times by the clock: nanoseconds since the log began. */
  readonly times?: readonly NumberRange[];
}

/** What a name stands for that is not known. */
export const NOTHING: NameBinding = { sources: [], origins: [], processes: [], events: [] };

/** How many of the bindings of a filter are of its own terms; those of the filter it lies within follow. */
export const ownBindings = (spec: FilterSpec): number => nameTerms(spec).length;

/** The bindings of the terms with names or times by the clock of a filter, in the order in which they stand in it; none where it has none. */
export function bindNames(spec: FilterSpec, names: FilterNames | null): NameBinding[] {
  const inner = spec.within === undefined ? [] : bindNames(spec.within, names);
  const own = nameTerms(spec).map((term): NameBinding => {
    if (term.kind === 'clock') return { ...NOTHING, times: clockRanges(term, names?.startUnixMs ?? null) };
    const isMeant = patternTest(term.patterns);
    const { field } = term;
    if (field === 'process') {
      const named = (names?.processes ?? []).filter(({ name }) => isMeant(name));
      return { ...NOTHING, processes: named.map(({ source, pid }) => ({ source, pid })) };
    }
    if (field !== 'source') return { ...NOTHING, events: eventsOf(field, isMeant, names?.events ?? []) };
    const sources = (names?.sources ?? []).filter(({ name }) => isMeant(name)).map(({ id }) => id);
    const origins = ORIGIN_NAMES.flatMap((name, origin) => (isMeant(name) ? [origin] : []));
    return { ...NOTHING, sources, origins };
  });
  return [...own, ...inner];
}

function eventsOf(
  field: EventNameField,
  isMeant: (name: string) => boolean,
  numbered: readonly NumberedEvents[],
): NameBinding['events'] {
  return numbered.flatMap(({ source, table }) => {
    const numbers: number[] = [];
    for (let number = 1; number < table.size; number++) {
      const name = table.at(number)?.[field] ?? null;
      if (name !== null && isMeant(name)) numbers.push(number);
    }
    const ranges = mergedRanges(numbers.map((number) => ({ from: number, to: number })));
    return ranges.length === 0 ? [] : [{ source, numbers: ranges }];
  });
}

function nameTerms({ terms }: FilterSpec): (NameTerm | ClockTerm)[] {
  const tree = terms === undefined ? null : filterTree(terms.text);
  if (!tree?.ok) return [];
  return [...termsOf(tree.value)].flatMap(({ term }) => (term.kind === 'name' || term.kind === 'clock' ? [term] : []));
}
