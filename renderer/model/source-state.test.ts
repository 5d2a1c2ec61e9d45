import { describe, expect, it } from 'vitest';
import type { SourceStatus, Status } from '../../electron/contract/status.ts';
import {
  hasCaptured,
  hasRings,
  isLive,
  isRecorded,
  sourceFailure,
  sourceNamesKey,
  sourceNamesOf,
  sourceWords,
} from './source-state.ts';

function status(state: SourceStatus['state'], capturing: boolean, failure: SourceStatus['failure'] = null): Status {
  const source = { info: { name: 'sim:demo', producer: 'simulated driver' }, state, failure, cpus: [] };
  return { capturing, source, sources: [source] } as unknown as Status;
}

describe('source words', () => {
  it('never says capturing when nothing is captured', () => {
    expect(sourceWords(null).state).toBe('not capturing');
    expect(sourceWords(status('capturing', true)).tone).toBe('live');
    for (const state of ['capturing', 'stopped', 'ended', 'gone', 'failed'] as const) {
      expect(sourceWords(status(state, false)).tone).not.toBe('live');
      if (state !== 'capturing') expect(sourceWords(status(state, true)).tone).not.toBe('live');
    }
  });

  it('does not take what has ended for what can be stopped', () => {
    expect(isLive(null)).toBe(false);
    expect(isLive(status('capturing', true))).toBe(true);
    expect(isLive(status('gone', true))).toBe(true);
    expect(isLive(status('ended', true))).toBe(false);
    expect(isLive(status('stopped', false))).toBe(false);
    const [ended, live] = [status('ended', true), status('capturing', true)];
    expect(isLive({ ...ended, sources: [...ended.sources, ...live.sources] })).toBe(true);
    const all = { ...ended, sources: [...ended.sources, ...ended.sources] };
    expect(sourceWords(all)).toMatchObject({ name: '2 sources', state: 'ended', tone: 'idle' });
    expect(sourceWords(ended).explanation).toContain('should it start again');
    expect(sourceWords(status('ended', false)).explanation).not.toContain('should it start again');
  });

  it('knows that nothing can be said of losses before anything was captured', () => {
    const names = (...sourceNames: unknown[]) => ({ sources: [], sourceNames }) as unknown as Status;
    expect(hasCaptured(null)).toBe(false);
    expect(hasCaptured(names())).toBe(false);
    expect(hasCaptured(names({ id: 0, name: 'a' }))).toBe(true);
    expect(hasCaptured(status('stopped', false))).toBe(true);
  });

  it('tells what was recorded before from what is captured, and from nothing', () => {
    const recorded = { sources: [], sourceNames: [{ id: 0, name: 'sim:lab' }] } as unknown as Status;
    expect(isRecorded(recorded)).toBe(true);
    expect(sourceWords(recorded)).toMatchObject({ name: 'sim:lab', state: 'recorded' });
    expect(hasRings(recorded)).toBe(false);
    for (const other of [null, { sources: [], sourceNames: [] } as unknown as Status]) {
      expect(isRecorded(other)).toBe(false);
      expect(hasRings(other)).toBe(true);
    }
    expect(isRecorded(status('stopped', false))).toBe(false);
  });

  it('says that it waits only while it does', () => {
    expect(sourceWords(status('gone', true)).state).toBe('gone, waiting');
    expect(sourceWords(status('gone', false)).state).toBe('gone');
  });

  it('gives a failure its severity', () => {
    const failure = { code: 'source-gone', message: 'gone', action: 'start it' } as const;
    expect(sourceFailure(status('failed', false, failure))?.severity).toBe('error');
    expect(sourceFailure(status('gone', true, failure))?.severity).toBe('warning');
    expect(sourceFailure(status('capturing', true))).toBeNull();
    expect(sourceWords(status('failed', false, failure)).explanation).toBe('gone. start it.');
  });

  it('counts several, and shows the one that needs attention', () => {
    const [live, gone] = [status('capturing', true), status('gone', true)];
    const both = (a: Status, b: Status): Status => ({ ...a, sources: [...a.sources, ...b.sources] });
    expect(sourceWords(both(live, live))).toMatchObject({ name: '2 sources', state: 'capturing', tone: 'live' });
    expect(sourceWords(both(live, gone))).toMatchObject({ state: '1 of 2 capturing', tone: 'waiting' });
    expect(sourceWords({ ...both(live, gone), capturing: false })).toMatchObject({ state: 'stopped', tone: 'idle' });
    const failure = { code: 'source-gone', message: 'gone', action: 'start it' } as const;
    expect(sourceFailure(both(live, status('failed', true, failure)))?.failure).toBe(failure);
  });

  it('names sources only where there are several', () => {
    const names = [
      { id: 0, name: '/logs/a' },
      { id: 3, name: 'b' },
    ];
    const key = (sourceNames: typeof names) => sourceNamesKey({ sourceNames } as unknown as Status);
    expect(sourceNamesOf(key(names))).toEqual(
      new Map([
        [0, 'a'],
        [3, 'b'],
      ]),
    );
    expect(sourceNamesOf(key(names.slice(1)))).toBeNull();
    expect(sourceNamesOf(sourceNamesKey(null))).toBeNull();
  });
});
