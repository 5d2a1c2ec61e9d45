/** The arguments of `ringview convert`. */
import type { ParseArgsConfig } from 'node:util';
import { EXPORT_FORMAT_NAMES, type ExportFormat, formatNamed, formatOfPath } from '../contract/export-formats.ts';
import { BadOption, FILTER_OPTIONS, filterOf, parseAll, required, type Topic } from './arg-values.ts';
import { INPUT_OPTIONS, type InputRequest, inputsOf } from './input-args.ts';

export interface ConvertRequest extends InputRequest {
  /** A path, or `-` for standard output. */
  readonly out: string;
  readonly format: ExportFormat;
  /** As it is typed into the filter box of the app; null for all rows. */
  readonly filter: string | null;
  readonly losses: boolean;
  readonly spreadsheetSafe: boolean;
  /** Whether there is a column for the fields of records even where no schema was given. */
  readonly recordFields?: true;
}

export const CONVERT = {
  ...INPUT_OPTIONS,
  out: { type: 'string', short: 'o' },
  format: { type: 'string', short: 'f' },
  ...FILTER_OPTIONS,
  'no-losses': { type: 'boolean' },
  raw: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

const topic: Topic = 'convert';

/** The request in the arguments; null if help is asked for. */
export function convertArguments(args: string[]): ConvertRequest | null {
  const { values, positionals } = parseAll(args, CONVERT, topic, true);
  if (values.help) return null;
  const inputs = inputsOf(positionals, values, topic);
  const out = required(values.out, '--out', topic);
  return {
    ...inputs,
    out,
    format: chosenFormat(values.format, out, topic),
    filter: filterOf(values, topic),
    losses: !values['no-losses'],
    spreadsheetSafe: !values.raw,
  };
}

/** The format that is named, or that the path to write to says. Throws BadOption. */
export function chosenFormat(name: string | undefined, out: string, topic: Topic): ExportFormat {
  const known = EXPORT_FORMAT_NAMES.join(', ');
  const format = name === undefined ? formatOfPath(out) : formatNamed(name);
  if (format !== null) return format;
  if (name === undefined)
    throw new BadOption(`--format is missing, and '${out}' does not say it; one of ${known}`, topic);
  throw new BadOption(`--format: '${name}' is none of ${known}`, topic);
}
