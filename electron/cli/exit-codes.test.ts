import { describe, expect, it } from 'vitest';
import { fail } from '../../native/core/result.ts';
import { batchOf, entry, gap } from '../session/test-support.ts';
import { type CaptureEnding, captureExit, EXIT } from './exit-codes.ts';
import { MessageWatch, NOTHING_FOUND, NOTHING_WATCHED } from './message-watch.ts';

const failure = (code: 'io-error' | 'bad-argument') => {
  const failed = fail(code, 'm', 'a');
  return failed.ok ? null : failed.failure;
};
const quiet = { ...NOTHING_WATCHED, strict: false };
const strict = { ...NOTHING_WATCHED, strict: true };

describe('the exit code of a capture', () => {
  type Told = Partial<CaptureEnding['summary'] & Omit<CaptureEnding, 'summary'>>;
  const ending = ({ failure = null, watch = NOTHING_FOUND, ...told }: Told = {}): CaptureEnding => ({
    ...{ failure, watch },
    summary: { read: 10, lost: 0, notWritten: 0, ...told },
  });

  it.each<[string, Told, Parameters<typeof captureExit>[1], number]>([
    ['done', {}, strict, EXIT.done],
    ['losses are told, and fail only if that is wanted', { lost: 3 }, quiet, EXIT.done],
    ['lost', { lost: 3 }, strict, EXIT.lost],
    ['read and not written', { notWritten: 3 }, strict, EXIT.lost],
    ['nothing', { read: 0 }, strict, EXIT.nothing],
    ['nothing, and that is no matter', { read: 0 }, quiet, EXIT.done],
    ['not come', {}, { ...strict, waitFor: /x/ }, EXIT.notCome],
    ['came', { watch: { came: true, failing: 0, messages: [] } }, { ...strict, waitFor: /x/ }, EXIT.done],
    ['found, whatever else', { lost: 3, watch: { came: false, failing: 1, messages: ['x'] } }, strict, EXIT.found],
    ['failed', { failure: failure('io-error'), lost: 3 }, strict, EXIT.failed],
    ['bad argument', { failure: failure('bad-argument') }, strict, EXIT.badArguments],
  ])('%s', (_, more, asked, code) => {
    expect(captureExit(ending(more), asked)).toBe(code);
  });
});

describe('MessageWatch', () => {
  it('finds what is waited for and counts what must not be there, in the rows that are wanted', () => {
    const batch = batchOf([entry(1, 'ready'), gap(2, 0, 5), entry(7, 'ASSERT a'), entry(8, 'ASSERT b')]);
    const watch = new MessageWatch({ waitFor: /ready/u, failOn: /assert/iu });
    watch.look(batch, 3);
    expect(watch.findings).toEqual({ came: true, failing: 1, messages: ['ASSERT a'] });
    expect(watch.done).toBe(true);
  });

  it('keeps some of many messages, and counts them all', () => {
    const watch = new MessageWatch({ waitFor: null, failOn: /x/u });
    watch.look(batchOf(Array.from({ length: 30 }, (_, at) => entry(at, `x ${at}`))), 30);
    expect([watch.findings.failing, watch.findings.messages.length, watch.done]).toEqual([30, 10, false]);
  });
});
