/** Writes PDB files for tests: a container with the streams that lead to the annotations of modules. */
import { guidBytes } from '../test-support.ts';

export interface WrittenModule {
  readonly name: string;
  /** Texts of each annotation. */
  readonly annotations: readonly (readonly string[])[];
  readonly procedures?: readonly (WrittenPublic & { readonly bytes: number })[];
}

/** A name in a section, which are counted from 1. */
export interface WrittenPublic {
  readonly name: string;
  readonly section: number;
  readonly offset: number;
}

export interface WrittenSection {
  readonly place: number;
  readonly bytes: number;
}

export interface WrittenPdb {
  readonly blockBytes?: number;
  readonly guid?: string;
  /** That of the debug information; that of the file is greater by `written`. */
  readonly age?: number;
  readonly written?: number;
  readonly publics?: readonly WrittenPublic[];
  /** Without them there is no optional debug header. */
  readonly sections?: readonly WrittenSection[];
  readonly originalSections?: readonly WrittenSection[];
  /** Pairs of places before and after the code was ordered anew. */
  readonly moved?: readonly (readonly [number, number])[];
}

function symbol(kind: number, content: Uint8Array): Buffer {
  const padding = Buffer.alloc((4 - ((content.length + 4) % 4)) % 4);
  const record = Buffer.concat([Buffer.alloc(4), content, padding]);
  record.writeUInt16LE(record.length - 2, 0);
  record.writeUInt16LE(kind, 2);
  return record;
}

function annotation(texts: readonly string[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(texts.length, 6);
  return symbol(0x1019, Buffer.concat([head, Buffer.from(texts.map((text) => `${text}\0`).join(''))]));
}

function publicSymbol({ name, section, offset }: WrittenPublic): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt32LE(2, 0);
  head.writeUInt32LE(offset, 4);
  head.writeUInt16LE(section, 8);
  return symbol(0x110e, Buffer.concat([head, Buffer.from(`${name}\0`)]));
}

function procedure({ name, section, offset, bytes }: WrittenPublic & { readonly bytes: number }): Buffer {
  const head = Buffer.alloc(35);
  head.writeUInt32LE(bytes, 12);
  head.writeUInt32LE(offset, 28);
  head.writeUInt16LE(section, 32);
  return symbol(0x1110, Buffer.concat([head, Buffer.from(`${name}\0`)]));
}

function sectionHeaders(sections: readonly WrittenSection[]): Buffer {
  return Buffer.concat(
    sections.map(({ place, bytes }) => {
      const header = Buffer.alloc(40);
      header.writeUInt32LE(bytes, 8);
      header.writeUInt32LE(place, 12);
      header.writeUInt32LE(bytes, 16);
      return header;
    }),
  );
}

/** A PDB of these modules, each with a symbol of another kind before its annotations. */
export function pdbFile(modules: readonly WrittenModule[], pdb: WrittenPdb = {}): Buffer {
  const { blockBytes = 1024, guid = '11111111-2222-3333-4444-555566667777', age = 2, written = 0 } = pdb;
  const info = Buffer.alloc(28);
  info.writeUInt32LE(20_000_404, 0);
  info.writeUInt32LE(age + written, 8);
  guidBytes(guid).copy(info, 12);
  const { sections, originalSections, moved = [], publics = [] } = pdb;
  const symbols = modules.map(({ annotations, procedures = [] }) => {
    const signature = Buffer.from([4, 0, 0, 0]);
    return Buffer.concat([
      signature,
      symbol(0x1101, Buffer.from('\0\0\0\0module.obj\0')),
      ...annotations.map(annotation),
      ...procedures.map(procedure),
    ]);
  });
  const heads = modules.map(({ name }, at) => {
    const head = Buffer.alloc(64);
    head.writeUInt16LE(5 + at, 34);
    head.writeUInt32LE((symbols[at] as Buffer).length, 36);
    const whole = Buffer.concat([head, Buffer.from(`${name}\0${name}\0`)]);
    return Buffer.concat([whole, Buffer.alloc((4 - (whole.length % 4)) % 4)]);
  });
  const dbi = Buffer.alloc(64);
  const list = Buffer.concat(heads);
  dbi.writeInt32LE(-1, 0);
  dbi.writeUInt32LE(age, 8);
  dbi.writeUInt32LE(list.length, 24);
  const behind = 5 + modules.length;
  const debug = Buffer.alloc(22, 0xff);
  debug.writeUInt16LE(behind + 1, 10);
  if (originalSections !== undefined) {
    debug.writeUInt16LE(behind + 2, 20);
    debug.writeUInt16LE(behind + 3, 8);
  }
  dbi.writeUInt16LE(behind, 20);
  const parts = [dbi, list];
  if (sections !== undefined) {
    dbi.writeUInt32LE(debug.length, 48);
    parts.push(debug);
  }
  const pairs = Buffer.alloc(moved.length * 8);
  for (const [at, word] of moved.flat().entries()) pairs.writeUInt32LE(word, at * 4);
  const names = [publics.map(publicSymbol), [sectionHeaders(sections ?? [])], [sectionHeaders(originalSections ?? [])]];
  // The old directory, the info, types, modules, one that does not exist, the symbols of each module, the public ones, and
  // where sections are.
  return container(
    [
      ...[Buffer.alloc(8), info, Buffer.alloc(56), Buffer.concat(parts), null, ...symbols],
      ...[...names.map((each) => Buffer.concat(each)), pairs],
    ],
    blockBytes,
  );
}

function container(streams: readonly (Buffer | null)[], blockBytes: number): Buffer {
  const blocks: Buffer[] = [Buffer.alloc(blockBytes), Buffer.alloc(blockBytes), Buffer.alloc(blockBytes)];
  const put = (bytes: Buffer): number[] => {
    const numbers: number[] = [];
    for (let at = 0; at < bytes.length; at += blockBytes) {
      const block = Buffer.alloc(blockBytes);
      bytes.copy(block, 0, at, at + blockBytes);
      numbers.push(blocks.push(block) - 1);
    }
    return numbers;
  };
  const places = streams.map((stream) => (stream === null ? [] : put(stream)));
  const words = [
    streams.length,
    ...streams.map((stream) => (stream === null ? 0xffffffff : stream.length)),
    ...places.flat(),
  ];
  const directory = Buffer.alloc(words.length * 4);
  for (const [at, word] of words.entries()) directory.writeUInt32LE(word, at * 4);
  const directoryBlocks = put(directory);
  const map = Buffer.alloc(directoryBlocks.length * 4);
  for (const [at, block] of directoryBlocks.entries()) map.writeUInt32LE(block, at * 4);
  const [mapBlock = 0] = put(map);
  const head = blocks[0] as Buffer;
  head.write('Microsoft C/C++ MSF 7.00\r\n\u001aDS\0\0\0', 'latin1');
  head.writeUInt32LE(blockBytes, 32);
  head.writeUInt32LE(1, 36);
  head.writeUInt32LE(blocks.length, 40);
  head.writeUInt32LE(directory.length, 44);
  head.writeUInt32LE(mapBlock, 52);
  return Buffer.concat(blocks);
}
