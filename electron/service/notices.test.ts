import { expect, it } from 'vitest';
import type { Notice } from '../contract/app.ts';
import { Notices } from './notices.ts';

const notice = (message: string): Notice => ({ severity: 'error', message, action: '' });

it('keeps what is told until the page listens, in order, and tells each once', () => {
  const sent: string[] = [];
  const notices = new Notices(
    ({ message }) => sent.push(message),
    () => 0,
  );
  notices.tell(notice('first'));
  notices.tell(notice('second'));
  expect(sent).toEqual([]);
  notices.pageListens();
  notices.tell(notice('third'));
  notices.pageListens();
  expect(sent).toEqual(['first', 'second', 'third']);
  notices.pageGone();
  notices.tell(notice('fourth'));
  expect(sent).toHaveLength(3);
  notices.pageListens();
  expect(sent.at(-1)).toBe('fourth');
});

it('keeps only the newest while no page listens, and the same words once', () => {
  const sent: string[] = [];
  const notices = new Notices(
    ({ message }) => sent.push(message),
    () => 0,
  );
  for (let i = 0; i < 1000; i++) notices.tell(notice(`defect ${i}`));
  for (let i = 0; i < 1000; i++) notices.tell(notice('again'));
  notices.pageListens();
  expect(sent).toHaveLength(20);
  expect(sent.slice(-2)).toEqual(['defect 999', 'again']);
});

it('tells the same words once a second, however often they come', () => {
  const sent: string[] = [];
  let nowMs = 0;
  const notices = new Notices(
    ({ message }) => sent.push(message),
    () => nowMs,
  );
  notices.pageListens();
  for (; nowMs < 3000; nowMs++) notices.tell(notice('again'));
  expect(sent).toHaveLength(3);
  notices.tell(notice('other'));
  expect(sent.at(-1)).toBe('other');
});
