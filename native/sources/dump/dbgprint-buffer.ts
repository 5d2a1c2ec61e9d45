/**
 * The buffer in which the kernel itself keeps the last lines of DbgPrint, for debuggers (`!dbgprint`). A structure of the kernel
 * (KDDEBUGGER_DATA64, which wdbgexts.h declares) says where it is. Its lines have no times. Pure.
 */

/** Reads bytes of virtual memory; null where not all of them are in the dump. */
export type ReadVirtual = (address: bigint, bytes: number) => Uint8Array | null;

const TAG_AT = 0x10;
const TAG = 'KDBG';
const BUFFER_AT = 480;
const DATA_BYTES = 512;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The lines of the buffer, oldest first; null where it is not in the dump. The first one may have lost its begin. `address`: of the
 * structure, as the header of the dump has it.
 */
export function readDbgPrintBuffer(address: bigint, read: ReadVirtual): Uint8Array[] | null {
  const data = address === 0n ? null : read(address, DATA_BYTES);
  if (data === null || String.fromCharCode(...data.subarray(TAG_AT, TAG_AT + 4)) !== TAG) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [begin, end, writeAt, rolledAt] = [0, 8, 16, 24].map((at) => view.getBigUint64(BUFFER_AT + at, true)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const size = Number(end - begin);
  if (!(size > 0 && size <= MOST_BYTES)) return null;
  const pointer = read(writeAt, 8);
  const buffer = read(begin, size);
  if (pointer === null || buffer === null) return null;
  const written = Number(new DataView(pointer.buffer, pointer.byteOffset, 8).getBigUint64(0, true) - begin);
  if (!(written >= 0 && written <= size)) return null;
  const rolled = read(rolledAt, 4)?.some((byte) => byte !== 0) ?? false;
  const text = new Uint8Array(rolled ? size : written);
  if (rolled) text.set(buffer.subarray(written));
  text.set(buffer.subarray(0, written), text.length - written);
  return linesOf(text);
}

function linesOf(text: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const ends = at === text.length || text[at] === 0x0a || text[at] === 0 || text[at] === 0x0d;
    if (!ends) continue;
    if (at > start) lines.push(text.slice(start, at));
    start = at + 1;
  }
  return lines;
}
