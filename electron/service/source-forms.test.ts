import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSourceName, SOURCE_KINDS } from '../../native/sources/registry.ts';
import { checkSource, SOURCE_KINDS_OF_A_PAGE } from '../contract/limits.ts';

/** Kinds whose names are paths, or the program's own input: a page may not ask for them, whatever else changes. */
const NOT_FOR_A_PAGE = ['file', '-'];

it('what a page may ask for are the kinds there are, without those that open files', () => {
  const kinds = SOURCE_KINDS.map(({ kind }) => kind);
  expect([...SOURCE_KINDS_OF_A_PAGE, ...NOT_FOR_A_PAGE].sort()).toEqual([...kinds].sort());
  const refused = checkSource('nothing:x');
  const forms = SOURCE_KINDS.filter(({ kind }) => !NOT_FOR_A_PAGE.includes(kind)).map(({ form }) => form);
  expect(refused.ok ? null : refused.failure.action).toBe(`Use one of: ${forms.join(', ')}`);
});

it('a name that a page may ask for is one that its kind accepts', () => {
  const rest = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.stringMatching(/^[\w.-]{0,60}$/),
    fc.constantFrom(
      '',
      'global',
      'demo',
      'RingViewEmbedded',
      '../x',
      'C:\\x',
      'PhysicalDrive0',
      'kernel:process+image',
      'session:x y',
      'a:0x1:2+b',
    ),
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...SOURCE_KINDS), rest, ({ kind, form }, behind) => {
      const checked = checkSource(form.includes(':') ? `${kind}:${behind}` : kind);
      if (!checked.ok) return;
      accepted++;
      const name = parseSourceName(checked.value);
      expect(NOT_FOR_A_PAGE).not.toContain(name?.kind.kind);
      expect(name?.kind.accepts(name.rest)).toBe(true);
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(200);
});
