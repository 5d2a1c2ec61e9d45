/**
 * One file of a session, to send: a tar archive (POSIX ustar) of its folder. Every system unpacks it without RingView; it is
 * written and read from the front to the end with no list to keep; and since its members lie in it as they are, in one piece
 * each, a session is opened in it where they lie, without unpacking. Nothing is compressed for that reason.
 */

const BLOCK = 512;
/** What eleven octal digits hold: 8 GiB. A session's files are far shorter. */
const MOST_BYTES = 0o77777777777;

export interface TarMember {
  /** Its path in the archive, with slashes. */
  readonly path: string;
  readonly size: number;
  /** Where its bytes begin, from the begin of the archive. */
  readonly at: number;
}

/** The block before a file's bytes. Paths are ASCII and at most 99 characters; a session's are. Times in seconds. */
export function tarHeader(path: string, size: number, unixSeconds: number): Uint8Array {
  if (!/^[\x21-\x7e]{1,99}$/.test(path) || size > MOST_BYTES) throw new Error(`${path} does not fit a tar archive`);
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(0, path);
  put(100, '0000600\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${octal(size, 11)}\0`);
  put(136, `${octal(Math.max(0, Math.floor(unixSeconds)), 11)}\0`);
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\x0000');
  put(148, `${octal(sumOf(block), 6)}\0 `);
  return block;
}

/** Zeros after a file's bytes. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}

/** What ends an archive. */
export const TAR_END = new Uint8Array(2 * BLOCK);

/**
 * The members of an archive of `size` bytes, or in a few words why it is none. `read` gives bytes from a place on. Of an
 * archive that was cut the members before the cut are given, the last one perhaps shorter than its header says.
 */
export function tarMembers(
  read: (at: number, bytes: number) => Uint8Array,
  size: number,
  most: number,
): { readonly members: readonly TarMember[]; readonly cut: boolean } | string {
  const members: TarMember[] = [];
  let at = 0;
  while (at + BLOCK <= size) {
    const block = read(at, BLOCK);
    if (block.every((byte) => byte === 0)) return { members, cut: false };
    const header = parsedHeader(block);
    if (header === null) return `there is no header of a tar archive at ${at}`;
    if (members.length >= most) return `it has more than ${most} members`;
    const start = at + BLOCK;
    const held = Math.min(header.size, size - start);
    if (header.plain) members.push({ path: header.path, size: held, at: start });
    at = start + Math.ceil(header.size / BLOCK) * BLOCK;
  }
  return members.length === 0 ? 'it is too short' : { members, cut: true };
}

function parsedHeader(block: Uint8Array): { path: string; size: number; plain: boolean } | null {
  const text = (from: number, to: number): string => {
    const part = block.subarray(from, to);
    const end = part.indexOf(0);
    return String.fromCharCode(...(end < 0 ? part : part.subarray(0, end)));
  };
  const octal = (from: number, to: number): number => {
    const digits = text(from, to).trim();
    return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : -1;
  };
  if (text(257, 262) !== 'ustar' || octal(148, 156) !== sumOf(block)) return null;
  const size = octal(124, 136);
  if (size < 0) return null;
  const prefix = text(345, 500);
  const name = text(0, 100);
  // A plain file; links, folders and devices are passed over.
  const plain = block[156] === 0x30 || block[156] === 0;
  return { path: prefix === '' ? name : `${prefix}/${name}`, size: plain ? size : 0, plain };
}

/** The sum of a header's bytes, its own field taken as blanks. */
function sumOf(block: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : (block[at] as number);
  return sum;
}
