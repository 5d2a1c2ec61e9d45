/**
 * How large the examples of properties are, in every room: an array that may hold 200 elements does hold 200 now and
 * then. By fast-check's own measure it would hold five, and no ring, segment or cache would ever be full.
 */
import fc from 'fast-check';

fc.configureGlobal({
  defaultSizeToMaxWhenMaxSpecified: true,
  // Against mutants: what a mutant did to the first run it does to the next, and nobody reads the smallest example.
  ...(process.env.MUTATION_TESTS === undefined ? {} : { seed: 20_240_229, endOnFailure: true }),
});
