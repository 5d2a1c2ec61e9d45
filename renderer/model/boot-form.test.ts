import { describe, expect, it } from 'vitest';
import type { BootSettings } from '../../electron/contract/machine.ts';
import { formOf, sameForm, sizesWith, sizeText } from './boot-form.ts';

const nothing = { ringBytes: null, ringMode: null, orderMode: null, captures: null };
const settings = (over: Partial<BootSettings>): BootSettings => ({
  ...{ start: 'demand', overridden: null, parameters: nothing, wrong: [] },
  ...over,
});

describe('the form of a start with Windows', () => {
  it('shows the standard where nothing is set', () => {
    const standard = { start: 'demand', ringBytes: 1048576, ringMode: 'drop', orderMode: 'index', captures: [] };
    expect(formOf(settings({}))).toEqual(standard);
    expect(formOf(settings({ start: 'disabled' })).start).toBe('demand');
    expect(formOf(settings({ start: null })).start).toBe('demand');
    const parameters = { ...nothing, ringBytes: 65536, captures: ['image' as const] };
    expect(formOf(settings({ start: 'boot', parameters }))).toMatchObject({
      ...{ start: 'boot', ringBytes: 65536, ringMode: 'drop', captures: ['image'] },
    });
  });

  it('differs by each of its fields, not by the order of captures', () => {
    const form = formOf(settings({}));
    expect(sameForm(form, { ...form })).toBe(true);
    expect(sameForm({ ...form, captures: ['image', 'thread'] }, { ...form, captures: ['thread', 'image'] })).toBe(true);
    for (const over of [
      { start: 'boot' as const },
      { ringBytes: 4096 },
      { ringMode: 'overwrite' as const },
      { orderMode: 'clock' as const },
      { captures: ['image' as const] },
    ]) {
      expect(sameForm(form, { ...form, ...over })).toBe(false);
    }
  });

  it('offers sizes, and the one that is set', () => {
    expect(sizesWith(1048576).map(sizeText)).toEqual(['64 KiB', '256 KiB', '1 MiB', '4 MiB', '16 MiB', '64 MiB']);
    expect(sizesWith(524288).map(sizeText)).toContain('512 KiB');
    expect(
      sizesWith(2 ** 30)
        .map(sizeText)
        .at(-1),
    ).toBe('1024 MiB');
  });
});
