/**
 * Resources of a PE file (.exe, .dll, .sys): the tree of types, names and languages, and where their bytes lie. Layout: PE
 * format of the Microsoft documentation. Only headers and the resources that are asked for are read; every offset is
 * checked, and the tree has three levels whatever it says.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '../../core/result.ts';
import { openFailure } from '../file/byte-feed.ts';

export const RT_MESSAGETABLE = 11;
const MOST_SECTIONS = 96;
const MOST_ENTRIES = 4096;
/** A section with resources, and one resource. */
const MOST_SECTION_BYTES = 256 * 1024 * 1024;
const RESOURCE_DIRECTORY = 2;

export interface Resource {
  /** A number, or a name in upper case. */
  readonly type: number | string;
  readonly language: number;
  readonly bytes: Uint8Array;
}

export function isPeFile(head: Uint8Array): boolean {
  return head[0] === 0x4d && head[1] === 0x5a;
}

/** The resources of these types. Failures: those of opening the file; bad-magic: it is no PE file, or damaged. */
export function readResources(path: string, types: readonly (number | string)[]): Result<Resource[]> {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const size = fstatSync(fd).size;
    const from = (at: number, bytes: number): Uint8Array => {
      const buffer = new Uint8Array(Math.max(0, Math.min(bytes, size - at)));
      return buffer.subarray(0, readSync(fd as number, buffer, 0, buffer.length, at));
    };
    const place = resourceSection(from);
    if (place === null) return fail('bad-magic', `${path} is no PE file, or its headers are damaged`, 'Check the file');
    if (place.bytes === 0) return ok([]);
    if (place.bytes > MOST_SECTION_BYTES) {
      return fail('bad-magic', `${path} has more resources than a PE file has`, 'Check the file');
    }
    return ok(resourcesIn(from(place.at, place.bytes), place.address, types));
  } catch (error) {
    return openFailure(path, error);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

interface Place {
  /** In the file; and of the section in memory. */
  readonly at: number;
  readonly address: number;
  readonly bytes: number;
}

/** Where the resources lie; `bytes` is 0 if there are none. Null for no PE file. */
function resourceSection(from: (at: number, bytes: number) => Uint8Array): Place | null {
  const dos = from(0, 64);
  if (dos.length < 64 || !isPeFile(dos)) return null;
  const at = viewOf(dos).getUint32(60, true);
  const head = from(at, 24 + 240);
  if (head.length < 24 + 96) return null;
  const view = viewOf(head);
  if (view.getUint32(0, true) !== 0x4550) return null;
  const sections = Math.min(MOST_SECTIONS, view.getUint16(6, true));
  const optional = view.getUint16(20, true);
  const magic = view.getUint16(24, true);
  // The number of directories, and the first of them, behind fields of the pointers' width.
  const directories = magic === 0x20b ? 24 + 108 : magic === 0x10b ? 24 + 92 : -1;
  if (directories < 0) return null;
  const entry = directories + 4 + RESOURCE_DIRECTORY * 8;
  const none: Place = { at: 0, address: 0, bytes: 0 };
  if (entry + 8 > head.length || view.getUint32(directories, true) <= RESOURCE_DIRECTORY) return none;
  const address = view.getUint32(entry, true);
  if (address === 0) return none;
  const table = from(at + 24 + optional, sections * 40);
  for (let section = 0; section + 1 <= table.length / 40; section++) {
    const own = viewOf(table.subarray(section * 40));
    const start = own.getUint32(12, true);
    const bytes = own.getUint32(16, true);
    if (address < start || address >= start + Math.max(bytes, own.getUint32(8, true))) continue;
    const skipped = address - start;
    return { at: own.getUint32(20, true) + skipped, address, bytes: Math.max(0, bytes - skipped) };
  }
  return null;
}

function resourcesIn(section: Uint8Array, address: number, types: readonly (number | string)[]): Resource[] {
  const found: Resource[] = [];
  for (const type of entriesOf(section, 0)) {
    if (!type.isFolder || !types.includes(type.id)) continue;
    for (const name of entriesOf(section, type.at)) {
      if (!name.isFolder) continue;
      for (const language of entriesOf(section, name.at)) {
        if (language.isFolder || language.at + 16 > section.length || found.length >= MOST_ENTRIES) continue;
        const view = viewOf(section.subarray(language.at));
        const at = view.getUint32(0, true) - address;
        const bytes = view.getUint32(4, true);
        if (at < 0 || at + bytes > section.length) continue;
        const id = typeof language.id === 'number' ? language.id : 0;
        found.push({ type: type.id, language: id, bytes: section.slice(at, at + bytes) });
      }
    }
  }
  return found;
}

interface Entry {
  readonly id: number | string;
  readonly isFolder: boolean;
  readonly at: number;
}

function entriesOf(section: Uint8Array, at: number): Entry[] {
  if (at + 16 > section.length) return [];
  const view = viewOf(section);
  const count = Math.min(MOST_ENTRIES, view.getUint16(at + 12, true) + view.getUint16(at + 14, true));
  const entries: Entry[] = [];
  for (let entry = 0; entry < count; entry++) {
    const place = at + 16 + entry * 8;
    if (place + 8 > section.length) break;
    const name = view.getUint32(place, true);
    const target = view.getUint32(place + 4, true);
    const id = (name & 0x80000000) === 0 ? name : nameAt(section, name & 0x7fffffff);
    entries.push({ id, isFolder: (target & 0x80000000) !== 0, at: target & 0x7fffffff });
  }
  return entries;
}

function nameAt(section: Uint8Array, at: number): string {
  if (at + 2 > section.length) return '';
  const view = viewOf(section);
  const length = Math.min(view.getUint16(at, true), 256, Math.floor((section.length - at - 2) / 2));
  let name = '';
  for (let place = 0; place < length; place++) name += String.fromCharCode(view.getUint16(at + 2 + place * 2, true));
  return name.toUpperCase();
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
