import { describe, expect, it } from 'vitest';
import { matchExpression, splitMatches } from '../../electron/contract/text-matches.ts';
import { createMarks, type MarkReply, type MarkRequest } from './marks.ts';

/** Threads that answer when told, and timers that fire when told. */
function setUp() {
  const threads: { readonly requests: MarkRequest[]; readonly answer: (reply: MarkReply) => void; ended: boolean }[] =
    [];
  let timers: { readonly run: () => void; readonly ms: number; cancelled: boolean }[] = [];
  const marks = createMarks(
    (answer) => {
      const thread = { requests: [] as MarkRequest[], answer, ended: false };
      threads.push(thread);
      return {
        post: (request) => thread.requests.push(request),
        end: () => {
          thread.ended = true;
        },
      };
    },
    (run, ms) => {
      const timer = { run, ms, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
  );
  const fire = (after: boolean) => {
    const due = timers.filter(({ ms }) => ms > 0 === after);
    timers = timers.filter(({ ms }) => ms > 0 !== after);
    for (const { run, cancelled } of due) if (!cancelled) run();
  };
  const answer = () => {
    const thread = threads.at(-1);
    const request = thread?.requests.at(-1);
    if (!thread || !request) throw new Error('nothing was asked');
    const pattern = matchExpression(request.query);
    thread.answer(request.texts.map((text) => splitMatches(text, pattern)));
  };
  return { marks, threads, flush: () => fire(false), expire: () => fire(true), answer };
}

const regex = (pattern: string) => ({ pattern, regex: true, caseSensitive: true });
const plain = [{ text: 'aab', match: false }];
const marked = [
  { text: 'aa', match: true },
  { text: 'b', match: false },
];

describe('marks', () => {
  it('marks plain text at once, and an expression when its thread has answered', () => {
    const { marks, threads, flush, answer } = setUp();
    expect(marks.marker({ pattern: 'aa', regex: false, caseSensitive: true })?.split('aab')).toEqual(marked);
    expect(marks.marker(regex('('))).toBeNull();
    expect(threads).toEqual([]);
    const marker = marks.marker(regex('a+'));
    expect(marker?.split('aab')).toEqual(plain);
    expect(marker?.knows('aab')).toBe(false);
    marker?.split('ccc');
    flush();
    expect(threads[0]?.requests).toEqual([{ query: regex('a+'), texts: ['aab', 'ccc'] }]);
    answer();
    expect(marks.store.getState().version).toBe(1);
    expect(marks.marker(regex('a+'))?.split('aab')).toEqual(marked);
    expect(['aab', 'other'].map((text) => marks.marker(regex('a+'))?.knows(text))).toEqual([true, false]);
    flush();
    expect(threads[0]?.requests.length).toBe(1);
  });

  it('gives up an expression that does not answer, and starts anew with the next', () => {
    const { marks, threads, flush, expire, answer } = setUp();
    marks.marker(regex('(a+)+$'))?.split('aab');
    flush();
    expire();
    expect(threads[0]?.ended).toBe(true);
    expect(marks.store.getState().tooSlow).toEqual(regex('(a+)+$'));
    expect(marks.marker(regex('(a+)+$'))?.knows('aab')).toBe(true);
    expect(marks.marker(regex('(a+)+$'))?.split('aab')).toEqual(plain);
    flush();
    expect(threads.length).toBe(1);
    marks.marker(regex('a+'))?.split('aab');
    flush();
    expect(threads.length).toBe(2);
    answer();
    expect(marks.marker(regex('a+'))?.split('aab')).toEqual(marked);
  });

  it('ends a thread whose answer nobody waits for any more', () => {
    const { marks, threads, flush, expire } = setUp();
    marks.marker(regex('(a+)+$'))?.split('aab');
    flush();
    marks.marker(regex('b'))?.split('aab');
    flush();
    expect(threads.map(({ ended }) => ended)).toEqual([true, false]);
    expire();
    expect(marks.store.getState().tooSlow).toEqual(regex('b'));
  });
});
