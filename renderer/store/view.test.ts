import { describe, expect, it } from 'vitest';
import { DEFAULT_OUTPUT } from '../../electron/contract/output.ts';
import { pack } from '../../electron/contract/packed.ts';
import { ok } from '../../native/core/result.ts';
import { maxTop, ROW_PX, visibleRange } from '../model/scroll.ts';
import { selectOne } from '../model/selection.ts';
import { startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';
import type { ProgramOptions } from '../test/program.ts';
import { extentOf } from './view-state.ts';

/** What is chosen for all copies and exports, and times as the table shows them. */
const OUTPUT = { ...DEFAULT_OUTPUT, times: { kind: 'elapsed', digits: 'us', delta: 'row' } };

async function started(options: Partial<ProgramOptions>) {
  const fixture = await startFixture(options);
  return { ...fixture, view: fixture.app.view, get: fixture.app.view.store.getState };
}

/** The rows on the screen, by number; undefined where one is missing. */
function shown(get: Awaited<ReturnType<typeof started>>['get']): (number | undefined)[] {
  const state = get();
  const { from, end } = visibleRange(state.top, extentOf(state));
  return Array.from({ length: end - from }, (_, i) => state.cache.get(from + i)?.row);
}

describe('view: following', () => {
  it('shows the newest rows from the pushed tail, without asking for them', async () => {
    const { get, program, calls, run } = await started({ rows: 300_000, rate: 100_000 });
    const asked = calls('view.rows').length;
    for (let i = 0; i < 5; i++) {
      program.advance(33);
      await run();
    }
    expect(get().end).toBe(program.total);
    expect(get().top).toBe(maxTop(extentOf(get())));
    expect(shown(get).at(-1)).toBe(program.total - 1);
    expect(shown(get)).not.toContain(undefined);
    expect(calls('view.rows').length).toBe(asked);
  });

  it('acknowledges an update only after the frame in which it was applied', async () => {
    const { program, settle, calls, pendingFrames, run, get } = await started({ rows: 100 });
    const before = calls('view.ack').length;
    program.append(10);
    await settle();
    expect(pendingFrames()).toBe(1);
    expect(calls('view.ack').length).toBe(before);
    expect(get().end).toBe(100);
    await run();
    expect(calls('view.ack').length).toBe(before + 1);
    expect(get().end).toBe(110);
  });

  it('asks for as many newest rows as the table is high, and for none while standing still', async () => {
    const { view, calls, run } = await started({ rows: 1000 });
    expect(calls('view.setTail').at(-1)?.rows).toBe(32);
    view.scrollBy(-ROW_PX);
    await run();
    expect(calls('view.setTail').at(-1)?.rows).toBe(0);
    view.setFollow(true);
    await run();
    expect(calls('view.setTail').at(-1)?.rows).toBe(32);
  });
});

describe('view: while another order of rows is asked for', () => {
  async function asking() {
    const fixture = await started({ rows: 100 });
    let answer: (comes: boolean) => void = () => {};
    const asked = new Promise<boolean>((resolve) => {
      answer = resolve;
    });
    const done = fixture.view.passOver(asked);
    const acks = fixture.calls('view.ack').length;
    fixture.program.append(10);
    await fixture.run();
    expect(fixture.get().end).toBe(100);
    expect(fixture.calls('view.ack').length).toBe(acks + 1);
    const settled = async (comes: boolean) => {
      answer(comes);
      await done;
      await fixture.run();
      return fixture.get().end;
    };
    return { ...fixture, settled };
  }

  it('does not draw what comes in this one, and confirms it', async () => {
    const { settled, program, run, get } = await asking();
    expect(await settled(true)).toBe(100);
    program.append(1);
    await run();
    expect(get().end).toBe(111);
  });

  it('draws it if no other order comes: nothing else may be told for long', async () => {
    const { settled } = await asking();
    expect(await settled(false)).toBe(110);
  });

  it('waits for the last of several answers', async () => {
    const { settled, view, run, get } = await asking();
    let second: (comes: boolean) => void = () => {};
    const done = view.passOver(
      new Promise((resolve) => {
        second = resolve;
      }),
    );
    expect(await settled(true)).toBe(100);
    second(false);
    await done;
    await run();
    expect(get().end).toBe(110);
  });
});

describe('view: standing still', () => {
  it('leaves follow on scrolling up, keeps its rows while others arrive, and returns at the lower end', async () => {
    const { view, get, program, run } = await started({ rows: 10_000, rate: 10_000 });
    view.scrollBy(-50 * ROW_PX);
    await run();
    expect(get().follow).toBe(false);
    const rows = shown(get);
    program.advance(1000);
    await run();
    expect(get().end).toBe(20_000);
    expect(shown(get)).toEqual(rows);
    view.scrollBy(1e12);
    await run();
    expect(get().follow).toBe(true);
    expect(shown(get).at(-1)).toBe(program.total - 1);
  });

  it('moves on screen only when the rows are there, and to the newest wish', async () => {
    const { view, get, settle } = await started({ rows: 400_000 });
    const top = get().top;
    view.scrollTo(100_000 * ROW_PX);
    expect(get().top).toBe(top);
    view.scrollTo(300_000 * ROW_PX);
    expect(shown(get)).not.toContain(undefined);
    await settle();
    expect(get().top).toBe(300_000 * ROW_PX);
    expect(shown(get)[0]).toBe(300_000);
    expect(shown(get)).not.toContain(undefined);
  });

  it('adds up wheel turns that come faster than rows', async () => {
    const { view, get, settle } = await started({ rows: 400_000 });
    view.scrollTo(150_000 * ROW_PX);
    for (let i = 0; i < 100; i++) view.scrollBy(7 * ROW_PX);
    await settle();
    await settle();
    expect(get().top).toBe(150_700 * ROW_PX);
  });

  it('finds rows around the visible ones already there after a turn of the wheel', async () => {
    const { view, get, settle } = await started({ rows: 100_000 });
    view.scrollTo(50_000 * ROW_PX);
    await settle();
    view.scrollBy(5 * ROW_PX);
    expect(get().top).toBe(50_005 * ROW_PX);
  });

  it('keeps the selected row in sight when a pane takes room from the table', async () => {
    const { view, get, run } = await started({ rows: 10_000 });
    view.scrollTo(3_000 * ROW_PX);
    await run();
    const position = 3_025;
    view.select(selectOne({ position, row: position }));
    view.setViewPx(300);
    await run();
    expect(shown(get).at(-1)).toBe(position);
    view.scrollTo(5_000 * ROW_PX);
    await run();
    view.setViewPx(200);
    await run();
    expect(shown(get)[0]).toBe(5_000);
  });

  it('keeps its place when old rows are dropped, and stops at the oldest', async () => {
    const { view, get, program, run } = await started({ rows: 10_000, keep: 10_000, segmentRows: 1000, rate: 1000 });
    view.scrollTo(3_000 * ROW_PX);
    await run();
    program.advance(2000);
    await run();
    expect(get().first).toBe(2_000);
    expect(shown(get)[0]).toBe(3_000);
    program.advance(2000);
    await run();
    expect(get().first).toBe(4_000);
    expect(shown(get)[0]).toBe(4_000);
    expect(shown(get)).not.toContain(undefined);
  });

  it('does not spin when the session has less than it said', async () => {
    const { view, wire, settle, calls, get } = await started({ rows: 10_000 });
    view.scrollTo(5_000 * ROW_PX);
    await settle();
    wire.answer('view.rows', async ({ generation, first }) => ok(pack({ generation, first, rows: [] })));
    const before = calls('view.rows').length;
    view.scrollTo(1_000 * ROW_PX);
    for (let i = 0; i < 10; i++) await settle();
    expect(calls('view.rows').length - before).toBeLessThanOrEqual(2);
    expect(get().top).toBe(5_000 * ROW_PX);
  });
});

describe('view: a new generation', () => {
  it('is shown as a whole: never a row of the old one, never a missing one', async () => {
    const { app, view, get, run, settle, pendingFrames } = await started({ rows: 100_000 });
    view.scrollTo(50_000 * ROW_PX);
    await run();
    const old = shown(get);
    app.filter.toggleLevel(3);
    await settle();
    expect(pendingFrames()).toBe(1);
    expect(shown(get)).toEqual(old);
    await run();
    expect(get().generation).toBe(2);
    const rows = shown(get);
    expect(rows).not.toContain(undefined);
    for (const number of rows) expect(rowAt(number!).level).not.toBe(3);
  });

  it('keeps the row looked at where it was on the screen', async () => {
    const { app, view, get, run } = await started({ rows: 100_000 });
    let number = 50_010;
    while (rowAt(number).level === 3) number++;
    view.scrollTo(50_000 * ROW_PX);
    await run();
    view.select(selectOne({ position: number, row: number }));
    const y = number * ROW_PX - get().top;
    app.filter.toggleLevel(3);
    await run();
    const focus = get().selection!.focus;
    expect(focus.row).toBe(number);
    expect(get().cache.get(focus.position)?.row).toBe(number);
    expect(focus.position * ROW_PX - get().top).toBe(y);
    app.filter.toggleLevel(3);
    await run();
    expect(get().selection!.focus).toEqual({ position: number, row: number });
    expect(number * ROW_PX - get().top).toBe(y);
  });

  it('takes over what the person did while it was prepared', async () => {
    const { app, view, get, run, settle } = await started({ rows: 100_000 });
    let number = 50_005;
    while (rowAt(number).level === 3) number++;
    view.scrollTo(50_000 * ROW_PX);
    await run();
    app.filter.toggleLevel(3);
    await settle();
    expect(get().generation).toBe(1);
    view.select(selectOne({ position: number, row: number }));
    await run();
    expect(get().generation).toBe(2);
    expect(get().selection!.focus.row).toBe(number);
    expect(get().cache.get(get().selection!.focus.position)?.row).toBe(number);
  });

  it('does not forget a move whose rows had not arrived when it came', async () => {
    const { app, view, get, run, settle } = await started({ rows: 100_000 });
    app.filter.toggleLevel(3);
    await settle();
    expect(get().generation).toBe(1);
    view.scrollTo(0);
    await run();
    await run();
    expect(get().generation).toBe(2);
    expect(get().follow).toBe(false);
    expect(get().top).toBe(0);
    expect(shown(get)).not.toContain(undefined);
  });

  it('is waited for by whoever asks for a position', async () => {
    const { app, get, run } = await started({ rows: 100_000 });
    let number = 70_000;
    while (rowAt(number).level === 3) number++;
    app.filter.toggleLevel(3);
    const going = app.goTo(String(number + 1));
    await run();
    expect(await going).toBeNull();
    await run();
    expect(get().generation).toBe(2);
    expect(get().selection!.focus.row).toBe(number);
    app.filter.reset();
    app.find.setPattern('watchdog');
    const finding = app.find.go('next');
    await run();
    await finding;
    await run();
    expect(get().generation).toBe(3);
    expect(rowAt(get().selection!.focus.row!).text).toContain('watchdog');
    expect(get().selection!.focus.row).toBeGreaterThan(number);
  });

  it('drops the selection with its row, and starts anew after a clear', async () => {
    const { app, view, get, run } = await started({ rows: 1000 });
    let number = 500;
    while (rowAt(number).level !== 3) number++;
    view.select(selectOne({ position: number, row: number }));
    app.filter.toggleLevel(3);
    await run();
    expect(get().selection).toBeNull();
    view.scrollBy(-100);
    view.clear();
    await run();
    expect(get().follow).toBe(true);
    expect(get().end - get().first).toBe(0);
  });

  it('goes on after a request failed, and says so', async () => {
    const { app, wire, get, run } = await started({ rows: 1000 });
    const thrown: unknown[] = [];
    const listener = (error: unknown) => thrown.push(error);
    process.on('unhandledRejection', listener);
    app.view.scrollBy(-400);
    await run();
    wire.answer('view.locate', () => Promise.reject(new Error('port closed')));
    app.filter.toggleLevel(0);
    await run();
    wire.release('view.locate');
    process.off('unhandledRejection', listener);
    expect(get().generation).toBe(2);
    // Said to the person, and never an unhandled rejection.
    expect(thrown).toEqual([]);
    expect(
      app.ui.store
        .getState()
        .notices.map(({ message }) => message)
        .join(),
    ).toContain('port closed');
  });
});

describe('view: selection', () => {
  it('survives appended rows and shrinks with evicted ones', async () => {
    const { app, view, get, program, run, calls, command } = await started({
      ...{ rows: 1000, keep: 1000, segmentRows: 100, rate: 100 },
    });
    view.select({ anchor: { position: 10, row: 10 }, focus: { position: 300, row: 300 } });
    program.advance(1000);
    await run();
    expect(get().selection?.anchor.position).toBe(100);
    expect(get().selection?.focus.position).toBe(300);
    command('selectAll');
    await run();
    await app.copySelection();
    expect(calls('view.copy')).toEqual([
      { view: 1, range: { generation: 1, first: 100, last: 1099 }, format: 'text', options: OUTPUT },
    ]);
  });

  it('learns the row of a position once it has arrived', async () => {
    const { app, get, run, command } = await started({ rows: 100_000 });
    command('first');
    await run();
    command('selectAll');
    expect(get().selection?.anchor.row).toBe(0);
    await app.goTo('70,001');
    await run();
    expect(get().selection?.focus).toEqual({ position: 70_000, row: 70_000 });
    expect(get().follow).toBe(false);
  });
});
