/**
 * Owns the display windows are shown on: whether there is one, and a virtual one (Xvfb) where there is none. The
 * virtual display takes a cookie, so that no other user of the machine can look at it.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killGroup, track } from './child.mjs';
import { failed } from './output.mjs';

const startMs = 20_000;

/** Whether windows can be shown. Only Linux can be without a display and say so. */
export function hasDisplay(
  /** @type {NodeJS.ProcessEnv} */ env = process.env,
  /** @type {NodeJS.Platform} */ platform = process.platform,
) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Starts Xvfb on a free display number. `env` is what a program needs to use it; `stop` ends it.
 * @returns {Promise<{ ok: true, env: NodeJS.ProcessEnv, stop: () => void } | { ok: false, message: string }>}
 */
export function startVirtualDisplay() {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-display-'));
  const authority = join(folder, 'Xauthority');
  writeFileSync(authority, authorityFile(randomBytes(16)), { mode: 0o600 });

  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-auth', authority];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
  track(server);
  let said = '';
  server.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
    said += part;
  });
  const stop = () => {
    killGroup(server, 'SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };

  return new Promise((resolve) => {
    const giveUp = (/** @type {string} */ why) => {
      clearTimeout(timer);
      stop();
      resolve(failed(`Xvfb did not start: ${why}`));
    };
    const timer = setTimeout(() => giveUp(`no display number within ${startMs / 1000} s`), startMs);
    server.once('error', (error) => giveUp(error.message));
    server.once('close', (code) => giveUp(`exit code ${code}: ${said.trim()}`));
    let number = '';
    server.stdio[3]?.on('data', (/** @type {Buffer} */ part) => {
      number += part.toString('latin1');
      if (!number.endsWith('\n')) return;
      clearTimeout(timer);
      resolve({
        ok: true,
        env: { DISPLAY: `:${number.trim()}`, XAUTHORITY: authority, WAYLAND_DISPLAY: undefined },
        stop,
      });
    });
  });
}

/**
 * Starts several, for programs that would take the focus and the clipboard from each other on one.
 * @returns {Promise<{ ok: true, envs: NodeJS.ProcessEnv[], stop: () => void } | { ok: false, message: string }>}
 */
export async function startVirtualDisplays(/** @type {number} */ count) {
  const started = await Promise.all(Array.from({ length: count }, startVirtualDisplay));
  const displays = started.flatMap((display) => (display.ok ? [display] : []));
  const stop = () => {
    for (const display of displays) display.stop();
  };
  const refused = started.find((display) => !display.ok);
  if (refused === undefined) return { ok: true, envs: displays.map(({ env }) => env), stop };
  stop();
  return failed(refused.message);
}

/**
 * An Xauthority file of one entry: a cookie that fits every display. Fields are big-endian and counted: family
 * (65535: any), address, display number, name, data.
 */
export function authorityFile(/** @type {Buffer} */ cookie) {
  const field = (/** @type {Buffer} */ bytes) => Buffer.concat([u16(bytes.length), bytes]);
  const none = Buffer.alloc(0);
  return Buffer.concat([
    u16(0xffff),
    field(none),
    field(none),
    field(Buffer.from('MIT-MAGIC-COOKIE-1')),
    field(cookie),
  ]);
}

function u16(/** @type {number} */ value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
