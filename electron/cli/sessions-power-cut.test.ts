/**
 * The power is cut under a recording: the disk that it writes to is copied at one moment, between two writes, and what a
 * start after that would find on it is opened. The disk is an image on a second file system, which is frozen for the copy:
 * nothing is written to the image then, and everything that was acknowledged is in it. RINGVIEW_CUTS says how many moments;
 * needs root and mounts.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../recording/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import { Programs, until } from './test-support.ts';

/** A folder for the figures of the run. */
const FIGURES = process.env.RINGVIEW_FIGURES;
const CUTS = Number(process.env.RINGVIEW_CUTS ?? 1);
const programs = new Programs('sessions-cut');
const MB = 1024 ** 2;

/** Mounts, so that none outlives the test. */
const mounted: string[] = [];

function mountImage(image: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-o', 'loop,noatime', image, folder], { stdio: 'pipe' });
  mounted.unshift(folder);
}

function unmount(folder: string): void {
  execFileSync('umount', [folder], { stdio: 'pipe' });
  mounted.splice(mounted.indexOf(folder), 1);
}

function newDisk(image: string, bytes: number): void {
  writeFileSync(image, '');
  truncateSync(image, bytes);
  execFileSync('mkfs.ext4', ['-q', '-m', '0', image], { stdio: 'pipe' });
}

/** Where the recording goes, and how its disk is cut; null where mounts are not allowed. */
function disks(folder: string): { readonly target: string; readonly cut: (copy: string) => void } | null {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return null;
  const [under, target] = [join(folder, 'under'), join(folder, 'target')];
  try {
    newDisk(join(folder, 'under.img'), 700 * MB);
    mountImage(join(folder, 'under.img'), under);
    newDisk(join(under, 'disk.img'), 512 * MB);
    mountImage(join(under, 'disk.img'), target);
  } catch {
    return null;
  }
  const cut = (copy: string): void => {
    execFileSync('fsfreeze', ['-f', under]);
    try {
      execFileSync('cp', ['--sparse=always', join(under, 'disk.img'), copy]);
    } finally {
      execFileSync('fsfreeze', ['-u', under]);
    }
  };
  return { target, cut };
}

const folder = mkdtempSync(join(tmpdir(), 'ringview-cut-'));
const disk = CUTS > 0 ? disks(folder) : null;

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterAll(async () => {
  programs.clean();
  for (const each of [...mounted]) execFileSync('umount', ['-l', each]);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Whether the one session there is has been told to keep rows. */
function keeps(library: string): boolean {
  const session = readdirSync(library).find((name) => name.endsWith('.ringview'));
  if (session === undefined) return false;
  const { savedRow } = JSON.parse(readFileSync(join(library, session, 'session.json'), 'utf8')) as { savedRow: number };
  return savedRow > 0;
}

/** A recording is cut so often, and another begun: all of one would fill the disk. */
const CUTS_A_RECORDING = 3;

/** Begins a recording in an empty library. Returns what ends it. */
function startRecording(library: string): () => Promise<void> {
  mkdirSync(library);
  const name = programs.newName();
  const shape = ['--cpus', '4', '--rate', '50000', '--ring-bytes', '8388608', '--numbered', '--checksum'];
  const begun = [
    programs.start('simulate', '--name', name, ...shape, '--wait-reader'),
    programs.start('capture', '--source', `sim:${name}`, '--wait', '30', '--session', 'cut', '--library', library),
  ];
  return async () => {
    for (const { child } of begun) child.kill('SIGKILL');
    for (const { ended } of begun) await ended;
    rmSync(library, { recursive: true });
  };
}

describe.skipIf(disk === null)('a disk whose power is cut under a recording', () => {
  it('has a session that opens, in order, accounted for, with nothing torn and nothing missing that was safe', {
    timeout: 120_000 + CUTS * 60_000,
  }, async () => {
    const { target, cut } = disk as NonNullable<typeof disk>;
    const library = join(target, 'sessions');
    const figures = { cuts: 0, rows: 0, damages: 0 };
    let end = async (): Promise<void> => {};
    for (let n = 0; n < CUTS; n++) {
      if (n % CUTS_A_RECORDING === 0) {
        await end();
        end = startRecording(library);
        await until(() => keeps(library));
      }
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 1500));
      const copy = join(folder, 'copy.img');
      cut(copy);
      const found = join(folder, 'found');
      mountImage(copy, found);
      const session = readdirSync(join(found, 'sessions')).find((each) => each.endsWith('.ringview'));
      const judged = judge(join(found, 'sessions', session as string));
      // Nothing is damaged but a batch that was being written, of a file and of its tail: it is named and not shown.
      expect(judged.damages.filter((damage) => !/^(rows|tail)-/.test(damage))).toEqual([]);
      expect(judged.damages.length).toBeLessThanOrEqual(2);
      // What the disk had been told to keep when it took this manifest is there.
      expect(judged.rows).toBeGreaterThanOrEqual(judged.savedRow);
      unmount(found);
      rmSync(copy);
      figures.cuts++;
      figures.rows += judged.rows;
      figures.damages += judged.damages.length;
    }
    await end();
    if (FIGURES !== undefined) writeFileSync(join(FIGURES, 'cuts.json'), JSON.stringify(figures));
  });
});
