/** Compiles what a person asked to see into a test over the columns of a segment. */
import { RowKind } from '../../native/core/entry.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { type FilterSpec, OTHER_LEVEL } from '../contract/rows.ts';
import { compileTextQuery, type TextMatcher } from './match-text.ts';
import type { Segment } from './segment.ts';

export interface Filter {
  readonly spec: FilterSpec;
  /** True if every row passes: no index of matches is needed. */
  readonly showsAll: boolean;
  /** True if a row costs a look at its text, so that slices must be short. */
  readonly readsText: boolean;
  /**
   * Writes the offsets of the rows that pass, among `from..to-1`, to `out` from element 0, in order, and returns how many.
   * `out` has room for `to - from`.
   */
  scan(segment: Segment, from: number, to: number, out: Uint32Array): number;
}

const CPUS = 65_536;
const SOURCES = 65_536;

/** `bad-pattern` for a text query the engine refuses, `bad-argument` for numbers that are no CPU or level. */
export function compileFilter(spec: FilterSpec): Result<Filter> {
  const cpuHidden = new Uint8Array(CPUS);
  for (const cpu of spec.hiddenCpus) {
    if (!Number.isInteger(cpu) || cpu < 0 || cpu >= CPUS) {
      return fail('bad-argument', `${cpu} is not a CPU number`, 'Use numbers from 0 to 65535');
    }
    cpuHidden[cpu] = 1;
  }
  const levelHidden = new Uint8Array(256);
  for (const level of spec.hiddenLevels) {
    if (!Number.isInteger(level) || level < 0 || level > OTHER_LEVEL) {
      return fail('bad-argument', `${level} is not a level`, `Use 0 to 3, or ${OTHER_LEVEL} for all others`);
    }
    if (level === OTHER_LEVEL) levelHidden.fill(1, OTHER_LEVEL);
    else levelHidden[level] = 1;
  }
  const sourceHidden = new Uint8Array(SOURCES);
  for (const source of spec.hiddenSources) {
    if (!Number.isInteger(source) || source < 0 || source >= SOURCES) {
      return fail('bad-argument', `${source} is not the number of a source`, 'Use numbers from 0 to 65535');
    }
    sourceHidden[source] = 1;
  }
  const sources = spec.hiddenSources.length === 0 ? null : sourceHidden;
  let text: TextMatcher | null = null;
  if (spec.text !== null) {
    const compiled = compileTextQuery(spec.text);
    if (!compiled.ok) return compiled;
    text = compiled.value;
  }
  return ok({
    spec,
    showsAll: spec.hiddenCpus.length === 0 && spec.hiddenLevels.length === 0 && sources === null && text === null,
    readsText: text !== null,
    scan: (segment, from, to, out) => scanRows(segment, from, to, out, cpuHidden, levelHidden, sources, text),
  });
}

function scanRows(
  segment: Segment,
  from: number,
  to: number,
  out: Uint32Array,
  cpuHidden: Uint8Array,
  levelHidden: Uint8Array,
  sourceHidden: Uint8Array | null,
  text: TextMatcher | null,
): number {
  const { cpu, level, kind, source } = segment;
  const kinds = kind.data;
  const allGaps = kinds === null && kind.constant !== RowKind.Entry;
  let found = 0;
  for (let offset = from; offset < to; offset++) {
    if (cpuHidden[cpu[offset] as number] !== 0) continue;
    if (sourceHidden !== null && sourceHidden[source.get(offset)] !== 0) continue;
    const gap = kinds === null ? allGaps : kinds[offset] !== RowKind.Entry;
    if (!gap) {
      if (levelHidden[level[offset] as number] !== 0) continue;
      if (text !== null && !text.matches(segment, offset)) continue;
    }
    out[found++] = offset;
  }
  return found;
}
