/**
 * What the rows of a source do not state, as a log file has it: a value that stands there all the same (a zero, the level
 * of a line without one) is none of the log's, and is not shown. Exports leave it out by the same knowledge.
 */
import type { LogField } from '../../electron/contract/log-fields.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import type { SourceLacks, Status } from '../../electron/contract/status.ts';
import { Level } from '../../native/core/entry.ts';

/** By the number of the source; of one that states everything there is nothing. */
export type Lacking = ReadonlyMap<number, SourceLacks>;

const byNumber = (lacking: readonly SourceLacks[]): Lacking => new Map(lacking.map((lacks) => [lacks.id, lacks]));

export const lackingIn = (status: Status | null): Lacking => byNumber(status?.lacking ?? []);

/** A key that is the same while that does not change; `lackingOf` reads it. */
export const lackingKey = (status: Status | null): string =>
  status?.lacking === undefined ? '' : JSON.stringify(status.lacking);

export const lackingOf = (key: string): Lacking => byNumber(key === '' ? [] : (JSON.parse(key) as SourceLacks[]));

/** Whether the rows of a source state a field. */
export const states = (lacking: Lacking, source: number, field: LogField): boolean =>
  !lacking.get(source)?.fields.includes(field);

/** Whether a row names a process by its number. */
export function statesPid(lacking: Lacking, { source, pid }: Pick<LogRow, 'source' | 'pid'>): boolean {
  return states(lacking, source, 'pid') && (pid !== 0 || !lacking.get(source)?.zeroPidIsNone);
}

/**
 * Whether the level of a row is one that its source states. Of a file, only the begin was asked whether it states any: a level
 * other than that of information, which rows without one have, is stated wherever it stands.
 */
export const statesLevel = (lacking: Lacking, { source, level }: Pick<LogRow, 'source' | 'level'>): boolean =>
  level !== Level.Info || states(lacking, source, 'level');
