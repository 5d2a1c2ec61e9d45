import { expect, it } from 'vitest';
import type { Status } from '../../electron/contract/status.ts';
import { isLive, sourceWords } from './source-state.ts';

it('a recorded session says how far it was opened, and that it was stopped', () => {
  const sourceNames = [{ id: 0, name: 'sim:lab' }];
  const of = (stopped: boolean) =>
    ({
      sources: [],
      source: null,
      sourceNames,
      opening: { doneBytes: 40, totalBytes: 100, stopped },
    }) as unknown as Status;
  expect([isLive(of(false)), isLive(of(true))]).toEqual([true, false]);
  expect(sourceWords(of(false))).toMatchObject({ name: 'sim:lab', state: 'opening 40 %', tone: 'live' });
  expect(sourceWords(of(true))).toMatchObject({ name: 'sim:lab', state: 'opened 40 %', tone: 'idle' });
});
