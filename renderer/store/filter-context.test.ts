/** Rows around matches, over the real service: chosen for a view, kept over other filters, undone, told apart in counts. */
import { expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';

it('shows rows around matches, counted apart, whatever the filter becomes, and takes them back', async () => {
  const fixture = await startFixture({ rows: 100, sources: 1 });
  const { filter, view } = fixture.app;
  const figures = () => {
    const { matchedEntries, contextEntries, end, first } = view.store.getState();
    return { matchedEntries, contextEntries, rows: end - first };
  };
  filter.toggleLevel(2);
  await fixture.run();
  const alone = figures();
  expect(alone.contextEntries).toBe(0);
  filter.setContext(2);
  await fixture.run();
  const around = figures();
  expect(around.matchedEntries).toBe(alone.matchedEntries);
  expect(around.contextEntries).toBeGreaterThan(0);
  expect(around.rows).toBe(alone.rows + around.contextEntries);
  filter.setPattern('level>=warning');
  filter.applyNow();
  await fixture.run();
  expect(filter.store.getState().applied.context).toBe(2);
  filter.reset();
  await fixture.run();
  expect(filter.store.getState().applied).toMatchObject({ context: 2, hiddenLevels: [], text: null });
  expect(figures().contextEntries).toBe(0);
  filter.undo();
  filter.undo();
  filter.undo();
  await fixture.run();
  expect(filter.store.getState().applied).toEqual({ hiddenCpus: [], hiddenLevels: [2], hiddenSources: [], text: null });
  expect(figures()).toEqual(alone);
});
