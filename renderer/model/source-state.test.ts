import { describe, expect, it } from 'vitest';
import type { SourceStatus, Status } from '../../electron/contract/status.ts';
import { sourceFailure, sourceWords } from './source-state.ts';

function status(state: SourceStatus['state'], capturing: boolean, failure: SourceStatus['failure'] = null): Status {
  return {
    capturing,
    source: { info: { name: 'sim:demo', producer: 'simulated driver' }, state, failure, cpus: [] },
  } as unknown as Status;
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

  it('says that it waits only while it does', () => {
    expect(sourceWords(status('gone', true)).state).toBe('gone, waiting');
    expect(sourceWords(status('gone', false)).state).toBe('gone');
  });

  it('gives a failure its severity', () => {
    const failure = { code: 'source-gone', message: 'gone', action: 'start it' } as const;
    expect(sourceFailure(status('failed', false, failure))?.severity).toBe('error');
    expect(sourceFailure(status('gone', true, failure))?.severity).toBe('warning');
    expect(sourceFailure(status('capturing', true))).toBeNull();
    expect(sourceWords(status('failed', false, failure)).explanation).toBe('gone');
  });
});
