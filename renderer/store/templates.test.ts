/** Which messages the log is made of, over the real service: counted while they are looked at, and a filter by them. */
import { expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';

it('lists the messages that flood while they are looked at, and filters by one as often as it was counted', async () => {
  const fixture = await startFixture({ rows: 300, sources: 1 });
  const { templates, filter, view } = fixture.app;
  const report = () => templates.store.getState().report;
  await fixture.run();
  expect(report()).toBeNull();
  const stop = templates.watch();
  for (let turn = 0; turn < 5; turn++) {
    await fixture.run();
    fixture.fireTimers();
  }
  await fixture.run();
  const all = view.store.getState().matchedEntries;
  const first = report();
  if (first === null) throw new Error('nothing was reported');
  expect(first).toMatchObject({ counted: all, total: all, others: 0, missed: 0, failure: null });
  expect(first.rows.reduce((sum, { count }) => sum + count, 0)).toBe(all);
  const [flood, next] = first.rows;
  expect(flood?.count).toBeGreaterThanOrEqual(next?.count ?? Number.POSITIVE_INFINITY);
  filter.addTerm({ kind: 'like', template: flood?.template ?? '' }, false);
  await fixture.run();
  expect(view.store.getState().matchedEntries).toBe(flood?.count);
  templates.setOrder('newest');
  await fixture.run();
  const newest = report()?.rows.map(({ firstRow }) => firstRow) ?? [];
  expect(newest).toEqual([...newest].sort((a, b) => b - a));
  stop();
  fixture.fireTimers();
});
