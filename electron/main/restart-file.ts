/**
 * The file in which a program that ends leaves its state to the one that takes its place, in the user's folder. The other is told a
 * token on its command line, and nothing else: the token names the file, and is the key of the code behind which the state
 * stands. So a program that may write into that folder but does not know the token cannot say what is opened with more rights.
 * A file is read once, and is gone then.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { checked } from '../contract/check.ts';
import { replaceFileSync } from '../files/replace-sync.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { type RestartState, restartState } from '../service/restart-state.ts';

const TOKEN_BYTES = 32;
const TOKEN = /^[0-9a-f]{64}$/;
const MOST_BYTES = 16 * 1024 * 1024;
/** Longer than it takes to answer a question of Windows and to write what is left to the disk, milliseconds. */
const OLDEST_MS = 10 * 60_000;
const NAME = /^restart-[0-9a-f]{32}\.json$/;

/** A token that nobody can guess. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('hex');

/** What the token of a command line is; null if it is none. */
export const tokenOf = (text: unknown): string | null => (typeof text === 'string' && TOKEN.test(text) ? text : null);

function pathOf(folder: string, token: string): string {
  return join(folder, `restart-${createHash('sha256').update(`name ${token}`).digest('hex').slice(0, 32)}.json`);
}

const codeOf = (token: string, json: string): Buffer => createHmac('sha256', token).update(json).digest();

/** Leaves a state, in place of an earlier one of this token. Failures: what the system says, overloaded (too large). */
export function leaveState(folder: string, token: string, state: RestartState, nowMs = Date.now()): Result<null> {
  const json = JSON.stringify({ atMs: nowMs, state });
  if (Buffer.byteLength(json) > MOST_BYTES / 2)
    return fail('overloaded', 'There is too much open to be carried over', 'Close tabs first');
  try {
    replaceFileSync(pathOf(folder, token), `${codeOf(token, json).toString('hex')}\n${json}`, 'replaced');
    return ok(null);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, 'What is open could not be written down') };
  }
}

/** Takes a state back that nobody reads. Never throws. */
export function forgetState(folder: string, token: string): void {
  try {
    rmSync(pathOf(folder, token), { force: true });
  } catch {
    // It is told apart from others by a token that nobody has any more, and goes when the next is read.
  }
}

/**
 * Reads the state of a token, once: the file is gone then, and with it what earlier starts have left. Failures:
 * io-error (there is none), bad-argument (not written by whoever made the token, damaged, too old), and what the system says.
 */
export function takeState(folder: string, token: string, nowMs = Date.now()): Result<RestartState> {
  const text = readOnce(pathOf(folder, token));
  forgetOthers(folder);
  if (!text.ok) return text;
  const end = text.value.indexOf('\n');
  const json = text.value.slice(end + 1);
  const code = Buffer.from(text.value.slice(0, Math.max(0, end)), 'hex');
  const expected = codeOf(token, json);
  if (code.length !== expected.length || !timingSafeEqual(code, expected))
    return refused('somebody else has changed it');
  const left = JSON.parse(json) as { readonly atMs: number; readonly state: unknown };
  if (!(Math.abs(nowMs - left.atMs) <= OLDEST_MS)) return refused('it is too old');
  return checked(restartState, left.state);
}

const refused = (why: string): Result<never> =>
  fail(
    'bad-argument',
    `What was open before the restart is not opened: ${why}`,
    'Open it again; recordings: Ctrl+Shift+H',
  );

function readOnce(path: string): Result<string> {
  try {
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { size } = fstatSync(fd);
      if (!fstatSync(fd).isFile() || size > MOST_BYTES) return refused('it is not what was written');
      const bytes = Buffer.alloc(size);
      return ok(bytes.toString('utf8', 0, readSync(fd, bytes, 0, size, 0)));
    } finally {
      closeSync(fd);
      rmSync(path, { force: true });
    }
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, 'What was open before the restart cannot be read') };
  }
}

/** Those that a start left which never came, or was declined by the end of the program. */
function forgetOthers(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (NAME.test(name)) rmSync(join(folder, name), { force: true });
  } catch {
    // They are small, and the next restart tries again.
  }
}
