import { expect, it } from 'vitest';
import { newestFirst } from './newest-first.ts';

it('values are kept once each, the newest first, and not for ever', () => {
  expect(newestFirst(['b', 'a'], 'a', 3)).toEqual(['a', 'b']);
  expect(newestFirst(['c', 'b', 'a'], 'd', 3)).toEqual(['d', 'c', 'b']);
});
