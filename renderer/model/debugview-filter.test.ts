import fc from 'fast-check';
import { expect, it } from 'vitest';
import { filterTree } from '../../electron/contract/filter/parse.ts';
import { fromDebugView } from './debugview-filter.ts';

it('reads semicolons as or, and stars as anything', () => {
  expect(fromDebugView('nic;storport')).toBe('"nic" or "storport"');
  expect(fromDebugView('*nic*;IRP*failed;')).toBe('nic or /IRP.*failed/i');
  expect(fromDebugView('cpu:3;nic')).toBe('"cpu:3" or nic');
  expect(fromDebugView('a.b*c;')).toBe('/a\\.b.*c/i');
});

it.each(['no semicolon', 'opened; now what', 'a;b\nc;d', '("a";b)', ';', '*;*', ''])('leaves %j as it is', (text) => {
  expect(fromDebugView(text)).toBeNull();
});

it('makes a filter that is read, whatever is pasted', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'or', '*', ';', '/', ':', '-', ' ', '[', '\\', '.') }),
      (text) => {
        const filter = fromDebugView(text);
        if (filter !== null) expect(filterTree(filter)).toMatchObject({ ok: true });
      },
    ),
    { examples: [['a;or'], ['/;a'], ['-a;b*[']] },
  );
});
