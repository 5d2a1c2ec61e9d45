/** The arguments of the commands that answer questions about log files: `query`, `stats` and `diff`. */
import type { ParseArgsConfig } from 'node:util';
import { BadOption, oneOf, parseAll, required, type Topic, wholeNumber } from './arg-values.ts';
import { INPUT_OPTIONS, type InputRequest, inputsOf } from './input-args.ts';

export interface QueryRequest extends InputRequest {
  readonly sql: string;
  readonly format: 'json' | 'csv' | 'table';
}

export interface StatsRequest extends InputRequest {
  readonly json: boolean;
  /** How many message templates to list. */
  readonly top: number;
}

/** Two inputs. */
export type DiffRequest = StatsRequest;

export const QUERY = {
  ...INPUT_OPTIONS,
  format: { type: 'string', short: 'f' },
} as const satisfies ParseArgsConfig['options'];
export const STATS = {
  ...INPUT_OPTIONS,
  json: { type: 'boolean' },
  top: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];
const TOP = 20;

/** `IN... "SQL"`: the last argument is the query. Null if help is asked for. */
export function queryArguments(args: string[]): QueryRequest | null {
  const topic: Topic = 'query';
  const { values, positionals } = parseAll(args, QUERY, topic, true);
  if (values.help) return null;
  const sql = positionals.length < 2 ? undefined : positionals.at(-1);
  const format = oneOf(values.format, ['json', 'csv', 'table'], '--format', topic) ?? 'table';
  const inputs = inputsOf(positionals.slice(0, positionals.length < 2 ? undefined : -1), values, topic);
  return { ...inputs, sql: required(sql, 'SQL', topic), format };
}

export function statsArguments(args: string[]): StatsRequest | null {
  return tableArguments(args, 'stats');
}

export function diffArguments(args: string[]): DiffRequest | null {
  const request = tableArguments(args, 'diff');
  if (request !== null && request.inputs.length !== 2) {
    throw new BadOption(`two logs are compared: A and B; ${request.inputs.length} named`, 'diff');
  }
  return request;
}

function tableArguments(args: string[], topic: Topic): StatsRequest | null {
  const { values, positionals } = parseAll(args, STATS, topic, true);
  if (values.help) return null;
  const top = values.top === undefined ? TOP : wholeNumber(values.top, '--top', 1, topic);
  return { ...inputsOf(positionals, values, topic), json: values.json ?? false, top };
}
