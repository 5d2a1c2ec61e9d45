import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../native/core/result.ts';
import type { DebugFilter, DriverReport } from '../contract/machine.ts';
import { Machine, type MachineDependencies } from './machine.ts';

const filter: DebugFilter = { masks: [], components: [], restartNeeded: false, elevated: true };

function setUp(over: Partial<MachineDependencies> = {}) {
  const calls: string[] = [];
  let state: DriverReport['state'] = 'not-installed';
  const note =
    <T>(name: string, then: DriverReport['state'], value: T) =>
    (argument?: string) => {
      calls.push(argument === undefined ? name : `${name} ${argument}`);
      state = then;
      return value;
    };
  const machine = new Machine({
    examineDriver: () => ({
      state,
      what: '',
      fix: null,
      elevated: true,
      boot: null,
      facts: [],
      captures: [],
      loggers: [],
    }),
    checkRights: () => ok(undefined),
    changeBoot: ({ start }) => note(`boot ${start}`, 'stopped', ok(undefined))(),
    install: note('install', 'stopped', ok('there')),
    start: note('start', 'running', Promise.resolve(ok('it'))),
    stop: note('stop', 'stopped', Promise.resolve(ok(undefined))),
    remove: note('remove', 'not-installed', Promise.resolve(ok(undefined))),
    setCaptures: (names) => note(`captures ${names.join(' ')}`, 'running', ok(undefined))(),
    setEventFilter: (capture, { pids }) => note(`filter ${capture} ${pids}`, 'running', ok(undefined))(),
    setLoggerMask: (name, { levels }) => note(`mask ${name} ${levels}`, 'running', ok(undefined))(),
    setLoggerStacks: (name, levels) => note(`stacks ${name} ${levels}`, 'running', ok(undefined))(),
    askForDriver: async () => 'C:\\ringview.sys',
    readFilter: () => ok(filter),
    writeMask: () => ok(undefined),
    ...over,
  });
  return { machine, calls };
}

describe('changing the driver', () => {
  it('does each change, and says where the driver stands then', async () => {
    const { machine, calls } = setUp();
    const states: unknown[] = [];
    for (const change of ['install', 'start', 'stop', 'remove'] as const) {
      const changed = await machine.changeDriver(change);
      states.push(changed.ok && changed.value?.state);
    }
    expect(states).toEqual(['stopped', 'running', 'stopped', 'not-installed']);
    expect(calls).toEqual(['install C:\\ringview.sys', 'start', 'stop', 'remove']);
  });

  it('sets when it is started, and says where it stands', () => {
    const { machine, calls } = setUp();
    expect(machine.setBoot({ start: 'boot', parameters: {} })).toMatchObject({ value: { state: 'stopped' } });
    expect(calls).toEqual(['boot boot']);
    const refused = setUp({ changeBoot: () => fail('bad-argument', 'it will not', 'see why') });
    expect(refused.machine.setBoot({ parameters: {} })).toMatchObject({ failure: { message: 'it will not' } });
  });

  it('without the rights asks for nothing and does nothing', async () => {
    const asked: string[] = [];
    const { machine, calls } = setUp({
      checkRights: (change) => fail('permission-denied', `no rights to ${change}`, 'get them'),
      askForDriver: async () => {
        asked.push('file');
        return 'C:\\ringview.sys';
      },
    });
    expect(await machine.changeDriver('install')).toMatchObject({ failure: { message: 'no rights to install' } });
    expect(await machine.changeDriver('stop')).toMatchObject({ failure: { code: 'permission-denied' } });
    expect([asked, calls]).toEqual([[], []]);
  });

  it('does nothing if no file was chosen', async () => {
    const { machine, calls } = setUp({ askForDriver: async () => null });
    expect(await machine.changeDriver('install')).toEqual(ok(null));
    expect(calls).toEqual([]);
  });

  it('hands on why it failed, and can be tried again', async () => {
    const { machine } = setUp({ start: async () => fail('io-error', 'it does not start', 'sign it') });
    expect(await machine.changeDriver('start')).toMatchObject({ ok: false, failure: { message: 'it does not start' } });
    expect(await machine.changeDriver('stop')).toMatchObject({ ok: true });
  });

  it('refuses a change while another is under way', async () => {
    let release: (path: string | null) => void = () => {};
    const { machine, calls } = setUp({
      askForDriver: () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    });
    const first = machine.changeDriver('install');
    expect(await machine.changeDriver('start')).toMatchObject({ ok: false, failure: { code: 'source-busy' } });
    release('C:\\a.sys');
    expect(await first).toMatchObject({ ok: true, value: { state: 'stopped' } });
    expect(calls).toEqual(['install C:\\a.sys']);
  });
});

describe('captures', () => {
  it('are switched, and where the driver stands is the answer', () => {
    const { machine, calls } = setUp();
    expect(machine.setLoggerMask('nic', { levels: [3], types: [] })).toMatchObject({ ok: true });
    expect(machine.setLoggerStacks('nic', [0, 1])).toMatchObject({ value: { state: 'running' } });
    expect(machine.setCaptures(['dbgprint', 'image'])).toMatchObject({ ok: true, value: { state: 'running' } });
    expect(
      machine.setEventFilter('registry', { pidMode: 'include', pids: [4], pathMode: 'all', paths: [] }),
    ).toMatchObject({
      value: { state: 'running' },
    });
    expect(calls).toEqual(['mask nic 3', 'stacks nic 0,1', 'captures dbgprint image', 'filter registry 4']);
    const refused = setUp({ setCaptures: () => fail('io-error', 'it will not', 'see why') });
    expect(refused.machine.setCaptures([])).toMatchObject({ ok: false, failure: { message: 'it will not' } });
    const older = setUp({ setLoggerStacks: () => fail('bad-version', 'it is older', 'install it') });
    expect(older.machine.setLoggerStacks('nic', [])).toMatchObject({ ok: false, failure: { message: 'it is older' } });
  });
});

describe('the debug print filter', () => {
  it('is read anew after it was written', () => {
    const written: unknown[] = [];
    const { machine } = setUp({
      writeMask: (component, mask) => {
        written.push([component, mask]);
        return ok(undefined);
      },
      readFilter: () => ok({ ...filter, restartNeeded: written.length > 0 }),
    });
    expect(machine.writeMask('DEFAULT', 15)).toMatchObject({ ok: true, value: { restartNeeded: true } });
    expect(written).toEqual([['DEFAULT', 15]]);
  });

  it('that cannot be written says why', () => {
    const { machine } = setUp({ writeMask: () => fail('permission-denied', 'not yours', 'ask') });
    expect(machine.writeMask('DEFAULT', 15)).toMatchObject({ ok: false, failure: { message: 'not yours' } });
  });
});
