/** Which implementation of the interface to the operating system (core/platform.ts) this process uses. */
import type { Platform } from './core/platform.ts';
import { fail, type Result } from './core/result.ts';
import { createPosixPlatform } from './posix/platform.ts';
import { posixSystem } from './posix/system.ts';
import { createWin32Platform } from './win32/platform.ts';

let current: Result<Platform> | undefined;

/** The platform of this process; libraries are loaded at the first call. Failure: source-unsupported. */
export function getPlatform(): Result<Platform> {
  current ??= createPlatform(process.platform);
  return current;
}

function createPlatform(system: string): Result<Platform> {
  const posix = posixSystem(system);
  if (posix !== null) return createPosixPlatform(posix);
  if (system === 'win32') return createWin32Platform();
  return fail(
    'source-unsupported',
    `Rings cannot be read on ${system}`,
    'Capture on Windows, Linux or macOS; files can be opened here',
  );
}
