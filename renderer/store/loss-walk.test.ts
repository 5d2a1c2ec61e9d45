/** Walking from loss to loss in a page over the real service. */
import { describe, expect, it } from 'vitest';
import type { FoundLoss } from '../../electron/contract/loss.ts';
import { batchOf, entry, gap, type PlainRow } from '../../electron/session/test-support.ts';
import { LOSS_CAUSES } from '../../native/core/entry.ts';
import { type Fixture, startFixture } from '../test/app-fixture.ts';
import { MOST_LISTED } from './loss-list.ts';
import { rowVerbs, verbRow } from './row-verbs.ts';

const FULL = 1 << LOSS_CAUSES.indexOf('full');

/** A log with losses before rows 100, 200 (on two CPUs) and 5000. */
async function lossy(): Promise<Fixture> {
  const fixture = await startFixture({ rows: 0 });
  const rows: PlainRow[] = [];
  for (let n = 0; n < 6000; n++) {
    const timeNs = n * 1_000_000;
    const lost = (cpu: number, count: number) => rows.push({ ...gap(n, cpu, count), timeNs, type: FULL });
    if (n === 100) lost(3, 7);
    if (n === 200) [lost(0, 1000), lost(1, 234)];
    if (n === 5000) lost(2, 1);
    rows.push(entry(n, `row ${n}`, { cpu: n % 4, timeNs, level: n === 200 ? 0 : 2 }));
  }
  fixture.program.source().ready.push(batchOf(rows));
  fixture.program.service.loop.wake();
  fixture.program.advance(100);
  await fixture.run();
  return fixture;
}

async function walk(
  fixture: Fixture,
  ...commands: ('nextLoss' | 'previousLoss')[]
): Promise<[number | undefined, string | undefined]> {
  for (const command of commands) {
    fixture.command(command);
    await fixture.run();
  }
  const { selection } = fixture.app.view.store.getState();
  const said = fixture.app.ui.store.getState().notices.at(-1)?.message.replaceAll('\u2009', '');
  return [selection?.focus.position, said];
}

describe('the list of losses', () => {
  const listed = ({ app }: Fixture) => {
    const { losses, older, counted } = app.lossList.store.getState();
    return { lost: losses.map(({ lost }) => lost), older, counted };
  };

  it('is asked for only while somebody looks at it, follows the filter and what comes, and leads to each', async () => {
    const fixture = await lossy();
    const { app, program, run } = fixture;
    expect(fixture.calls('view.losses')).toEqual([]);
    const end = app.lossList.watch();
    await run();
    expect(listed(fixture)).toEqual({ lost: [7, 1234, 1], older: 0, counted: true });
    const second = app.lossList.store.getState().losses[1] as FoundLoss;
    await app.losses.goTo(second);
    expect(app.view.store.getState().selection?.focus.position).toBe(201);

    program
      .source()
      .ready.push(
        batchOf([
          { ...gap(6000, 1, 50), timeNs: 6_000_000_000, type: FULL },
          entry(6001, 'row 6001', { cpu: 1, timeNs: 6_001_000_000 }),
        ]),
      );
    program.service.loop.wake();
    program.advance(100);
    await run();
    fixture.fireTimers();
    await run();
    expect(listed(fixture).lost).toEqual([7, 1234, 1, 50]);
    // What was listed before is not asked for again, but for the last, which may have gone on.
    expect(fixture.calls('view.losses').at(-1)?.from).toBe(second.last);

    app.filter.toggleCpu(0);
    await run();
    fixture.fireTimers();
    await run();
    expect(listed(fixture).lost).toEqual([7, 234, 1, 50]);
    // The list of before is of rows that stand elsewhere now.
    await app.losses.goTo(second);
    expect(app.ui.store.getState().notices.at(-1)?.message).toContain('have changed');

    end();
    const asked = fixture.calls('view.losses').length;
    app.filter.toggleCpu(0);
    await run();
    fixture.fireTimers();
    await run();
    expect(fixture.calls('view.losses')).toHaveLength(asked);
  });

  it('has the newest where there are very many, and says how many are older', async () => {
    const fixture = await startFixture({ rows: 0 });
    const rows: PlainRow[] = [];
    for (let n = 0; n <= MOST_LISTED + 3; n++) rows.push(gap(n, 0, n + 1), entry(n, 'between'));
    fixture.program.source().ready.push(batchOf(rows));
    fixture.program.service.loop.wake();
    fixture.program.advance(100);
    await fixture.run();
    fixture.app.lossList.watch();
    await fixture.run();
    expect(listed(fixture)).toMatchObject({ older: 4, counted: true });
    expect(listed(fixture).lost).toEqual(Array.from({ length: MOST_LISTED }, (_, n) => n + 5));
  });
});

describe('keys walk from loss to loss', () => {
  it('and say how many were lost, on which CPUs, when and why, until there is none', async () => {
    const fixture = await lossy();
    fixture.app.showFirst();
    await fixture.run();
    expect(await walk(fixture, 'nextLoss')).toEqual([
      100,
      '7 lost on CPU 3 between 0.099000 and 0.100000 (ring full).',
    ]);
    expect(await walk(fixture, 'nextLoss')).toEqual([
      201,
      '1,234 lost on CPUs 0-1 between 0.196000 and 0.200000 (ring full).',
    ]);
    const [last] = await walk(fixture, 'nextLoss');
    expect(last).toBe(5003);
    expect(await walk(fixture, 'nextLoss')).toEqual([
      5003,
      'No loss further down in the rows shown. Shift+F8 looks the other way.',
    ]);
    expect((await walk(fixture, 'previousLoss', 'previousLoss'))[0]).toBe(100);
    expect(await walk(fixture, 'previousLoss')).toEqual([
      100,
      'No loss further up in the rows shown. F8 looks the other way.',
    ]);
  });

  it('begin at what is on the screen where nothing is selected, and bring the loss into sight', async () => {
    const fixture = await lossy();
    const { view } = fixture.app;
    // The table follows the newest rows.
    expect((await walk(fixture, 'previousLoss'))[0]).toBe(5003);
    const { top, viewPx, follow } = view.store.getState();
    expect(follow).toBe(false);
    expect(5003 * 20).toBeGreaterThanOrEqual(top);
    expect(5003 * 20).toBeLessThan(top + viewPx);
    // A loss in the first row on the screen is the next one.
    view.select(null);
    view.scrollTo(100 * 20);
    await fixture.run();
    expect((await walk(fixture, 'nextLoss'))[0]).toBe(100);
  });

  it('begin at what is on the screen where the selected row was scrolled out of sight', async () => {
    const fixture = await lossy();
    const { view } = fixture.app;
    fixture.app.showFirst();
    await fixture.run();
    expect((await walk(fixture, 'nextLoss'))[0]).toBe(100);
    view.scrollTo(3000 * 20);
    await fixture.run();
    expect((await walk(fixture, 'nextLoss'))[0]).toBe(5003);
    view.scrollTo(150 * 20);
    await fixture.run();
    expect((await walk(fixture, 'previousLoss'))[0]).toBe(100);
  });

  it('go by what the filter shows', async () => {
    const fixture = await lossy();
    fixture.app.filter.toggleCpu(3);
    fixture.app.filter.toggleCpu(2);
    await fixture.run();
    fixture.app.showFirst();
    await fixture.run();
    const [first, said] = await walk(fixture, 'nextLoss');
    expect(fixture.app.view.store.getState().cache.get(first ?? -1)).toMatchObject({ kind: 1, index: 200 });
    expect(said).toContain('1,234 lost');
    expect((await walk(fixture, 'nextLoss'))[1]).toBe(
      'No loss further down in the rows shown. Shift+F8 looks the other way.',
    );
  });

  it('are verbs of a loss too, in words of the time that the table shows', async () => {
    const fixture = await lossy();
    const { app } = fixture;
    app.showFirst();
    await fixture.run();
    await walk(fixture, 'nextLoss');
    const row = verbRow(app);
    if (row === undefined) throw new Error('no row is selected');
    const verbs = rowVerbs(app, row);
    expect(verbs.map(({ id }) => id)).toEqual([
      'only-cpu',
      'hide-cpu',
      'next-loss',
      'previous-loss',
      'measure',
      'bookmark',
      'note',
    ]);
    app.ui.setTimes({ digits: 'ms' });
    verbs.find(({ id }) => id === 'next-loss')?.run();
    await fixture.run();
    expect((await walk(fixture))[1]).toBe('1,234 lost on CPUs 0-1 between 0.196 and 0.200 (ring full).');
  });
});
