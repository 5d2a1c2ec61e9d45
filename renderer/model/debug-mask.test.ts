import { describe, expect, it } from 'vitest';
import type { DebugFilter } from '../../electron/contract/machine.ts';
import { changedMasks, hexMask, maskRows, otherComponents, withLevel } from './debug-mask.ts';

const filter: DebugFilter = {
  masks: [
    { component: 'DEFAULT', mask: null, effective: 3 },
    { component: 'DISK', mask: 0xfffffff8, effective: 0xfffffffb },
    { component: 'WIN2000', mask: 2, effective: 3 },
  ],
  components: ['ACPI', 'DEFAULT', 'DISK', 'WIN2000'],
  restartNeeded: false,
  elevated: true,
};
const levels = (component: string, draft = {}) =>
  maskRows(filter, draft)
    .find((row) => row.component === component)
    ?.levels.map(({ on, forced }) => (forced ? 'forced' : on ? 'on' : 'off'));

describe('masks', () => {
  it('show what the registry has, and what Windows adds whatever it says', () => {
    expect(levels('DEFAULT')).toEqual(['forced', 'forced', 'off', 'off']);
    expect(levels('DISK')).toEqual(['forced', 'forced', 'off', 'on']);
    expect(levels('WIN2000')).toEqual(['forced', 'on', 'off', 'off']);
    expect(maskRows(filter, {}).some(({ changed }) => changed)).toBe(false);
  });

  it('are changed by the draft, and only what differs is written', () => {
    const draft = { DEFAULT: 8, DISK: 0xfffffff8 };
    expect(levels('DEFAULT', draft)).toEqual(['forced', 'forced', 'off', 'on']);
    expect(changedMasks(filter, draft)).toEqual([{ component: 'DEFAULT', mask: 8 }]);
    expect(changedMasks(filter, { DEFAULT: 0 })).toEqual([]);
  });

  it('of components that are not set can be added once', () => {
    expect(otherComponents(filter, {})).toEqual(['ACPI']);
    expect(otherComponents(filter, { ACPI: 15 })).toEqual([]);
    expect(levels('ACPI', { ACPI: 12 })).toEqual(['forced', 'forced', 'on', 'on']);
    expect(changedMasks(filter, { ACPI: 15 })).toEqual([{ component: 'ACPI', mask: 15 }]);
  });

  it('keep the bits that have no box, also the highest', () => {
    expect(withLevel(0xfffffff8, 8, false)).toBe(0xfffffff0);
    expect(withLevel(0xfffffff0, 4, true)).toBe(0xfffffff4);
    expect(hexMask(0xfffffff4)).toBe('0xfffffff4');
  });
});
