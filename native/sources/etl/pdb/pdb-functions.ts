/**
 * The functions and other names of a PDB by their places in the module: public symbols, which every PDB has, and the
 * procedures of modules, which private ones have, with those that are not seen from outside. Layouts: the public
 * description of the PDB format in LLVM's documentation, and cvinfo.h. Every number is checked before it is used; what does
 * not fit ends the reading of its stream.
 */

import { registryGuidAt } from '../../../core/guid.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import { openFailure } from '../../file/byte-feed.ts';
import { DBI_HEADER_BYTES, DBI_STREAM, type ModuleSymbols, modulesOf } from './dbi.ts';
import { MsfFile } from './msf.ts';

const INFO_STREAM = 1;
const NO_STREAM = 0xffff;
const SECTION_BYTES = 40;

const S_PUB32 = 0x110e;
const PROCEDURES: ReadonlySet<number> = new Set([0x110f, 0x1110, 0x1146, 0x1147]);

/** Places of streams in the optional debug header. */
const OMAP_FROM_SOURCE = 4;
const SECTION_HEADERS = 5;
const ORIGINAL_SECTIONS = 10;

/** The machine of 32-bit programs, whose public names are decorated. */
const MACHINE_X86 = 0x14c;

/** A hostile PDB must not fill the memory: bytes of symbols that are read, names that are kept. */
const MOST_SYMBOL_BYTES = 512 * 1024 * 1024;
const MOST_DBI_BYTES = 64 * 1024 * 1024;
const MOST_NAMES = 2_000_000;
const MOST_NAME_BYTES = 256 * 1024 * 1024;
const MOST_SECTIONS = 4096;
const LONGEST_NAME = 4096;

/** Names in the order of their places; transferable as it is. */
export interface PdbFunctions {
  /** GUID and age that the module is told by. The age of the info stream may have grown since the module was linked. */
  readonly builds: readonly string[];
  /** Bytes from the base of the module, ascending. */
  readonly places: Uint32Array;
  /** Bytes from there that belong to it; 0 where the PDB does not say. */
  readonly lengths: Uint32Array;
  /** Where the name of each begins in `names`, and behind the last where it ends. */
  readonly nameAt: Uint32Array;
  /** UTF-8. */
  readonly names: Uint8Array;
}

const decoder = new TextDecoder();

/** Reads them. Failures: those of opening the file; bad-magic for one without the parts that tell places. */
export function readPdbFunctions(path: string): Result<PdbFunctions> {
  const opened = MsfFile.open(path);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    const dbi = file.read(DBI_STREAM, MOST_DBI_BYTES);
    const layout = dbi.length < DBI_HEADER_BYTES ? null : layoutOf(file, viewOf(dbi), dbi);
    if (layout === null) {
      return fail('bad-magic', `${path} does not say where its functions are`, 'Give the PDB as the linker wrote it');
    }
    const found = new Names(layout);
    for (const { stream, bytes } of layout.modules) {
      if (!found.mayRead(bytes)) break;
      found.add(file.read(stream, bytes), 4, bytes);
    }
    if (found.mayRead(file.size(layout.symbols))) {
      found.add(file.read(layout.symbols, MOST_SYMBOL_BYTES), 0, MOST_SYMBOL_BYTES);
    }
    return ok({ builds: buildsOf(file, layout.age), ...found.taken() });
  } catch (error) {
    return openFailure(path, error);
  } finally {
    file.close();
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function buildsOf(file: MsfFile, age: number): string[] {
  const bytes = file.read(INFO_STREAM, 28);
  if (bytes.length < 28) return [];
  const view = viewOf(bytes);
  const guid = registryGuidAt(view, 12);
  return [...new Set([age, view.getUint32(8, true)])].map((each) => `${guid} ${each}`);
}

interface Layout {
  readonly age: number;
  readonly x86: boolean;
  /** Stream of the public symbols. */
  readonly symbols: number;
  readonly modules: readonly ModuleSymbols[];
  /** Place of each section in the module, as symbols count them; from 0. */
  readonly sections: readonly { readonly place: number; readonly bytes: number }[];
  /** Pairs of places before and after the linked code was ordered anew; null where it was not. */
  readonly moved: DataView | null;
}

function layoutOf(file: MsfFile, view: DataView, dbi: Uint8Array): Layout | null {
  const parts = [24, 28, 32, 36, 40, 52].map((at) => view.getUint32(at, true));
  const debugAt = parts.reduce((sum, bytes) => sum + bytes, DBI_HEADER_BYTES);
  const debugBytes = view.getUint32(48, true);
  if (debugAt + debugBytes > dbi.length) return null;
  const debugStream = (place: number): number =>
    (place + 1) * 2 <= debugBytes ? view.getUint16(debugAt + place * 2, true) : NO_STREAM;
  const moved = debugStream(OMAP_FROM_SOURCE);
  const original = debugStream(ORIGINAL_SECTIONS);
  const isMoved = moved !== NO_STREAM && original !== NO_STREAM;
  const sections = sectionsOf(
    file.read(isMoved ? original : debugStream(SECTION_HEADERS), MOST_SECTIONS * SECTION_BYTES),
  );
  if (sections.length === 0) return null;
  return {
    age: view.getUint32(8, true),
    x86: view.getUint16(58, true) === MACHINE_X86,
    symbols: view.getUint16(20, true),
    modules: modulesOf(view, dbi, DBI_HEADER_BYTES + (parts[0] as number)),
    sections,
    moved: isMoved ? viewOf(file.read(moved, MOST_DBI_BYTES)) : null,
  };
}

function sectionsOf(headers: Uint8Array): Layout['sections'] {
  const view = viewOf(headers);
  return Array.from({ length: Math.floor(headers.length / SECTION_BYTES) }, (_, at) => ({
    place: view.getUint32(at * SECTION_BYTES + 12, true),
    bytes: Math.max(view.getUint32(at * SECTION_BYTES + 8, true), view.getUint32(at * SECTION_BYTES + 16, true)),
  }));
}

interface Name {
  readonly place: number;
  readonly length: number;
  readonly name: Uint8Array;
}

class Names {
  private readonly layout: Layout;
  private readonly found = new Map<number, Name>();
  private nameBytes = 0;
  private readBytes = 0;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** Whether so many bytes of symbols may still be read. */
  mayRead(bytes: number): boolean {
    this.readBytes += bytes;
    return this.readBytes <= MOST_SYMBOL_BYTES && this.found.size < MOST_NAMES && this.nameBytes < MOST_NAME_BYTES;
  }

  /** Takes the records of a stream: behind each length, which leaves itself out, its kind and its content. */
  add(symbols: Uint8Array, from: number, bytes: number): void {
    const view = viewOf(symbols);
    const end = Math.min(symbols.length, bytes);
    for (let at = from; at + 4 <= end; ) {
      const next = at + 2 + view.getUint16(at, true);
      if (next < at + 4 || next > end) return;
      const kind = view.getUint16(at + 2, true);
      if (kind === S_PUB32 && at + 15 <= next) {
        this.put(view.getUint16(at + 12, true), view.getUint32(at + 8, true), 0, symbols.subarray(at + 14, next));
      } else if (PROCEDURES.has(kind) && at + 40 <= next) {
        const [place, length] = [view.getUint32(at + 32, true), view.getUint32(at + 16, true)];
        this.put(view.getUint16(at + 36, true), place, length, symbols.subarray(at + 39, next));
      }
      at = next;
    }
  }

  taken(): Omit<PdbFunctions, 'builds'> {
    const all = [...this.found.values()].sort((a, b) => a.place - b.place);
    const nameAt = new Uint32Array(all.length + 1);
    const names = new Uint8Array(this.nameBytes);
    let at = 0;
    for (const [number, { name }] of all.entries()) {
      nameAt[number] = at;
      names.set(name, at);
      at += name.length;
    }
    nameAt[all.length] = at;
    return {
      places: Uint32Array.from(all, ({ place }) => place),
      lengths: Uint32Array.from(all, ({ length }) => length),
      nameAt,
      names: names.subarray(0, at),
    };
  }

  /** Procedures come first and know their lengths, so of several names of a place the first is kept. */
  private put(section: number, offset: number, length: number, text: Uint8Array): void {
    const within = this.layout.sections[section - 1];
    if (within === undefined || offset >= within.bytes) return;
    const place = this.movedTo(within.place + offset);
    if (place === null || place > 0xffff_ffff || this.found.has(place) || this.found.size >= MOST_NAMES) return;
    const stop = text.indexOf(0);
    const name = text.slice(0, Math.min(stop < 0 ? text.length : stop, LONGEST_NAME));
    if (name.length === 0 || this.nameBytes + name.length > MOST_NAME_BYTES) return;
    this.nameBytes += name.length;
    this.found.set(place, { place, length, name });
  }

  /** Where a place was moved to when the code was ordered anew; null if it was left out. */
  private movedTo(place: number): number | null {
    const { moved } = this.layout;
    if (moved === null) return place;
    let [low, high] = [0, Math.floor(moved.byteLength / 8)];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (moved.getUint32(middle * 8, true) <= place) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return null;
    const to = moved.getUint32((low - 1) * 8 + 4, true);
    return to === 0 ? null : to + (place - moved.getUint32((low - 1) * 8, true));
  }
}

/** What lies at a place: the name and the bytes from its begin; null where the PDB has nothing before it. */
export function functionAt(
  { places, lengths, nameAt, names }: Omit<PdbFunctions, 'builds'>,
  place: number,
): { readonly name: string; readonly offset: number } | null {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] as number) <= place) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return null;
  const at = low - 1;
  const offset = place - (places[at] as number);
  const length = lengths[at] as number;
  // Behind the end of a function whose length is known lies something that has no name.
  if (length > 0 && offset >= length) return null;
  return { name: plainName(decoder.decode(names.subarray(nameAt[at], nameAt[at + 1]))), offset };
}

/**
 * The name as a person writes it: `Ring::Push` of `?Push@Ring@@QEAAXXZ`, `RxComplete` of `_RxComplete@12`. What is
 * decorated in a way that has no such form stays as it is.
 */
export function plainName(name: string): string {
  const scoped = /^\?([A-Za-z_~]\w*(?:@[A-Za-z_]\w*)*)@@/.exec(name)?.[1];
  if (scoped !== undefined) return scoped.split('@').reverse().join('::');
  return /^[_@]?([A-Za-z_]\w*)@\d{1,4}$/.exec(name)?.[1] ?? name;
}
