/** Whether this desktop shows icons of programs. A window that is closed to a tray which is not there could not be brought back. */
import { execFile } from 'node:child_process';

/** Who answers for the trays of today's Linux desktops. */
const WATCHER = 'org.kde.StatusNotifierWatcher';
const PATIENCE_MS = 3000;

export const NO_TRAY = `This desktop shows no icons of programs (nobody answers for ${WATCHER} on the session bus)`;

/** Runs a program; what it wrote, or null where it failed. */
export type Ask = (program: string, args: readonly string[]) => Promise<string | null>;

const ask: Ask = (program, args) =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout: PATIENCE_MS, windowsHide: true }, (error, out) =>
      resolve(error === null ? out : null),
    );
  });

/** Why there is no tray, a sentence without its full stop; null if there is one. Windows and macOS always have one. */
export async function trayHindrance(
  platform: NodeJS.Platform = process.platform,
  run: Ask = ask,
): Promise<string | null> {
  if (platform !== 'linux') return null;
  const answer = await run('dbus-send', [
    '--session',
    '--print-reply=literal',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    `string:${WATCHER}`,
  ]);
  return answer !== null && /\btrue\b/.test(answer) ? null : NO_TRAY;
}
