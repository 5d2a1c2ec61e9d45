/** Reads the lines of a session's file a block at a time, so that whoever reads a long one can rest between two blocks. */
import { readFully } from './batch-reader.ts';
import type { SessionMembers } from './members.ts';

const BLOCK_BYTES = 1024 * 1024;
/** Of a line; one that describes a batch of as many CPUs as there may be is shorter. */
const MOST_LINE_CHARACTERS = 4 * 1024 * 1024;

/**
 * The lines of a file, without their ends; null before each block is read, where the reader may rest. What follows the
 * last line break is left out: it was being written when the program or the machine stopped. Throws the system's error, or
 * one that says that the file or a line of it is too long.
 */
export function* memberLines(members: SessionMembers, name: string, mostBytes: number): Generator<string | null, void> {
  const member = members.open(name);
  try {
    const { size, base, descriptor } = member;
    if (size > mostBytes) throw new Error(`${name} has ${size} bytes, more than the ${mostBytes} it may have`);
    const decoder = new TextDecoder();
    let rest = '';
    for (let at = 0; at < size; at += BLOCK_BYTES) {
      yield null;
      const bytes = new Uint8Array(Math.min(BLOCK_BYTES, size - at));
      readFully(descriptor, bytes, base + at);
      const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split('\n');
      rest = lines.pop() as string;
      if (rest.length > MOST_LINE_CHARACTERS) throw new Error(`a line of ${name} is too long`);
      yield* lines;
    }
  } finally {
    members.close(member);
  }
}
