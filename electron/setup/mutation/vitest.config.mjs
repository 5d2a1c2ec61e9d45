/** How the tests run against mutants. The tests to run are in MUTATION_TESTS, as JSON. */
import { join } from 'node:path';
import { slowTests } from './rooms.mjs';

const root = join(import.meta.dirname, '..', '..', '..');

export default {
  test: {
    root,
    include: JSON.parse(process.env.MUTATION_TESTS ?? '[]'),
    exclude: [...slowTests],
    environment: 'node',
    // One thread for all files: to start one for each takes longer than most tests, thousands of times.
    isolate: false,
    setupFiles: ['electron/setup/test-support.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};
