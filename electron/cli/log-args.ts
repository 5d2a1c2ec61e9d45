/** The arguments of `ringview log`, and its help. */
import { LEVEL_NAMES } from '../../native/core/entry.ts';
import { WRITE } from '../../native/core/write-batch.ts';
import { BadOption, oneOf, parseAll, wholeNumber } from './arg-values.ts';

export interface LogRequest {
  /** Null: each line of standard input is a record. */
  readonly text: string | null;
  /** Level of entry.ts. */
  readonly level: number;
  readonly type: number;
  readonly remarks: number;
}

export const LOG = {
  help: { type: 'boolean', short: 'h' },
  level: { type: 'string' },
  type: { type: 'string' },
  remarks: { type: 'string' },
} as const;

export const LOG_HELP = `ringview log [TEXT] [options]

Logs a text through ringview.sys, or each line of standard input, with the number of this process. Any user may.

  --level LEVEL    ${LEVEL_NAMES.join(', ')} (default info)
  --type N         the payload's type, below ${WRITE.TYPES} (default 0: text)
  --remarks N      a number of your own

Windows only. Exit code: 0, or 1 if a record was not taken: the driver is not loaded, a ring is full, or this process has its
share of the rings already.
`;

function numberUpTo(most: number, text: string, name: string): number {
  const value = wholeNumber(text, name, 0, 'log');
  if (value > most) throw new BadOption(`${name}: '${text}' is more than ${most}`, 'log');
  return value;
}

/** Null: help is asked for. */
export function logArguments(args: string[]): LogRequest | null {
  const topic = 'log';
  const { values, positionals } = parseAll(args, LOG, topic, true);
  if (values.help) return null;
  const level = oneOf(values.level, LEVEL_NAMES, '--level', topic) ?? 'info';
  return {
    text: positionals.length === 0 ? null : positionals.join(' '),
    level: LEVEL_NAMES.indexOf(level),
    type: values.type === undefined ? 0 : numberUpTo(WRITE.TYPES - 1, values.type, '--type'),
    remarks: values.remarks === undefined ? 0 : numberUpTo(0xffff_ffff, values.remarks, '--remarks'),
  };
}
