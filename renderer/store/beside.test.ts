/** Two views side by side in a page over the real service: which they are, and who brings whom where. */
import { describe, expect, it } from 'vitest';
import { ROW_PX } from '../model/scroll.ts';
import { createFixture, type Fixture, startFixture, VIEW_PX } from '../test/app-fixture.ts';
import { START_UNIX_MS } from '../test/log.ts';
import type { App } from './app.ts';

/** The page draws a view that is shown, which gives it its height. */
function draw(fixture: Fixture): void {
  const { pair } = fixture.page.beside.store.getState();
  for (const view of pair ?? []) fixture.page.appOf(view)?.view.setViewPx(VIEW_PX);
}

/** View 1 shows everything, view 2 to its right errors alone. */
async function besides(options = {}): Promise<{ fixture: Fixture; left: App; right: App }> {
  const fixture = await startFixture({ rows: 5000, ...options });
  fixture.command('showBeside');
  await fixture.run();
  draw(fixture);
  const [left, right] = [1, 2].map((view) => fixture.page.appOf(view) as App);
  for (const level of [1, 2, 3, 4] as const) right?.filter.toggleLevel(level);
  await fixture.run();
  return { fixture, left: left as App, right: right as App };
}

const pairOf = ({ page }: Fixture) => page.beside.store.getState().pair;

/** The row at the upper edge of a table. */
function topRow({ view }: App): number {
  const { top, cache } = view.store.getState();
  return cache.get(Math.ceil(top / ROW_PX))?.row ?? -1;
}
const selectedRow = ({ view }: App): number => view.store.getState().selection?.focus.row ?? -1;

/** What the page asked of where the row of one view is in the other. */
const asked = (fixture: Fixture): number => fixture.calls('view.locate').length;

describe('beside', () => {
  it('opens another view where there is none, and keeps the first one active', async () => {
    const { fixture } = await besides();
    expect([pairOf(fixture), fixture.page.tabs.getState().active]).toEqual([[1, 2], 1]);
    fixture.command('showBeside');
    expect(pairOf(fixture)).toBeNull();
    // The tab stays, and is what is shown beside next time.
    fixture.command('showBeside');
    await fixture.run();
    expect([pairOf(fixture), fixture.page.tabs.getState().layout[0]?.views.length]).toEqual([[1, 2], 2]);
  });

  it('fetches rows of both, and none of one that is shown no more', async () => {
    const { fixture, right } = await besides();
    expect(right.view.store.getState().viewPx).toBe(VIEW_PX);
    fixture.command('escape');
    expect([pairOf(fixture), right.view.store.getState().viewPx]).toEqual([null, 0]);
  });

  it('makes the other one active by a key, and a third takes the place of the active one', async () => {
    const { fixture } = await besides();
    fixture.command('changeSide');
    expect([pairOf(fixture), fixture.page.tabs.getState().active]).toEqual([[1, 2], 2]);
    await fixture.page.openView();
    await fixture.run();
    expect([pairOf(fixture), fixture.page.tabs.getState().active]).toEqual([[1, 3], 3]);
    expect(fixture.page.appOf(2)?.view.store.getState().viewPx).toBe(0);
    await fixture.page.showBeside(2);
    expect(pairOf(fixture)).toEqual([3, 2]);
    expect(fixture.page.appOf(1)?.view.store.getState().viewPx).toBe(0);
  });

  it('is over when one of the two is closed, and the other one is shown', async () => {
    const { fixture } = await besides();
    await fixture.page.openView();
    await fixture.run();
    fixture.page.show(2);
    await fixture.page.showBeside(1);
    fixture.page.closeView(2);
    await fixture.run();
    expect([pairOf(fixture), fixture.page.tabs.getState().active]).toEqual([null, 1]);
  });

  it('is the same in the page that takes the place of this one', async () => {
    const { fixture } = await besides();
    fixture.page.beside.setTogether(false);
    fixture.page.beside.setShare(95.5);
    fixture.command('changeSide');
    fixture.fireTimers();
    await fixture.settle();
    const next = createFixture({}, fixture.program);
    await next.connect();
    expect(next.page.beside.store.getState()).toEqual({ pair: [1, 2], together: false, share: 80 });
    expect(next.page.tabs.getState().active).toBe(2);
  });

  it('is not brought back for a view that is closed', async () => {
    const { fixture } = await besides();
    fixture.fireTimers();
    await fixture.settle();
    fixture.program.service.workspace.closeView(2);
    const next = createFixture({}, fixture.program);
    await next.connect();
    expect(pairOf(next)).toBeNull();
  });
});

describe('scrolled together', () => {
  it('the other one shows the nearest row of its own at the same height', async () => {
    const { fixture, left, right } = await besides();
    left.view.standAt(2000 * ROW_PX);
    await fixture.run();
    expect(topRow(left)).toBe(2000);
    const errors = topRow(right);
    expect(Math.abs(errors - 2000)).toBeLessThan(200);
    expect(right.view.store.getState().follow).toBe(false);
    // An error is in both.
    await left.goToRow(errors);
    await fixture.run();
    const height = ({ view }: App): number => {
      const { selection, top } = view.store.getState();
      return (selection?.focus.position ?? 0) * ROW_PX - top;
    };
    expect([selectedRow(left), selectedRow(right)]).toEqual([errors, errors]);
    expect(height(right)).toBe(height(left));
  });

  it('whoever was acted on last leads, and neither drives the other back', async () => {
    const { fixture, left, right } = await besides();
    left.view.standAt(2000 * ROW_PX);
    await fixture.run();
    const before = asked(fixture);
    await fixture.run();
    expect(asked(fixture)).toBe(before);
    fixture.page.beside.lead(2);
    right.view.scrollBy(-15 * ROW_PX);
    await fixture.run();
    expect(topRow(left)).toBe(topRow(right));
    expect(asked(fixture)).toBe(before + 1);
    expect(left.view.store.getState().top).toBe(topRow(right) * ROW_PX);
  });

  it('following at the end is for both', async () => {
    const { fixture, left, right } = await besides();
    left.view.standAt(0);
    await fixture.run();
    expect(right.view.store.getState().follow).toBe(false);
    left.view.setFollow(true);
    await fixture.run();
    expect(right.view.store.getState().follow).toBe(true);
  });

  it('leaves a range alone that is selected in the other', async () => {
    const { fixture, left, right } = await besides();
    right.selectAt(3, false);
    right.selectAt(7, true);
    left.selectAt(4000, false);
    left.revealSelection();
    await fixture.run();
    expect(right.view.store.getState().selection).toMatchObject({ anchor: { position: 3 }, focus: { position: 7 } });
    expect(Math.abs(topRow(right) - 4000)).toBeLessThan(1000);
  });

  it('not while a person wants each by itself', async () => {
    const { fixture, left, right } = await besides();
    fixture.command('scrollTogether');
    left.view.standAt(2000 * ROW_PX);
    await fixture.run();
    expect(right.view.store.getState().follow).toBe(true);
    fixture.command('scrollTogether');
    await fixture.run();
    expect(right.view.store.getState().follow).toBe(false);
  });

  it('asks for one place at a time, and for the last one in the end', async () => {
    const { fixture, left, right } = await besides();
    const waiting = fixture.wire.hold('view.locate');
    const before = asked(fixture);
    for (const row of [1000, 1500, 2000, 2500]) {
      left.view.standAt(row * ROW_PX);
      await fixture.run();
    }
    expect([asked(fixture), waiting.length]).toEqual([before + 1, 1]);
    fixture.wire.release('view.locate');
    await waiting[0]?.answer();
    await fixture.run();
    expect(asked(fixture)).toBe(before + 2);
    expect(Math.abs(topRow(right) - 2500)).toBeLessThan(200);
  });

  it('goes once more when the filter of the other has come to the row', async () => {
    const { fixture, left, right } = await besides();
    right.filter.reset();
    right.filter.setPattern('watchdog');
    right.filter.applyNow();
    await fixture.run();
    left.view.standAt(3000 * ROW_PX);
    await fixture.run();
    expect(Math.abs(topRow(right) - 3000)).toBeLessThan(200);
  });

  it('logs of two sessions by the clock, where both know it', async () => {
    const fixture = createFixture({ sources: 0 });
    const pieces = [Array.from({ length: 2000 }, (_, at) => at * 1e9)];
    fixture.program.files.set('/logs/a', { pieces, startUnixMs: START_UNIX_MS });
    fixture.program.files.set('/logs/b', { pieces, startUnixMs: START_UNIX_MS + 600_000 });
    await fixture.connect();
    for (const path of ['/logs/a', '/logs/b']) {
      fixture.program.chooses = [path];
      fixture.command('openFiles');
      await fixture.run();
    }
    const [a, b] = fixture.page.tabs.getState().layout.map(({ views }) => views[0]?.view as number);
    fixture.page.show(a as number);
    await fixture.page.showBeside(b);
    draw(fixture);
    await fixture.run();
    const [left, right] = [fixture.page.appOf(a as number) as App, fixture.page.appOf(b as number) as App];
    left.view.standAt(1000 * ROW_PX);
    await fixture.run();
    // Ten minutes of a line a second.
    expect([topRow(left), topRow(right)]).toEqual([1000, 400]);
    left.view.standAt(100 * ROW_PX);
    await fixture.run();
    expect(topRow(right)).toBe(0);
  });
});
