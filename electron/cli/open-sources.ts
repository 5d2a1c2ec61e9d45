/** Opens the sources that a command names, as soon as they exist. Either all are opened or none. */
import { type FailureCode, fail, type Result } from '../../native/core/result.ts';
import { parseSourceName } from '../../native/sources/registry.ts';
import type { LogSource } from '../../native/sources/source.ts';
import type { SourceOptions } from '../../native/sources/source-kind.ts';
import { optionsFor } from './source-flags.ts';
import type { Waiter } from './waiter.ts';

/** Which sources to open, and how long to wait for them. */
export interface SourceRequest {
  /** At least one, no two the same. */
  readonly sources: readonly string[];
  /** How long to wait for the sources to appear, seconds; 0 does not wait. */
  readonly waitSeconds: number;
  /** How the sources are read; each uses the options that its kind has. */
  readonly options: SourceOptions;
}

export interface OpenIo {
  readonly open: (spec: string, options: SourceOptions) => Result<LogSource>;
  readonly waiter: Waiter;
}

/** Wait between two attempts to open a source that does not exist yet; milliseconds. */
const RETRY_MS = 50;
/**
 * The longest wait for the first data of a stream, by which its format is recognised; milliseconds. Afterwards it is
 * opened without.
 */
const SPOKEN_MS = 1000;
/** Failures that may disappear, because a producer may still be creating its session. */
const NOT_YET: readonly FailureCode[] = ['source-not-found', 'bad-magic', 'truncated-mapping'];

/** Opens all sources, or none. */
export async function openAll(request: SourceRequest, io: OpenIo): Promise<Result<readonly LogSource[]>> {
  const until = io.waiter.now() + request.waitSeconds * 1000;
  const sources: LogSource[] = [];
  for (const spec of request.sources) {
    const opened = await openWhenThere(spec, optionsFor(spec, request.options), until, io);
    if (!opened.ok) {
      for (const source of sources) source.close(() => {});
      return opened;
    }
    sources.push(opened.value);
  }
  return { ok: true, value: sources };
}

async function openWhenThere(
  spec: string,
  options: SourceOptions,
  until: number,
  io: OpenIo,
): Promise<Result<LogSource>> {
  const { waiter } = io;
  const { spoken } = parseSourceName(spec)?.kind ?? {};
  if (spoken !== undefined) await waiter.waitFor(spoken(), SPOKEN_MS);
  for (;;) {
    const opened = io.open(spec, options);
    if (opened.ok || !NOT_YET.includes(opened.failure.code)) return opened;
    if (waiter.now() >= until) return opened;
    await waiter.wait(RETRY_MS);
    if (waiter.stopped) return fail('cancelled', `Stopped while waiting for ${spec}`, 'Start the source first');
  }
}
