/**
 * Turns what a person typed into a source: `kind:rest`. The one table of the kinds of sources there are.
 */
import { fail, type Result } from '../core/result.ts';
import { openDbwinSource } from './dbwin/dbwin.ts';
import { openDriverSource } from './driver/driver.ts';
import { openFileSource } from './open-file.ts';
import { openRingSource, type RingSourceOptions } from './ring/ring.ts';
import type { LogSource } from './source.ts';

export interface SourceKind {
  readonly kind: string;
  /** How it is written, for usage texts. */
  readonly form: string;
  readonly describes: string;
  readonly open: (rest: string, options: RingSourceOptions) => Result<LogSource>;
}

export const SOURCE_KINDS: readonly SourceKind[] = [
  { kind: 'sim', form: 'sim:NAME', describes: 'a simulated session on this machine', open: openRingSource },
  {
    kind: 'driver',
    form: 'driver:[DEVICE]',
    describes: 'ringview.sys, or a driver that embeds RingView (Windows)',
    open: openDriverSource,
  },
  {
    kind: 'dbwin',
    form: 'dbwin:[global]',
    describes: 'OutputDebugString of programs, or of services (Windows)',
    open: openDbwinSource,
  },
  {
    kind: 'file',
    form: 'file:PATH',
    describes: 'a log of DebugView, DebugView++, CSV, JSON Lines, text, .evtx or .etl, also packed by gzip',
    open: (path, { displayName }) => openFileSource(path, displayName === undefined ? {} : { displayName }),
  },
];

/** Opens the source `spec`. Failures: bad-argument for an unknown kind, and whatever opening that kind can say. */
export function openSource(spec: string, options: RingSourceOptions = {}): Result<LogSource> {
  const colon = spec.indexOf(':');
  const kind = SOURCE_KINDS.find((known) => known.kind === spec.slice(0, Math.max(0, colon)));
  if (!kind) {
    const known = SOURCE_KINDS.map(({ form, describes }) => `${form} (${describes})`).join(', ');
    return fail('bad-argument', `'${spec}' is not a source this program knows`, `Use one of: ${known}`);
  }
  return kind.open(spec.slice(colon + 1), options);
}
