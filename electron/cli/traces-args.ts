/** The arguments of `ringview traces`. */
import type { ParseArgsConfig } from 'node:util';
import { BadOption, oneOf, parseAll, type Topic } from './arg-values.ts';

export const TRACES_VERBS = ['list', 'stop', 'clean', 'providers'] as const;

export const TRACES = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

export type TracesRequest =
  | { readonly verb: 'list'; readonly json: boolean }
  | { readonly verb: 'stop'; readonly session: string }
  | { readonly verb: 'clean' }
  /** `like`: a part of the names that are listed; empty for all. */
  | { readonly verb: 'providers'; readonly like: string; readonly json: boolean };

/** Parses the arguments after `traces`; null if help is asked for. Throws BadOption. */
export function tracesArguments(args: readonly string[]): TracesRequest | null {
  const topic: Topic = 'traces';
  const { values, positionals } = parseAll([...args], TRACES, topic, true);
  if (values.help) return null;
  const [word = 'list', name = '', more] = positionals;
  const verb = oneOf(word, TRACES_VERBS, 'traces', topic) ?? 'list';
  const json = values.json ?? false;
  if (json && (verb === 'stop' || verb === 'clean')) throw new BadOption(`traces ${verb} has no option --json`, topic);
  const extra = more ?? (verb === 'list' || verb === 'clean' ? name : '');
  if (extra !== '') throw new BadOption(`traces: '${extra}' is one too many`, topic);
  if (verb === 'stop') {
    if (name === '') throw new BadOption('traces stop: the name of a session is missing', topic);
    return { verb, session: name };
  }
  if (verb === 'providers') return { verb, like: name, json };
  return verb === 'clean' ? { verb } : { verb, json };
}
