/** Owns how the set-up speaks: plain lines on stderr, so that stdout stays the product's own. */

// A reader that leaves (`npm test | head`) or a closed terminal is no reason to end in the middle of what is being done.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** One line about what is being done or what is wrong. */
export function say(/** @type {string} */ line) {
  process.stderr.write(`ringview: ${line}\n`);
}

/** @typedef {{ ok: true } | { ok: false, message: string }} Outcome `message`: what failed, why, what to do next. */

/** @type {{ ok: true }} */
export const done = { ok: true };

/** @returns {{ ok: false, message: string }} */
export function failed(/** @type {string} */ message) {
  return { ok: false, message };
}

/**
 * Runs a script's body; a failure becomes its message and an exit code of 1, a number is the exit code. An option that
 * `parseArgs` does not know is such a failure too.
 */
export async function runScript(/** @type {() => Promise<Outcome | number>} */ body) {
  const outcome = await body().catch((error) => {
    if (String(error?.code).startsWith('ERR_PARSE_ARGS')) return failed(error.message);
    throw error;
  });
  if (typeof outcome === 'number') {
    process.exitCode = outcome;
  } else if (!outcome.ok) {
    say(outcome.message);
    process.exitCode = 1;
  }
}
