import { describe, expect, it } from 'vitest';
import type { Status } from '../../electron/contract/status.ts';
import { lostBefore, lostBeforeWords } from './lost-before.ts';

/** Only what is looked at. */
const status = (...sources: readonly [name: string, ring: object | undefined][]): Status =>
  ({ sources: sources.map(([name, ring]) => ({ name, info: { ring } })) }) as unknown as Status;
const ring = { mode: 'drop', sessionId: 'a1', lostBefore: 1234 };

describe('what was lost before it was read', () => {
  it('is told of a driver, with what was kept', () => {
    expect(lostBefore(status(['driver:', ring]))).toEqual([
      expect.objectContaining({
        id: 'a1',
        message: expect.stringMatching(/^1,234 records were lost before capture began: .*driver: .*first were kept$/),
      }),
    ]);
    const newest = lostBefore(status(['driver:nic', { ...ring, mode: 'overwrite', lostBefore: 1 }]));
    expect(newest[0]?.message).toMatch(/^1 record was lost before capture began: .*driver:nic .*newest were kept$/);
  });

  it('is nothing where nothing is missing, and of sources that are no drivers', () => {
    expect(lostBefore(null)).toEqual([]);
    expect(lostBefore(status(['driver:', { mode: 'drop', sessionId: 'a1' }], ['log.txt', undefined]))).toEqual([]);
    expect(lostBefore(status(['sim:demo', ring]))).toEqual([]);
  });

  it('is the same sentence where all of a session is told of, whichever sources it has', () => {
    const several = status(['driver:', ring], ['sim:demo', { ...ring, lostBefore: 1 }], ['log.txt', undefined]);
    expect(lostBeforeWords(several)).toBe('1,235 records were lost before capture began');
    expect([lostBeforeWords(null), lostBeforeWords(status(['driver:', { mode: 'drop' }]))]).toEqual(['', '']);
  });
});
