/** Owns how the set-up speaks: plain lines on stderr, so that stdout stays the product's own. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// A reader that leaves (`npm test | head`) or a closed terminal is no reason to end in the middle of what is being done.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** One line about what is being done or what is wrong. */
export function say(/** @type {string} */ line) {
  process.stderr.write(`ringview: ${line}\n`);
}

/** @typedef {{ ok: true } | { ok: false, message: string, code?: number }} Outcome `message`: what failed, why, what to do next; `code`: with which the program ends, 1 unless said. */

/** @type {{ ok: true }} */
export const done = { ok: true };

/** @returns {{ ok: false, message: string }} */
export function failed(/** @type {string} */ message) {
  return { ok: false, message };
}

/** What was asked for cannot be meant. @returns {{ ok: false, message: string, code: number }} */
export function misused(/** @type {string} */ message) {
  return { ok: false, message: `${message}; --help says what there is`, code: 2 };
}

/** What a script says of itself at the head of its file: what it does, and its options. */
export function headOf(/** @type {string} */ url) {
  const [, head = ''] = /^\/\*\*\n(.*?)\n \*\//s.exec(readFileSync(fileURLToPath(url), 'utf8')) ?? [];
  return `${head.replace(/^ \* ?/gm, '')}\n`;
}

/**
 * Runs a script's body; a failure becomes its message and its exit code, a number is the exit code. What `parseArgs` does
 * not take is such a failure too, told in one sentence. With `--help` the script, at `url`, says what it is instead.
 */
export async function runScript(/** @type {string} */ url, /** @type {() => Promise<Outcome | number>} */ body) {
  if (process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(headOf(url));
    return;
  }
  const outcome = await body().catch((error) => {
    // Behind its first sentence it explains how options are written.
    if (String(error?.code).startsWith('ERR_PARSE_ARGS')) return misused(error.message.split(/\.\s/)[0]);
    throw error;
  });
  if (typeof outcome === 'number') {
    process.exitCode = outcome;
  } else if (!outcome.ok) {
    say(outcome.message);
    process.exitCode = outcome.code ?? 1;
  }
}
