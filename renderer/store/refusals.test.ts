/** What a call that is refused, or a text that is too long for one, does to the page: it is said, and all goes on. */
import { describe, expect, it } from 'vitest';
import type { Bridge } from '../../electron/contract/channels.ts';
import { MAX_GO_TO_TEXT, MAX_PATTERN_TEXT, MAX_SOURCE_TEXT } from '../../electron/contract/limits.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import { createFixture } from '../test/app-fixture.ts';
import { FakeSession } from '../test/fake-bridge.ts';
import { answering } from './answering-bridge.ts';

async function started() {
  const fixture = createFixture({ rows: 1000 });
  fixture.app.connect();
  fixture.app.view.setViewPx(600);
  fixture.session.advance(0);
  await fixture.run();
  return fixture;
}

/** Every method that calls; its requests do not matter. */
const METHODS = Object.keys(answering(new FakeSession(), () => {})).filter(
  (name) => !name.startsWith('on'),
) as (keyof Bridge)[];

describe('a bridge whose every call is rejected', () => {
  const rejecting = new Proxy({} as Bridge, {
    get: () => () => Promise.reject(new Error('Too many calls are waiting')),
  });

  it('answers each of them, or tells the person', async () => {
    expect(METHODS.length).toBeGreaterThan(30);
    for (const name of METHODS.filter((each) => each !== 'bootstrap')) {
      const told: Failure[] = [];
      const bridge = answering(rejecting, (failure) => told.push(failure));
      const answer: unknown = await (bridge[name] as (request: unknown) => Promise<unknown>)({ first: 0 });
      const said = JSON.stringify([answer, told]);
      expect(said, name).toContain('Too many calls are waiting');
    }
  });

  it('leaves nothing waiting, and works again once it answers', async () => {
    const { app, session, run, fireTimers } = await started();
    const real = new Map<string, unknown>();
    for (const name of METHODS) {
      real.set(name, session[name]);
      Object.assign(session, { [name]: () => Promise.reject(new Error('refused')) });
    }
    app.filter.setPattern('irp');
    app.filter.applyNow();
    app.filter.toggleLevel(1);
    app.find.setPattern('irp');
    await app.find.go('next');
    expect(await app.goTo('10')).toContain('refused');
    for (const command of [
      'toggleCapture',
      'togglePause',
      'clear',
      'exportShown',
      'follow',
      'copy',
      'selectAll',
    ] as const)
      app.run(command);
    app.selectAt(3, false);
    app.examine();
    app.setTheme('dark');
    await app.copySelection();
    await app.offers.refresh();
    await app.driver.change('start');
    await app.debugFilter.refresh();
    fireTimers();
    await run();
    expect(app.filter.store.getState().failure?.message).toContain('refused');
    expect(app.find.store.getState()).toMatchObject({
      busy: false,
      failure: { message: expect.stringContaining('refused') },
    });
    expect(app.capture.store.getState().busy).toBe(false);
    expect(app.exports.store.getState().failure?.message).toContain('refused');
    for (const [name, method] of real) Object.assign(session, { [name]: method });
    app.filter.applyNow();
    await run();
    expect(app.filter.store.getState().failure).toBeNull();
    expect(app.filter.store.getState().applied.text?.pattern).toBe('irp');
    expect(await app.goTo('10')).toBeNull();
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
    const before = calls('setFilter').length;
    app.filter.setPattern(pasted);
    expect(state().failure?.message).toContain('4,096');
    app.filter.applyNow();
    app.filter.toggleRegex();
    app.filter.toggleRegex();
    fireTimers();
    await run();
    expect(calls('setFilter')).toHaveLength(before);
    app.filter.toggleCpu(3);
    await run();
    expect(calls('setFilter').at(-1)).toMatchObject({ hiddenCpus: [3], text: { pattern: 'irp' } });
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
    expect(calls('find')).toEqual([]);
    expect(calls('countFinds').filter((query) => query !== null)).toEqual([]);
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
    expect([...calls('startCapture'), ...calls('addSource')]).toEqual([]);
    app.capture.setSource('sim:demo');
    expect(app.capture.store.getState().failure).toBeNull();
  });

  it('into the box that goes to an index is said', async () => {
    const { app, calls } = await started();
    expect(await app.goTo(pasted)).toContain('256');
    expect(calls('locate')).toEqual([]);
  });
});

it('the longest texts there may be are not too long', async () => {
  const { app, calls, run } = await started();
  app.filter.setPattern('x'.repeat(MAX_PATTERN_TEXT));
  app.filter.applyNow();
  await run();
  expect(calls('setFilter')).toHaveLength(1);
  app.capture.setSource('x'.repeat(MAX_SOURCE_TEXT));
  expect(app.capture.store.getState().failure).toBeNull();
  expect(await app.goTo('9'.repeat(MAX_GO_TO_TEXT))).not.toContain('characters');
});
