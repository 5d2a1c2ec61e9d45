import { describe, expect, it } from 'vitest';
import { CAPTURE, type DriverStatistics, type DriverVersion } from '../core/ioctl.ts';
import { RV } from '../core/layout.ts';
import { fail, ok } from '../core/result.ts';
import type { DriverFacts, LinuxFacts, SecurityFacts, WindowsFacts } from './facts.ts';
import { judge } from './judge.ts';

const version: DriverVersion = {
  protocol: 1,
  layoutMajor: 1,
  layoutMinor: 0,
  cpuCount: 4,
  captures: CAPTURE.DBGPRINT,
  driver: 'ringview.sys',
};
const statistics: DriverStatistics = {
  state: RV.STATE_RUNNING,
  readerPid: 0,
  cpuCount: 4,
  capturing: CAPTURE.DBGPRINT,
  written: 10,
  lost: 0,
  overwritten: 0,
  noRing: 0,
  attachedDrivers: 1,
  dbgprintRenewals: 0,
  losses: [],
  boot: null,
};
const secure: SecurityFacts = { secureBoot: false, testSigning: true, hvci: false };
const loaded = (over: Partial<DriverStatistics> = {}, of: Partial<DriverVersion> = {}): DriverFacts => ({
  service: ok({ state: 'running', exitError: 0 }),
  image: { path: 'C:\\ringview.sys', machine: 'x64' },
  boot: ok(null),
  device: ok({
    version: { ...version, ...of },
    statistics: { ...statistics, ...over },
    loggers: [],
    filters: new Map(),
    readerName: 'other.exe',
    readByUs: false,
  }),
});
const absent = fail('source-not-found', 'there is no device', 'load it');
const notLoaded = (state: 'stopped' | 'stop-pending' | 'not-installed' | 'running', exitError = 0): DriverFacts => ({
  ...loaded(),
  service: ok({ state, exitError }),
  device: absent,
});

function windows(over: Partial<WindowsFacts> = {}): WindowsFacts {
  return {
    system: 'windows',
    machine: 'x64',
    elevated: true,
    driver: loaded(),
    security: secure,
    debugFilter: ok(
      new Map([
        ['DEFAULT', 0xf],
        ['IHVDRIVER', 0xf],
      ]),
    ),
    debugOutput: { session: false, global: false, viewers: [] },
    tracing: { sessions: ok([]), leftBehind: [], weak: [] },
    ...over,
  };
}

const worst = (facts: Parameters<typeof judge>[0]) => judge(facts)[0];

describe('a Windows machine', () => {
  it('on which all is well has nothing but fine findings', () => {
    expect(new Set(judge(windows()).map(({ severity }) => severity))).toEqual(new Set(['fine']));
  });

  it.each<[string, Partial<WindowsFacts>, string, RegExp, RegExp]>([
    ['without rights', { elevated: false }, 'warning', /not run as administrator/, /administrator/],
    ['without the driver', { driver: notLoaded('not-installed') }, 'problem', /not installed/, /driver install/],
    ['that did not start it', { driver: notLoaded('stopped') }, 'problem', /not started$/, /driver start/],
    ['on which it failed', { driver: notLoaded('stopped', 1450) }, 'problem', /last error 1450/, /driver start/],
    ['that never started it', { driver: notLoaded('stopped', 1077) }, 'problem', /not started$/, /driver start/],
    [
      'that has slept while DbgPrint is captured',
      { driver: loaded({ dbgprintRenewals: 2 }) },
      'note',
      /slept .*2 times/,
      /again each time/,
    ],
    ['that cannot unload it', { driver: notLoaded('stop-pending') }, 'problem', /stopping/, /Close/],
    ['whose driver does not answer', { driver: notLoaded('running') }, 'problem', /no device/, /load it/],
    [
      'with Secure Boot',
      { driver: notLoaded('stopped', 577), security: { ...secure, secureBoot: true } },
      'problem',
      /Secure Boot/,
      /Secure Boot off/,
    ],
    [
      'without test signing',
      { driver: notLoaded('stopped', 577), security: { ...secure, testSigning: false } },
      'problem',
      /test signing is off/,
      /bcdedit/,
    ],
    [
      'with memory integrity',
      { driver: notLoaded('stopped', 577), security: { ...secure, hvci: true } },
      'problem',
      /memory integrity/,
      /page hashes/,
    ],
    ['with an unknown signature', { driver: notLoaded('stopped', 577) }, 'problem', /not trusted/, /certificate/],
    ['with a policy', { driver: notLoaded('stopped', 1275) }, 'problem', /error 1275/, /policy/],
    [
      'with the wrong driver',
      { driver: { ...notLoaded('stopped'), image: { path: 'x.sys', machine: 'arm64' } } },
      'problem',
      /built for arm64, this Windows is x64/,
      /built for x64/,
    ],
    [
      'whose driver file is gone',
      { driver: { ...notLoaded('stopped'), image: { path: 'x.sys', machine: null } } },
      'problem',
      /missing or damaged/,
      /driver install/,
    ],
    [
      'with a driver of another release',
      { driver: { ...notLoaded('running'), device: fail('bad-version', 'protocol 2', 'use one release') } },
      'problem',
      /protocol 2/,
      /one release/,
    ],
    [
      'with a reader',
      { driver: loaded({ readerPid: 12 }) },
      'warning',
      /other\.exe \(pid 12\) reads/,
      /Close other\.exe/,
    ],
    ['with an ended session', { driver: loaded({ state: RV.STATE_STOPPED }) }, 'problem', /ended/, /driver stop/],
    ['that has no callback', { driver: loaded({}, { captures: 0 }) }, 'note', /not let the driver capture/, /log\.h/],
    ['that does not capture', { driver: loaded({ capturing: 0 }) }, 'note', /not captured at the moment/, /driver:/],
    ['that lost some', { driver: loaded({ lost: 5 }) }, 'note', /5 lost of 15/, /configure/],
    [
      'that hides DbgPrint',
      { debugFilter: ok(new Map([['DEFAULT', 7]])) },
      'warning',
      /drops/,
      /DEFAULT=0xf, then restart/,
    ],
    ['whose registry is closed', { debugFilter: fail('permission-denied', 'no', 'be it') }, 'warning', /^no$/, /be it/],
    [
      'with another viewer',
      { debugOutput: { session: true, global: false, viewers: ['dbgview64.exe (pid 7)'] } },
      'warning',
      /taken by dbgview64\.exe \(pid 7\)/,
      /Close dbgview64/,
    ],
    [
      'with an unknown viewer',
      { debugOutput: { session: false, global: true, viewers: [] } },
      'warning',
      /services is taken by another viewer/,
      /Close/,
    ],
  ])('%s is told so first, with a fix', (_, over, severity, what, fix) => {
    const found = worst(windows(over));
    expect(found).toMatchObject({ severity });
    expect(found?.what).toMatch(what);
    expect(found?.fix).toMatch(fix);
  });
});

describe('a Linux machine', () => {
  const linux = (sessions: LinuxFacts['sessions']): LinuxFacts => ({
    system: 'linux',
    sharedMemory: ok({ freeBytes: 1e9 }),
    sessions,
  });
  const session = (alive: boolean) => ({
    name: 'demo',
    opened: ok({ producer: 'simulated driver', alive, bytes: 3e6, cpuCount: 4 }),
    holders: ['node (pid 5)'],
  });

  it('is told of its sessions and who has them', () => {
    const found = judge(linux([session(true)])).map(({ what }) => what);
    expect(found).toContainEqual('sim:demo is written by a living simulated driver (3 MiB; open in node (pid 5))');
  });

  it('is told of what was left behind, and of what is no session', () => {
    expect(worst(linux([session(false)]))).toMatchObject({ severity: 'warning' });
    expect(worst(linux([session(false)]))?.fix).toContain('rm /dev/shm/ringview.demo');
    const foreign = { name: 'y', opened: fail('permission-denied', 'belongs to 7', 'ask'), holders: [] };
    const ofForeign = judge(linux([foreign])).find(({ what }) => what.includes('sim:y'));
    expect(ofForeign).toMatchObject({ severity: 'note', fix: 'ask' });
    const damaged = { name: 'x', opened: fail('bad-magic', 'no magic', 'check'), holders: [] };
    expect(worst(linux([damaged]))?.what).toBe('sim:x is no readable ring session (nobody has it open): no magic');
  });

  it('is told when shared memory is short or missing', () => {
    expect(worst({ ...linux([]), sharedMemory: ok({ freeBytes: 1000 }) })).toMatchObject({ severity: 'warning' });
    expect(worst({ ...linux([]), sharedMemory: fail('io-error', 'gone', 'mount') })).toMatchObject({
      severity: 'problem',
      what: 'gone',
    });
  });
});

it('says of another system that nothing can be captured there', () => {
  expect(judge({ system: 'other', name: 'freebsd' })).toMatchObject([{ severity: 'problem' }]);
});

it('says of macOS what can be read there, and that it is untried', () => {
  const [found, ...rest] = judge({ system: 'other', name: 'darwin' });
  expect(rest).toEqual([]);
  expect(found).toMatchObject({ severity: 'note' });
  expect(found?.what).toMatch(/simulated driver.*nobody has tried/);
});

it('does not warn of this program as of another reader', () => {
  const driver = loaded({ readerPid: 5 });
  const own = driver.device.ok ? { ...driver, device: ok({ ...driver.device.value, readByUs: true }) } : driver;
  const says = (facts: DriverFacts) =>
    judge(windows({ driver: facts })).some(({ what }) => what.includes('reads the driver'));
  expect([says(driver), says(own)]).toEqual([true, false]);
});
