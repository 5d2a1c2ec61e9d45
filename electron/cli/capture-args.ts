/** Arguments that say how a capture's log goes on from file to file, and what it watches for. */
import type { ParseArgsConfig } from 'node:util';
import { LEAST_LOG_LIMIT } from '../contract/file-log.ts';
import { textExpression } from '../contract/text-pattern.ts';
import { isOneFile, type LogFiles } from '../files/log-files.ts';
import { BadOption, bytesOf, type Topic, wholeNumber } from './arg-values.ts';
import type { WatchRequest } from './message-watch.ts';

export const LOG_OPTIONS = {
  'log-append': { type: 'boolean' },
  'log-limit': { type: 'string' },
  'log-wrap': { type: 'boolean' },
  'log-daily': { type: 'boolean' },
  'log-keep': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const WATCH_OPTIONS = {
  'wait-for': { type: 'string' },
  'fail-on': { type: 'string' },
  strict: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

type Values<T> = { readonly [K in keyof T]?: (T[K] extends { type: 'boolean' } ? boolean : string) | undefined };

/** What is asked of a command that captures beside its sources and its output. */
export interface WatchArguments extends WatchRequest {
  /** Nothing captured and records lost are failures. */
  readonly strict: boolean;
}

/** How the log goes on. `out` is a path or `-`. */
export function logFilesOf(values: Values<typeof LOG_OPTIONS>, out: string, topic: Topic): LogFiles {
  const limit = values['log-limit'];
  const keep = values['log-keep'];
  const files: LogFiles = {
    append: values['log-append'] ?? false,
    limitBytes: limit === undefined ? null : bytesOf(limit, '--log-limit', LEAST_LOG_LIMIT, topic),
    wrap: values['log-wrap'] ?? false,
    daily: values['log-daily'] ?? false,
    // A capture is one session.
    perSession: false,
    keep: keep === undefined ? null : wholeNumber(keep, '--log-keep', 1, topic),
  };
  if (out === '-' && !isOneFile(files)) {
    throw new BadOption('--log-append, --log-limit and --log-daily are for a file: name it with --out', topic);
  }
  if (files.wrap && files.limitBytes === null) throw new BadOption('--log-wrap needs --log-limit', topic);
  if (files.wrap && out.includes('{n}')) throw new BadOption('--log-wrap is for one file: --out has {n}', topic);
  if (files.keep !== null && (files.wrap || (files.limitBytes === null && !files.daily))) {
    throw new BadOption('--log-keep needs several files: --log-limit without --log-wrap, or --log-daily', topic);
  }
  return files;
}

export function watchOf(values: Values<typeof WATCH_OPTIONS>, topic: Topic): WatchArguments {
  return {
    waitFor: expressionOf(values['wait-for'], '--wait-for', topic),
    failOn: expressionOf(values['fail-on'], '--fail-on', topic),
    strict: values.strict ?? false,
  };
}

/** As the app takes an expression: without regard to case. */
function expressionOf(pattern: string | undefined, name: string, topic: Topic): RegExp | null {
  if (pattern === undefined) return null;
  const compiled = textExpression({ pattern, regex: true, caseSensitive: false });
  if (compiled.ok) return compiled.value;
  throw new BadOption(`${name}: ${compiled.failure.message}`, topic);
}
