/**
 * The resource WEVT_TEMPLATE, into which the message compiler turns a manifest: providers, their events, and the fields of
 * these. Layout: the description of libfwevt, and for maps that of Microsoft's EventLogExpert, which compared it with real
 * providers; places count from the begin of the resource. What is damaged ends what is read of it and is named; every
 * offset is checked.
 */
import { plainGuid, utf16Text } from '../evtx/values.ts';
import {
  type Amount,
  type ManifestEvent,
  type ManifestField,
  type ManifestProvider,
  MOST_EVENTS,
  type ValueMap,
} from './manifests.ts';

const MOST_PROVIDERS = 4096;
const MOST_FIELDS = 256;
/** Values with names, of all maps together; a hostile resource can have maps within maps. */
const MOST_MAP_VALUES = 262_144;
const MAP_VALUE_BYTES = 8;
const NO_MESSAGE = 0xffffffff;
const EVENT_BYTES = 48;
const FIELD_BYTES = 20;
/** How the length and the number of elements of a field are given: in another field. */
const LENGTH_IN_FIELD = 2;
const COUNT_IN_FIELD = 4;
const IS_STRUCT = 1;
/** TDH_OUTTYPE_HEXINT8 to HEXINT64. */
const OUT_HEX = [6, 7, 8, 9];

class DamagedTemplate extends Error {
  override readonly name = 'DamagedTemplate';
}

/** `message`: a text of the message table of the same file. `problem` is told what cannot be read. Never throws. */
export function readWevtTemplate(
  bytes: Uint8Array,
  message: (number: number) => string | null,
  problem: (what: string) => void,
): ManifestProvider[] {
  const reader = new TemplateReader(bytes, message);
  const providers: ManifestProvider[] = [];
  try {
    for (const { guid, at } of reader.providers()) {
      try {
        providers.push(reader.provider(guid, at));
      } catch (error) {
        if (!(error instanceof DamagedTemplate)) throw error;
        problem(`provider {${guid}}: ${error.message}`);
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedTemplate)) throw error;
    problem(error.message);
  }
  return providers;
}

class TemplateReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly message: (number: number) => string | null;
  private events = 0;
  private readonly maps = new Map<number, ValueMap | null>();
  private mapValues = 0;

  constructor(bytes: Uint8Array, message: (number: number) => string | null) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.message = message;
  }

  *providers(): Generator<{ readonly guid: string; readonly at: number }> {
    this.expect(0, 'CRIM');
    const count = Math.min(MOST_PROVIDERS, this.u32(12));
    for (let each = 0; each < count; each++) {
      const at = 16 + each * 20;
      this.need(at, 20);
      yield { guid: plainGuid(this.view, at), at: this.u32(at + 16) };
    }
  }

  provider(guid: string, at: number): ManifestProvider {
    this.expect(at, 'WEVT');
    const name = this.textOf(this.u32(at + 8))?.trim() || null;
    const count = Math.min(64, this.u32(at + 12));
    let events: number | null = null;
    for (let each = 0; each < count; each++) {
      const element = this.u32(at + 20 + each * 8);
      if (this.magic(element) === 'EVNT') events = element;
    }
    return { guid, name, events: events === null ? [] : this.eventsAt(events) };
  }

  private eventsAt(at: number): ManifestEvent[] {
    const count = this.u32(at + 8);
    const events: ManifestEvent[] = [];
    for (let each = 0; each < count; each++) {
      if (++this.events > MOST_EVENTS) throw new DamagedTemplate('more events than a manifest has');
      const event = at + 16 + each * EVENT_BYTES;
      this.need(event, EVENT_BYTES);
      const template = this.u32(event + 20);
      const task = this.nameOf(this.u32(event + 32), 24);
      const opcode = this.nameOf(this.u32(event + 24), 8);
      events.push({
        id: this.view.getUint16(event, true),
        version: this.view.getUint8(event + 2),
        name: [task, opcode].filter((part) => part !== null).join('/') || null,
        message: this.textOf(this.u32(event + 16)),
        fields: template === 0 ? [] : this.fieldsAt(template),
      });
    }
    return events;
  }

  private fieldsAt(at: number): ManifestField[] {
    this.expect(at, 'TEMP');
    const count = Math.min(MOST_FIELDS, this.u32(at + 8));
    const first = this.u32(at + 16);
    const fields: ManifestField[] = [];
    for (let each = 0; each < count; each++) {
      const field = first + each * FIELD_BYTES;
      this.need(field, FIELD_BYTES);
      const flags = this.u32(field);
      // Members of structures are not decoded; the fields before the first structure are.
      if ((flags & IS_STRUCT) !== 0) break;
      const count = this.view.getUint16(field + 12, true);
      const length = this.view.getUint16(field + 14, true);
      const counted = (flags & COUNT_IN_FIELD) !== 0;
      const measured = (flags & LENGTH_IN_FIELD) !== 0;
      fields.push({
        name: this.name(this.u32(field + 16)) ?? `field${each + 1}`,
        type: this.view.getUint8(field + 4),
        hex: OUT_HEX.includes(this.view.getUint8(field + 5)),
        count: counted || count > 1 ? amount(count, counted) : null,
        length: measured || length > 0 ? amount(length, measured) : null,
        map: this.mapAt(this.u32(field + 8)),
      });
    }
    return fields;
  }

  /** The map of a field; null if it has none, or what should be one is not. Several fields share a map. */
  private mapAt(at: number): ValueMap | null {
    if (at === 0) return null;
    let map = this.maps.get(at);
    if (map === undefined) {
      map = this.readMap(at);
      this.maps.set(at, map);
    }
    return map;
  }

  private readMap(at: number): ValueMap | null {
    if (at + 20 > this.bytes.length) return null;
    const kind = this.magic(at);
    if (kind !== 'VMAP' && kind !== 'BMAP') return null;
    const count = this.u32(at + 16);
    if (count > MOST_MAP_VALUES - this.mapValues || at + 20 + count * MAP_VALUE_BYTES > this.bytes.length) return null;
    this.mapValues += count;
    const names = new Map<number, string>();
    for (let each = 0; each < count; each++) {
      const value = at + 20 + each * MAP_VALUE_BYTES;
      // The message compiler puts a blank behind each name.
      const name = this.textOf(this.u32(value + 4))?.trim();
      if (name) names.set(this.u32(value), name);
    }
    return { bits: kind === 'BMAP', names };
  }

  private textOf(number: number): string | null {
    return number === NO_MESSAGE ? null : this.message(number);
  }

  /** The name of the task or opcode described at `at`; the offset of the name lies `place` bytes further. */
  private nameOf(at: number, place: number): string | null {
    return at === 0 || at + place + 4 > this.bytes.length ? null : this.name(this.u32(at + place));
  }

  /** A name: four bytes with the length of all of it, then UTF-16. */
  private name(at: number): string | null {
    if (at === 0 || at + 4 > this.bytes.length) return null;
    const length = this.u32(at);
    if (length < 4 || length > 2048 || at + length > this.bytes.length) return null;
    return utf16Text(this.bytes.subarray(at + 4, at + 4 + ((length - 4) & ~1)));
  }

  private magic(at: number): string {
    this.need(at, 12);
    return String.fromCharCode(...this.bytes.subarray(at, at + 4));
  }

  private expect(at: number, magic: string): void {
    if (this.magic(at) !== magic) throw new DamagedTemplate(`there is no ${magic} at ${at}`);
  }

  private need(at: number, bytes: number): void {
    if (at + bytes > this.bytes.length) throw new DamagedTemplate(`it is cut at ${at}`);
  }

  private u32(at: number): number {
    this.need(at, 4);
    return this.view.getUint32(at, true);
  }
}

function amount(number: number, inField: boolean): Amount {
  return inField ? { field: number } : { fixed: number };
}
