/** A recorded session is opened a little in each tick: nothing waits for a long one, and it can be stopped. */
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../../native/core/result.ts';
import { NO_FACTS } from '../recording/manifest.ts';
import { beginSession } from '../recording/opened-session.ts';
import { allRows, newFolder, recordedFolder, removeFolders, someRows } from '../recording/test-support.ts';
import type { Session } from '../session/ingest/session.ts';
import { FakeThreads } from '../session/test-support.ts';
import { Workspace } from '../session/workspace/workspace.ts';
import { openRecorded } from './open-recorded.ts';

const ROWS = 256;
const made: string[] = [];
const whole = newFolder(made);
/** The same without the lists of its batches, so that all rows have to be read. */
const unlisted = newFolder(made);
beforeAll(async () => {
  await recordedFolder(whole, ROWS, () => NO_FACTS);
  cpSync(whole, unlisted, { recursive: true });
  for (const name of readdirSync(unlisted)) if (name.endsWith('.index')) rmSync(join(unlisted, name));
}, 120_000);
afterAll(() => removeFolders(made));

/** Opens it with a clock that shows a tick's share as used up each time it is looked at. */
function opening(path: string) {
  let ms = 0;
  const now = (): number => {
    ms += 100;
    return ms;
  };
  const workspace = new Workspace({
    ...{ memoryCapBytes: 1 << 26, largestCapBytes: 1 << 28, policy: { keep: 'all' }, now, changed: () => {} },
    scanner: new FakeThreads().pool,
    sessionOptions: () => ({
      ...{ now, store: { memoryCapBytes: 1 << 26 } },
      open: () => fail('source-not-found', 'Nothing is captured here', ''),
    }),
  });
  const told: string[] = [];
  const opened = openRecorded(workspace, path, {
    ...{ now, writing: () => {} },
    damaged: (_damages, { message }) => told.push(message),
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const found = workspace.session(opened.value.session);
  if (!found.ok) throw new Error(found.failure.message);
  return { workspace, told, session: found.value as Session, log: opened.value.log };
}

describe('a recorded session that takes its time', () => {
  for (const [which, path] of [
    ['as it was written', whole],
    ['read from its rows, for the lists of them are gone', unlisted],
  ] as const)
    it(`has its first rows before all were found, and all in the end: ${which}`, () => {
      const { workspace, session, log, told } = opening(path);
      const seen: number[] = [];
      for (let tick = 0; session.status(0).opening !== undefined; tick++) {
        expect(told).toEqual([]);
        // There is more to do at once, so that nobody waits for the next tick.
        if (workspace.tick(tick) !== 0) break;
        seen.push(session.store.rowCount);
      }
      expect(seen.length).toBeGreaterThan(4);
      expect(seen.some((rows) => rows > 0 && rows < ROWS)).toBe(true);
      expect(allRows(session.store)).toEqual(someRows(ROWS));
      expect(session.survey.segments().reduce((sum, { count }) => sum + count, 0)).toBe(ROWS);
      expect(log.rows(ROWS - 2, 2).rows).toHaveLength(2);
      expect(told).toHaveLength(path === whole ? 0 : 1);
      workspace.close();
    });

  it('tells how far it is, and keeps what was found when a person stops it', () => {
    const { workspace, session, told } = opening(unlisted);
    const shares: number[] = [];
    while (session.store.rowCount === 0) {
      workspace.tick(0);
      const { opening: far } = session.status(0);
      if (far !== undefined && far.totalBytes > 0) shares.push(far.doneBytes / far.totalBytes);
    }
    expect(shares.at(-1)).toBeGreaterThan(0);
    expect(shares.at(-1)).toBeLessThan(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    const rows = session.store.rowCount;
    session.stop();
    for (let tick = 0; tick < 20; tick++) workspace.tick(tick);
    expect(session.store.rowCount).toBe(rows);
    expect(session.status(0).opening).toMatchObject({ stopped: true });
    expect(told).toHaveLength(1);
    workspace.close();
  });

  it('lets go of its files when its tab is closed, or cleared, before all was found', () => {
    for (const end of ['close', 'clear'] as const) {
      const { workspace, session } = opening(unlisted);
      workspace.tick(0);
      session[end]();
      for (let tick = 0; tick < 20; tick++) workspace.tick(tick);
      expect(session.store.rowCount).toBe(0);
      if (process.platform === 'linux') {
        const open = readdirSync('/proc/self/fd').length;
        workspace.close();
        expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(open);
      }
    }
  });

  it('is all there for who does not rest', () => {
    const begun = beginSession(whole);
    if (!begun.ok) throw new Error(begun.failure.message);
    expect(begun.value.progress.state).toBe('opening');
    expect(begun.value.proceed({ spent: () => false })).toBe(false);
    expect(begun.value.progress).toMatchObject({ state: 'whole' });
    expect(begun.value.endRow).toBe(ROWS);
    begun.value.close();
  });
});
