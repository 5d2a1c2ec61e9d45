/** Writes PE files with resources, message tables and the resource of a manifest for tests. */
import { guidBytes } from '../etl/test-support.ts';

const u16 = (...values: number[]): Buffer => Buffer.from(new Uint16Array(values).buffer);
const u32 = (...values: number[]): Buffer => Buffer.from(new Uint32Array(values).buffer);
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

export interface WrittenResource {
  readonly type: number | string;
  readonly language?: number;
  readonly bytes: Uint8Array;
}

const SECTION_ADDRESS = 0x3000;
const SECTION_AT = 0x400;
const isFolder = (at: number): number => (at | 0x80000000) >>> 0;

/** A PE file of one section, which has these resources. */
export function peFile(resources: readonly WrittenResource[], bits: 32 | 64 = 64): Buffer {
  const section = resourceSection(resources);
  const optional = Buffer.alloc(bits === 64 ? 240 : 224);
  optional.writeUInt16LE(bits === 64 ? 0x20b : 0x10b, 0);
  const directories = bits === 64 ? 108 : 92;
  optional.writeUInt32LE(16, directories);
  optional.writeUInt32LE(resources.length === 0 ? 0 : SECTION_ADDRESS, directories + 4 + 16);
  optional.writeUInt32LE(section.length, directories + 4 + 20);
  const dos = Buffer.alloc(64);
  dos.write('MZ');
  dos.writeUInt32LE(64, 60);
  const coff = Buffer.concat([
    u32(0x4550),
    u16(bits === 64 ? 0x8664 : 0x14c, 1),
    u32(0, 0, 0),
    u16(optional.length, 0x22),
  ]);
  const header = Buffer.alloc(40);
  header.write('.rsrc');
  header.writeUInt32LE(section.length, 8);
  header.writeUInt32LE(SECTION_ADDRESS, 12);
  header.writeUInt32LE(section.length, 16);
  header.writeUInt32LE(SECTION_AT, 20);
  const head = Buffer.concat([dos, coff, optional, header]);
  return Buffer.concat([head, Buffer.alloc(SECTION_AT - head.length), section]);
}

/** Type, name 1, language, for each resource. */
function resourceSection(resources: readonly WrittenResource[]): Buffer {
  const folder = (entries: readonly (readonly [number, number])[]): Buffer =>
    Buffer.concat([u32(0, 0, 0), u16(0, entries.length), ...entries.map(([id, at]) => u32(id, at))]);
  const count = resources.length;
  const perResource = 24 + 24 + 16;
  const first = 16 + count * 8;
  const names: Buffer[] = [];
  let at = first + count * perResource;
  const nameAt = (name: string): number => {
    const place = at;
    const bytes = Buffer.concat([u16(name.length), wide(name), Buffer.alloc((4 - ((2 + name.length * 2) % 4)) % 4)]);
    names.push(bytes);
    at += bytes.length;
    return isFolder(place);
  };
  const ids = resources.map(({ type }) => (typeof type === 'number' ? type : nameAt(type)));
  const folders: Buffer[] = [];
  const bodies: Buffer[] = [];
  for (const [place, { language = 0x409, bytes }] of resources.entries()) {
    const own = first + place * perResource;
    folders.push(folder([[1, isFolder(own + 24)]]), folder([[language, own + 48]]));
    folders.push(u32(SECTION_ADDRESS + at, bytes.length, 0, 0));
    const body = Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
    bodies.push(body);
    at += body.length;
  }
  const top = folder(ids.map((id, place) => [id, isFolder(first + place * perResource)]));
  return Buffer.concat([top, ...folders, ...names, ...bodies]);
}

/** A message table; neighbouring numbers share a block. */
export function messageTable(texts: Readonly<Record<number, string>>, ansi = false): Buffer {
  const numbers = Object.keys(texts)
    .map(Number)
    .sort((a, b) => a - b);
  const blocks: number[][] = [];
  for (const number of numbers) {
    const last = blocks.at(-1);
    if (last?.at(-1) === number - 1) last.push(number);
    else blocks.push([number]);
  }
  const entries = blocks.map((block) =>
    Buffer.concat(
      block.map((number) => {
        const text = `${texts[number]}\r\n\0`;
        const bytes = ansi ? Buffer.from(text, 'latin1') : wide(text);
        const padding = (4 - (bytes.length % 4)) % 4;
        return Buffer.concat([u16(4 + bytes.length + padding, ansi ? 0 : 1), bytes, Buffer.alloc(padding)]);
      }),
    ),
  );
  let at = 4 + blocks.length * 12;
  const heads = blocks.map((block, place) => {
    const head = u32(block[0] as number, block.at(-1) as number, at);
    at += (entries[place] as Buffer).length;
    return head;
  });
  return Buffer.concat([u32(blocks.length), ...heads, ...entries]);
}

export interface WrittenField {
  readonly name: string;
  readonly type: number;
  readonly out?: number;
  readonly flags?: number;
  readonly count?: number;
  readonly length?: number;
  readonly map?: WrittenMap;
  /** Of a structure: what lies in it. Its type counts for nothing. */
  readonly members?: readonly WrittenField[];
}

/** Names of values, or of bits, by the numbers of their texts in the message table. */
export interface WrittenMap {
  readonly bits: boolean;
  readonly messages: Readonly<Record<number, number>>;
}

export interface WrittenEvent {
  readonly id: number;
  readonly version?: number;
  readonly message?: number;
  readonly task?: string;
  readonly fields?: readonly WrittenField[];
}

/** The resource WEVT_TEMPLATE of one provider. */
export function wevtTemplate(guid: string, events: readonly WrittenEvent[], nameMessage = 0xffffffff): Buffer {
  const WEVT = 16 + 20;
  const EVENTS = WEVT + 20 + 8;
  let at = EVENTS + 16 + events.length * 48;
  const parts: Buffer[] = [];
  const put = (bytes: Buffer): number => {
    const place = at;
    parts.push(bytes);
    at += bytes.length;
    return place;
  };
  const name = (text: string): Buffer => Buffer.concat([u32(4 + text.length * 2 + 2), wide(`${text}\0`)]);
  const described = events.map(({ id, version = 0, message = 0xffffffff, task, fields }) => {
    const taskAt =
      task === undefined ? 0 : put(Buffer.concat([u32(1, 0xffffffff), Buffer.alloc(16), u32(at + 28), name(task)]));
    const template = fields === undefined ? 0 : put(templateOf(fields, at, name));
    return Buffer.concat([
      u16(id),
      Buffer.from([version, 0, 4, 0]),
      u16(task === undefined ? 0 : 1),
      Buffer.alloc(8),
      u32(message, template, 0, 0, taskAt, 0, 0, 0),
    ]);
  });
  const table = Buffer.concat([Buffer.from('EVNT'), u32(16 + events.length * 48, events.length, 0), ...described]);
  const provider = Buffer.concat([Buffer.from('WEVT'), u32(28, nameMessage, 1, 0, EVENTS, 0)]);
  const body = Buffer.concat([guidBytes(guid), u32(WEVT), provider, table, ...parts]);
  return Buffer.concat([Buffer.from('CRIM'), u32(16 + body.length), u16(3, 1), u32(1), body]);
}

function templateOf(own: readonly WrittenField[], at: number, name: (text: string) => Buffer): Buffer {
  // As the message compiler has them: the fields of the event, then those of its structures, one after the other.
  const fields = [...own];
  const firsts = new Map<WrittenField, number>();
  for (const field of fields) {
    if (field.members === undefined) continue;
    firsts.set(field, fields.length);
    fields.push(...field.members);
  }
  const first = at + 40;
  let nameAt = first + fields.length * 20;
  const names = fields.map((field) => name(field.name));
  let mapAt = nameAt + names.reduce((sum, { length }) => sum + length, 0);
  const maps: Buffer[] = [];
  const putMap = (map: WrittenMap | undefined): number => {
    if (map === undefined) return 0;
    const own = mapAt;
    const values = Object.entries(map.messages).map(([value, message]) => u32(Number(value), message));
    const size = 20 + values.length * 8;
    const mapName = name('Map');
    maps.push(Buffer.from(map.bits ? 'BMAP' : 'VMAP'), u32(size, own + size, 0, values.length), ...values, mapName);
    mapAt += size + mapName.length;
    return own;
  };
  const descriptors = fields.map((field, place) => {
    const { type, out = 0, flags = 0, count = 1, length = 0, map, members } = field;
    const own = nameAt;
    nameAt += (names[place] as Buffer).length;
    const kind =
      members === undefined
        ? Buffer.concat([Buffer.from([type, out, 0, 0]), u32(putMap(map))])
        : Buffer.concat([u16(firsts.get(field) as number, members.length), u32(0)]);
    return Buffer.concat([u32(flags | (members === undefined ? 0 : 1)), kind, u16(count, length), u32(own)]);
  });
  const head = Buffer.concat([
    Buffer.from('TEMP'),
    u32(nameAt - at, own.length, fields.length, first, 1),
    Buffer.alloc(16),
  ]);
  return Buffer.concat([head, ...descriptors, ...names, ...maps]);
}
