/**
 * What a session is, as its folder says: when and from where its rows came, what was lost, how it ended. JSON, with a
 * version; fields that a later version adds are left alone by this one.
 */
import type { LossCause } from '../../native/core/entry.ts';
import { LOSS_CAUSES } from '../../native/core/entry.ts';
import type { RingFacts, SourceClock, SourceInfo } from '../../native/sources/source.ts';
import type { SessionEnding } from '../contract/library.ts';
import { FILE_COLUMNS, type FileColumn } from './columns.ts';
import { LIMITS } from './layout.ts';
import { fields, whole } from './untrusted.ts';

export const MANIFEST_FORMAT = 'ringview-session';
/** Raised when an older program would misread what is written; a reader refuses what is higher than its own. */
export const MANIFEST_VERSION = 1;

/** One source of a session's rows. */
export interface RecordedSource {
  /** Its number in the rows. */
  readonly id: number;
  /** As the person named it. */
  readonly name: string;
  readonly info: SourceInfo;
  /** Entries read from it, and records lost. */
  readonly read: number;
  readonly lost: number;
  /** By how many nanoseconds a person moved its times; left out for those that were not. */
  readonly statedNs?: number;
}

export interface RecordedProcess {
  readonly source: number;
  readonly pid: number;
  readonly name: string;
}

/** What the capture knows besides the rows. It is asked for once a second. */
export interface SessionFacts {
  /** Wall clock of time 0 of the rows, milliseconds since 1970 UTC; 0 before the first source. */
  readonly startUnixMs: number;
  readonly sources: readonly RecordedSource[];
  readonly processes: readonly RecordedProcess[];
  readonly lost: number;
  readonly lostByCause: Readonly<Record<LossCause, number>>;
  readonly late: number;
}

export type Ending = SessionEnding;

export interface SessionManifest extends SessionFacts {
  readonly epoch: number;
  /** When recording began, and when this was written; milliseconds since 1970 UTC. */
  readonly startedUnixMs: number;
  readonly writtenUnixMs: number;
  /** Null while the session is recorded. It stays null if the recording program crashed. */
  readonly ended: Exclude<Ending, 'crashed'> | null;
  /** Rows below are not kept any more; files may still have some of them. */
  readonly firstRow: number;
  /** Rows up to now, those included that were dropped or could not be kept. */
  readonly endRow: number;
  /** Rows below were in the session's files when this was written: one that has fewer was damaged. */
  readonly savedRow: number;
  /** Rows that the disk was too slow or too full for. */
  readonly rowsGone: number;
  readonly columns: readonly FileColumn[];
}

export const NO_FACTS: SessionFacts = {
  startUnixMs: 0,
  sources: [],
  processes: [],
  lost: 0,
  lostByCause: Object.fromEntries(LOSS_CAUSES.map((cause) => [cause, 0])) as Record<LossCause, number>,
  late: 0,
};

export function formatManifest(manifest: Omit<SessionManifest, 'columns'>): string {
  const head = { format: MANIFEST_FORMAT, version: MANIFEST_VERSION };
  return `${JSON.stringify({ ...head, ...manifest, columns: FILE_COLUMNS }, null, 1)}\n`;
}

/** The manifest, or in a few words why it is none. Nothing but the fields above is taken over. */
export function parseManifest(text: string): SessionManifest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  const all = fields(value);
  if (all.format !== MANIFEST_FORMAT) return 'it does not describe a session of RingView';
  if (!whole(all.version) || all.version < 1) return 'it has no version';
  if (all.version > MANIFEST_VERSION)
    return `it is of version ${all.version}, and this program reads ${MANIFEST_VERSION}`;
  const { epoch, startedUnixMs, writtenUnixMs, startUnixMs, ended, endRow, savedRow, rowsGone, lost, late } = all;
  // Early versions did not write it.
  const { firstRow = 0 } = all;
  const numbers = {
    firstRow,
    epoch,
    startedUnixMs,
    writtenUnixMs,
    startUnixMs,
    endRow,
    savedRow,
    rowsGone,
    lost,
    late,
  };
  for (const [name, number] of Object.entries(numbers)) {
    if (typeof number !== 'number' || !(number >= 0)) return `'${name}' is no number`;
  }
  if (!whole(epoch) || epoch > 999_999_999 || !whole(endRow) || endRow > LIMITS.rows)
    return 'its rows cannot be counted';
  const known = ended === null || ended === 'stopped' || ended === 'ended' || ended === 'gone' || ended === 'failed';
  if (!known) return 'it does not say how the session ended';
  const { columns } = all;
  if (!Array.isArray(columns)) return 'it does not name its columns';
  return {
    ...(numbers as Record<keyof typeof numbers, number>),
    ended,
    columns: columns as FileColumn[],
    sources: listOf(all.sources, sourceOf),
    processes: listOf(all.processes, processOf),
    lostByCause: lossesOf(all.lostByCause),
  };
}

function sourceOf(value: unknown): RecordedSource | null {
  const { id, name, info, read, lost, statedNs } = fields(value);
  const known = infoOf(info);
  if (!whole(id) || id > 65_535 || !text(name) || known === null || !whole(read) || !whole(lost)) return null;
  const moved = Number.isSafeInteger(statedNs) && statedNs !== 0;
  return { id, name, info: known, read, lost, ...(moved ? { statedNs: statedNs as number } : {}) };
}

function infoOf(value: unknown): SourceInfo | null {
  const all = fields(value);
  const { name, producer, machine, cpuCount, identity, startUnixMs } = all;
  if (!text(name) || !text(producer) || !text(identity) || !whole(cpuCount) || !number(startUnixMs)) return null;
  const clock = clockOf(all.clock);
  const uptime = clockOf(all.uptime);
  const ring = ringOf(all.ring);
  const { path } = fields(all.file);
  return {
    ...{ name, producer, cpuCount, identity, startUnixMs },
    ...(text(machine) ? { machine } : {}),
    ...(all.startEstimated === true ? { startEstimated: true as const } : {}),
    ...(clock === null ? {} : { clock }),
    ...(uptime === null ? {} : { uptime }),
    ...(ring === null ? {} : { ring }),
    ...(text(path) || path === null ? { file: { path } } : {}),
  };
}

function clockOf(value: unknown): SourceClock | null {
  const { frequency, startTicks } = fields(value);
  if (!number(frequency) || typeof startTicks !== 'string' || !/^\d{1,20}$/.test(startTicks)) return null;
  return { frequency, startTicks };
}

function ringOf(value: unknown): RingFacts | null {
  const { bytes, mode, order, sessionId } = fields(value);
  if (!whole(bytes) || (mode !== 'drop' && mode !== 'overwrite') || (order !== 'index' && order !== 'clock'))
    return null;
  return text(sessionId) || sessionId === null ? { bytes, mode, order, sessionId } : null;
}

function processOf(value: unknown): RecordedProcess | null {
  const { source, pid, name } = fields(value);
  return whole(source) && whole(pid) && text(name) ? { source, pid, name } : null;
}

function lossesOf(value: unknown): SessionFacts['lostByCause'] {
  const all = fields(value);
  const of = (cause: string): number => (whole(all[cause]) ? all[cause] : 0);
  return Object.fromEntries(LOSS_CAUSES.map((cause) => [cause, of(cause)])) as Record<LossCause, number>;
}

const MOST_ITEMS = 65_536;

function listOf<T>(value: unknown, item: (value: unknown) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, MOST_ITEMS)
    .map(item)
    .filter((each) => each !== null);
}

function number(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function text(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 4096;
}
