import { describe, expect, it } from 'vitest';
import type { Status } from '../../electron/contract/status.ts';
import { lostBefore } from './lost-before.ts';

/** Only what is looked at. */
const status = (...sources: readonly [name: string, ring: object | undefined][]): Status =>
  ({ sources: sources.map(([name, ring]) => ({ name, info: { ring } })) }) as unknown as Status;
const ring = { mode: 'drop', sessionId: 'a1', lostBefore: 1234 };

describe('what was lost before it was read', () => {
  it('is told of a driver, with what was kept', () => {
    expect(lostBefore(status(['driver:', ring]))).toEqual([
      expect.objectContaining({
        id: 'a1',
        message: expect.stringMatching(/driver: lost 1,234 records.*first were kept/),
      }),
    ]);
    const newest = lostBefore(status(['driver:nic', { ...ring, mode: 'overwrite', lostBefore: 1 }]));
    expect(newest[0]?.message).toMatch(/driver:nic lost 1 record before.*newest were kept/);
  });

  it('is nothing where nothing is missing, and of sources that are no drivers', () => {
    expect(lostBefore(null)).toEqual([]);
    expect(lostBefore(status(['driver:', { mode: 'drop', sessionId: 'a1' }], ['log.txt', undefined]))).toEqual([]);
    expect(lostBefore(status(['sim:demo', ring]))).toEqual([]);
  });
});
