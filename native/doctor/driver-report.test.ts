import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../core/event-filter.ts';
import { CAPTURE } from '../core/ioctl.ts';
import { RV } from '../core/layout.ts';
import { fail, ok } from '../core/result.ts';
import type { ServiceState } from '../win32/services.ts';
import { reportDriver } from './driver-report.ts';
import type { DriverCircumstances, DriverFacts } from './facts.ts';

const circumstances = (driver: Partial<DriverFacts>): DriverCircumstances => ({
  machine: 'x64',
  elevated: true,
  security: { secureBoot: false, testSigning: false, hvci: false },
  driver: {
    service: ok({ state: 'running', exitError: 0 }),
    image: { path: 'C:\\ringview.sys', machine: 'x64' },
    boot: ok(null),
    device: fail('source-not-found', 'there is no device', 'load it'),
    ...driver,
  },
});
const service = (state: ServiceState, exitError = 0) =>
  reportDriver(circumstances({ service: ok({ state, exitError }) }));

describe('the state of the driver', () => {
  it.each([
    ['not-installed', 0, 'not-installed', null],
    ['start-pending', 0, 'starting', null],
    ['stopped', 0, 'stopped', null],
    ['stopped', 1077, 'stopped', null],
    ['stopped', 1450, 'stopped', null],
    ['stopped', 577, 'refused', /testsigning on/],
    ['stopped', 1275, 'refused', /policy/],
    ['stop-pending', 0, 'stopping', /Close/],
    ['running', 0, 'running', /load it/],
  ] as const)('of a service that is %s with error %i is %s', (state, error, expected, fix) => {
    const report = service(state, error);
    expect(report).toMatchObject({ state: expected, elevated: true, facts: [] });
    expect(report.what).not.toBe('');
    if (fix === null) expect(report.fix).toBeNull();
    else expect(report.fix).toMatch(fix);
  });

  it('is refused as well where the file is of another processor, or gone', () => {
    for (const machine of ['arm64', null]) {
      const image = { path: 'C:\\ringview.sys', machine };
      const report = reportDriver(circumstances({ service: ok({ state: 'stopped', exitError: 0 }), image }));
      expect(report.state).toBe('refused');
      expect(report.what).toContain('ringview.sys');
    }
  });

  it('is unknown where the service manager does not answer, with its reason', () => {
    const denied = fail('permission-denied', 'it may not be asked', 'be an administrator');
    const report = reportDriver(circumstances({ service: denied }));
    expect(report).toMatchObject({ state: 'unknown', what: 'it may not be asked', fix: 'be an administrator' });
  });
});

describe('a loaded driver', () => {
  const loaded = (state: number, readByUs: boolean) =>
    reportDriver(
      circumstances({
        device: ok({
          version: {
            protocol: 1,
            layoutMajor: 1,
            layoutMinor: 2,
            cpuCount: 4,
            captures: CAPTURE.DBGPRINT | CAPTURE.IMAGE,
            driver: 'ringview.sys',
          },
          statistics: {
            state,
            readerPid: 12,
            cpuCount: 4,
            capturing: CAPTURE.DBGPRINT,
            written: 1234567,
            lost: 8,
            overwritten: 0,
            noRing: 0,
            attachedDrivers: 2,
            dbgprintRenewals: 0,
            losses: [
              ['full', 6],
              ['quota', 2],
            ],
            boot: { startType: 0, set: 11, ignored: 4, failed: 8 },
          },
          loggers: [{ name: 'nic', off: { levels: [3], types: [] }, stacks: [0], attached: 1 }],
          filters: new Map([['image', EVERYTHING]]),
          readerName: 'other.exe',
          readByUs,
        }),
      }),
    );

  it('says who reads it and what it counts', () => {
    const report = loaded(RV.STATE_RUNNING, false);
    expect(report.loggers.map(({ name, off, stacks }) => [name, off.levels, stacks])).toEqual([['nic', [3], [0]]]);
    expect(report.state).toBe('running');
    expect(report.facts).toEqual([
      ['layout', '1.2'],
      ['CPUs', '4'],
      ['read by', 'other.exe (12)'],
      ['drivers attached', '2'],
      ['written', '1,234,567'],
      ['lost', '8 (6 ring full, 2 over the quota of a program)'],
      ['began with', 'RingBytes, RingMode, OrderMode ignored, Captures refused by Windows'],
    ]);
    expect(report.captures).toEqual([
      { name: 'dbgprint', on: true, filter: null },
      { name: 'image', on: false, filter: EVERYTHING },
    ]);
    expect(new Map(loaded(RV.STATE_RUNNING, true).facts).get('read by')).toBe('RingView (12)');
  });

  it('whose session was ended says what brings it back', () => {
    expect(loaded(RV.STATE_STOPPED, false)).toMatchObject({ state: 'running', fix: 'Stop it, then start it again' });
  });
});
