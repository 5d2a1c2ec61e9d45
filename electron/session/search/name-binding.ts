/**
 * What the names in a filter stand for just now: numbers of sources and of processes, which is what rows have. Names
 * become known while a log is read, so whoever has them binds a filter again when they change. A binding is plain data,
 * and as small as what it found, for it crosses to the threads with each piece.
 */
import { patternTest } from '../../../native/core/wildcard.ts';
import { clockRanges } from '../../contract/filter/clock.ts';
import { filterTree } from '../../contract/filter/parse.ts';
import { type ClockTerm, type NameTerm, type NumberRange, ORIGIN_NAMES, termsOf } from '../../contract/filter/tree.ts';
import type { ProcessName } from '../../contract/machine.ts';
import type { FilterSpec } from '../../contract/rows.ts';
import type { SourceName } from '../../contract/status.ts';

/** Who is called what, and when the log began. */
export interface FilterNames {
  /** Changes when a name does. */
  readonly version: string;
  readonly sources: readonly SourceName[];
  readonly processes: readonly ProcessName[];
  /** Wall clock of time 0, milliseconds since 1970 UTC; null while no source states one. */
  readonly startUnixMs: number | null;
}

/** What one term with names or with times by the clock stands for. */
export interface NameBinding {
  readonly sources: readonly number[];
  readonly origins: readonly number[];
  readonly processes: readonly { readonly source: number; readonly pid: number }[];
  /** Of times by the clock: nanoseconds since the log began. */
  readonly times?: readonly NumberRange[];
}

const NOTHING: NameBinding = { sources: [], origins: [], processes: [] };

/** How many of the bindings of a filter are of its own terms; those of the filter it lies within follow. */
export const ownBindings = (spec: FilterSpec): number => nameTerms(spec).length;

/** The bindings of the terms with names or times by the clock of a filter, in the order in which they stand in it; none where it has none. */
export function bindNames(spec: FilterSpec, names: FilterNames | null): NameBinding[] {
  const inner = spec.within === undefined ? [] : bindNames(spec.within, names);
  const own = nameTerms(spec).map((term): NameBinding => {
    if (term.kind === 'clock') return { ...NOTHING, times: clockRanges(term, names?.startUnixMs ?? null) };
    const isMeant = patternTest(term.patterns);
    const named = term.field === 'source' ? [] : (names?.processes ?? []).filter(({ name }) => isMeant(name));
    if (term.field === 'process') {
      return { sources: [], origins: [], processes: named.map(({ source, pid }) => ({ source, pid })) };
    }
    const sources = (names?.sources ?? []).filter(({ name }) => isMeant(name)).map(({ id }) => id);
    const origins = ORIGIN_NAMES.flatMap((name, origin) => (isMeant(name) ? [origin] : []));
    return { sources, origins, processes: [] };
  });
  return [...own, ...inner];
}

function nameTerms({ terms }: FilterSpec): (NameTerm | ClockTerm)[] {
  const tree = terms === undefined ? null : filterTree(terms.text);
  if (!tree?.ok) return [];
  return [...termsOf(tree.value)].flatMap(({ term }) => (term.kind === 'name' || term.kind === 'clock' ? [term] : []));
}
