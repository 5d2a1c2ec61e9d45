import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Typed } from '../../electron/contract/page-state.ts';
import { type BoxPart, readBox } from './filter-edit.ts';
import { hiddenProviders, providerNames, withProviderAlone, withProviderToggled } from './provider-chips.ts';

const NAMES = ['disk', 'nic', 'ringview.sys', 'usb, old'] as const;

function partOf(box: string | Typed): BoxPart {
  const read = readBox(typeof box === 'string' ? { pattern: box, regex: false, caseSensitive: false } : box);
  if ('fault' in read) throw new Error(`${read.fault.failure.message}: ${JSON.stringify(box)}`);
  return read.part;
}

const hidden = (box: string | Typed): string[] => [...hiddenProviders(partOf(box), NAMES)];
const toggled = (box: string | Typed, name: string) => withProviderToggled(partOf(box), name);
const alone = (box: string | Typed, name: string) => withProviderAlone(partOf(box), name, NAMES);

describe('who has a chip', () => {
  it('is each that is named, once there are two', () => {
    expect(providerNames([])).toEqual([]);
    expect(providerNames([{ provider: 'nic' }, { provider: null }, { provider: 'nic' }, { provider: '' }])).toEqual([]);
    expect(providerNames([{ provider: 'nic' }, { provider: 'disk' }, { provider: 'nic' }])).toEqual(['disk', 'nic']);
    const guid = { provider: '11223344-5566-7788-99aa-bbccddeeff00' };
    expect(providerNames([guid, { provider: 'nic' }])).toEqual([]);
    expect(providerNames([guid, { provider: 'nic' }, { provider: 'disk' }])).toEqual(['disk', 'nic']);
  });
});

describe('a click on the chip of a logger', () => {
  it('writes a term that hides it, and takes it out again', () => {
    const one = toggled('level>=warning', 'nic');
    expect(one.pattern).toBe('level>=warning -provider:nic');
    const two = toggled(one, 'usb, old');
    expect([two.pattern, hidden(two)]).toEqual(['level>=warning -provider:nic,"usb, old"', ['nic', 'usb, old']]);
    const back = toggled(two, 'nic');
    expect(back.pattern).toBe('level>=warning -provider:"usb, old"');
    expect(toggled(back, 'usb, old').pattern).toBe('level>=warning');
    expect(toggled(toggled('', 'nic'), 'nic').pattern).toBe('');
  });

  it('shows it where a pattern or a term that shows others hides it', () => {
    expect(hidden('-provider:*i*')).toEqual(['disk', 'nic', 'ringview.sys']);
    expect(toggled('-provider:*i*,usb*', 'nic').pattern).toBe('-provider:usb*');
    expect(hidden('provider:NIC')).toEqual(['disk', 'ringview.sys', 'usb, old']);
    expect(toggled('provider:NIC', 'disk').pattern).toBe('provider:NIC,disk');
  });

  it('with Alt shows it alone, then all', () => {
    const only = alone('irp -provider:nic', 'nic');
    expect(hidden(only)).toEqual(['disk', 'ringview.sys', 'usb, old']);
    expect(only.pattern).toContain('provider:nic');
    expect(hidden(alone(only, 'disk'))).toEqual(['nic', 'ringview.sys', 'usb, old']);
    expect(hidden(alone(only, 'nic'))).toEqual([]);
    expect(alone('provider:nic', 'nic').pattern).toBe('');
  });

  it('leaves alone what is not about loggers by itself', () => {
    expect(hidden('(provider:nic or cpu:3) provider')).toEqual([]);
    const kept = toggled('(provider:nic or cpu:3)', 'disk');
    expect(kept.pattern).toBe('(provider:nic or cpu:3) -provider:disk');
    const regex = toggled({ pattern: 'a|b', regex: true, caseSensitive: true }, 'disk');
    expect([regex.pattern, regex.regex]).toEqual(['/a|b/ -provider:disk', false]);
  });

  it('hides what is shown and shows what is hidden, whatever the filter is, and no other changes by hiding', () => {
    const name = fc.constantFrom(...NAMES);
    const pattern = fc.constantFrom('nic', 'NIC', 'd*', '*', 'ringview.sys', '"usb, old"', 'none');
    const term = fc
      .tuple(fc.constantFrom('', '-'), fc.uniqueArray(pattern, { minLength: 1, maxLength: 3 }))
      .map(([sign, patterns]) => `${sign}provider:${patterns.join(',')}`);
    const box = fc.array(fc.oneof(term, fc.constant('cpu:3'), fc.constant('"a b"')), { maxLength: 4 });
    fc.assert(
      fc.property(box, name, (terms, clicked) => {
        const before = new Set(hidden(terms.join(' ')));
        const after = new Set(hidden(toggled(terms.join(' '), clicked)));
        expect(after.has(clicked)).toBe(!before.has(clicked));
        if (!before.has(clicked)) expect(after).toEqual(new Set([...before, clicked]));
        const only = hidden(alone(terms.join(' '), clicked));
        const wasAlone = before.size === NAMES.length - 1 && !before.has(clicked);
        expect(only).toEqual(wasAlone ? [] : NAMES.filter((each) => each !== clicked));
      }),
    );
  });
});
