import { describe, expect, it } from 'vitest';
import type { FileLogStatus } from '../../electron/contract/file-log.ts';
import { DEFAULT_LOG, isSeveral, type LogForm, logOutcome, logRequestOf, logWords } from './log-form.ts';

const output = { losses: true, spreadsheetSafe: false };
const read = (more: Partial<LogForm>) => logRequestOf({ ...DEFAULT_LOG, ...more }, output);
const filesOf = (more: Partial<LogForm>) => {
  const asked = read(more);
  return 'request' in asked ? asked.request.files : asked.troubles;
};

describe('what is asked of a log', () => {
  it('is one file that is added to, of all rows, unless something else is chosen', () => {
    const files = { append: true, limitBytes: null, wrap: false, daily: false, perSession: false, keep: null };
    expect(read({})).toEqual({ request: { format: 'text', rows: 'all', files, ...output } });
    expect(filesOf({ limit: '100 MB', wrap: true })).toMatchObject({ limitBytes: 100 * 1024 ** 2, wrap: true });
    expect(filesOf({ daily: true, keep: '7' })).toMatchObject({ daily: true, keep: 7 });
  });

  it('says what is wrong with a figure, and looks at none that does not count', () => {
    expect(filesOf({ limit: 'much' })).toEqual({ limit: expect.stringContaining('4.0 KB') });
    expect(filesOf({ limit: '1 K' })).toHaveProperty('limit');
    expect(filesOf({ perSession: true, keep: '0' })).toEqual({ keep: expect.stringContaining('number') });
    // One file is kept whatever was typed there; wrapping needs a limit.
    expect(filesOf({ keep: 'x', wrap: true })).toMatchObject({ keep: null, wrap: false });
    expect(filesOf({ limit: '1 MB', wrap: true, keep: 'x' })).toMatchObject({ keep: null, wrap: true });
    expect([isSeveral({ ...DEFAULT_LOG, limit: '1 MB' }), isSeveral({ ...DEFAULT_LOG, limit: ' ' })]).toEqual([
      true,
      false,
    ]);
  });
});

describe('how far a log is', () => {
  const status: FileLogStatus = {
    ...{ state: 'writing', name: 'boot.log', place: '/x', filter: null, rows: 12_345 },
    ...{ replacedRows: 0, waitingRows: 3, missedRows: 0, failure: null },
  };

  it('is said in a few words, what is missing among them', () => {
    expect(logWords(status)).toBe('log: 12.3k rows in boot.log');
    expect(logWords({ ...status, missedRows: 4 })).toBe('log: 12.3k rows, 4 missing in boot.log');
    expect(logWords({ ...status, state: 'failed' })).toBe('log: boot.log failed');
    expect(logOutcome({ ...status, replacedRows: 1000, missedRows: 1 })).toBe(
      '12,345 rows in boot.log, 1,000 older ones were replaced. 1 row could not be written.',
    );
  });
});
