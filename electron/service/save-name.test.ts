import { describe, expect, it } from 'vitest';
import { suggestFileName, suggestPackName } from './save-name.ts';

it('names an export by its local time, part and format', () => {
  const at = new Date(2026, 2, 9, 17, 45, 2);
  expect(suggestFileName({ scope: 'filtered', format: 'csv' }, at)).toBe('ringview-2026-03-09-174502-filtered.csv');
  expect(suggestFileName({ scope: 'all', format: 'text' }, at)).toBe('ringview-2026-03-09-174502.log');
});

describe('the name that is offered for a recorded session as one file', () => {
  it.each([
    ['boot 3', 'boot 3.ringview.tar'],
    ['Запись-7_ä.b', 'Запись-7_ä.b.ringview.tar'],
    ['a/b\\c:d*e', 'a_b_c_d_e.ringview.tar'],
    ['../../etc', '_.._etc.ringview.tar'],
    ['. hidden .', 'hidden.ringview.tar'],
    [' ...', 'session.ringview.tar'],
    ['x'.repeat(120), `${'x'.repeat(100)}.ringview.tar`],
  ])('is legal on every system: %j', (name, file) => {
    expect(suggestPackName(name)).toBe(file);
  });
});
