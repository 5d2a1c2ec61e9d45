/**
 * What the compiler makes of driver/ring/local.h on x64, which a trace cannot see: each read-modify-write is one
 * instruction, so that no interrupt comes within it, and the only one with a lock is the taking of the global index.
 */
import { join } from 'node:path';
import { must } from '../lib/process.mjs';

const LOCKED = /^\s*lock\b/;
/** The index, and gcc's full fence. */
const ALLOWED = /^\s*lock;?\s+(xaddq\s|orq\s+\$0,\s*-?\d*\(%rsp\))/;

/** What has to be there at least, by what it is. @type {readonly (readonly [string, RegExp, number])[]} */
const EXPECTED = [
  ['`reserved` twice, `accepted` and `tail` exchanged by one instruction', /^\s*cmpxchgq\s/, 4],
  ['counters of five kinds added to by one instruction', /^\s*addq\s+\$1,\s*\d*\(%r/, 5],
  ['the index taken with a lock by both ways to write', /^\s*lock;?\s+xaddq\s/, 2],
];

/**
 * What is wrong with the writer's instructions; empty on a machine that is not x64.
 * @param {string} ring driver/ring, or a changed copy of it
 * @returns {Promise<string[]>}
 */
export async function badInstructions(ring) {
  if (process.arch !== 'x64') return [];
  /** @type {string[]} */
  const bad = [];
  for (const compiler of ['gcc', 'clang']) {
    const flags = ['-std=c11', '-O2', '-w', '-D_GNU_SOURCE', '-S', '-o', '-', join(ring, 'ring.c')];
    const lines = (await must(compiler, flags)).out.split('\n');
    for (const line of lines) {
      if (LOCKED.test(line) && !ALLOWED.test(line))
        bad.push(`${compiler}: a lock where only interrupts compete:${line}`);
    }
    for (const [what, pattern, least] of EXPECTED) {
      if (lines.filter((line) => pattern.test(line)).length < least) bad.push(`${compiler}: not ${what}`);
    }
  }
  return bad;
}
