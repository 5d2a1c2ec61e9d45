/**
 * Owns that one process at a time installs packages or builds. Two commands are often started at once (`ringview simulate
 * ... & ringview capture ...`): both would find the same work undone, do it, and read what the other has half written.
 *
 * Who listens on a name has the turn; the system takes the name back when a process ends, however it ends. The others
 * hold a connection, and try again once it closes.
 */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from './output.mjs';
import { root } from './paths.mjs';

/** After so long the work is done all the same, because the process that has the turn may be stopped in a debugger. */
const longestMs = 1_800_000;

/** A name that is specific to this user and this folder. */
function turnName(/** @type {string} */ what) {
  const id = createHash('sha256').update(`${process.getuid?.()}\0${what}`).digest('hex').slice(0, 32);
  if (process.platform === 'win32') return `\\\\.\\pipe\\ringview-setup-${id}`;
  // Linux has names without files; elsewhere a file is left over when its process was killed.
  return process.platform === 'linux' ? `\0ringview-setup-${id}` : join(tmpdir(), `ringview-setup-${id}`);
}

/** Does the work when it is this process's turn. `what` tells works apart that may go on side by side. @template T @returns {Promise<T>} */
export async function oneAtATime(/** @type {() => Promise<T>} */ work, what = root) {
  const release = await takeTurn(turnName(what));
  try {
    return await work();
  } finally {
    release();
  }
}

/** @returns {Promise<() => void>} gives the turn to the next */
async function takeTurn(/** @type {string} */ name) {
  const until = performance.now() + longestMs;
  for (let waited = false; ; waited = true) {
    const taken = await listen(name);
    if (taken.release !== null) return taken.release;
    // If nobody can listen, there are no turns, and the work is done at once.
    if (taken.code !== 'EADDRINUSE' || performance.now() >= until) return () => {};
    if (!waited) say('another RingView is installing packages or building: waiting for it');
    await waitForOther(name, until - performance.now());
  }
}

/** @returns {Promise<{ release: () => void, code: '' } | { release: null, code: string }>} */
function listen(/** @type {string} */ name) {
  return new Promise((resolve) => {
    /** @type {Set<import('node:net').Socket>} */
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {}).once('close', () => waiting.delete(socket));
    });
    server.once('error', (error) =>
      resolve({ release: null, code: /** @type {NodeJS.ErrnoException} */ (error).code ?? '' }),
    );
    server.listen(name, () => {
      server.unref();
      resolve({
        release: () => {
          server.close();
          for (const socket of waiting) socket.destroy();
        },
        code: '',
      });
    });
  });
}

/** Resolves when whoever has the turn is done, or has ended. @returns {Promise<void>} */
function waitForOther(/** @type {string} */ name, /** @type {number} */ longest) {
  return new Promise((resolve) => {
    const socket = connect(name);
    const timer = setTimeout(() => socket.destroy(), longest);
    socket.once('error', (error) => {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      // The file was left by a process that has ended.
      if (code === 'ECONNREFUSED' && !name.startsWith('\0') && process.platform !== 'win32')
        rmSync(name, { force: true });
    });
    socket.resume().once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
