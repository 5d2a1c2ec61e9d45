/** The recorded sessions in the page: what is offered after a crash, and the list and what is done in it. */
import { expect, it } from 'vitest';
import { DEFAULT_LIBRARY } from '../../electron/contract/library.ts';
import { createFixture, startFixture, VIEW_PX } from '../test/app-fixture.ts';

it('offers what a crash left as soon as the page has begun, until it is dismissed', async () => {
  const fixture = createFixture();
  fixture.program.recorded.add({ id: 'stopped' });
  fixture.program.recorded.add({ id: 'killed', ended: 'crashed' });
  await fixture.connect();
  const { store, dismissOffers } = fixture.app.recorded;
  expect(store.getState().offers.map(({ id }) => id)).toEqual(['killed']);
  dismissOffers();
  await fixture.run();
  expect(store.getState().offers).toEqual([]);
  expect(fixture.calls('library.dismiss')).toHaveLength(1);
  expect(fixture.calls('library.delete')).toEqual([]);
});

it('asks what a crash left once the first rows are shown, not while the page begins', async () => {
  const fixture = createFixture({ rows: 100 });
  fixture.page.connect();
  await fixture.settle();
  expect(fixture.calls('app.bootstrap')).toHaveLength(1);
  expect(fixture.calls('library.offers')).toEqual([]);
  fixture.app.view.setViewPx(VIEW_PX);
  await fixture.run();
  expect(fixture.app.view.store.getState().end).toBe(100);
  expect(fixture.calls('library.offers')).toHaveLength(1);
});

it('lists them when it is asked for, and says in the list why something could not be done', async () => {
  const { program, app, command, run } = await startFixture();
  program.recorded.add({ id: 'one' });
  program.recorded.add({ id: 'two' });
  command('sessions');
  expect(app.ui.store.getState().sessions).toBe(true);
  await app.recorded.refresh();
  const { store } = app.recorded;
  expect(store.getState().list?.sessions.map(({ id }) => id)).toEqual(['two', 'one']);
  expect(await app.recorded.rename('one', 'two')).toBe(false);
  expect(store.getState().failure?.message).toContain('already');
  expect(await app.recorded.rename('one', 'three')).toBe(true);
  expect(store.getState().failure).toBeNull();
  await app.recorded.pin('one', true);
  expect(store.getState().list?.sessions.find(({ id }) => id === 'one')).toMatchObject({ name: 'three', pinned: true });
  await app.recorded.delete('two');
  expect(store.getState().list?.sessions.map(({ id }) => id)).toEqual(['one']);
  program.recorded.agrees = false;
  await app.recorded.delete('one');
  expect(store.getState().list?.sessions.map(({ id }) => id)).toEqual(['one']);
  await run();
  // The keys that lie in one place open one thing.
  command('retention');
  expect(app.ui.store.getState()).toMatchObject({ sessions: false, retention: true });
  command('sessions');
  command('escape');
  expect(app.ui.store.getState()).toMatchObject({ sessions: false, retention: false });
});

it('changes whether sessions are recorded and how many are kept', async () => {
  const { program, app } = await startFixture();
  const settings = { ...DEFAULT_LIBRARY, record: false, mostDays: 60 };
  expect(await app.recorded.setSettings(settings)).toBe(true);
  expect(program.recorded.settings).toEqual(settings);
  expect(app.recorded.store.getState().list?.settings).toEqual(settings);
});
