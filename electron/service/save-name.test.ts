import { expect, it } from 'vitest';
import { suggestFileName } from './save-name.ts';

it('names an export by its local time, part and format', () => {
  const at = new Date(2026, 2, 9, 17, 45, 2);
  expect(suggestFileName({ scope: 'filtered', format: 'csv' }, at)).toBe('ringview-2026-03-09-174502-filtered.csv');
  expect(suggestFileName({ scope: 'all', format: 'text' }, at)).toBe('ringview-2026-03-09-174502.log');
});
