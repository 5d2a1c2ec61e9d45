/** The Electron versions on this machine: tests about Chromium itself run on each of them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedFallback } from '../electron/setup/provide/fallback-electron.mjs';
import { executableName, installedElectron } from '../electron/setup/provide/official-electron.mjs';

export interface NamedElectron {
  readonly name: string;
  /** Null if it is not here. */
  readonly path: string | null;
}

function overridden(): string | null {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = folder ? join(folder, executableName(process.platform)) : null;
  return path !== null && existsSync(path) ? path : null;
}

/** The official one and the fallback, and the one the environment names if it is neither. */
export function electrons(): readonly NamedElectron[] {
  const named = overridden();
  const known = [
    { name: 'official Electron', path: installedElectron() ?? null },
    { name: 'fallback Electron', path: installedFallback() },
  ];
  return named === null || known.some(({ path }) => path === named)
    ? known
    : [...known, { name: 'Electron of ELECTRON_OVERRIDE_DIST_PATH', path: named }];
}
