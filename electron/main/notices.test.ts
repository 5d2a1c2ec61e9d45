import { expect, it } from 'vitest';
import type { Notice } from '../contract/channels.ts';
import { Notices } from './notices.ts';

const notice = (message: string): Notice => ({ severity: 'error', message, action: '' });

it('keeps what is told until the page listens, in order, and tells each once', () => {
  const sent: string[] = [];
  const notices = new Notices(({ message }) => sent.push(message));
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
