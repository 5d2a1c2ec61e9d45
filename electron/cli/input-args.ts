/** The options of all commands that read log files: which files, and how to read them. */
import type { ParseArgsConfig } from 'node:util';
import { lengthOf } from '../contract/filter/values.ts';
import { BadOption, type Topic } from './arg-values.ts';
import { SCHEMA_OPTION } from './schema-option.ts';

export interface InputRequest {
  /** Paths, `-` for standard input; at least one, no two the same. */
  readonly inputs: readonly string[];
  /** A name that TextDecoder knows, or `auto`. */
  readonly encoding: string;
  /** What explains events of traces and event logs: TMF, PDB and manifest files, PE files, folders of them. */
  readonly symbols: readonly string[];
  /** Nanoseconds to add to all times of an input, by its path; left out if none was given. */
  readonly offsets?: ReadonlyMap<string, number>;
}

export const INPUT_OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  encoding: { type: 'string' },
  symbols: { type: 'string', multiple: true },
  offset: { type: 'string', multiple: true },
  ...SCHEMA_OPTION,
} as const satisfies ParseArgsConfig['options'];

/** The inputs that were named, at most `most` of them. */
export function inputsOf(
  paths: readonly string[],
  values: {
    readonly encoding?: string | undefined;
    readonly symbols?: string[] | undefined;
    readonly offset?: string[] | undefined;
  },
  topic: Topic,
): InputRequest {
  if (paths.length === 0) throw new BadOption('IN is missing: a log file, or - for standard input', topic);
  const twice = paths.find((path, at) => path === '' || paths.indexOf(path) !== at);
  if (twice !== undefined) throw new BadOption(`IN: '${twice}' is empty or named twice`, topic);
  const encoding = values.encoding ?? 'auto';
  if (encoding !== 'auto' && !isEncoding(encoding)) {
    throw new BadOption(
      `--encoding: '${encoding}' is no encoding; use auto, utf-8, utf-16le, windows-1252, gbk, shift_jis ...`,
      topic,
    );
  }
  const offsets = offsetsOf(values.offset ?? [], paths, topic);
  return { inputs: paths, encoding, symbols: values.symbols ?? [], ...(offsets.size === 0 ? {} : { offsets }) };
}

/** `FILE=+1.5s`, each of a file that is an input. */
function offsetsOf(texts: readonly string[], paths: readonly string[], topic: Topic): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  for (const text of texts) {
    // A path may hold this sign, a length of time does not.
    const at = text.lastIndexOf('=');
    const path = text.slice(0, Math.max(0, at));
    const length = lengthOf(text.slice(at + 1).replace(/^\+(?=\d)/, ''));
    if (at < 0 || length === null)
      throw new BadOption(`--offset: '${text}' is no FILE=TIME, such as b.log=+1.5s or b.log=-200ms`, topic);
    if (!paths.includes(path)) throw new BadOption(`--offset: '${path}' is none of the logs that are read`, topic);
    if (offsets.has(path)) throw new BadOption(`--offset: '${path}' has two of them`, topic);
    offsets.set(path, length.ns);
  }
  return offsets;
}

function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
