/** Forms of a machine's memory that this program knows and does not read: each is refused with the command that makes one that it reads. Pure. */
import { type Failure, fail } from '../../../core/result.ts';

const DUMP_AGAIN =
  'Write the memory of the machine with `virsh dump --memory-only DOMAIN FILE`, or `dump-guest-memory FILE` in the monitor of QEMU';

interface Foreign {
  readonly begins: string;
  readonly what: string;
  readonly action: string;
}

const FOREIGN: readonly Foreign[] = [
  { begins: 'QFI\xfb', what: 'a qcow2 disk image, whose internal snapshots are not read', action: DUMP_AGAIN },
  {
    begins: 'KDUMP   ',
    what: 'a dump with compressed pages (kdump)',
    action:
      'Write it again with dump-guest-memory without -z, -l or -s, or `virsh dump --memory-only --format elf DOMAIN FILE`',
  },
  {
    begins: 'makedumpfile\0',
    what: 'a dump with compressed pages (kdump, flattened)',
    action:
      'Write it again with dump-guest-memory without -z, -l or -s, or `virsh dump --memory-only --format elf DOMAIN FILE`',
  },
  {
    begins: 'LibvirtQemudPart',
    what: 'a save of libvirt that was never finished',
    action: 'Save the machine again: `virsh save`',
  },
];

const found = (head: Uint8Array): Foreign | undefined =>
  FOREIGN.find(({ begins }) => [...begins].every((letter, at) => head[at] === letter.charCodeAt(0)));

/** Whether a file that begins so is memory in a form that is not read. */
export function isForeignMemory(head: Uint8Array): boolean {
  return found(head) !== undefined;
}

/** Why a file that begins so is not read; null where nothing is known against it. */
export function refuseForeign(head: Uint8Array, path: string): Failure | null {
  const foreign = found(head);
  if (foreign === undefined) return null;
  const refused = fail('source-unsupported', `${path} is ${foreign.what}`, foreign.action);
  return refused.ok ? null : refused.failure;
}
