/** The options of all commands that read log files: which files, and how to read them. */
import type { ParseArgsConfig } from 'node:util';
import { BadOption, type Topic } from './arg-values.ts';

export interface InputRequest {
  /** Paths, `-` for standard input; at least one, no two the same. */
  readonly inputs: readonly string[];
  /** A name that TextDecoder knows, or `auto`. */
  readonly encoding: string;
  /** What explains events of traces and event logs: TMF, PDB and manifest files, PE files, folders of them. */
  readonly symbols: readonly string[];
}

export const INPUT_OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  encoding: { type: 'string' },
  symbols: { type: 'string', multiple: true },
} as const satisfies ParseArgsConfig['options'];

/** The inputs that were named, at most `most` of them. */
export function inputsOf(
  paths: readonly string[],
  values: { readonly encoding?: string | undefined; readonly symbols?: string[] | undefined },
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
  return { inputs: paths, encoding, symbols: values.symbols ?? [] };
}

function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
