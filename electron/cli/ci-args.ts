/** The arguments of `ringview ci`. */
import type { ParseArgsConfig } from 'node:util';
import type { SourceOptions } from '../../native/sources/source-kind.ts';
import { BadOption, parse, seconds, type Topic } from './arg-values.ts';
import { WATCH_OPTIONS, type WatchArguments, watchOf } from './capture-args.ts';
import { SCHEMA_OPTION } from './schema-option.ts';
import { namedSources } from './source-args.ts';
import { SOURCE_FLAGS } from './source-flags.ts';

export interface CiRequest {
  /** At least one, no two the same. */
  readonly sources: readonly string[];
  readonly options: SourceOptions;
  /** How long to wait for the sources to appear, seconds; the command runs meanwhile. 0: they must be there before it. */
  readonly waitSeconds: number;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Where the log of the run goes, as one HTML file. */
  readonly report: string;
  /** How long the capture goes on once the command has ended, seconds. */
  readonly settleSeconds: number;
  readonly watch: WatchArguments;
}

const { 'wait-for': _, ...WATCH } = WATCH_OPTIONS;

export const CI = {
  help: { type: 'boolean', short: 'h' },
  source: { type: 'string', multiple: true },
  wait: { type: 'string' },
  report: { type: 'string' },
  settle: { type: 'string' },
  ...SOURCE_FLAGS,
  ...SCHEMA_OPTION,
  ...WATCH,
} as const satisfies ParseArgsConfig['options'];

const topic: Topic = 'ci';
/** What the last records need to come through a ring that is polled. */
const SETTLE_SECONDS = 0.5;

/** What is asked for; null for the help. */
export function ciArguments(args: string[]): CiRequest | null {
  const at = args.indexOf('--');
  const values = parse(at < 0 ? args : args.slice(0, at), CI, topic);
  if (values.help) return null;
  const [program, ...rest] = at < 0 ? [] : args.slice(at + 1);
  if (program === undefined) throw new BadOption("the command to run is missing: 'ringview ci ... -- COMMAND'", topic);
  return {
    ...namedSources(values.source ?? [], values, topic),
    waitSeconds: values.wait === undefined ? 0 : seconds(values.wait, '--wait', topic),
    command: [program, ...rest],
    report: values.report ?? 'ringview-report.html',
    settleSeconds: values.settle === undefined ? SETTLE_SECONDS : seconds(values.settle, '--settle', topic),
    watch: watchOf(values, topic),
  };
}
