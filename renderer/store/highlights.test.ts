import { describe, expect, it } from 'vitest';
import { matchExpression, splitMatches } from '../../electron/contract/text-matches.ts';
import { createHighlights, type HighlightReply, type HighlightRequest } from './highlights.ts';

/** Threads that answer when told, and timers that fire when told. */
function setUp(startsAtOnce = true) {
  const threads: {
    readonly requests: HighlightRequest[];
    readonly answer: (reply: HighlightReply) => void;
    readonly ready: () => void;
    ended: boolean;
  }[] = [];
  let timers: { readonly run: () => void; readonly ms: number; cancelled: boolean }[] = [];
  const highlights = createHighlights(
    (answer, ready) => {
      const thread = { requests: [] as HighlightRequest[], answer, ready, ended: false };
      threads.push(thread);
      return {
        post: (request) => {
          thread.requests.push(request);
          if (startsAtOnce && thread.requests.length === 1) ready();
        },
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
  return { highlights, threads, flush: () => fire(false), expire: () => fire(true), answer };
}

const regex = (pattern: string) => ({ pattern, regex: true, caseSensitive: true });
const plain = [{ text: 'aab', match: false }];
const marked = [
  { text: 'aa', match: true },
  { text: 'b', match: false },
];

describe('highlights', () => {
  it('marks plain text at once, and an expression when its thread has answered', () => {
    const { highlights, threads, flush, answer } = setUp();
    expect(highlights.highlighter({ pattern: 'aa', regex: false, caseSensitive: true })?.split('aab')).toEqual(marked);
    expect(highlights.highlighter(regex('('))).toBeNull();
    expect(threads).toEqual([]);
    const highlighter = highlights.highlighter(regex('a+'));
    expect(highlighter?.split('aab')).toEqual(plain);
    expect(highlighter?.knows('aab')).toBe(false);
    highlighter?.split('ccc');
    flush();
    expect(threads[0]?.requests).toEqual([{ query: regex('a+'), texts: ['aab', 'ccc'] }]);
    answer();
    expect(highlights.store.getState().version).toBe(1);
    expect(highlights.highlighter(regex('a+'))?.split('aab')).toEqual(marked);
    expect(['aab', 'other'].map((text) => highlights.highlighter(regex('a+'))?.knows(text))).toEqual([true, false]);
    flush();
    expect(threads[0]?.requests.length).toBe(1);
  });

  it('gives up an expression that does not answer, and starts anew with the next', () => {
    const { highlights, threads, flush, expire, answer } = setUp();
    highlights.highlighter(regex('(a+)+$'))?.split('aab');
    flush();
    expire();
    expect(threads[0]?.ended).toBe(true);
    expect(highlights.store.getState().tooSlow).toEqual(regex('(a+)+$'));
    expect(highlights.highlighter(regex('(a+)+$'))?.knows('aab')).toBe(true);
    expect(highlights.highlighter(regex('(a+)+$'))?.split('aab')).toEqual(plain);
    flush();
    expect(threads.length).toBe(1);
    highlights.highlighter(regex('a+'))?.split('aab');
    flush();
    expect(threads.length).toBe(2);
    answer();
    expect(highlights.highlighter(regex('a+'))?.split('aab')).toEqual(marked);
  });

  it('waits for a thread that takes long to start, and counts from then on', () => {
    const { highlights, threads, flush, expire, answer } = setUp(false);
    highlights.highlighter(regex('a+'))?.split('aab');
    flush();
    expire();
    expect([threads[0]?.ended, highlights.store.getState().tooSlow]).toEqual([false, null]);
    threads[0]?.ready();
    answer();
    expect(highlights.highlighter(regex('a+'))?.split('aab')).toEqual(marked);
    highlights.highlighter(regex('(a+)+$'))?.split('aab');
    flush();
    expire();
    expect(highlights.store.getState().tooSlow).toEqual(regex('(a+)+$'));
    // Whoever is late has been given up.
    highlights.highlighter(regex('b'))?.split('aab');
    flush();
    threads[0]?.ready();
    expire();
    expect(threads.map(({ ended }) => ended)).toEqual([true, false]);
  });

  it('ends a thread whose answer nobody waits for any more', () => {
    const { highlights, threads, flush, expire } = setUp();
    highlights.highlighter(regex('(a+)+$'))?.split('aab');
    flush();
    highlights.highlighter(regex('b'))?.split('aab');
    flush();
    expect(threads.map(({ ended }) => ended)).toEqual([true, false]);
    expire();
    expect(highlights.store.getState().tooSlow).toEqual(regex('b'));
  });
});
