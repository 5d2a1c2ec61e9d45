/** Zip files for tests, made by hand, so that each part of them can be wrong. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFile {
  readonly name: string | Uint8Array;
  readonly data: string | Uint8Array;
  /** 8 deflated, 0 stored; any other claims to be packed so. */
  readonly method?: number;
  readonly flags?: number;
  /** What the directory says where it differs from what is so. */
  readonly says?: Readonly<{ bytes?: number; packedBytes?: number; crc32?: number; headerAt?: number }>;
  /** 28 November 2026, 14:03:22, by default. */
  readonly modified?: readonly [date: number, time: number];
  readonly extra?: Uint8Array;
}

export interface ZipForm {
  /** Sizes and places in the fields of zip64. */
  readonly wide?: boolean;
  readonly comment?: string;
  /** Files that the directory says it names. */
  readonly count?: number;
}

const NONE = 0xffffffff;
const MODIFIED = [((2026 - 1980) << 9) | (11 << 5) | 28, (14 << 11) | (3 << 5) | 11] as const;

/** A zip file of these files. */
export function zipOf(files: readonly ZipFile[], { wide = false, comment = '', count }: ZipForm = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, method = 8, flags = 0x0800, says = {}, modified = MODIFIED, extra } of files) {
    const plain = Buffer.from(data as Uint8Array);
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const called = Buffer.from(name as Uint8Array);
    const facts = { bytes: plain.length, packedBytes: packed.length, crc32: crc32(plain), headerAt: at, ...says };
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(called.length, 26);
    parts.push(local, called, packed);
    at += local.length + called.length + packed.length;
    const fields = Buffer.concat([
      wide ? wideField(facts.bytes, facts.packedBytes, facts.headerAt) : Buffer.alloc(0),
      extra ?? Buffer.alloc(0),
    ]);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt16LE(modified[1], 12);
    entry.writeUInt16LE(modified[0], 14);
    entry.writeUInt32LE(facts.crc32, 16);
    entry.writeUInt32LE(wide ? NONE : facts.packedBytes, 20);
    entry.writeUInt32LE(wide ? NONE : facts.bytes, 24);
    entry.writeUInt16LE(called.length, 28);
    entry.writeUInt16LE(fields.length, 30);
    entry.writeUInt32LE(wide ? NONE : facts.headerAt, 42);
    directory.push(entry, called, fields);
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count ?? files.length, 8);
  end.writeUInt16LE(wide ? 0xffff : (count ?? files.length), 10);
  end.writeUInt32LE(wide ? NONE : listed.length, 12);
  end.writeUInt32LE(wide ? NONE : at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  const wideEnd = wide ? [wideEndOf(at, listed.length, count ?? files.length)] : [];
  return Buffer.concat([...parts, listed, ...wideEnd, end, Buffer.from(comment)]);
}

/** The field of a file whose sizes and place stand in 64 bits. */
function wideField(...values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [n, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * n);
  return field;
}

/** The end of a directory in 64 bits, and the pointer to it. */
function wideEndOf(directoryAt: number, bytes: number, count: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(bytes), 40);
  end.writeBigUInt64LE(BigInt(directoryAt), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(directoryAt + bytes), 64);
  end.writeUInt32LE(1, 72);
  return end;
}
