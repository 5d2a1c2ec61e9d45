/** Compiles what a person asked to see into a test over the columns of a segment. */
import { RowKind } from '../../../native/core/entry.ts';
import { fail, ok, type Result } from '../../../native/core/result.ts';
import { mergedRanges, type NumberRange } from '../../contract/filter/tree.ts';
import { type FilterSpec, OTHER_LEVEL, type TextQuery } from '../../contract/rows.ts';
import { textExpression } from '../../contract/text-pattern.ts';
import type { Segment } from '../store/segment.ts';
import { compileTextQuery, type TextMatcher } from './match-text.ts';
import { type NameBinding, ownBindings } from './name-binding.ts';
import { numberKeeper } from './term-columns.ts';
import { compileTerms, keepText } from './term-filter.ts';

export interface Filter {
  readonly spec: FilterSpec;
  /** True if every row passes: no index of matches is needed. */
  readonly showsAll: boolean;
  /** True if a row costs a look at its text, so that slices must be short. */
  readonly readsText: boolean;
  /** True if it runs a person's expression, which may never end. */
  readonly runsExpressions: boolean;
  /** True if the first row of a segment is judged by the time of the row before it. */
  readonly readsBefore: boolean;
  /** True if what it shows depends on what the names in it stand for. */
  readonly readsNames: boolean;
  /** What the names in it stand for. */
  readonly bindings: readonly NameBinding[];
  /**
   * Writes the offsets of the rows that pass, among `from..to-1`, to `out` from element 0, in order, and returns how many.
   * `out` has room for `to - from`. `beforeNs`: time of the row before the segment, where `readsBefore`.
   */
  scan(segment: Segment, from: number, to: number, out: Uint32Array, beforeNs?: number): number;
  /** Keeps, of the first `count` offsets in `rows`, ascending, those of rows that pass, in order, and returns how many. */
  keep(segment: Segment, rows: Uint32Array, count: number, beforeNs?: number): number;
}

const CPUS = 65_536;
const SOURCES = 65_536;

/**
 * `bad-pattern` for a text query the engine refuses and terms that are none, `bad-argument` for numbers that are no CPU or level. An expression
 * runs in `scan` alone, never here: whoever leaves scans to other threads can compile any filter without being held up.
 * `bindings`: what the names in the terms stand for (name-binding.ts).
 */
export function compileFilter(spec: FilterSpec, bindings: readonly NameBinding[] = []): Result<Filter> {
  const own = compileOwn(spec, bindings);
  if (!own.ok || spec.within === undefined) return own;
  const outer = compileFilter(spec.within, bindings.slice(ownBindings(spec)));
  return outer.ok ? ok(both(own.value, outer.value)) : outer;
}

/** What passes a filter and the one it lies within. */
function both(own: Filter, outer: Filter): Filter {
  let [some, others] = [new Uint32Array(0), new Uint32Array(0)];
  return {
    ...own,
    showsAll: own.showsAll && outer.showsAll,
    readsText: own.readsText || outer.readsText,
    runsExpressions: own.runsExpressions || outer.runsExpressions,
    readsBefore: own.readsBefore || outer.readsBefore,
    readsNames: own.readsNames || outer.readsNames,
    scan(segment, from, to, out, beforeNs) {
      if (some.length < to - from) [some, others] = [new Uint32Array(to - from), new Uint32Array(to - from)];
      const left = outer.scan(segment, from, to, some, beforeNs);
      const right = left === 0 ? 0 : own.scan(segment, from, to, others, beforeNs);
      let found = 0;
      for (let a = 0, b = 0; a < left && b < right; ) {
        const [x, y] = [some[a] as number, others[b] as number];
        if (x === y) out[found++] = x;
        if (x <= y) a++;
        if (y <= x) b++;
      }
      return found;
    },
    keep: (segment, rows, count, beforeNs) =>
      own.keep(segment, rows, outer.keep(segment, rows, count, beforeNs), beforeNs),
  };
}

function compileOwn(spec: FilterSpec, bindings: readonly NameBinding[]): Result<Filter> {
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
  const query = spec.text;
  if (query !== null) {
    const checked = textExpression(query);
    if (!checked.ok) return checked;
  }
  const terms = spec.terms === undefined ? null : compileTerms(spec.terms, bindings);
  if (terms?.ok === false) return terms;
  const termFilter = terms?.value ?? null;
  let text: TextMatcher | null = null;
  let scratch = new Uint32Array(0);
  const { types = null, pids = null, origins = null, time = null } = spec;
  if (time !== null && !(time.fromNs <= time.toNs)) {
    return fail('bad-argument', 'The time range ends before it begins', 'Exchange its ends');
  }
  const sets = [
    ...(types === null ? [] : [numberKeeper('type', rangesOf(types))]),
    ...(pids === null ? [] : [numberKeeper('pid', rangesOf(pids))]),
    ...(origins === null ? [] : [numberKeeper('origin', rangesOf(origins))]),
  ];
  const readsText = query !== null || termFilter?.readsText === true;
  const hidesSources = spec.hiddenSources.length > 0;
  const hidesColumns = spec.hiddenCpus.length > 0 || spec.hiddenLevels.length > 0;
  /** Rows whose text is read are few in the end and many on the way: those stay in memory that is not shared, where copies are quick. */
  const workspace = (rows: number, out: Uint32Array): Uint32Array => {
    if (!readsText) return out;
    if (scratch.length < rows) scratch = new Uint32Array(rows);
    return scratch;
  };
  /** All but the chips of CPUs and levels, which a scan of all rows applies while it writes their offsets. */
  const keepRest: Filter['keep'] = (segment, rows, count, beforeNs = Number.NaN) => {
    let found = count;
    if (hidesSources) found = dropHidden(segment, rows, found, sourceHidden);
    if (time !== null) found = keepTime(segment, rows, found, time.fromNs, time.toNs);
    for (const keep of sets) found = keep(segment, rows, found, beforeNs);
    if (termFilter !== null) found = termFilter.keep(segment, rows, found, beforeNs);
    if (query !== null) {
      text ??= matcherOf(query);
      found = keepText(segment, rows, found, text);
    }
    return found;
  };
  return ok({
    spec,
    showsAll:
      !hidesColumns && !hidesSources && query === null && sets.length === 0 && time === null && termFilter === null,
    readsText,
    runsExpressions: query?.regex === true || termFilter?.runsExpressions === true,
    readsBefore: termFilter?.readsBefore === true,
    readsNames: termFilter?.readsNames === true,
    bindings,
    scan(segment, from, to, out, beforeNs) {
      const rows = workspace(to - from, out);
      const begun = hidesColumns ? scanRows(segment, from, to, rows, cpuHidden, levelHidden) : takeRows(from, to, rows);
      const found = keepRest(segment, rows, begun, beforeNs);
      return rows === out ? found : copied(rows, found, out);
    },
    keep(segment, among, count, beforeNs) {
      const rows = workspace(count, among);
      if (rows !== among) rows.set(among.subarray(0, count));
      const begun = hidesColumns ? dropRows(segment, rows, count, cpuHidden, levelHidden) : count;
      const found = keepRest(segment, rows, begun, beforeNs);
      return rows === among ? found : copied(rows, found, among);
    },
  });
}

/** Copies the first elements. Few as a rule: a call for a part of an array costs more than a loop. */
function copied(rows: Uint32Array, count: number, out: Uint32Array): number {
  for (let i = 0; i < count; i++) out[i] = rows[i] as number;
  return count;
}

function matcherOf(checked: TextQuery): TextMatcher {
  const compiled = compileTextQuery(checked);
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return compiled.value;
}

const rangesOf = (numbers: readonly number[]): NumberRange[] =>
  mergedRanges(numbers.map((number) => ({ from: number, to: number })));

/** 0, 1, 2 and so on: as many as the largest range asked for so far. */
let numbers = new Uint32Array(0);

/** All rows of a range, copied from what was counted before: counting anew takes as long as a search through their text. */
function takeRows(from: number, to: number, out: Uint32Array): number {
  if (numbers.length < to) numbers = Uint32Array.from({ length: Math.max(to, 65_536) }, (_, number) => number);
  out.set(numbers.subarray(from, to));
  return to - from;
}

function scanRows(
  segment: Segment,
  from: number,
  to: number,
  out: Uint32Array,
  cpuHidden: Uint8Array,
  levelHidden: Uint8Array,
): number {
  const { cpu, level, kind } = segment;
  if (kind.data !== null || kind.constant !== RowKind.Entry)
    return dropRows(segment, out, takeRows(from, to, out), cpuHidden, levelHidden);
  let found = 0;
  // Written always and counted if it passes: a branch that goes either way at random costs more than the store.
  for (let offset = from; offset < to; offset++) {
    out[found] = offset;
    found += 1 ^ ((cpuHidden[cpu[offset] as number] as number) | (levelHidden[level[offset] as number] as number));
  }
  return found;
}

/** What `scanRows` does, of some rows. */
function dropRows(
  segment: Segment,
  rows: Uint32Array,
  count: number,
  cpuHidden: Uint8Array,
  levelHidden: Uint8Array,
): number {
  const { cpu, level, kind } = segment;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const offset = rows[i] as number;
    if (cpuHidden[cpu[offset] as number] !== 0) continue;
    if (kind.get(offset) === RowKind.Entry && levelHidden[level[offset] as number] !== 0) continue;
    rows[kept++] = offset;
  }
  return kept;
}

/** Gap rows of hidden sources are dropped as well. */
function dropHidden(segment: Segment, rows: Uint32Array, count: number, sourceHidden: Uint8Array): number {
  const { source } = segment;
  if (source.data === null) return sourceHidden[source.constant] === 0 ? count : 0;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const offset = rows[i] as number;
    if (sourceHidden[source.get(offset)] === 0) rows[kept++] = offset;
  }
  return kept;
}

function keepTime(segment: Segment, rows: Uint32Array, count: number, fromNs: number, toNs: number): number {
  const { timeNs } = segment;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const offset = rows[i] as number;
    const time = timeNs[offset] as number;
    if (time >= fromNs && time < toNs) rows[kept++] = offset;
  }
  return kept;
}
