/** The arguments of `ringview open`. */
import { resolve } from 'node:path';
import type { ParseArgsConfig } from 'node:util';
import { parseSourceName } from '../../native/sources/registry.ts';
import { BadOption, oneOf, parseAll, type Topic } from './arg-values.ts';
import { SCHEMA_OPTION } from './schema-option.ts';

export interface OpenRequest {
  /** As the app takes them, files by their whole paths. */
  readonly sources: readonly string[];
  /** Files of schemas, by their whole paths. */
  readonly schemas: readonly string[];
  readonly theme: 'light' | 'dark' | 'system' | null;
  /** Also, or instead, offer the app for log files in the file manager. */
  readonly associate: boolean;
  /** Take that back. */
  readonly unassociate: boolean;
}

export const OPEN = {
  help: { type: 'boolean', short: 'h' },
  ...SCHEMA_OPTION,
  theme: { type: 'string' },
  associate: { type: 'boolean' },
  unassociate: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

const topic: Topic = 'open';
/** Whether it is a source as it stands; everything else is a path. */
const isSource = (name: string): boolean => parseSourceName(name) !== null;

/** Null if help is asked for. `wholePath` makes a path whole. */
export function openArguments(
  args: string[],
  wholePath: (path: string) => string = (path) => resolve(path),
): OpenRequest | null {
  const { values, positionals } = parseAll(args, OPEN, topic, true);
  if (values.help) return null;
  const named: readonly string[] = positionals;
  if (named.includes('')) throw new BadOption('a file, a recorded session or a source was expected', topic);
  if (values.associate && values.unassociate)
    throw new BadOption('--associate and --unassociate exclude each other', topic);
  return {
    sources: named.map((name) => (isSource(name) ? name : `file:${wholePath(name)}`)),
    schemas: (values.schema ?? []).map(wholePath),
    theme: oneOf(values.theme, ['light', 'dark', 'system'] as const, '--theme', topic) ?? null,
    associate: values.associate ?? false,
    unassociate: values.unassociate ?? false,
  };
}
