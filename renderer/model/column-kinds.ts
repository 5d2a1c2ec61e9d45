/**
 * Kinds of logs, as far as columns go: a person chooses them for each kind. What is live is of the kind that its name begins
 * with, a file of that of its format. Pure.
 */
import type { LogField } from '../../electron/contract/log-fields.ts';
import { FILE_FORMATS, type SourceStatus, type Status } from '../../electron/contract/status.ts';
import { Level } from '../../native/core/entry.ts';
import type { ColumnId } from './columns.ts';
import { lackingIn, states } from './lacking.ts';

/** The kinds of live sources: what a source name has before its colon. */
export const LIVE_KINDS = ['sim', 'driver', 'dbwin', 'etw', 'channel', 'tcp', 'udp'] as const;

/**
 * `several`: sources of more than one kind. That is a kind of its own: columns that suit a trace beside a text suit neither
 * alone, and whoever changes them there must not find another log changed.
 */
export const COLUMN_KINDS = [...LIVE_KINDS, ...FILE_FORMATS, 'several'] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** Kinds whose records were written by whatever process ran just then: its number says little and is in every row. */
const ANY_PROCESS: ReadonlySet<ColumnKind> = new Set<ColumnKind>(['sim', 'driver', 'memory', 'recording']);

/** Of one source; null while a stream has not said what it is. */
function kindOf({ name, file }: SourceStatus): ColumnKind | null {
  if (file !== undefined) return file.formatName;
  const begin = name.slice(0, Math.max(0, name.indexOf(':')));
  return LIVE_KINDS.find((kind) => kind === begin) ?? null;
}

/** The kind of what a session shows; null before it has a source, or while that has not said what it is. */
export function columnKind(status: Status | null): ColumnKind | null {
  const kinds = new Set((status?.sources ?? []).map(kindOf));
  if (kinds.size > 1) return 'several';
  const [kind] = kinds;
  // Rows without a source in use were recorded before.
  return kind ?? (kinds.size === 0 && (status?.sourceNames.length ?? 0) > 0 ? 'recording' : null);
}

/** Whether sources are known, and none of them states a field. */
function allLack(status: Status | null, field: LogField): boolean {
  const lacking = lackingIn(status);
  const names = status?.sourceNames ?? [];
  return names.length > 0 && !names.some(({ id }) => states(lacking, id, field));
}

/** Whether a source says on which CPU its records were written; what is not known yet does. */
export const hasCpus = (status: Status | null): boolean => !allLack(status, 'cpu');

/**
 * Whether levels are stated: by a source, or by a record that has another one than those get that state none, for of a file
 * only its begin was looked at.
 */
export function hasLevels(status: Status | null): boolean {
  if (!allLack(status, 'level')) return true;
  return (status?.levels ?? []).some((records, level) => level !== Level.Info && records > 0);
}

/** Columns that a log has no use for: they are shown only to who asks for them. As a key that is the same while they are. */
export function uselessKey(status: Status | null): string {
  const kind = columnKind(status);
  const useless: ColumnId[] = [
    ...(hasCpus(status) ? [] : (['cpu'] as const)),
    ...(hasLevels(status) ? [] : (['level'] as const)),
    ...(kind === null || ANY_PROCESS.has(kind) ? (['pid'] as const) : []),
  ];
  return useless.join(' ');
}

export const uselessOf = (key: string): ReadonlySet<ColumnId> =>
  new Set(key === '' ? [] : (key.split(' ') as ColumnId[]));
