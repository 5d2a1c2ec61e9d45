/**
 * Loaded before the tests of a part with `fewExamples`.
 *
 * Reduces the examples of properties, so that they can be run thousands of times. A mutant that no example notices
 * then counts as a survivor, so a score may be too low because of this, but never too high.
 */
import fc from 'fast-check';
import { vi } from 'vitest';

/** The share of its examples that a property keeps when mutants are tested. */
const SHARE = 1 / 8;
/** The number of examples that fast-check tries by default. */
const USUAL_RUNS = 100;

fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: Math.ceil(USUAL_RUNS * SHARE) });

vi.mock('fast-check', async (importOriginal) => {
  const whole = await importOriginal<typeof import('fast-check')>();
  const assert = ((property: Parameters<typeof whole.assert>[0], parameters?: Parameters<typeof whole.assert>[1]) =>
    whole.assert(property, {
      ...parameters,
      // Examples that a property lists itself are counted in numRuns, and are tried first.
      numRuns: (parameters?.examples?.length ?? 0) + Math.ceil((parameters?.numRuns ?? USUAL_RUNS) * SHARE),
    } as never)) as typeof whole.assert;
  return { ...whole, default: { ...whole.default, assert }, assert };
});
