import { describe, expect, it } from 'vitest';
import { IRQL_SHIFT, RowFlag } from '../../native/core/entry.ts';
import { irqlWords, isBorrowed, threadWords } from './writer-words.ts';

const at = (irql: number, tid = 4248) => ({
  tid,
  flags: RowFlag.Thread | RowFlag.Irql | (irql << IRQL_SHIFT),
});

describe('who wrote a record', () => {
  it('is its own thread below DISPATCH_LEVEL', () => {
    expect([threadWords(at(0)), irqlWords(at(0)), isBorrowed(at(0))]).toEqual(['4248', 'PASSIVE_LEVEL (0)', false]);
    expect([threadWords(at(1)), irqlWords(at(1)), isBorrowed(at(1))]).toEqual(['4248', 'APC_LEVEL (1)', false]);
  });

  it('borrowed the thread that it interrupted from there on, the idle thread too', () => {
    expect(threadWords(at(2))).toBe('4248, borrowed: interrupted this thread at DISPATCH_LEVEL');
    expect(threadWords(at(5, 0))).toBe('0, borrowed: interrupted this thread at IRQL 5');
    expect(irqlWords(at(15))).toBe('HIGH_LEVEL (15)');
    expect(isBorrowed(at(2))).toBe(true);
  });

  it('is not known of a source that does not say', () => {
    const row = { tid: 0, flags: RowFlag.Late };
    expect([threadWords(row), irqlWords(row), isBorrowed(row)]).toEqual([null, null, false]);
    expect(threadWords({ tid: 7, flags: RowFlag.Thread })).toBe('7');
  });
});
