/** How the tests run against mutants. The tests to run are in MUTATION_TESTS, as JSON. */
import { join } from 'node:path';
import { lateTests, slowTests } from './rooms.mjs';

const root = join(import.meta.dirname, '..', '..', '..');

/**
 * The order of test files. The first test that fails ends a run, so the quick ones come first: by itself it would be the
 * other way round.
 */
class QuickFirst {
  async shard(/** @type {{ moduleId: string }[]} */ files) {
    return files;
  }

  async sort(/** @type {{ moduleId: string }[]} */ files) {
    const lateness = (/** @type {{ moduleId: string }} */ { moduleId }) =>
      lateTests.findIndex((test) => moduleId.replaceAll('\\', '/').endsWith(`/${test}`));
    return [...files].sort((a, b) => lateness(a) - lateness(b));
  }
}

export default {
  test: {
    root,
    include: JSON.parse(process.env.MUTATION_TESTS ?? '[]'),
    exclude: [...slowTests],
    environment: 'node',
    // One thread for all files: to start one for each takes longer than most tests, thousands of times.
    isolate: false,
    sequence: { sequencer: QuickFirst },
    setupFiles: [
      'electron/setup/test-support.ts',
      ...(process.env.MUTATION_FEW_EXAMPLES === undefined ? [] : ['electron/setup/mutation/test-support.ts']),
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};
