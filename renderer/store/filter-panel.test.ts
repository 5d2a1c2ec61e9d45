/** The filter as rows, over the real service: what is typed is seen as rows, and rows change what is typed and shown. */
import { expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';

async function opened() {
  const fixture = await startFixture({ rows: 100, sources: 1 });
  const { filter, filterPanel, view } = fixture.app;
  const rows = () =>
    filterPanel.store
      .getState()
      .rows?.map(
        ({ column, relation, value, hides, on }) =>
          `${on ? '' : 'off '}${hides ? 'hide' : 'only'} ${column} ${relation} ${value}`,
      );
  const type = async (pattern: string): Promise<void> => {
    filter.setPattern(pattern);
    filter.applyNow();
    await fixture.run();
  };
  return {
    ...fixture,
    filter,
    filterPanel,
    rows,
    type,
    pattern: () => filter.store.getState().pattern,
    shown: () => view.store.getState().matchedEntries,
  };
}

it('shows what is typed as rows, and writes what is changed in them', async () => {
  const { type, rows, filterPanel, pattern, shown, run, filter } = await opened();
  const all = shown();
  await type('cpu:0-1 -error');
  const some = shown();
  expect(rows()).toEqual(['only cpu is 0-1', 'hide message contains error']);
  filterPanel.change(0, { value: '0' });
  await run();
  expect(pattern()).toBe('cpu:0 -error');
  expect(shown()).toBeLessThan(some);
  filterPanel.remove(0);
  filterPanel.change(0, { hides: false });
  await run();
  expect([pattern(), rows()]).toEqual(['error', ['only message contains error']]);
  filterPanel.remove(0);
  await run();
  expect([pattern(), rows(), shown()]).toEqual(['', [], all]);
  filter.undo();
  await run();
  expect(rows()).toEqual(['only message contains error']);
});

it('keeps rows that are off at their places while the text changes, and a row that means nothing out of force', async () => {
  const { type, rows, filterPanel, pattern, shown, run } = await opened();
  await type('level>=info cpu:0');
  const some = shown();
  filterPanel.change(1, { on: false });
  await run();
  expect([pattern(), rows()]).toEqual(['level>=info', ['only level >= info', 'off only cpu is 0']]);
  expect(shown()).toBeGreaterThan(some);
  await type('level>=info index>=0');
  expect(rows()).toEqual(['only level >= info', 'off only cpu is 0', 'only index >= 0']);
  filterPanel.change(1, { on: true });
  await run();
  expect([pattern(), shown()]).toEqual(['level>=info cpu:0 index>=0', some]);
  filterPanel.add();
  expect(rows()).toHaveLength(4);
  filterPanel.change(3, { column: 'cpu', relation: 'is', value: 'x' });
  await run();
  expect(filterPanel.store.getState().fault).toMatchObject({ at: 3 });
  expect([pattern(), shown()]).toEqual(['level>=info cpu:0 index>=0', some]);
  filterPanel.change(3, { value: '0' });
  await run();
  expect(filterPanel.store.getState().fault).toBeNull();
  expect(pattern()).toBe('level>=info cpu:0 index>=0 cpu:0');
  await type('cpu:');
  expect(rows()).toBeUndefined();
});
