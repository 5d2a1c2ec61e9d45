/** The arguments of `ringview recover`. */
import type { ParseArgsConfig } from 'node:util';
import { BadOption, FILTER_OPTIONS, filterOf, parseAll, type Topic } from './arg-values.ts';
import { type ConvertRequest, chosenFormat } from './convert-args.ts';
import { SCHEMA_OPTION } from './schema-option.ts';

export const RECOVER = {
  help: { type: 'boolean', short: 'h' },
  out: { type: 'string', short: 'o' },
  format: { type: 'string', short: 'f' },
  ...FILTER_OPTIONS,
  ...SCHEMA_OPTION,
} as const satisfies ParseArgsConfig['options'];

const topic: Topic = 'recover';

/** The request in the arguments, with one input; null if help is asked for. */
export function recoverArguments(args: string[]): ConvertRequest | null {
  const { values, positionals } = parseAll(args, RECOVER, topic, true);
  if (values.help) return null;
  const [path, more] = positionals;
  if (path === undefined || path === '') throw new BadOption('FILE is missing: a dump or an image of memory', topic);
  if (more !== undefined) throw new BadOption(`'${more}' is one too many: one file at a time`, topic);
  const out = values.out ?? '-';
  return {
    inputs: [path],
    encoding: 'auto',
    symbols: [],
    out,
    format: chosenFormat(values.format ?? (out === '-' ? 'text' : undefined), out, topic),
    filter: filterOf(values, topic),
    losses: true,
    spreadsheetSafe: true,
  };
}
