/**
 * The soak's lane of recordings: a recording at 100,000 entries a second is killed at random moments, and the disk under one is
 * cut at random writes; each time the session that is left is opened and judged. The tests of the command line do it a few
 * times; this runs them as often as asked, by themselves, because what is missing afterwards is measured in time.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './child.mjs';
import { binary, root } from './paths.mjs';

/** @typedef {{ kills: number, cuts: number, rows: number, longestMissedMs: number, damages: number }} Figures */

/** As the tests of one file write them. @returns {Partial<Figures>} */
function figuresIn(/** @type {string} */ path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Runs them. The row of the result is for driver/ASSURANCE.md.
 * @returns {Promise<{ ok: boolean, table: string }>}
 */
export async function soakRecordings(/** @type {{ kills: number, cuts: number }} */ { kills, cuts }) {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-soak-recordings-'));
  try {
    const env = {
      ...process.env,
      RINGVIEW_KILLS: String(kills),
      RINGVIEW_CUTS: String(cuts),
      RINGVIEW_FIGURES: folder,
    };
    const files = ['electron/cli/sessions-crash.test.ts', 'electron/cli/sessions-power-cut.test.ts'];
    const tests = ['run', '--no-file-parallelism', ...files];
    const { code } = await run(binary('vitest'), tests, { cwd: root, env, shell: process.platform === 'win32' });
    const killed = figuresIn(join(folder, 'kills.json'));
    const cut = figuresIn(join(folder, 'cuts.json'));
    const n = (/** @type {number | undefined} */ value) => (value ?? 0).toLocaleString('en');
    const cells = [
      new Date().toISOString().slice(0, 10),
      `${n(killed.kills)} of ${n(kills)}`,
      cut.cuts === undefined ? 'none: it needs root and mounts' : `${n(cut.cuts)} of ${n(cuts)}`,
      n((killed.rows ?? 0) + (cut.rows ?? 0)),
      killed.longestMissedMs === undefined ? '' : `${Math.round(killed.longestMissedMs)} ms`,
      n(cut.damages),
      code === 0 ? 'none' : 'see above',
    ];
    const head =
      '| date | killed recordings | disks cut | rows judged | longest missing after a kill | torn batches named | findings |';
    return { ok: code === 0, table: `${head}\n|${' --- |'.repeat(cells.length)}\n| ${cells.join(' | ')} |\n` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
