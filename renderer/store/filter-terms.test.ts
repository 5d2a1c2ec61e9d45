/** The filter box over the real service: terms in force, mistakes that leave the old filter, a row's verbs, undo, earlier filters. */
import { describe, expect, it } from 'vitest';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { FilterSpec } from '../../electron/contract/rows.ts';
import { ok } from '../../native/core/result.ts';
import { createFixture, startFixture } from '../test/app-fixture.ts';
import { createFilter } from './filter.ts';
import { rowVerbs, verbRow } from './row-verbs.ts';

async function typing(rows = 100) {
  const fixture = await startFixture({ rows, sources: 1 });
  const { filter, view } = fixture.app;
  const type = async (pattern: string): Promise<void> => {
    filter.setPattern(pattern);
    fixture.fireTimers();
    await fixture.run();
    // A mistake is told a little later.
    fixture.fireTimers();
  };
  const state = () => filter.store.getState();
  const shown = () => view.store.getState().matchedEntries;
  return { ...fixture, filter, type, state, shown, app: fixture.app };
}

describe('terms in the filter box', () => {
  it('are in force with what the chips hide, and a mistake leaves them so', async () => {
    const { type, state, shown, filter, run, fireTimers } = await typing();
    const all = shown();
    await type('cpu:0-1');
    expect(state().applied.terms).toEqual({ text: 'cpu:0-1', caseSensitive: false });
    const some = shown();
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    // It may be right with the next key, so it is not told as soon as a filter would be in force.
    filter.setPattern('cpu:0-');
    expect(state().failure).toBeNull();
    fireTimers();
    expect(state().faultAt).toEqual({ from: 4, to: 6 });
    expect(state().failure?.message).toContain("'0-' cannot be a value of 'cpu'");
    expect([state().applied.terms?.text, shown()]).toEqual(['cpu:0-1', some]);
    filter.toggleCpu(0);
    await run();
    expect(shown()).toBeLessThan(some);
    expect(state().faultAt).toEqual({ from: 4, to: 6 });
    await type('');
    expect(state().failure).toBeNull();
    expect(state().applied).toEqual({ hiddenCpus: [0], hiddenLevels: [], hiddenSources: [], text: null });
  });

  it('are told to be wrong for as long as they are, also where their beginning was in force as a text', async () => {
    const { type, state, run } = await typing();
    await type('cpu:0 lev');
    expect(state().applied.terms?.text).toBe('cpu:0 lev');
    await type('cpu:0 level:high');
    await run();
    expect(state().applied.terms?.text).toBe('cpu:0');
    expect(state().failure?.message).toContain("'high' cannot be a value of 'level'");
    expect(state().faultAt).toEqual({ from: 12, to: 16 });
    await type('cpu:0 level:info');
    expect(state()).toMatchObject({ failure: null, faultAt: null });
  });

  it('know the sources of the session by their names', async () => {
    const fixture = await startFixture({ rows: 100, sources: 2 });
    const { filter, view } = fixture.app;
    const all = view.store.getState().matchedEntries;
    const shown: number[] = [];
    for (const pattern of ['source:SIM:demo', '-source:sim:demo', 'source:sim:*', 'source:sim:nicfilter']) {
      filter.setPattern(pattern);
      filter.applyNow();
      await fixture.run();
      shown.push(view.store.getState().matchedEntries);
    }
    expect(all).toBeGreaterThan(0);
    expect(shown).toEqual([all, 0, all, 0]);
  });

  it('are taken back and made again, typing in one go as one step', async () => {
    const { type, state, filter, run } = await typing();
    const steps = async (...go: ('undo' | 'redo')[]) => {
      for (const each of go) filter[each]();
      await run();
      const { pattern, applied } = state();
      return [pattern, applied.terms?.text ?? applied.text?.pattern ?? '', applied.hiddenLevels.length];
    };
    await type('c');
    await type('cpu:0');
    filter.toggleLevel(0);
    await run();
    await type('cpu:0 x');
    expect(await steps('undo')).toEqual(['cpu:0', 'cpu:0', 1]);
    expect(await steps('undo')).toEqual(['cpu:0', 'cpu:0', 0]);
    expect(await steps('undo')).toEqual(['', '', 0]);
    expect(await steps('undo')).toEqual(['', '', 0]);
    expect(await steps('redo', 'redo')).toEqual(['cpu:0', 'cpu:0', 1]);
    filter.reset();
    await run();
    expect(await steps('redo')).toEqual(['', '', 0]);
    expect(await steps('undo')).toEqual(['cpu:0', 'cpu:0', 1]);
  });

  it('are remembered once they were used, also by the page that comes after this one', async () => {
    const { type, state, filter, program, fireTimers, run } = await typing();
    await type('cpu:0');
    filter.applyNow();
    await type('other');
    await type('');
    await type('cpu:1');
    filter.reset();
    expect(state().earlier).toEqual(['cpu:1', 'other', 'cpu:0']);
    fireTimers();
    await run();
    const after = createFixture({}, program);
    await after.connect();
    expect(after.app.filter.store.getState().earlier).toEqual(['cpu:1', 'other', 'cpu:0']);
  });
});

describe('a status code in the filter box', () => {
  it('of no name is refused with that name, and the filter before it stays in force', async () => {
    const { type, state } = await typing();
    await type('status:STATUS_IO_TIMEOUT');
    expect(state().failure).toBeNull();
    await type('status:STATUS_IO_TIME');
    expect(state().failure?.message).toBe("No status code is called 'STATUS_IO_TIME'");
    expect(state().applied.terms?.text).toBe('status:STATUS_IO_TIMEOUT');
  });
});

describe('a verb of the selected row', () => {
  it('adds a term to the filter, of which every row it shows is one', async () => {
    const { app, state, run, shown } = await typing();
    expect(verbRow(app)).toBeUndefined();
    app.selectAt(90, false);
    app.moveSelection(0, false);
    await run();
    const verbs = (id: string) => {
      const row = verbRow(app);
      if (row === undefined) throw new Error('no row is selected');
      return {
        row,
        run: () =>
          rowVerbs(app, row)
            .find((verb) => verb.id === id)
            ?.run(),
      };
    };
    const all = shown();
    const { row } = verbs('copy');
    verbs('only-cpu').run();
    await run();
    expect(state().pattern).toBe(`cpu:${row.cpu}`);
    const alone = shown();
    expect(alone).toBeLessThan(all);
    verbs('hide-level').run();
    await run();
    expect(state().pattern).toMatch(/^cpu:\d -level:\w+$/);
    expect(shown()).toBeLessThan(alone);
    app.filter.undo();
    app.filter.undo();
    await run();
    expect([state().pattern, shown()]).toEqual(['', all]);
    app.selectAt(90, false);
    app.moveSelection(0, false);
    await run();
    verbs('hide-like').run();
    await run();
    expect(state().pattern).toMatch(/^-like:"/);
    expect(shown()).toBeLessThan(all);
    app.filter.reset();
    await run();
    app.selectAt(90, false);
    app.moveSelection(0, false);
    await run();
    verbs('find').run();
    await run();
    expect(app.find.store.getState()).toMatchObject({ open: true, regex: false, pattern: row.text });
  });

  it('shows and hides messages with the status code that the message has', async () => {
    const { app, state, run, shown, type } = await typing();
    const all = shown();
    await type('IRP_MJ_READ');
    const withCode = shown();
    app.selectAt(0, false);
    app.moveSelection(0, false);
    await run();
    const row = verbRow(app);
    if (row === undefined) throw new Error('no row is selected');
    const labels = () => rowVerbs(app, row).map(({ label }) => label);
    expect(labels()).not.toContain('Only messages with STATUS_IO_TIMEOUT');
    await app.decoder.load();
    expect(labels()).toContain('Only messages with STATUS_IO_TIMEOUT');
    app.filter.reset();
    await run();
    const verb = (id: string) => rowVerbs(app, row).find((each) => each.id === id);
    verb('only-status')?.run();
    await run();
    expect([state().pattern, shown()]).toEqual(['status:STATUS_IO_TIMEOUT', withCode]);
    app.filter.reset();
    await run();
    verb('hide-status')?.run();
    await run();
    expect([state().pattern, shown()]).toEqual(['-status:STATUS_IO_TIMEOUT', all - withCode]);
  });
});

describe('keys in the filter box', () => {
  it('are answered at once, and together where they come fast', () => {
    const asked: (string | undefined)[] = [];
    let timers: { readonly ms: number; readonly run: () => void }[] = [];
    const filter = createFilter(
      {
        view: {
          setFilter: ({ filter }: { filter: FilterSpec }) => {
            asked.push(filter.text?.pattern);
            return Promise.resolve(ok({ generation: 1 }));
          },
        } as unknown as BoundBridge['view'],
      },
      (run, ms) => {
        const timer = { ms, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((each) => each !== timer);
        };
      },
    );
    const pass = (ms: number): void => {
      const due = timers.filter((timer) => timer.ms <= ms);
      timers = timers.filter((timer) => timer.ms > ms);
      for (const { run } of due) run();
    };
    filter.setPattern('i');
    pass(0);
    expect(asked).toEqual(['i']);
    filter.setPattern('ir');
    pass(0);
    filter.setPattern('irp');
    pass(0);
    expect(asked).toEqual(['i']);
    pass(40);
    expect(asked).toEqual(['i', 'irp']);
    filter.setPattern('irp_');
    pass(0);
    expect(asked).toEqual(['i', 'irp', 'irp_']);
  });
});
