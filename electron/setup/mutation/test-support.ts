/**
 * Loaded before the tests of a part with `fewExamples`.
 *
 * Makes properties cheap enough to be asked thousands of times: a mutant that no example of this many notices is reported
 * as one that survived, so a score may be too low by it, and never too high.
 */
import fc from 'fast-check';
import { vi } from 'vitest';

/** A property's examples against mutants, of those it has otherwise. */
const SHARE = 1 / 8;
/** What fast-check tries where a property does not say. */
const USUAL_RUNS = 100;

fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: Math.ceil(USUAL_RUNS * SHARE) });

vi.mock('fast-check', async (importOriginal) => {
  const whole = await importOriginal<typeof import('fast-check')>();
  const assert = ((property: Parameters<typeof whole.assert>[0], parameters?: Parameters<typeof whole.assert>[1]) =>
    whole.assert(property, {
      ...parameters,
      // Those that a property names itself count as runs and come first.
      numRuns: (parameters?.examples?.length ?? 0) + Math.ceil((parameters?.numRuns ?? USUAL_RUNS) * SHARE),
    } as never)) as typeof whole.assert;
  return { ...whole, default: { ...whole.default, assert }, assert };
});
