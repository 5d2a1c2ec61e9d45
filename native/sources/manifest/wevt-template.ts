/**
 * The resource WEVT_TEMPLATE, into which the message compiler turns a manifest: providers, their events, and the fields of
 * these. Layout: the description of libfwevt, and for maps that of Microsoft's EventLogExpert, which compared it with real
 * providers; places count from the begin of the resource. What is damaged ends what is read of it and is named; every
 * offset is checked.
 */
import { guidAt } from '../../core/guid.ts';
import { utf16Text } from '../evtx/values.ts';
import {
  type Amount,
  type ManifestEvent,
  type ManifestField,
  type ManifestProvider,
  MOST_EVENTS,
  type ValueMap,
} from './manifests.ts';
import { outTypeOf } from './out-type.ts';

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
/** Structures within structures. */
const MOST_DEPTH = 8;
/** Fields of all templates together: a hostile resource can have as many events as it has bytes. */
const MOST_ALL_FIELDS = 1_000_000;

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

interface Template {
  /** Place of its first field. */
  readonly first: number;
  /** Fields of the event itself, and all with those of its structures. */
  readonly ownCount: number;
  readonly count: number;
  /** Fields that may still be read of it: structures can hold each other. */
  left: number;
}

/** Fields that lie one behind the other: of an event, or of a structure. */
interface FieldList {
  readonly from: number;
  readonly count: number;
}

class TemplateReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly message: (number: number) => string | null;
  private events = 0;
  private fields = 0;
  private readonly templates = new Map<number, readonly ManifestField[]>();
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
      yield { guid: guidAt(this.view, at), at: this.u32(at + 16) };
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

  /** The fields of a template, which several events may share. */
  private fieldsAt(at: number): readonly ManifestField[] {
    const known = this.templates.get(at);
    if (known !== undefined) return known;
    this.expect(at, 'TEMP');
    // The fields of the event itself stand first, then those of structures.
    const ownCount = this.u32(at + 8);
    const template: Template = {
      first: this.u32(at + 16),
      ownCount,
      count: Math.max(ownCount, this.u32(at + 12)),
      left: MOST_FIELDS,
    };
    const fields = this.fieldList(template, 0, ownCount, 0);
    this.templates.set(at, fields);
    return fields;
  }

  private fieldList(template: Template, from: number, count: number, depth: number): ManifestField[] {
    const fields: ManifestField[] = [];
    for (let each = from; each < from + count && each < template.count; each++) {
      if (--template.left < 0) break;
      if (++this.fields > MOST_ALL_FIELDS) throw new DamagedTemplate('more fields than a manifest has');
      fields.push(this.field(template, each, { from, count }, depth));
    }
    return fields;
  }

  private field(template: Template, number: number, list: FieldList, depth: number): ManifestField {
    const at = template.first + number * FIELD_BYTES;
    this.need(at, FIELD_BYTES);
    const flags = this.u32(at);
    const count = this.view.getUint16(at + 12, true);
    const length = this.view.getUint16(at + 14, true);
    const counted = (flags & COUNT_IN_FIELD) !== 0;
    const measured = (flags & LENGTH_IN_FIELD) !== 0;
    const isStructure = (flags & IS_STRUCT) !== 0;
    const members = (): ManifestField[] =>
      depth >= MOST_DEPTH
        ? []
        : this.fieldList(template, this.view.getUint16(at + 4, true), this.view.getUint16(at + 6, true), depth + 1);
    return {
      name: this.name(this.u32(at + 16)) ?? `field${number - list.from + 1}`,
      type: isStructure ? 0 : this.view.getUint8(at + 4),
      out: isStructure ? null : outTypeOf(this.view.getUint8(at + 5)),
      count: counted ? inField(count, list, template) : count > 1 ? { fixed: count } : null,
      length: measured ? inField(length, list, template) : length > 0 && !isStructure ? { fixed: length } : null,
      map: isStructure ? null : this.mapAt(this.u32(at + 8)),
      members: isStructure ? members() : null,
    };
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

/**
 * Which field has a number. Fields are numbered through the template; within a structure, a number that is no place of it and
 * no field of the event counts from its own begin.
 */
function inField(number: number, { from, count }: FieldList, { ownCount }: Template): Amount {
  if (from === 0) return { field: number };
  if (number >= from && number < from + count) return { field: number - from };
  return number < ownCount ? { field: number, ofEvent: true } : { field: number };
}
