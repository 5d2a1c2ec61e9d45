/**
 * A capture that is killed in the middle of it, at a moment that chance chooses: the session it leaves opens, complete up to
 * the last second, in order, with every record accounted for and nothing torn. RINGVIEW_KILLS says how often; a few times if
 * it is not set.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionLibrary } from '../recording/library.ts';
import { judge, Metronome } from '../recording/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import { type Program, Programs, program, until } from './test-support.ts';

/** A folder for the figures of the run. */
const FIGURES = process.env.RINGVIEW_FIGURES;
const KILLS = Number(process.env.RINGVIEW_KILLS ?? 2);
const RATE = 100_000;
const programs = new Programs('sessions-crash');
const folder = mkdtempSync(join(tmpdir(), 'ringview-crash-'));

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterAll(() => {
  programs.clean();
  rmSync(folder, { recursive: true, force: true });
});

/** Bytes a recording has before it is killed: what a program does when it is new is slower than what it does all day. */
const WARM_BYTES = 15_000_000;

/** The folder of the one session there is, once it is so long. */
function warmSession(): string | null {
  const name = readdirSync(folder).find((each) => each.endsWith('.ringview'));
  if (name === undefined) return null;
  const path = join(folder, name);
  const rows = readdirSync(path).find((each) => each.startsWith('rows-') && each.endsWith('.arrows'));
  return rows !== undefined && statSync(join(path, rows)).size > WARM_BYTES ? path : null;
}

/**
 * Takes the machine's other work out of what is measured, as far as that is allowed: what is recorded within a second is
 * said of a program that runs, not of one that waits for a processor.
 */
function startHurried(...args: string[]): Program {
  if (process.getuid?.() !== 0) return programs.start(...args);
  return programs.spawn('nice', ['-n', '-19', process.execPath, program, ...args], ['ignore', 'pipe', 'pipe']);
}

/** How far each thread of a program gives way to others, from -20 to 19 (proc_pid_stat(5), field 19). Its main one comes first. */
function niceOfThreads(pid: number): number[] {
  const [main = '', ...others] = readdirSync(`/proc/${pid}/task`).sort((a, b) => Number(a) - Number(b));
  return [main, ...others].map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

describe.skipIf(process.platform === 'win32' || KILLS === 0)('a recording that is killed', () => {
  it('leaves a session that opens, complete up to the last second, at whatever moment it is killed', {
    timeout: 120_000 + KILLS * 60_000,
  }, async () => {
    const library = new SessionLibrary(folder);
    const figures = { kills: 0, rows: 0, longestMissedMs: 0 };
    for (let kill = 1; kill <= KILLS; kill++) {
      const name = programs.newName();
      const session = `kill ${kill}`;
      const shape = ['--cpus', '4', '--rate', String(RATE), '--ring-bytes', '8388608', '--numbered', '--checksum'];
      const producer = startHurried('simulate', '--name', name, ...shape, '--wait-reader');
      const source = ['--source', `sim:${name}`, '--wait', '30'];
      const recorder = startHurried('capture', ...source, '--session', session, '--library', folder);
      const path = await until(warmSession);
      if (process.platform === 'linux') {
        // The thread that writes gives way to the one that drains.
        const [draining = Number.NaN, ...others] = niceOfThreads(recorder.child.pid ?? 0);
        expect(others.filter((nice) => nice > draining)).toEqual([Math.min(draining + 5, 19)]);
      }
      const metronome = new Metronome(tmpdir());
      // Another moment each time, over some segments and syncs.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2000));
      recorder.child.kill('SIGKILL');
      metronome.stop();
      await recorder.ended;
      expect(library.find(session)).toMatchObject({ ok: true, value: { ended: 'crashed' } });
      const judged = judge(path);
      expect(judged.damages).toEqual([]);

      // Whoever reads next gets what comes after the last row that was read: what lies between is what the kill took.
      const next = join(folder, 'next.csv');
      const summaryPath = join(folder, 'next.json');
      await programs.start('capture', ...source, '--max', '50000', '--out', next, '--summary', summaryPath).ended;
      producer.child.kill('SIGTERM');
      await producer.ended;
      const first = /^\d+,([\d.]+),/m.exec(readFileSync(next, 'utf8').split('\n').slice(1).join('\n'));
      const missedMs = Number(first?.[1]) / 1000 - judged.lastNs / 1e6;
      expect(missedMs).toBeLessThan(metronome.allowed(1000));
      const { cpus } = JSON.parse(readFileSync(summaryPath, 'utf8')) as {
        cpus: { cpu: number; attemptedBefore: number }[];
      };
      for (const { cpu, attemptedBefore } of cpus)
        expect(judged.attempts[cpu] ?? 0).toBeLessThanOrEqual(attemptedBefore);
      expect(library.delete(path)).toEqual({ ok: true, value: undefined });
      figures.kills++;
      figures.rows += judged.rows;
      figures.longestMissedMs = Math.max(figures.longestMissedMs, missedMs);
    }
    if (FIGURES !== undefined) writeFileSync(join(FIGURES, 'kills.json'), JSON.stringify(figures));
    expect(library.list()).toEqual({ ok: true, value: { sessions: [], troubles: [] } });
  });
});
