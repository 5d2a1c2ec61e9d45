/** Actions on a match, over the real service: which rows they are for, how often, and what is told. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Watch } from '../../electron/contract/watches.ts';
import { ROW_PX } from '../model/scroll.ts';
import { type Fixture, startFixture } from '../test/app-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-watches-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const watch = (text: string, action: Watch['action'], more: Partial<Watch> = {}): Watch => ({
  ...{ text, action, caseSensitive: false, command: action === 'run' ? 'tell' : '', once: false, on: true },
  ...more,
});

async function settle(fixture: Fixture, turns = 4): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    fixture.program.advance(300);
    fixture.fireTimers();
    await fixture.run();
  }
}

const report = ({ app }: Fixture, at = 0) => app.watches.store.getState().reports[at];
const session = ({ program }: Fixture) => program.service.workspace.openSessions[0]?.session;
/** Rows from a number on whose message holds a text. */
function holding(fixture: Fixture, text: string, from: number): number[] {
  const log = fixture.program.service.workspace.openViews[0]?.log;
  const end = session(fixture)?.store.endRow ?? 0;
  return Array.from({ length: end - from }, (_, at) => from + at).filter((at) =>
    log?.rows(at, 1).rows[0]?.text.includes(text),
  );
}

describe('an action on a match', () => {
  it('is for the rows that arrive from then on, columns and texts and expressions alike', async () => {
    for (const text of ['watchdog', '/WATCHDOG: no/i']) {
      const fixture = await startFixture({ rows: 400, rate: 300 });
      const before = session(fixture)?.store.endRow ?? 0;
      expect(await fixture.app.watches.add(watch(text, 'bookmark'))).toBe(true);
      await settle(fixture, 3);
      const rows = holding(fixture, 'watchdog', before);
      expect(rows.length).toBeGreaterThan(5);
      const marked = session(fixture)?.bookmarks.rows ?? [];
      expect(marked.length).toBeGreaterThan(5);
      expect(rows.slice(0, marked.length)).toEqual(marked);
      expect(report(fixture)).toMatchObject({
        failure: null,
        skipped: 0,
        last: { text: expect.stringContaining('watchdog') },
      });
      expect(report(fixture)?.done).toBe(report(fixture)?.matches);
    }
  });

  it('is done once if it is for once, and not at all if it is off or for other rows', async () => {
    const fixture = await startFixture({ rows: 100, rate: 300 });
    const { watches } = fixture.app;
    await watches.add(watch('IRP', 'bookmark', { once: true }));
    await watches.add(watch('IRP', 'sound', { on: false }));
    await watches.add(watch('nothing like it', 'notify'));
    await settle(fixture);
    expect(session(fixture)?.bookmarks.count).toBe(1);
    expect(report(fixture)).toMatchObject({ done: 1, skipped: 0 });
    expect(fixture.program.acted).toEqual([]);
    // Set again, it is for once again.
    await watches.change(0, watch('IRP', 'bookmark', { once: true, on: false }));
    await watches.change(0, watch('IRP', 'bookmark', { once: true }));
    await settle(fixture);
    expect(session(fixture)?.bookmarks.count).toBe(2);
  });

  it('reaches beyond the log no more often than it may, and says for how many it was not done', async () => {
    const fixture = await startFixture({ rows: 100, rate: 2000 });
    fixture.program.commands = ['tell'];
    const { watches } = fixture.app;
    await watches.add(watch('cpu:0-7', 'notify'));
    await watches.add(watch('cpu:0-7', 'run'));
    await settle(fixture);
    expect(fixture.program.acted.filter((line) => line.startsWith('notify'))).toHaveLength(1);
    expect(fixture.program.acted.filter((line) => line.startsWith('run tell'))).toHaveLength(1);
    const { matches = 0, done, skipped } = report(fixture) ?? {};
    expect(matches).toBeGreaterThan(500);
    expect(done).toBe(1);
    expect(skipped).toBe(matches - 1);
  });

  it('stops the capture, or clears the log, and goes on with what comes then', async () => {
    const fixture = await startFixture({ rows: 100, rate: 300 });
    await fixture.app.watches.add(watch('watchdog', 'clear', { once: true }));
    await settle(fixture);
    expect(report(fixture)).toMatchObject({ done: 1 });
    expect(session(fixture)?.store.epoch).toBe(1);
    await fixture.app.watches.add(watch('watchdog', 'stop'));
    await settle(fixture);
    expect(session(fixture)?.isCapturing).toBe(false);
    expect(report(fixture, 1)?.done).toBeGreaterThan(0);
  });

  it('runs only what the settings allow, and saves only where a folder is chosen', async () => {
    const fixture = await startFixture({ rows: 100, rate: 300 });
    const { watches } = fixture.app;
    expect(await watches.add(watch('IRP', 'run'))).toBe(false);
    expect(await watches.add(watch('IRP', 'run', { command: '/bin/sh' }))).toBe(false);
    expect(watches.store.getState().failure?.message).toContain('/bin/sh');
    expect(await watches.add(watch('IRP', 'notify', { command: 'tell' }))).toBe(false);
    await watches.add(watch('IRP', 'save'));
    await settle(fixture);
    expect(report(fixture)?.failure?.message).toContain('No folder is chosen');
    expect(fixture.program.acted).toEqual([]);
    fixture.program.saveFolder = folder;
    await watches.chooseFolder();
    expect(watches.store.getState().folder).toBe(folder);
    await watches.remove(0);
    await watches.add(watch('NBLs', 'save'));
    await settle(fixture, 8);
    expect(report(fixture)).toMatchObject({ done: 1, failure: null, path: expect.stringContaining(folder) });
    await expect.poll(() => readdirSync(folder).filter((name) => name.endsWith('.jsonl'))).toHaveLength(1);
    const [name = ''] = readdirSync(folder);
    const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ message: expect.any(String), index: expect.any(Number) });
  });

  it('takes a view that follows to each match, and leaves one alone that somebody moved', async () => {
    const fixture = await startFixture({ rows: 400, rate: 300 });
    const { view, watches } = fixture.app;
    const state = view.store.getState;
    const focused = () => state().selection?.focus.row ?? null;
    await watches.add(watch('watchdog', 'track'));
    const before = session(fixture)?.store.endRow ?? 0;
    await settle(fixture);
    const first = report(fixture)?.last?.row;
    expect(first).toBeGreaterThanOrEqual(before);
    expect([focused(), state().follow]).toEqual([first, false]);
    expect(report(fixture)).toMatchObject({ skipped: 0, failure: null });
    await settle(fixture);
    const second = report(fixture)?.last?.row;
    expect(second).toBeGreaterThan(first ?? 0);
    expect(focused()).toBe(second);
    // It is in sight.
    const { top, viewPx, selection } = state();
    const y = (selection?.focus.position ?? 0) * ROW_PX - top;
    expect(y >= 0 && y + ROW_PX <= viewPx).toBe(true);

    // Scrolled away, then on another row: neither is taken away from the person.
    view.scrollTo(0);
    await fixture.run();
    await settle(fixture);
    expect(focused()).toBe(second);
    expect(state().top).toBe(0);
    fixture.app.selectAt(3, false);
    await settle(fixture);
    expect(focused()).toBe(3);
    expect(report(fixture)?.last?.row).toBeGreaterThan(second ?? 0);
    // A paused view stays as it is.
    fixture.command('follow');
    fixture.app.togglePause();
    await fixture.run();
    await settle(fixture);
    expect(state().follow).toBe(true);
    fixture.app.togglePause();
    await fixture.run();
    await settle(fixture);
    expect(focused()).toBe(report(fixture)?.last?.row);
  });

  it('goes to no match that the filter of the view hides', async () => {
    const fixture = await startFixture({ rows: 400, rate: 300 });
    const { filter, view, watches } = fixture.app;
    filter.setPattern('-watchdog');
    await fixture.run();
    fixture.fireTimers();
    await fixture.run();
    await watches.add(watch('watchdog', 'track'));
    await settle(fixture);
    expect(report(fixture)?.done).toBeGreaterThan(0);
    expect(view.store.getState()).toMatchObject({ follow: true, selection: null });
  });

  it('is refused where its filter is none, and then nothing changes', async () => {
    const fixture = await startFixture({ rows: 10 });
    const { watches } = fixture.app;
    expect(await watches.add(watch('cpu:x', 'sound'))).toBe(false);
    expect(await watches.add(watch('/(/', 'sound'))).toBe(false);
    expect(await watches.add(watch(' ', 'sound'))).toBe(false);
    expect(fixture.program.watches).toEqual([]);
  });

  it('is not for rows that a file brings, in whatever session', async () => {
    const fixture = await startFixture({ rows: 100 });
    const times = Array.from({ length: 500 }, (_, at) => at * 1e6);
    fixture.program.files.set('/logs/one', { pieces: [times], startUnixMs: 0 });
    fixture.program.chooses = ['/logs/one'];
    await fixture.app.watches.add(watch('-nothing', 'sound'));
    await settle(fixture);
    fixture.command('openFiles');
    await settle(fixture);
    expect(fixture.program.service.workspace.openSessions.map((open) => open.session.store.endRow)).toEqual([100, 500]);
    expect(report(fixture)).toMatchObject({ matches: 0, done: 0 });
    expect(fixture.program.acted).toEqual([]);
  });
});
