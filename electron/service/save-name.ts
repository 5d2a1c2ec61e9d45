/** Suggests a file name for an export that sorts by time, says what is in the file, and is legal on every system. */
import { formatFacts, type LineFormat } from '../contract/export-formats.ts';
import { localDay, localTime } from '../contract/local-time.ts';
import type { ExportRequest } from '../contract/output.ts';
import type { ResultFormat } from '../contract/sql.ts';
import { namePart } from '../files/log-files.ts';

const stamp = (at: Date): string => `ringview-${localDay(at.getTime())}-${localTime(at.getTime(), '')}`;

/** `ringview-2026-03-09-174502-filtered.csv`, in local time. */
export function suggestFileName(request: Pick<ExportRequest, 'format' | 'scope'>, at: Date): string {
  const part = request.scope === 'all' ? '' : `-${request.scope}`;
  return `${stamp(at)}${part}.${formatFacts(request.format).extensions[0]}`;
}

/** `ringview-2026-03-09-174502-answer.csv`: the answer to a question in SQL. */
export const suggestAnswerName = (format: ResultFormat, at: Date): string => `${stamp(at)}-answer.${format}`;

/** The name offered for a recorded session made one file: its own, as far as a file may be called so on any system. */
export const suggestPackName = (name: string): string => `${namePart(name, 'session')}.ringview.tar`;

/** The name offered for a log that is written as rows come: each start has a file of its own, whatever it is about. */
export const suggestLogName = (format: LineFormat): string =>
  `ringview-{date}-{session}.${formatFacts(format).extensions[0]}`;
