/**
 * ELF core files of a whole machine, as QEMU's dump-guest-memory and VirtualBox's dumpvmcore write them: program headers say which
 * physical addresses lie where. Pure.
 */
import { RV } from '../../core/layout.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { ReadAt } from './dump-header.ts';
import { type PageSpan, RunLayout } from './page-layout.ts';

const ELF_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const TYPE_CORE = 4;
const SEGMENT_LOAD = 1;

/** Whether a file that begins so is a 64-bit little-endian ELF core. */
export function isElfCore(head: Uint8Array): boolean {
  return (
    head.length >= 20 &&
    head[0] === 0x7f &&
    String.fromCharCode(...head.subarray(1, 4)) === 'ELF' &&
    head[4] === 2 &&
    head[5] === 1 &&
    (head[16] as number) + (head[17] as number) * 256 === TYPE_CORE
  );
}

/** The pages of an ELF core. Failures: bad-layout. */
export function readElfCore(read: ReadAt): Result<RunLayout> {
  const damaged = fail(
    'bad-layout',
    'The ELF core is damaged: its list of segments is not in the file',
    'Make it again',
  );
  const header = read(0, ELF_HEADER_BYTES);
  if (header.length < ELF_HEADER_BYTES) return damaged;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const at = Number(view.getBigUint64(32, true));
  const size = view.getUint16(54, true);
  const count = view.getUint16(56, true);
  if (size !== PROGRAM_HEADER_BYTES || count === 0) return damaged;
  const list = read(at, count * size);
  if (list.length < count * size) return damaged;
  const entries = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const runs: PageSpan[] = [];
  for (let entry = 0; entry < list.length; entry += size) {
    if (entries.getUint32(entry, true) !== SEGMENT_LOAD) continue;
    const offset = Number(entries.getBigUint64(entry + 8, true));
    const address = Number(entries.getBigUint64(entry + 24, true));
    const bytes = Number(entries.getBigUint64(entry + 32, true));
    if (!(offset + bytes <= Number.MAX_SAFE_INTEGER && address + bytes <= 2 ** 52) || address % RV.PAGE !== 0) continue;
    runs.push({ frame: address / RV.PAGE, pages: Math.floor(bytes / RV.PAGE), offset });
  }
  return runs.length > 0 ? ok(new RunLayout(runs)) : damaged;
}
