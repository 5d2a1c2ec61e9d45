/** The driver, the debug print filter, what is offered and the names of processes, over a machine that tests change. */
import { describe, expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';
import { withNames } from './processes.ts';

const started = (options: Parameters<typeof startFixture>[0]) => startFixture({ platform: 'win32', ...options });

const refusal = { code: 'permission-denied', message: 'no', action: 'be an administrator' } as const;

describe('the rights of an administrator', () => {
  it('are asked for by a call without a path, and what becomes of that is told', async () => {
    const { app, program, calls } = await started({ driver: 'stopped' });
    await app.elevate();
    expect([program.elevations, app.ui.store.getState().notices]).toEqual([1, []]);
    program.rights = { ok: false, failure: { code: 'cancelled', message: 'not given', action: 'go on' } };
    await app.elevate();
    program.rights = { ok: false, failure: { code: 'io-error', message: 'not started', action: 'try' } };
    await app.elevate();
    expect(app.ui.store.getState().notices.map(({ severity, message }) => [severity, message])).toEqual([
      ['info', 'not given'],
      ['error', 'not started'],
    ]);
    expect(calls('app.elevate')).toEqual([null, null, null]);
  });
});

describe('the driver', () => {
  it('is installed and started, and the doctor is asked again if he had spoken', async () => {
    const { app, calls } = await started({ driver: 'not-installed' });
    const state = app.driver.store.getState;
    await app.driver.refresh();
    expect(state().report?.state).toBe('not-installed');
    await app.driver.change('install');
    expect(state()).toMatchObject({ report: { state: 'stopped' }, changing: null, failure: null });
    expect(calls('view.examine')).toEqual([]);
    await app.doctor.run();
    await app.driver.change('start');
    expect(state().report?.state).toBe('running');
    expect(calls('view.examine')).toHaveLength(2);
    expect(calls('driver.change')).toEqual([{ change: 'install' }, { change: 'start' }]);
  });

  it('shows why a change failed until the next one, and where the driver stands then', async () => {
    const { app, program } = await started({ driver: 'stopped' });
    program.machine.refusal = refusal;
    await app.driver.change('start');
    expect(app.driver.store.getState()).toMatchObject({
      failure: refusal,
      changing: null,
      report: { state: 'stopped' },
    });
    program.machine.refusal = null;
    await app.driver.change('start');
    expect(app.driver.store.getState()).toMatchObject({ failure: null, report: { state: 'running' } });
  });

  it('stays as it was when the person chose no file', async () => {
    const { app, program } = await started({ driver: 'not-installed' });
    program.machine.dismisses = true;
    await app.driver.change('install');
    expect(app.driver.store.getState()).toMatchObject({ failure: null, report: { state: 'not-installed' } });
  });

  it('that is stopping is looked at until it has stopped', async () => {
    const { app, program, calls, fireTimers, settle } = await started({ driver: 'stopping' });
    await app.driver.refresh();
    program.machine.state = 'stopped';
    fireTimers();
    await settle();
    expect(app.driver.store.getState().report?.state).toBe('stopped');
    fireTimers();
    await settle();
    expect(calls('driver.examine')).toHaveLength(2);
  });

  it('is set to begin with Windows, and says why not', async () => {
    const { app, calls, program } = await started({ driver: 'stopped' });
    await app.driver.refresh();
    const boot = {
      start: 'boot',
      ringBytes: 65536,
      ringMode: 'overwrite',
      orderMode: 'index',
      captures: ['image'],
    } as const;
    await app.driver.setBoot(boot);
    expect(calls('driver.boot')).toEqual([boot]);
    const { start, ...parameters } = boot;
    expect(app.driver.store.getState().report?.boot).toMatchObject({ start, parameters });
    program.machine.refusal = refusal;
    await app.driver.setBoot({ ...boot, start: 'demand' });
    expect(app.driver.store.getState()).toMatchObject({ failure: refusal, report: { boot: { start: 'boot' } } });
  });

  it('that runs has the filters of its captures set', async () => {
    const { app, program } = await started({ driver: 'running' });
    const filterOf = (name: string) =>
      app.driver.store.getState().report?.captures.find((capture) => capture.name === name)?.filter;
    await app.driver.refresh();
    expect([filterOf('dbgprint'), filterOf('registry')?.pidMode]).toEqual([null, 'all']);
    const filter = { pidMode: 'include', pids: [4], pathMode: 'all', paths: [] } as const;
    await app.driver.setFilter('registry', filter);
    expect([filterOf('registry'), filterOf('handles')?.pidMode]).toEqual([filter, 'all']);
    program.machine.refusal = refusal;
    await app.driver.setFilter('handles', filter);
    expect(app.driver.store.getState().failure).toEqual(refusal);
  });

  it('that runs has its captures switched one by one, and says why not', async () => {
    const { app, calls, program } = await started({ driver: 'running' });
    const on = () =>
      app.driver.store
        .getState()
        .report?.captures.filter((capture) => capture.on)
        .map(({ name }) => name);
    await app.driver.refresh();
    expect(on()).toEqual(['dbgprint']);
    await app.driver.setCapture('process', true);
    await app.driver.setCapture('dbgprint', false);
    expect(on()).toEqual(['process']);
    expect(calls('driver.capture')).toEqual([{ captures: ['dbgprint', 'process'] }, { captures: ['process'] }]);
    program.machine.refusal = refusal;
    await app.driver.setCapture('image', true);
    expect(app.driver.store.getState().failure).toEqual(refusal);
    expect(on()).toEqual(['process']);
  });

  it('that runs has the levels of who logs through it switched one by one, their types left alone', async () => {
    const { app, calls, program } = await started({ driver: 'running' });
    const off = (logger: string) =>
      app.driver.store.getState().report?.loggers.find(({ name }) => name === logger)?.off;
    await app.driver.refresh();
    expect(off('nic')).toEqual({ levels: [3], types: [7] });
    await app.driver.setLevel('nic', 2, false);
    await app.driver.setLevel('nic', 3, true);
    await app.driver.setLevel('nobody', 3, true);
    expect(off('nic')).toEqual({ levels: [2], types: [7] });
    expect(off('ringview.sys')).toEqual({ levels: [], types: [] });
    expect(calls('driver.mask')).toEqual([
      { name: 'nic', levels: [3, 2], types: [7] },
      { name: 'nic', levels: [2], types: [7] },
    ]);
    program.machine.refusal = refusal;
    await app.driver.setLevel('nic', 0, false);
    expect(app.driver.store.getState().failure).toEqual(refusal);
  });

  it('that runs has stacks switched for who logs through it, and says why not', async () => {
    const { app, calls, program } = await started({ driver: 'running' });
    const stacks = (logger: string) =>
      app.driver.store.getState().report?.loggers.find(({ name }) => name === logger)?.stacks;
    await app.driver.refresh();
    expect(stacks('nic')).toEqual([0]);
    await app.driver.setStacks('nic', [0, 1]);
    expect([stacks('nic'), stacks('ringview.sys')]).toEqual([[0, 1], []]);
    expect(calls('driver.stacks')).toEqual([{ name: 'nic', levels: [0, 1] }]);
    program.machine.refusal = refusal;
    await app.driver.setStacks('nic', []);
    expect(app.driver.store.getState().failure).toEqual(refusal);
    expect(stacks('nic')).toEqual([0, 1]);
  });

  it('takes one change at a time', async () => {
    const { app, calls } = await started({ driver: 'stopped' });
    await Promise.all([app.driver.change('start'), app.driver.change('remove')]);
    expect(calls('driver.change')).toEqual([{ change: 'start' }]);
  });
});

describe('the debug print filter', () => {
  it('is read, edited and written; then a restart is needed', async () => {
    const { app, calls } = await started({});
    const state = app.debugFilter.store.getState;
    await app.debugFilter.refresh();
    expect(state().filter?.restartNeeded).toBe(false);
    app.debugFilter.edit('DEFAULT', 8);
    app.debugFilter.edit('NDIS', 15);
    app.debugFilter.edit('DISK', 15);
    expect(calls('debugFilter.set')).toEqual([]);
    await app.debugFilter.save();
    // DISK is 15 already.
    expect(calls('debugFilter.set')).toEqual([
      { component: 'DEFAULT', mask: 8 },
      { component: 'NDIS', mask: 15 },
    ]);
    expect(state()).toMatchObject({ draft: {}, saving: false, failure: null, filter: { restartNeeded: true } });
  });

  it('that cannot be written stays edited, with the reason; it can be discarded', async () => {
    const { app, program } = await started({});
    await app.debugFilter.refresh();
    app.debugFilter.edit('DEFAULT', 8);
    program.machine.refusal = refusal;
    await app.debugFilter.save();
    expect(app.debugFilter.store.getState()).toMatchObject({ draft: { DEFAULT: 8 }, failure: refusal, saving: false });
    app.debugFilter.discard();
    expect(app.debugFilter.store.getState()).toMatchObject({ draft: {}, failure: null });
  });

  it('does not exist off Windows, and says so', async () => {
    const { app } = await started({ platform: 'linux' });
    await app.debugFilter.refresh();
    expect(app.debugFilter.store.getState()).toMatchObject({ filter: null, failure: { code: 'source-unsupported' } });
  });
});

describe('what is offered', () => {
  it('is asked for anew each time', async () => {
    const { app, program } = await started({ driver: 'stopped' });
    const driver = () => app.offers.store.getState().offers?.find(({ spec }) => spec === 'driver:')?.hindrance;
    expect(app.offers.store.getState().offers).toBeNull();
    await app.offers.refresh();
    expect(driver()).toBe('not started');
    program.machine.state = 'running';
    await app.offers.refresh();
    expect(driver()).toBeNull();
  });
});

describe('names of processes', () => {
  it('arrive with their source, and a number may get another name', async () => {
    const { app, program, run } = await started({});
    const names = () => app.processes.store.getState().names;
    const tell = async (processes: [number, string][]) => {
      program.source().processNames = new Map(processes);
      program.advance(250);
      await run();
    };
    expect(names().size).toBe(0);
    await tell([[4, 'a.exe']]);
    expect(names()).toEqual(new Map([[0, new Map([[4, 'a.exe']])]]));
    await tell([
      [8, 'b.exe'],
      [4, 'c.exe'],
    ]);
    expect(names()).toEqual(
      new Map([
        [
          0,
          new Map([
            [4, 'c.exe'],
            [8, 'b.exe'],
          ]),
        ],
      ]),
    );
  });

  it('leave the maps of other sources as they were', () => {
    const before = withNames(new Map(), [{ source: 1, pid: 4, name: 'a.exe' }]);
    const after = withNames(before, [{ source: 2, pid: 4, name: 'b.exe' }]);
    expect(after.get(1)).toBe(before.get(1));
    expect(before.has(2)).toBe(false);
  });
});
