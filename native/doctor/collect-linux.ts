/** Looks at the sessions of this machine, below /dev/shm, and at who holds them. Changes nothing. */
import { readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs';
import { RV } from '../core/layout.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { parseSession } from '../core/session.ts';
import { getPlatform, SESSION_NAME } from '../platform.ts';
import type { LinuxFacts, LinuxSession } from './facts.ts';

const SHARED_MEMORY = '/dev/shm';
const PREFIX = 'ringview.';

export function collectLinux(): LinuxFacts {
  const names = entries(SHARED_MEMORY)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .filter((name) => SESSION_NAME.test(name))
    .sort();
  const holders = names.length === 0 ? new Map<string, string[]>() : findHolders();
  const sessions = names.map((name) => ({ name, opened: openSession(name), holders: holders.get(name) ?? [] }));
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

function openSession(name: string): LinuxSession['opened'] {
  const platform = getPlatform();
  if (!platform.ok) return platform;
  const opened = platform.value.openImage(name);
  if (!opened.ok) return opened;
  const image = opened.value;
  try {
    const page = new Uint8Array(Math.min(RV.PAGE, image.bytes));
    platform.value.copyOut(image.address, page, 0, page.length);
    const header = parseSession(page, image.bytes);
    if (!header.ok) return header as Result<never>;
    return ok({ producer: header.value.producer, alive: image.producerAlive(), bytes: image.bytes });
  } finally {
    image.close();
  }
}

/** Processes by the session they have open; only those that this user may look into. */
function findHolders(): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const pid of entries('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const open = new Set(entries(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`)));
    for (const path of open) {
      if (!path.startsWith(`${SHARED_MEMORY}/${PREFIX}`)) continue;
      const name = path.slice(SHARED_MEMORY.length + 1 + PREFIX.length);
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
