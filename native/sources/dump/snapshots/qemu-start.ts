/** How files begin that QEMU or libvirt saved a machine to, and where in them the stream of QEMU begins. Pure. */
import { fail, ok, type Result } from '../../../core/result.ts';
import type { ReadAt } from '../dump-header.ts';

const MAGIC = 'QEVM';
const VERSION = 3;
/** `virsh save` puts a header and the machine's description before the stream. */
const LIBVIRT_MAGIC = 'LibvirtQemudSave';
const LIBVIRT_HEADER_BYTES = 92;
const LIBVIRT_FORMATS: readonly string[] = ['', 'gzip', 'bzip2', 'xz', 'lzop', 'zstd', ''];

export const SAVE_AGAIN =
  'Save the machine again, or write its memory with `virsh dump --memory-only` or `dump-guest-memory`';

/** Whether a file that begins so is a saved machine of QEMU, or of libvirt. */
export function isQemuStream(head: Uint8Array): boolean {
  return begins(head, MAGIC) || begins(head, LIBVIRT_MAGIC);
}

/** Where the stream begins in the file, bytes. Failures: source-unsupported (an old version, compressed), bad-layout. */
export function qemuStreamStart(read: ReadAt): Result<number> {
  const head = read(0, LIBVIRT_HEADER_BYTES);
  let start = 0;
  if (begins(head, LIBVIRT_MAGIC)) {
    if (head.length < LIBVIRT_HEADER_BYTES) return damaged('its header of libvirt is not whole');
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const format = view.getUint32(28, true);
    if (LIBVIRT_FORMATS[format] !== '') {
      const how = LIBVIRT_FORMATS[format] ?? `form ${format}`;
      return fail(
        'source-unsupported',
        `libvirt saved the machine compressed (${how})`,
        'Set save_image_format = "raw" in qemu.conf and save again, or use `virsh dump --memory-only`',
      );
    }
    start = LIBVIRT_HEADER_BYTES + view.getUint32(20, true);
  }
  const stream = read(start, 8);
  if (!begins(stream, MAGIC) || stream.length < 8)
    return damaged(`the stream of QEMU does not begin at offset ${start}`);
  const version = new DataView(stream.buffer, stream.byteOffset, 8).getUint32(4);
  if (version === VERSION) return ok(start);
  return fail(
    'source-unsupported',
    `The saved machine is of version ${version} of QEMU's stream`,
    `Save it with a newer QEMU: version ${VERSION} is read`,
  );
}

function begins(bytes: Uint8Array, letters: string): boolean {
  return [...letters].every((letter, at) => bytes[at] === letter.charCodeAt(0));
}

function damaged(what: string): Result<never> {
  return fail('bad-layout', `The saved machine is damaged: ${what}`, SAVE_AGAIN);
}
