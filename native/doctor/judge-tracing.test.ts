import { expect, it } from 'vitest';
import { fail, ok } from '../core/result.ts';
import type { SessionFacts } from '../win32/tracing/sessions.ts';
import { LOG_MODE } from '../win32/tracing/structures.ts';
import type { TracingFacts } from './facts.ts';
import { judgeTracing } from './judge-tracing.ts';

const session = (name: string, over: Partial<SessionFacts> = {}): SessionFacts => ({
  name,
  logFile: '',
  mode: LOG_MODE.REAL_TIME,
  clock: 1,
  kernelFlags: 0,
  eventsLost: 0,
  fileBuffersLost: 0,
  readBuffersLost: 0,
  buffersWritten: 1,
  loggerId: 1,
  ...over,
});
const judged = (sessions: readonly SessionFacts[], over: Partial<TracingFacts> = {}) =>
  judgeTracing({ sessions: ok(sessions), leftBehind: [], weak: [], ...over });
const said = (...args: Parameters<typeof judged>) =>
  judged(...args).map(({ severity, what }) => `${severity}: ${what}`);

it('is fine where sessions run and nothing is wrong', () => {
  expect(said([session('EventLog-System')])).toEqual(['fine: 1 logging session runs, and nothing was lost']);
});

it('says what RingView left behind, and how to stop it', () => {
  const [found] = judged([session('RingView-9-1')], { leftBehind: ['RingView-9-1'] });
  expect(found).toMatchObject({ severity: 'warning', fix: 'Stop them: ringview traces clean' });
  expect(found?.what).toContain('RingView-9-1');
});

it('says who lost what', () => {
  expect(said([session('A', { eventsLost: 5 }), session('B', { readBuffersLost: 2 }), session('C')])).toEqual([
    'note: The logging session A has lost 5 events, and 0 buffers that nobody read in time',
    'note: The logging session B has lost 0 events, and 2 buffers that nobody read in time',
  ]);
});

it('says which provider was asked for too little', () => {
  const weak = [{ guid: 'g', session: 'RingView-1-1', level: 3 }];
  expect(said([session('RingView-1-1')], { weak })).toEqual([
    'note: {g} writes into RingView-1-1 up to warning only: what it says beyond that does not come',
  ]);
});

it('says that the NT Kernel Logger is left alone, and that system loggers or sessions run out', () => {
  const kernel = session('NT Kernel Logger', { mode: 1, logFile: 'C:\\k.etl' });
  expect(said([kernel])[0]).toMatch(/^note: The NT Kernel Logger is in use, it writes into C:\\k\.etl/);
  const loggers = Array.from({ length: 8 }, (_, at) => session(`K${at}`, { mode: LOG_MODE.SYSTEM_LOGGER }));
  expect(said(loggers)).toEqual([expect.stringMatching(/^warning: All system loggers are taken, by K0, .*K7/)]);
  expect(said(loggers.slice(1))).toHaveLength(1);
  const many = Array.from({ length: 60 }, (_, at) => session(`S${at}`));
  expect(said(many)).toEqual(['warning: 60 logging sessions run, of the 64 that Windows usually has']);
});

it('says so where Windows does not tell', () => {
  const sessions = fail('permission-denied', 'The logging sessions cannot be listed', 'Start it as administrator');
  expect(judgeTracing({ sessions, leftBehind: [], weak: [] })).toMatchObject([{ severity: 'note' }]);
});
