/** Opens what commands read: log files of every kind, and standard input. All of them or none. */
import { ok, type Result } from '../../native/core/result.ts';
import { openStreamSource } from '../../native/sources/file/file-source.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import type { LogSource } from '../../native/sources/source.ts';
import type { InputRequest } from './input-args.ts';

/** What `-` is called in a log. */
const STANDARD_INPUT = 'standard input';

/** Failures: those of opening one of them; the others are closed again. */
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

function openInput(path: string, { encoding, symbols }: InputRequest): Result<LogSource> {
  const wish = encoding === 'auto' ? {} : { encoding };
  if (path === '-') return ok(openStreamSource(process.stdin, STANDARD_INPUT, wish));
  return openFileSource(path, { ...wish, ...(symbols.length > 0 ? { symbols } : {}) });
}
