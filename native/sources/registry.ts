/** Every kind of source there is. Whatever lists kinds, names, options or offers takes them from here. */
import { channelKind } from './channel/channel-kind.ts';
import { dbwinKind } from './dbwin/dbwin-kind.ts';
import { driverKind } from './driver/driver-kind.ts';
import { etwKind } from './etw/etw-kind.ts';
import { fileKind, standardInputKind } from './file/file-kind.ts';
import { ringKind } from './ring/ring-kind.ts';
import { tcpKind, udpKind } from './socket/socket-kind.ts';
import type { SourceKind } from './source-kind.ts';

/** In the order in which they are offered and listed. */
export const SOURCE_KINDS: readonly SourceKind[] = [
  ringKind,
  driverKind,
  dbwinKind,
  etwKind,
  channelKind,
  tcpKind,
  udpKind,
  fileKind,
  standardInputKind,
];

/** A source name in its two parts. */
export interface ParsedSourceName {
  readonly kind: SourceKind;
  /** What stands behind the colon. */
  readonly rest: string;
}

/** The kind of source that a name is of, and the rest of the name; null for no kind. */
export function parseSourceName(spec: string): ParsedSourceName | null {
  const colon = spec.indexOf(':');
  const [name, rest] = colon < 0 ? [spec, ''] : [spec.slice(0, colon), spec.slice(colon + 1)];
  // A kind whose form has no colon takes nothing behind its name.
  const kind = SOURCE_KINDS.find((each) => each.kind === name && each.form.includes(':') === colon >= 0);
  return kind === undefined ? null : { kind, rest };
}

/** How a source's name is shown to a person; the name itself if it belongs to no kind. */
export function sourceTitle(spec: string): string {
  const name = parseSourceName(spec);
  return name === null ? spec : name.kind.title(name.rest);
}
