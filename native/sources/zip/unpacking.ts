/** Unpacks a file of a zip file as a stream, and holds it to what the directory says of it. */
import { createReadStream } from 'node:fs';
import { pipeline, Readable, Transform } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import type { ZipEntry } from './zip-directory.ts';

export interface Unpacking {
  /** What comes out. It ends with an error where that is more, less or other than the directory says. */
  readonly stream: Readable;
  /** Packed bytes that were read so far. */
  readonly done: number;
}

/** `at`: where the packed bytes begin in the file of that path. */
export function unpackEntry(path: string, entry: ZipEntry, at: number): Unpacking {
  const packed =
    entry.packedBytes === 0 ? null : createReadStream(path, { start: at, end: at + entry.packedBytes - 1 });
  let bytes = 0;
  let sum = 0;
  const checked = new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      sum = crc32(piece, sum);
      if (bytes > entry.bytes) done(new Error('it unpacks to more than the zip file says'));
      else done(null, piece);
    },
    flush(done) {
      const whole = bytes === entry.bytes && sum === entry.crc32;
      done(whole ? null : new Error('it is damaged: it unpacks to something else than the zip file says'));
    },
  });
  const unpacked = entry.packed === 'deflated' ? [createInflateRaw()] : [];
  // If one of the streams fails, the last fails as well, and whoever reads it is told.
  pipeline([packed ?? Readable.from([]), ...unpacked, checked], () => {});
  return {
    stream: checked,
    get done() {
      return packed?.bytesRead ?? 0;
    },
  };
}
