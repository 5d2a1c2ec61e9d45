/**
 * Manifests that come as events of the trace itself: an EventSource of .NET writes its own, in parts, before its first
 * event. Layout: ManifestEnvelope of the EventSource's source code. What waits for its other parts is bounded.
 */
import { readManifest } from '../manifest/man-file.ts';
import type { Manifests } from '../manifest/manifests.ts';
import { bytesOf } from './event-bytes.ts';
import type { TraceEvent } from './trace-event.ts';

const MANIFEST_EVENT = 0xfffe;
const ENVELOPE_BYTES = 8;
const FORMAT = 1;
const MAGIC = 0x5b;
const MOST_WAITING = 64;
const MOST_BYTES = 4 * 1024 * 1024;
/** Manifests of one trace: a hostile one must not be read for ever. */
const MOST_MANIFESTS = 1000;

interface Waiting {
  readonly parts: Uint8Array[];
  readonly total: number;
  bytes: number;
}

export class StreamManifests {
  private readonly into: Manifests;
  private readonly waiting = new Map<string, Waiting>();
  private read = 0;

  constructor(into: Manifests) {
    this.into = into;
  }

  /** What the event says if it is a part of a manifest; null if it is another event. */
  take(view: DataView, event: TraceEvent, guid: string): string | null {
    const at = event.dataStart;
    if (event.id !== MANIFEST_EVENT || at + ENVELOPE_BYTES > event.dataEnd) return null;
    if (view.getUint8(at) !== FORMAT || view.getUint8(at + 3) !== MAGIC) return null;
    const total = view.getUint16(at + 4, true);
    const part = view.getUint16(at + 6, true);
    const said = `manifest of {${guid}}, part ${part + 1} of ${total}`;
    const data = bytesOf(view, at + ENVELOPE_BYTES, event.dataEnd).slice();
    // Another process with the same provider writes its own, from the first part on.
    if (part === 0 && this.waiting.size < MOST_WAITING) this.waiting.set(guid, { parts: [], total, bytes: 0 });
    const waiting = this.waiting.get(guid);
    if (waiting === undefined || waiting.total !== total || waiting.parts.length !== part) return said;
    waiting.parts.push(data);
    waiting.bytes += data.length;
    if (waiting.bytes <= MOST_BYTES && waiting.parts.length < total) return said;
    this.waiting.delete(guid);
    return waiting.bytes > MOST_BYTES ? `${said}: it is too long` : `${said}${this.finish(waiting.parts)}`;
  }

  private finish(parts: readonly Uint8Array[]): string {
    if (++this.read > MOST_MANIFESTS) return ': there are too many';
    const providers = readManifest(new TextDecoder().decode(Buffer.concat(parts)));
    if (typeof providers === 'string') return `: it cannot be read, ${providers}`;
    for (const provider of providers) this.into.add(provider);
    return '';
  }
}
