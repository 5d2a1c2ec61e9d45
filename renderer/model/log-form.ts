/** The fields of the dialog about logging to a file as text, what they ask for, and how far a log is in words. */
import {
  type FileLogRequest,
  type FileLogStatus,
  LEAST_LOG_LIMIT,
  MOST_LOG_FILES,
} from '../../electron/contract/file-log.ts';
import { formatBytes, formatCount, formatPlural, formatShort } from './format.ts';
import { parseCount, parseSize } from './retention-form.ts';

/** A log of a format in which every row is a line, and what becomes of its files. */
export interface LogForm extends Pick<FileLogRequest, 'format' | 'rows'> {
  readonly append: boolean;
  /** Empty: no limit. */
  readonly limit: string;
  readonly wrap: boolean;
  readonly daily: boolean;
  readonly perSession: boolean;
  /** Empty: all. */
  readonly keep: string;
}

export interface LogTroubles {
  readonly limit?: string;
  readonly keep?: string;
}

/** Nothing that is there already is replaced unless that is asked for. */
export const DEFAULT_LOG: LogForm = {
  ...{ format: 'text', rows: 'all', append: true },
  ...{ limit: '', wrap: false, daily: false, perSession: false, keep: '' },
};

/** Whether there may be several files, of which only so many can be kept. */
export const isSeveral = ({ limit, wrap, daily, perSession }: LogForm): boolean =>
  (limit.trim() !== '' && !wrap) || daily || perSession;

/** What the form asks for, or what is wrong with its fields. Fields that do not count are not looked at. */
export function logRequestOf(
  form: LogForm,
  output: Pick<FileLogRequest, 'losses' | 'spreadsheetSafe'>,
): { readonly request: FileLogRequest } | { readonly troubles: LogTroubles } {
  const { format, rows, append, daily, perSession } = form;
  const limited = form.limit.trim() !== '';
  const limitBytes = limited ? parseSize(form.limit) : null;
  const keeps = isSeveral(form) && form.keep.trim() !== '';
  const keep = keeps ? parseCount(form.keep) : null;
  const limitFits = !limited || (limitBytes !== null && limitBytes >= LEAST_LOG_LIMIT);
  const keepFits = !keeps || (keep !== null && keep >= 1 && keep <= MOST_LOG_FILES);
  if (limitFits && keepFits) {
    const files = { append, limitBytes, wrap: limited && form.wrap, daily, perSession, keep };
    const { losses, spreadsheetSafe } = output;
    return { request: { format, rows, files, losses, spreadsheetSafe } };
  }
  return {
    troubles: {
      ...(limitFits ? {} : { limit: `A size of at least ${formatBytes(LEAST_LOG_LIMIT)}, or nothing.` }),
      ...(keepFits ? {} : { keep: 'A number of files, or nothing.' }),
    },
  };
}

/** For the status bar: `log: 12.3k rows in boot.log`; a long name is cut there at its end. */
export function logWords({ state, name, rows, missedRows }: FileLogStatus): string {
  if (state === 'failed') return `log: ${name} failed`;
  const missed = missedRows > 0 ? `, ${formatShort(missedRows)} missing` : '';
  return `log: ${formatShort(rows)} rows${missed} in ${name}`;
}

/** What came of a log, in sentences. */
export function logOutcome({ name, rows, replacedRows, missedRows }: FileLogStatus): string {
  const replaced = replacedRows > 0 ? `, ${formatCount(replacedRows)} older ones were replaced` : '';
  const missed = missedRows > 0 ? `. ${formatPlural(missedRows, 'row')} could not be written` : '';
  return `${formatPlural(rows, 'row')} in ${name}${replaced}${missed}.`;
}
