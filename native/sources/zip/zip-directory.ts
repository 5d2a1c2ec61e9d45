/**
 * The directory of a zip file, after APPNOTE.TXT 6.3.10 of PKWARE: which files it holds, and where the bytes of each lie. Nothing
 * is unpacked, and no name in it is used as a path of this machine. Whatever the bytes are, it ends in bounded work with files
 * or one sentence.
 */
import { fail, ok, type Result } from '../../core/result.ts';

/** A file within a zip file. */
export interface ZipEntry {
  /** As the zip file calls it, with `/` between folders. */
  readonly name: string;
  readonly packed: 'stored' | 'deflated';
  /** Where its own header begins in the zip file. */
  readonly headerAt: number;
  readonly packedBytes: number;
  /** Bytes that it says to unpack to. */
  readonly bytes: number;
  readonly crc32: number;
  /** When it was written, milliseconds since 1970 UTC; a time without a zone is taken for one of this machine. */
  readonly modifiedMs: number;
}

/** Reads up to `length` bytes from `offset` on; fewer at the end of the file. May throw what the system says. */
export type ReadAt = (offset: number, length: number) => Buffer;

const END = { MAGIC: 0x06054b50, BYTES: 22, MOST_COMMENT: 0xffff } as const;
const WIDE_LOCATOR = { MAGIC: 0x07064b50, BYTES: 20 } as const;
const WIDE_END = { MAGIC: 0x06064b50, BYTES: 56 } as const;
const FILE = { MAGIC: 0x02014b50, BYTES: 46 } as const;
const LOCAL = { MAGIC: 0x04034b50, BYTES: 30 } as const;

const ENCRYPTED = 0x0001 | 0x0040;
const UTF8 = 0x0800;
const STORED = 0;
const DEFLATED = 8;
const WIDE_EXTRA = 0x0001;
const TIME_EXTRA = 0x5455;
const NONE_16 = 0xffff;
const NONE_32 = 0xffffffff;
/** Logs that people send are some files; a directory of more than this is no such thing. */
const MOST_DIRECTORY_BYTES = 16 * 1024 * 1024;
/** Deflate makes at most 1,032 bytes of one. */
const MOST_RATIO = 1032;

const PLAIN_UTF8 = new TextDecoder('utf-8', { fatal: true });

const refused = (path: string, what: string, action: string): Result<never> =>
  fail('bad-argument', `${path} ${what}`, action);
const cut = (path: string, what: string): Result<never> =>
  refused(path, `is a damaged zip file: ${what}`, 'Get it again: it may have been cut off on its way');

/** Whether a file that begins with `head` is a zip file, an empty one too. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

/**
 * The files in a zip file of `size` bytes, folders left out, in the order of its directory. Failure: bad-argument, for one that
 * is cut off, damaged, encrypted, in several parts, packed by another method than deflate, or hostile.
 */
export function readZipDirectory(path: string, size: number, read: ReadAt): Result<readonly ZipEntry[]> {
  const place = findDirectory(path, size, read);
  if (!place.ok) return place;
  const { at, bytes, count } = place.value;
  if (at + bytes > size) return cut(path, 'its directory lies beyond its end');
  if (bytes > MOST_DIRECTORY_BYTES || count * FILE.BYTES > bytes)
    return cut(path, `its directory names ${count.toLocaleString('en')} files in ${bytes.toLocaleString('en')} bytes`);
  const directory = read(at, bytes);
  if (directory.length < bytes) return cut(path, 'its directory is cut off');
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let next = 0;
  let packedBytes = 0;
  for (let n = 0; n < count; n++) {
    const found = readEntry(path, directory, next);
    if (!found.ok) return found;
    const { entry, end } = found.value;
    next = end;
    if (entry === null) continue;
    if (names.has(entry.name)) return cut(path, `it names ${entry.name} twice`);
    names.add(entry.name);
    packedBytes += entry.packedBytes;
    if (entry.headerAt + LOCAL.BYTES + entry.packedBytes > at) return cut(path, `${entry.name} lies beyond its end`);
    // Files that share their bytes unpack to far more than any file can hold.
    if (packedBytes > at) return cut(path, 'its files lie over each other');
    if (entry.bytes > entry.packedBytes * MOST_RATIO)
      return cut(path, `${entry.name} cannot unpack to ${entry.bytes.toLocaleString('en')} bytes`);
    entries.push(entry);
  }
  return ok(entries);
}

/** Where the packed bytes of a file begin. Failure: bad-argument, where its own header is damaged. */
export function packedAt(path: string, entry: ZipEntry, size: number, read: ReadAt): Result<number> {
  const header = read(entry.headerAt, LOCAL.BYTES);
  if (header.length < LOCAL.BYTES || header.readUInt32LE(0) !== LOCAL.MAGIC)
    return cut(path, `${entry.name} has no header`);
  const at = entry.headerAt + LOCAL.BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  return at + entry.packedBytes > size ? cut(path, `${entry.name} lies beyond its end`) : ok(at);
}

interface Directory {
  readonly at: number;
  readonly bytes: number;
  readonly count: number;
}

function findDirectory(path: string, size: number, read: ReadAt): Result<Directory> {
  const length = Math.min(size, END.BYTES + END.MOST_COMMENT);
  const tail = read(size - length, length);
  let end = -1;
  for (let at = tail.length - END.BYTES; at >= 0 && end < 0; at--) {
    const fits = tail.readUInt32LE(at) === END.MAGIC && at + END.BYTES + tail.readUInt16LE(at + 20) <= tail.length;
    if (fits) end = at;
  }
  if (end < 0) return cut(path, 'it has no directory at its end');
  const place = {
    count: tail.readUInt16LE(end + 10),
    bytes: tail.readUInt32LE(end + 12),
    at: tail.readUInt32LE(end + 16),
  };
  const disks = [tail.readUInt16LE(end + 4), tail.readUInt16LE(end + 6)];
  const isWide = place.count === NONE_16 || place.bytes === NONE_32 || place.at === NONE_32;
  const endAt = size - length + end;
  const wide = isWide ? wideDirectory(path, endAt - WIDE_LOCATOR.BYTES, read) : ok(null);
  if (!wide.ok) return wide;
  if (wide.value !== null) return ok(wide.value);
  return disks.some((disk) => disk !== 0)
    ? refused(path, 'is one part of a zip file in several', 'Join the parts, and open what comes out')
    : ok(place);
}

/** The directory of a zip file that is larger than the first form of the format allows; null if it is not. */
function wideDirectory(path: string, locatorAt: number, read: ReadAt): Result<Directory | null> {
  const locator = locatorAt < 0 ? Buffer.alloc(0) : read(locatorAt, WIDE_LOCATOR.BYTES);
  if (locator.length < WIDE_LOCATOR.BYTES || locator.readUInt32LE(0) !== WIDE_LOCATOR.MAGIC) return ok(null);
  const at = wholeNumber(locator, 8);
  const end = at + WIDE_END.BYTES > locatorAt ? Buffer.alloc(0) : read(at, WIDE_END.BYTES);
  if (end.length < WIDE_END.BYTES || end.readUInt32LE(0) !== WIDE_END.MAGIC)
    return cut(path, 'its zip64 directory is not where it says');
  return ok({ count: wholeNumber(end, 32), bytes: wholeNumber(end, 40), at: wholeNumber(end, 48) });
}

/** One of the directory at `at`, null for a folder, and where the next begins. */
function readEntry(path: string, directory: Buffer, at: number): Result<{ entry: ZipEntry | null; end: number }> {
  if (at + FILE.BYTES > directory.length || directory.readUInt32LE(at) !== FILE.MAGIC)
    return cut(path, 'its directory is broken');
  const nameEnd = at + FILE.BYTES + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const end = extraEnd + directory.readUInt16LE(at + 32);
  if (end > directory.length) return cut(path, 'its directory is broken');
  const flags = directory.readUInt16LE(at + 8);
  const name = nameOf(directory.subarray(at + FILE.BYTES, nameEnd), (flags & UTF8) !== 0);
  if (name.endsWith('/')) return ok({ entry: null, end });
  if (leadsOut(name)) {
    const shown = JSON.stringify(name);
    return refused(path, `names a file outside of itself: ${shown}`, 'It is not opened: a log file needs no such name');
  }
  if ((flags & ENCRYPTED) !== 0) return refused(path, `is encrypted: ${name}`, 'Unpack it with its password first');
  const method = directory.readUInt16LE(at + 10);
  if (method !== STORED && method !== DEFLATED)
    return refused(
      path,
      `has ${name} packed by method ${method}, which is not read`,
      'Unpack it, or pack it by deflate',
    );
  const extra = directory.subarray(nameEnd, extraEnd);
  const sizes = sizesOf(directory, at, extra);
  if (sizes === null) return cut(path, `the sizes of ${name} are missing`);
  const entry: ZipEntry = {
    ...{ name, packed: method === STORED ? 'stored' : 'deflated', ...sizes },
    crc32: directory.readUInt32LE(at + 16),
    modifiedMs: modifiedOf(directory, at, extra),
  };
  if (method === STORED && entry.bytes !== entry.packedBytes)
    return cut(path, `${name} is stored, but of another size than it says`);
  return ok({ entry, end });
}

/** Sizes and place; those that do not fit into 32 bits stand in a field of their own, in this order. */
function sizesOf(
  directory: Buffer,
  at: number,
  extra: Buffer,
): Pick<ZipEntry, 'bytes' | 'packedBytes' | 'headerAt'> | null {
  const wide = extraOf(extra, WIDE_EXTRA);
  let next = 0;
  const value = (place: number): number => {
    const narrow = directory.readUInt32LE(at + place);
    if (narrow !== NONE_32 || wide === null) return narrow;
    next += 8;
    return next <= wide.length ? wholeNumber(wide, next - 8) : Number.NaN;
  };
  const sizes = { bytes: value(24), packedBytes: value(20), headerAt: value(42) };
  return Object.values(sizes).some(Number.isNaN) ? null : sizes;
}

function modifiedOf(directory: Buffer, at: number, extra: Buffer): number {
  const stated = extraOf(extra, TIME_EXTRA);
  if (stated !== null && stated.length >= 5 && ((stated[0] as number) & 1) !== 0) return stated.readInt32LE(1) * 1000;
  const time = directory.readUInt16LE(at + 12);
  const date = directory.readUInt16LE(at + 14);
  const [year, month, day] = [1980 + (date >>> 9), (date >>> 5) & 15, date & 31];
  return new Date(
    year,
    Math.max(0, month - 1),
    Math.max(1, day),
    time >>> 11,
    (time >>> 5) & 63,
    (time & 31) * 2,
  ).getTime();
}

/** The value of a field among those behind the name; null where there is none. */
function extraOf(extra: Buffer, id: number): Buffer | null {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === id && end <= extra.length) return extra.subarray(at + 4, end);
    at = end;
  }
  return null;
}

/**
 * Names that do not say that they are UTF-8 are so all the same more often than not; else one character is a byte. What would
 * drive a terminal is left out.
 */
function nameOf(bytes: Buffer, isUtf8: boolean): string {
  let name: string;
  try {
    name = PLAIN_UTF8.decode(bytes);
  } catch {
    name = bytes.toString(isUtf8 ? 'utf8' : 'latin1');
  }
  return name.replaceAll('\\', '/').replaceAll(/\p{Cc}/gu, '\ufffd');
}

/** Whether a name would lie elsewhere than in the folder it is unpacked to, or is none. */
function leadsOut(name: string): boolean {
  if (name === '' || name.startsWith('/') || /^[a-z]:/i.test(name)) return true;
  return name.split('/').some((part) => part === '..' || part === '.' || part === '');
}

/** A number of 64 bits; beyond 2^53 larger than any file. */
const wholeNumber = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));
