/** A view within another, over the real service: it filters further, follows the other's filter, and stays when that closes. */
import { expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';

const all = { hiddenCpus: [], hiddenLevels: [], hiddenSources: [], text: null };

it('shows what passes the filters of both, whatever the other becomes, and keeps the last when that closes', async () => {
  const fixture = await startFixture({ rows: 200, sources: 1 });
  const { page } = fixture;
  const outer = fixture.app;
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn++) {
      fixture.fireTimers();
      await fixture.run();
    }
  };
  outer.filter.setPattern('cpu:0-1');
  outer.filter.applyNow();
  outer.filter.setContext(1);
  await settle();
  await page.openView('linked');
  await settle();
  const inner = fixture.app;
  inner.view.setViewPx(600);
  await settle();
  expect(inner.look.view).not.toBe(outer.look.view);
  const [session] = page.tabs.getState().layout;
  expect(session?.views).toMatchObject([{ view: outer.look.view }, { view: inner.look.view, within: outer.look.view }]);
  const counts = () => [outer, inner].map(({ view }) => view.store.getState().matchedEntries);
  expect(inner.filter.store.getState().applied).toEqual(all);
  const [wide, same] = counts();
  expect([same, inner.view.store.getState().contextEntries]).toEqual([wide, 0]);

  inner.filter.setPattern('cpu:1-2');
  inner.filter.applyNow();
  await settle();
  const log = fixture.program.service.workspace.openViews[1]?.log;
  const cpus = () => [...new Set(log?.rows(log.first, 1000).rows.map(({ cpu }) => cpu))].sort();
  expect(cpus()).toEqual([1]);
  outer.filter.setPattern('-cpu:1');
  outer.filter.applyNow();
  await settle();
  expect(cpus()).toEqual([2]);
  expect(inner.filter.store.getState().applied.terms?.text).toBe('cpu:1-2');

  page.closeView(outer.look.view);
  await settle();
  expect(page.tabs.getState().layout[0]?.views).toMatchObject([{ view: inner.look.view, within: null }]);
  inner.filter.setPattern('cpu:1-3');
  inner.filter.applyNow();
  await settle();
  expect(cpus()).toEqual([2, 3]);
});
