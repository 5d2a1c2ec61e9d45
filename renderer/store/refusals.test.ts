/** What a call that is refused, or a text that is too long for one, does to the page: it is said, and all goes on. */
import { describe, expect, it } from 'vitest';
import { REQUEST_CHANNELS } from '../../electron/contract/channels.ts';
import { MAX_GO_TO_TEXT, MAX_PATTERN_TEXT, MAX_SOURCE_TEXT } from '../../electron/contract/limits.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { startFixture } from '../test/app-fixture.ts';

const started = () => startFixture({ rows: 1000 });

describe('a page whose every call is rejected', () => {
  it('leaves nothing waiting, and works again once it is answered', async () => {
    const { app, page, wire, command, run, fireTimers } = await started();
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    for (const channel of REQUEST_CHANNELS) wire.answer(channel, () => Promise.reject(new Error('refused')));
    app.filter.setPattern('irp');
    app.filter.applyNow();
    app.filter.toggleLevel(1);
    app.find.setPattern('irp');
    await app.find.go('next');
    expect(await app.goTo('10')).toContain('refused');
    for (const each of [
      ...(['toggleCapture', 'togglePause', 'clear', 'exportShown', 'follow', 'copy', 'selectAll'] as const),
      ...(['newSession', 'newView', 'closeView'] as const),
    ])
      command(each);
    page.closeSession(1);
    app.selectAt(3, false);
    app.examine();
    app.setTheme('dark');
    await app.copySelection();
    await app.offers.refresh();
    await app.driver.change('start');
    await app.debugFilter.refresh();
    fireTimers();
    await run();
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
    expect(app.filter.store.getState().failure?.message).toContain('refused');
    expect(app.find.store.getState()).toMatchObject({
      busy: false,
      failure: { message: expect.stringContaining('refused') },
    });
    expect(app.capture.store.getState().busy).toBe(false);
    expect(app.exports.store.getState().failure?.message).toContain('refused');
    wire.release(...REQUEST_CHANNELS);
    app.filter.applyNow();
    await run();
    expect(app.filter.store.getState().failure).toBeNull();
    expect(app.filter.store.getState().applied.text?.pattern).toBe('irp');
    const going = app.goTo('10');
    await run();
    expect(await going).toBeNull();
  });
});

describe.each([4097, 10_000_000])('a paste of %d characters', (length) => {
  const pasted = 'x'.repeat(length);

  it('into the filter is said at once, asks for nothing, and blocks nothing', async () => {
    const { app, calls, fireTimers, run } = await started();
    const state = app.filter.store.getState;
    app.filter.setPattern('irp');
    app.filter.applyNow();
    await run();
    const before = calls('view.setFilter').length;
    app.filter.setPattern(pasted);
    expect(state().failure?.message).toContain('4,096');
    app.filter.applyNow();
    app.filter.toggleRegex();
    app.filter.toggleRegex();
    fireTimers();
    await run();
    expect(calls('view.setFilter')).toHaveLength(before);
    app.filter.toggleCpu(3);
    await run();
    expect(calls('view.setFilter').at(-1)?.filter).toMatchObject({ hiddenCpus: [3], text: { pattern: 'irp' } });
    expect(state().failure).not.toBeNull();
    expect(await app.goTo('10')).toBeNull();
    app.filter.setPattern('');
    fireTimers();
    await run();
    expect(state().failure).toBeNull();
    expect(state().applied).toEqual({ ...SHOW_ALL, hiddenCpus: [3] });
  });

  it('into the find bar is said at once, asks for nothing, and blocks nothing', async () => {
    const { app, calls, fireTimers, run } = await started();
    const state = app.find.store.getState;
    app.find.open();
    app.find.setPattern(pasted);
    expect(state().failure?.message).toContain('4,096');
    await app.find.go('next');
    fireTimers();
    await run();
    expect(calls('view.find')).toEqual([]);
    expect(calls('view.countFinds').filter(({ query }) => query !== null)).toEqual([]);
    app.find.setPattern('irp');
    expect(state().failure).toBeNull();
    await app.find.go('next');
    expect(state().outcome).toBe('found');
  });

  it('into the source box is said at once, and asks for nothing', async () => {
    const { app, calls } = await started();
    app.capture.setSource(pasted);
    expect(app.capture.store.getState().failure?.message).toContain('128');
    await app.capture.start();
    expect(await app.capture.add(pasted)).toBe(false);
    expect([...calls('session.start'), ...calls('session.add')]).toEqual([]);
    app.capture.setSource('sim:demo');
    expect(app.capture.store.getState().failure).toBeNull();
  });

  it('into the box that goes to an index is said', async () => {
    const { app, calls } = await started();
    expect(await app.goTo(pasted)).toContain('256');
    expect(calls('view.locate')).toEqual([]);
  });
});

it('the longest texts there may be are not too long', async () => {
  const { app, calls, run } = await started();
  app.filter.setPattern('x'.repeat(MAX_PATTERN_TEXT));
  app.filter.applyNow();
  await run();
  expect(calls('view.setFilter')).toHaveLength(1);
  app.capture.setSource('x'.repeat(MAX_SOURCE_TEXT));
  expect(app.capture.store.getState().failure).toBeNull();
  expect(await app.goTo('9'.repeat(MAX_GO_TO_TEXT))).not.toContain('characters');
});
