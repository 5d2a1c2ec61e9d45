/**
 * What each file of tests begins with: test files share their modules, and so whatever a module keeps.
 *
 * How large the examples of properties are, in every room: an array that may have 200 elements does have 200 now and
 * then. With fast-check's default it would have about five, and no ring, segment or cache would ever be full.
 */
import fc from 'fast-check';
import { knowTypes } from '../contract/filter/known-names.ts';
import { setSchemas } from '../session/text/schemas.ts';

fc.configureGlobal({
  defaultSizeToMaxWhenMaxSpecified: true,
  // When mutants are tested, every run uses the same seed and stops at the first failing example, because nobody reads
  // the smallest one.
  ...(process.env.MUTATION_TESTS === undefined ? {} : { seed: 20_240_229, endOnFailure: true }),
});

knowTypes([]);
setSchemas([]);
