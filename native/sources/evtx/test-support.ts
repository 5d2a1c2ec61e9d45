/** Writes event log files for tests: every token, template and value type that the reader knows, with right checksums. */
import { CHUNK_BYTES } from './chunk.ts';
import { crc32 } from './crc32.ts';

export interface Value {
  readonly type: number;
  readonly bytes: Uint8Array;
}

const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));

export const textValue = (text: string): Value => ({ type: 1, bytes: utf16(text) });
export const numberValue = (type: number, bytes: number, value: number): Value => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return { type, bytes: new Uint8Array(buffer) };
};

/** Grows; all numbers little-endian. */
class Bytes {
  bytes: number[] = [];
  get at(): number {
    return this.bytes.length;
  }
  u8(value: number): this {
    this.bytes.push(value & 0xff);
    return this;
  }
  u16(value: number): this {
    return this.u8(value).u8(value >> 8);
  }
  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }
  u64(value: bigint): this {
    return this.u32(Number(value & 0xffffffffn)).u32(Number((value >> 32n) & 0xffffffffn));
  }
  put(bytes: Uint8Array): this {
    for (const byte of bytes) this.u8(byte);
    return this;
  }
  setU32(at: number, value: number): void {
    for (let i = 0; i < 4; i++) this.bytes[at + i] = (value >>> (8 * i)) & 0xff;
  }
}

/** An element of a template: its text may be the place of a value (a number) or literal. */
export interface Part {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly children?: readonly (Part | string | number)[];
}

/** Writes XML into a chunk that begins at offset 0 of `out`. */
class XmlWriter {
  private readonly out: Bytes;
  private readonly names = new Map<string, number>();

  constructor(out: Bytes) {
    this.out = out;
  }

  element(part: Part): void {
    const { out } = this;
    const attributes = Object.entries(part.attributes ?? {});
    out.u8(attributes.length > 0 ? 0x41 : 0x01).u16(0xffff);
    const length = out.at;
    out.u32(0);
    this.name(part.name);
    if (attributes.length > 0) {
      const size = out.at;
      out.u32(0);
      attributes.forEach(([name, value], at) => {
        out.u8(at < attributes.length - 1 ? 0x46 : 0x06);
        this.name(name);
        this.content(value);
      });
      out.setU32(size, out.at - size - 4);
    }
    const children = part.children ?? [];
    if (children.length === 0) out.u8(0x03);
    else {
      out.u8(0x02);
      for (const child of children) {
        if (typeof child === 'object') this.element(child);
        else this.content(child);
      }
      out.u8(0x04);
    }
    out.setU32(length, out.at - length - 4);
  }

  private content(value: string | number): void {
    if (typeof value === 'number') this.out.u8(0x0e).u16(value).u8(0);
    else if (value.startsWith('&')) {
      this.out.u8(0x09);
      this.name(value.slice(1));
    } else this.out.u8(0x05).u8(1).u16(value.length).put(utf16(value));
  }

  private name(text: string): void {
    const known = this.names.get(text);
    if (known !== undefined) {
      this.out.u32(known);
      return;
    }
    const at = this.out.at + 4;
    this.names.set(text, at);
    this.out.u32(at).u32(0).u16(0).u16(text.length).put(utf16(text)).u16(0);
  }
}

export interface WrittenEvent {
  readonly id: number;
  readonly fileTime: bigint;
  readonly values: readonly Value[];
}

/** A chunk of events of one template. */
export function chunkOf(template: Part, events: readonly WrittenEvent[]): Uint8Array {
  const out = new Bytes();
  for (let at = 0; at < 512; at++) out.u8(0);
  const xml = new XmlWriter(out);
  let definition = 0;
  let last = 512;
  for (const { id, fileTime, values } of events) {
    last = out.at;
    out.u32(0x2a2a).u32(0).u64(BigInt(id)).u64(fileTime);
    out.u8(0x0f).u8(1).u8(1).u8(0);
    out.u8(0x0c).u8(1).u32(7);
    if (definition === 0) {
      definition = out.at + 4;
      out.u32(definition).u32(0);
      for (let at = 0; at < 16; at++) out.u8(at);
      const size = out.at;
      out.u32(0).u8(0x0f).u8(1).u8(1).u8(0);
      xml.element(template);
      out.u8(0);
      out.setU32(size, out.at - size - 4);
    } else out.u32(definition);
    out.u32(values.length);
    for (const { type, bytes } of values) out.u16(bytes.length).u8(type).u8(0);
    for (const { bytes } of values) out.put(bytes);
    out.u8(0);
    while ((out.at + 4) % 8 !== 0) out.u8(0);
    out.u32(out.at + 4 - last);
    out.setU32(last + 4, out.at - last);
  }
  const chunk = new Uint8Array(CHUNK_BYTES);
  const used = out.at;
  chunk.set(out.bytes);
  const head = new Bytes().put(new TextEncoder().encode('ElfChnk\0'));
  const first = BigInt(events[0]?.id ?? 0);
  const lastId = BigInt(events.at(-1)?.id ?? 0);
  head.u64(first).u64(lastId).u64(first).u64(lastId).u32(128).u32(last).u32(used);
  head.u32(crc32(chunk.subarray(512, used)));
  chunk.set(head.bytes);
  return withHeaderSum(chunk);
}

function withHeaderSum(chunk: Uint8Array): Uint8Array {
  new DataView(chunk.buffer).setUint32(124, crc32(chunk.subarray(0, 120), chunk.subarray(128, 512)), true);
  return chunk;
}

/** A file of chunks; `dirty`: it was not closed. */
export function eventLog(chunks: readonly Uint8Array[], dirty = false): Uint8Array {
  const head = new Bytes().put(new TextEncoder().encode('ElfFile\0'));
  head.u64(0n).u64(BigInt(chunks.length)).u64(1n).u32(128).u16(1).u16(3).u16(4096).u16(chunks.length);
  while (head.at < 120) head.u8(0);
  const sum = crc32(Uint8Array.from(head.bytes));
  head.u32(dirty ? 1 : 0).u32(sum);
  const file = new Uint8Array(4096 + chunks.length * CHUNK_BYTES);
  file.set(head.bytes);
  chunks.forEach((chunk, at) => {
    file.set(chunk, 4096 + at * CHUNK_BYTES);
  });
  return file;
}

/** The template of an ordinary event: values 0 to 6 are level, id, pid, provider, and three data. */
export const EVENT: Part = {
  name: 'Event',
  children: [
    {
      name: 'System',
      children: [
        { name: 'Provider', attributes: { Name: 3, Guid: 6 } },
        { name: 'EventID', children: [1] },
        { name: 'Level', children: [0] },
        { name: 'Execution', attributes: { ProcessID: 2 } },
      ],
    },
    {
      name: 'EventData',
      children: [
        { name: 'Data', attributes: { Name: 'status' }, children: [4] },
        { name: 'Data', attributes: { Name: 'path' }, children: ['a', '&amp', 'b=', 5] },
      ],
    },
  ],
};

export function event(id: number, more: Partial<Record<number, Value>> = {}): WrittenEvent {
  const values: Value[] = [
    numberValue(4, 1, 2),
    numberValue(6, 2, 4000 + id),
    numberValue(8, 4, 77),
    textValue('Storage'),
    numberValue(20, 4, 0xc0000005),
    textValue(`disk ${id}`),
    { type: 0, bytes: new Uint8Array(0) },
  ];
  for (const [at, value] of Object.entries(more)) if (value) values[Number(at)] = value;
  return { id, fileTime: 131_000_000_000_000_000n + BigInt(id) * 10n, values };
}
