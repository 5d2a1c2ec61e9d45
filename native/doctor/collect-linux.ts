/** Looks at the ring sessions of this machine, below /dev/shm, and at who holds them. Changes nothing. */
import { readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs';
import { fail, ok } from '../core/result.ts';
import { SHARED_MEMORY } from '../posix/platform.ts';
import { lookAtRingSession, ringSessionNames } from '../sources/ring/ring-sessions.ts';
import type { LinuxFacts } from './facts.ts';

const SESSION_FILE = `${SHARED_MEMORY}/ringview.`;

export function collectLinux(): LinuxFacts {
  const names = ringSessionNames();
  const holders = names.length === 0 ? new Map<string, string[]>() : findHolders();
  const sessions = names.map((name) => ({ name, opened: lookAtRingSession(name), holders: holders.get(name) ?? [] }));
  return { system: 'linux', sharedMemory: freeMemory(), sessions };
}

function freeMemory(): LinuxFacts['sharedMemory'] {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return ok({ freeBytes: bavail * bsize });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return fail('io-error', `${SHARED_MEMORY} cannot be used`, `Mount a tmpfs at ${SHARED_MEMORY}`, {
      code: 'statfs',
      text,
    });
  }
}

/** Processes by the ring session they have open; only those that this user may look into. */
function findHolders(): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const pid of entries('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const open = new Set(entries(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`)));
    for (const path of open) {
      if (!path.startsWith(SESSION_FILE)) continue;
      const name = path.slice(SESSION_FILE.length);
      holders.set(name, [...(holders.get(name) ?? []), `${programName(pid)} (pid ${pid})`]);
    }
  }
  return holders;
}

// Processes come and go while they are looked at, and those of others are closed: both are simply not there.

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function programName(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return 'a process';
  }
}
