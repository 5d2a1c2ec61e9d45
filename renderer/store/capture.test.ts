/** The source box and the button beside it say what is captured, whatever happens to it. */
import { describe, expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';

async function started(options: Parameters<typeof startFixture>[0]) {
  const fixture = await startFixture(options);
  return { ...fixture, box: () => fixture.app.capture.store.getState().source };
}

describe('the source box', () => {
  it('names the source that is held, whoever started it', async () => {
    const { box } = await started({ rows: 10 });
    expect(box()).toBe('sim:demo');
  });

  it('names none of several as if it were the only one', async () => {
    const { app, box } = await started({ rows: 10, sources: 2 });
    expect(app.capture.store.getState().held).toEqual(['sim:demo', 'sim:nicfilter']);
    expect(box()).toBe('');
    app.capture.hold(['sim:nicfilter']);
    expect(box()).toBe('sim:nicfilter');
  });

  it('keeps what is being typed, and gives it up when it is left', async () => {
    const { app, box } = await started({ rows: 10 });
    app.capture.setSource('sim:la');
    app.capture.hold(['sim:usb']);
    expect(box()).toBe('sim:la');
    app.capture.revert();
    expect(box()).toBe('sim:usb');
    app.capture.hold(['sim:storage']);
    expect(box()).toBe('sim:storage');
  });

  it('names again what is held once what was typed could not be opened and is left', async () => {
    const { app, box } = await started({ rows: 10 });
    app.capture.setSource('sim:absent');
    await app.capture.start();
    expect([box(), app.capture.store.getState().failure?.code]).toEqual(['sim:absent', 'source-not-found']);
    app.capture.revert();
    expect(box()).toBe('sim:demo');
  });

  it('offers the last source only while there is none', async () => {
    const { app, box } = await started({ sources: 0 });
    expect(box()).toBe('sim:demo');
    app.capture.setSource('sim:mine');
    app.capture.offer('sim:other');
    expect(box()).toBe('sim:mine');
  });
});

describe('start and stop', () => {
  it('starts a source that has ended instead of stopping it', async () => {
    const { program, command, calls, run } = await started({ rows: 10 });
    program.source().state = 'ended';
    program.advance(100);
    await run();
    command('toggleCapture');
    await run();
    expect(calls('session.stop')).toEqual([]);
    expect(calls('session.start')).toEqual([{ session: 1, source: 'sim:demo' }]);
    command('toggleCapture');
    await run();
    expect(calls('session.stop')).toHaveLength(1);
  });

  it('resumes several together, and the one that was typed alone', async () => {
    const { app, command, calls, run } = await started({ rows: 10, sources: 2 });
    await app.capture.stop();
    await run();
    command('toggleCapture');
    await run();
    expect(calls('session.add').map(({ source }) => source)).toEqual(['sim:demo', 'sim:nicfilter']);
    await app.capture.stop();
    await run();
    app.capture.setSource('sim:demo');
    command('toggleCapture');
    await run();
    expect(calls('session.start')).toEqual([{ session: 1, source: 'sim:demo' }]);
  });
});

describe('resetting the filter', () => {
  it('switches expressions and case off, so that the next text is read as it is typed', async () => {
    const { app, command, calls, run } = await started({ rows: 100 });
    app.filter.toggleRegex();
    app.filter.toggleCase();
    app.filter.setPattern('irp.*');
    command('showEverything');
    await run();
    expect(app.filter.store.getState()).toMatchObject({ pattern: '', regex: false, caseSensitive: false });
    app.filter.setPattern('a.b');
    app.filter.applyNow();
    await run();
    expect(calls('view.setFilter').at(-1)?.filter).toMatchObject({
      text: { pattern: 'a.b', regex: false, caseSensitive: false },
    });
  });
});
