import { describe, expect, it } from 'vitest';
import { createFixture } from '../test/app-fixture.ts';
import { Program } from '../test/program.ts';
import { createBeginning } from './beginning.ts';

const rows = (end: number, fromStart = true) => ({
  ...{ first: 0, end },
  ...(fromStart ? { readsFromStart: true as const } : {}),
});

describe('where a view begins', () => {
  it('is the first row of files, once there is one, and the newest of what is written', () => {
    const files = createBeginning();
    expect([0, 5, 9].map((end) => files.standsAt(rows(end)))).toEqual([false, true, false]);
    const live = createBeginning();
    expect([live.standsAt(rows(5, false)), live.standsAt(rows(9))]).toEqual([false, false]);
  });

  it('is decided again once the rows are gone', () => {
    const beginning = createBeginning();
    beginning.standsAt(rows(5, false));
    beginning.again();
    expect([beginning.standsAt(rows(0)), beginning.standsAt(rows(5))]).toEqual([false, true]);
  });

  it('is where the page before stood, if that had rows', () => {
    const stood = createBeginning();
    stood.restored();
    expect([stood.standsAt(rows(5)), stood.standsAt(rows(9))]).toEqual([false, false]);
    const empty = createBeginning();
    empty.restored();
    expect([empty.standsAt(rows(0)), empty.standsAt(rows(9))]).toEqual([false, true]);
  });
});

describe('the table', () => {
  async function opened(source: string) {
    const program = new Program({ sources: 0 });
    const pieces = [
      Array.from({ length: 100 }, (_, at) => at * 1000),
      Array.from({ length: 100 }, (_, at) => 100_000 + at),
    ];
    program.files.set('/logs/a.log', { startUnixMs: 0, pieces });
    program.files.set('/logs/MEMORY.DMP', { startUnixMs: 0, pieces, fromEnd: true });
    const fixture = createFixture({}, program);
    await fixture.connect();
    program.session.start(source);
    if (source.startsWith('sim:')) program.append(200);
    program.advance(100);
    await fixture.run();
    program.advance(1000);
    await fixture.run();
    return fixture.app.view;
  }

  it('shows the beginning of a file and stays there while it is read, until the person goes to its end', async () => {
    const view = await opened('file:/logs/a.log');
    expect(view.store.getState()).toMatchObject({ end: 200, top: 0, follow: false });
    expect(view.store.getState().cache.get(0)).toBeDefined();
    view.setFollow(true);
    expect(view.store.getState().follow).toBe(true);
  });

  it.each(['sim:demo', 'file:/logs/MEMORY.DMP'])(
    'ends with the newest row of what is written, and of a dump: %s',
    async (source) => {
      const view = await opened(source);
      expect(view.store.getState()).toMatchObject({ end: 200, follow: true });
      expect(view.store.getState().top).toBeGreaterThan(0);
      expect(view.store.getState().cache.get(199)).toBeDefined();
    },
  );
});
