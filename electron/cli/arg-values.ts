/**
 * Building blocks for reading options: strict parsing, a check for each value, and for each mistake a failure that
 * names the command in which it was made.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { describeFailure } from '../../native/core/result.ts';
import { filterTree } from '../contract/filter/parse.ts';
import { nameText, printFilter } from '../contract/filter/print.ts';
import { group } from '../contract/filter/tree.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import { compileFilter } from '../session/search/filter.ts';

export const TOPICS = [
  'ringview',
  'simulate',
  'capture',
  'sessions',
  'tail',
  'open',
  'ci',
  'convert',
  'recover',
  'query',
  'stats',
  'diff',
  'doctor',
  'driver',
  'traces',
  'log',
  'schema',
  'completion',
] as const;
export type Topic = (typeof TOPICS)[number];

/** A mistake in an option; thrown by the functions that read arguments and caught in args.ts. */
export class BadOption extends Error {
  readonly topic: Topic;
  constructor(message: string, topic: Topic) {
    super(message);
    this.topic = topic;
  }
}

export function parse<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T, topic: Topic) {
  return parseAll(args, options, topic, false).values;
}

export function parseAll<T extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: T,
  topic: Topic,
  allowPositionals: boolean,
) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals });
  } catch (error) {
    // Only the first sentence says what is wrong. The rest advises about positional arguments, which this program does
    // not have.
    const message = error instanceof Error ? error.message : String(error);
    throw new BadOption(message.replace(/\. .*/s, '').replace(/^Unknown/, 'unknown'), topic);
  }
}

export function required(value: string | undefined, name: string, topic: Topic): string {
  if (value === undefined || value === '') throw new BadOption(`${name} is missing`, topic);
  return value;
}

export function wholeNumber(text: string, name: string, least: number, topic: Topic): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new BadOption(`${name}: '${text}' is not a whole number from ${least} on`, topic);
}

export function seconds(text: string, name: string, topic: Topic): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new BadOption(`${name}: '${text}' is not a number of seconds`, topic);
}

export function positive(text: string, name: string, topic: Topic, or: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new BadOption(`${name}: '${text}' is not a number above 0${or}`, topic);
}

/** A size such as 4096, 64K, 100M or 2G, in bytes of 1024. */
export function bytesOf(text: string, name: string, least: number, topic: Topic): number {
  const [, digits = '', unit = ''] = /^(\d+)([kmg]?)b?$/i.exec(text) ?? [];
  const bytes = digits === '' ? Number.NaN : Number(digits) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ');
  if (Number.isSafeInteger(bytes) && bytes >= least) return bytes;
  throw new BadOption(`${name}: '${text}' is not a size of ${least} bytes or more, such as 64K, 100M or 2G`, topic);
}

export function rateOf(text: string, topic: Topic): number | 'max' {
  return text === 'max' ? 'max' : positive(text, '--rate', topic, ", or 'max'");
}

export function oneOf<T extends string>(
  text: string | undefined,
  allowed: readonly T[],
  name: string,
  topic: Topic,
): T | undefined {
  if (text === undefined) return undefined;
  const found = allowed.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw new BadOption(`${name}: '${text}' is none of ${allowed.join(', ')}`, topic);
}

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out properties without a value, so that the receiver's defaults apply. */
export function withoutUndefined<T extends object>(value: T): Given<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Given<T>;
}

/** Options that say which rows are written or shown. */
export const FILTER_OPTIONS = {
  filter: { type: 'string' },
  pid: { type: 'string', multiple: true },
  process: { type: 'string', multiple: true },
} as const satisfies ParseArgsConfig['options'];

export interface FilterValues {
  readonly filter?: string | undefined;
  readonly pid?: string[] | undefined;
  readonly process?: string[] | undefined;
}

/** One filter of all of these options, every one of which has to fit; null without any. */
export function filterOf({ filter, pid = [], process = [] }: FilterValues, topic: Topic): string | null {
  const whole = filterText(filter, topic);
  if (pid.length === 0 && process.length === 0) return whole;
  const terms = whole === null ? [] : [filterTree(whole)];
  if (pid.length > 0) {
    const numbers = filterTree(`pid:${pid.join(',')}`);
    if (!numbers.ok || numbers.value.kind !== 'number')
      throw new BadOption(
        `--pid: numbers of processes such as 4 or 100-200 were expected, not '${pid.join(',')}'`,
        topic,
      );
    terms.push(numbers);
  }
  if (process.includes('')) throw new BadOption('--process: the name of a process, such as nic*, was expected', topic);
  if (process.length > 0) terms.push(filterTree(`process:${process.map(nameText).join(',')}`));
  return printFilter(
    group(
      'and',
      terms.flatMap((term) => (term.ok ? [term.value] : [])),
    ),
  );
}

/** The text of a filter that can be read; null for none. */
function filterText(value: string | undefined, topic: Topic): string | null {
  if (value === undefined || value === '') return null;
  const tree = filterTree(value);
  // What a filter names may be nothing, though it can be read: a status code of no such name.
  const read = tree.ok ? compileFilter({ ...SHOW_ALL, terms: { text: value, caseSensitive: false } }) : tree;
  if (read.ok) return value;
  throw new BadOption(`--filter: ${describeFailure(read.failure)}`, topic);
}
