/**
 * Which events of the kernel a driver reports: the twin of driver/include/ringview/event_filter.h. The header is the authority;
 * event-filter.test.ts reads its literals and holds every one equal. Pure.
 */
import { fail, ok, type Result } from './result.ts';

export const FILTER_LIMITS = { pids: 16, paths: 4, pathUnits: 126 } as const;

/** Offsets and sizes in bytes. */
export const FILTER_BYTES = { path: 256, filter: 1104, pathMode: 72, paths: 80 } as const;

export const FILTER_MODES = ['all', 'include', 'exclude'] as const;
export type FilterMode = (typeof FILTER_MODES)[number];

/** An event has to pass both. A list is empty where its mode is `all`, and only there. */
export interface EventFilter {
  readonly pidMode: FilterMode;
  /** 0 to 2^32-1. */
  readonly pids: readonly number[];
  readonly pathMode: FilterMode;
  /** Parts of paths, anywhere in them, whatever the case. */
  readonly paths: readonly string[];
}

export const EVERYTHING: EventFilter = { pidMode: 'all', pids: [], pathMode: 'all', paths: [] };

/** A list of a filter: without entries everything passes. */
export function listMode(entries: readonly unknown[], excludes: boolean): FilterMode {
  if (entries.length === 0) return 'all';
  return excludes ? 'exclude' : 'include';
}

/** Numbers with commas or blanks between them; null for what is none. */
export function parsePids(text: string): number[] | null {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return words.every((word) => /^\d{1,10}$/.test(word)) ? words.map(Number) : null;
}

/** Parts of paths with semicolons between them. */
export function parsePaths(text: string): string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Failure: bad-argument, for what the driver would refuse. */
export function checkFilter({ pidMode, pids, pathMode, paths }: EventFilter): Result<void> {
  const bad = (what: string, action: string) => fail('bad-argument', what, action);
  if ((pidMode === 'all') !== (pids.length === 0) || (pathMode === 'all') !== (paths.length === 0)) {
    return bad('A filter that includes or excludes has to name what', 'Name processes or paths, or let all pass');
  }
  if (pids.length > FILTER_LIMITS.pids) {
    return bad(`${pids.length} processes are more than the driver takes`, `Name up to ${FILTER_LIMITS.pids}`);
  }
  const noPid = pids.find((pid) => !Number.isInteger(pid) || pid < 0 || pid > 0xffff_ffff);
  if (noPid !== undefined) return bad(`'${noPid}' is no number of a process`, 'Use numbers such as 4');
  if (paths.length > FILTER_LIMITS.paths) {
    return bad(`${paths.length} paths are more than the driver takes`, `Name up to ${FILTER_LIMITS.paths}`);
  }
  const noPath = paths.find(
    (path) => path.length === 0 || path.length > FILTER_LIMITS.pathUnits || path.includes('\0'),
  );
  if (noPath === undefined) return ok(undefined);
  const action = `Use parts of paths of 1 to ${FILTER_LIMITS.pathUnits} characters`;
  return bad(noPath === '' ? 'A part of a path is empty' : `'${noPath.slice(0, 40)}' is no part of a path`, action);
}

/** Writes a filter that was checked into the `FILTER_BYTES.filter` bytes at `at`. */
export function writeFilter(view: DataView, at: number, filter: EventFilter): void {
  view.setUint32(at, FILTER_MODES.indexOf(filter.pidMode), true);
  view.setUint32(at + 4, filter.pids.length, true);
  for (const [n, pid] of filter.pids.entries()) view.setUint32(at + 8 + 4 * n, pid, true);
  view.setUint32(at + FILTER_BYTES.pathMode, FILTER_MODES.indexOf(filter.pathMode), true);
  view.setUint32(at + FILTER_BYTES.pathMode + 4, filter.paths.length, true);
  for (const [n, path] of filter.paths.entries()) {
    const begin = at + FILTER_BYTES.paths + n * FILTER_BYTES.path;
    view.setUint16(begin, path.length, true);
    for (let unit = 0; unit < path.length; unit++) view.setUint16(begin + 4 + 2 * unit, path.charCodeAt(unit), true);
  }
}

/** Reads the filter at `at`; counts are taken no further than their limits. */
export function readFilter(view: DataView, at: number): EventFilter {
  const u32 = (offset: number): number => view.getUint32(at + offset, true);
  const pids = Array.from({ length: Math.min(u32(4), FILTER_LIMITS.pids) }, (_, n) => u32(8 + 4 * n));
  const pathCount = Math.min(u32(FILTER_BYTES.pathMode + 4), FILTER_LIMITS.paths);
  const paths = Array.from({ length: pathCount }, (_, n) => {
    const begin = at + FILTER_BYTES.paths + n * FILTER_BYTES.path;
    const units = Math.min(view.getUint16(begin, true), FILTER_LIMITS.pathUnits);
    return String.fromCharCode(
      ...Array.from({ length: units }, (_unit, unit) => view.getUint16(begin + 4 + 2 * unit, true)),
    );
  });
  const mode = (number: number): FilterMode => FILTER_MODES[number] ?? 'all';
  return { pidMode: mode(u32(0)), pids, pathMode: mode(u32(FILTER_BYTES.pathMode)), paths };
}

/** In words: `only processes 4, 8; without paths \Services\`; empty where everything passes. */
export function filterWords({ pidMode, pids, pathMode, paths }: EventFilter): string {
  const of = (mode: FilterMode): string => (mode === 'include' ? 'only' : 'without');
  return [
    ...(pidMode === 'all' ? [] : [`${of(pidMode)} processes ${pids.join(', ')}`]),
    ...(pathMode === 'all' ? [] : [`${of(pathMode)} paths with ${paths.join(', ')}`]),
  ].join('; ');
}
