/** Opens the input of commands: log files of every kind, and standard input. Either all are opened or none. */
import { ok, type Result } from '../../native/core/result.ts';
import { openStreamSource } from '../../native/sources/file/file-source.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import type { LogSource } from '../../native/sources/source.ts';
import type { InputRequest } from './input-args.ts';

/** The name of `-` within a log. */
const STANDARD_INPUT = 'standard input';

/** Failures: those of opening one of the inputs; the others are closed again. */
export function openInputs(request: InputRequest): Result<readonly LogSource[]> {
  const sources: LogSource[] = [];
  for (const path of request.inputs) {
    const opened = openInput(path, request);
    if (!opened.ok) {
      for (const source of sources) source.close(() => {});
      return opened;
    }
    sources.push(opened.value);
  }
  return ok(sources);
}

/** What the times of each input are to be moved by, in their order, nanoseconds. */
export function offsetsOf({ inputs, offsets }: InputRequest): readonly number[] {
  return inputs.map((path) => offsets?.get(path) ?? 0);
}

function openInput(path: string, { encoding, symbols }: InputRequest): Result<LogSource> {
  const wish = encoding === 'auto' ? {} : { encoding };
  if (path === '-') return ok(openStreamSource(process.stdin, STANDARD_INPUT, wish));
  return openFileSource(path, { ...wish, ...(symbols.length > 0 ? { symbols } : {}) });
}
