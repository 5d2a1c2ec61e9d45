/**
 * Owns which code is mutated, in parts that take minutes each, and what is left out of it. Pure: mutate.mjs runs it. Every
 * file of the rooms named here belongs to exactly one part, which a test holds.
 */
import { sourceOf, TEST_FILES } from '../rules/test-files.mjs';

/**
 * @typedef {object} Part
 * @property {string} name what `npm run mutate` is asked for
 * @property {readonly string[]} files patterns of the files mutated; with a `!` in front, of those that are not
 * @property {readonly string[]} tests patterns of the tests that may catch the mutants
 * @property {boolean} [fewExamples] whether its properties try an eighth of their examples: with all of them a mutant takes half a minute
 * @property {number} [goal] percent of mutants that the tests are to catch
 */

const session = 'electron/session';
const own = (/** @type {string} */ room) => [`${room}/**/*.ts`];
/**
 * The tests of all parts of the session are used for each part, because mistakes show elsewhere: a wrong segment in a
 * search, a wrong filter in an export.
 */
const sessionTests = [`${session}/**/*.test.ts`];
/**
 * Those of them that examine rows one by one. The others run the same code for millions of rows, or start other
 * programs.
 */
const rowTests = [`${session}/{store,search,text,view,ingest}/**/*.test.ts`];

/** The files of main that make decisions without Electron, processes or native calls. */
const pureMain = ['arguments', 'settings'];

/** @type {readonly Part[]} */
export const parts = [
  { name: 'core', files: own('native/core'), tests: ['native/core/**/*.test.ts'], goal: 85 },
  { name: 'store', files: own(`${session}/store`), tests: rowTests, fewExamples: true, goal: 85 },
  {
    name: 'search',
    files: [...own(`${session}/search`), ...own(`${session}/text`)],
    tests: rowTests,
    fewExamples: true,
    goal: 85,
  },
  { name: 'view', files: own(`${session}/view`), tests: rowTests, fewExamples: true, goal: 85 },
  {
    name: 'session',
    files: ['ingest', 'workspace', 'output'].flatMap((folder) => own(`${session}/${folder}`)),
    tests: sessionTests,
    fewExamples: true,
  },
  { name: 'files', files: own('electron/files'), tests: ['electron/files/**/*.test.ts'] },
  {
    name: 'service',
    files: [`electron/main/{${pureMain.join(',')}}.ts`, 'electron/service/**/*.ts'],
    tests: ['electron/main/**/*.test.ts', 'electron/service/**/*.test.ts'],
  },
  { name: 'model', files: own('renderer/model'), tests: ['renderer/**/*.test.ts'] },
  { name: 'page-store', files: own('renderer/store'), tests: ['renderer/**/*.test.ts'] },
];

/**
 * Never mutated: code that only tests use, such as the plain twins and the model with which the real implementations
 * are compared.
 */
export const neverMutated = TEST_FILES.map((pattern) => `!${pattern}`);

/** The paths that patterns mean; those with a `!` in front take away. @returns {string[]} */
export function meant(/** @type {readonly string[]} */ patterns, /** @type {readonly string[]} */ paths) {
  const any = (/** @type {readonly string[]} */ chosen) =>
    new RegExp(`^(?:${chosen.map(sourceOf).join('|') || '(?!)'})$`);
  const into = any(patterns.filter((pattern) => !pattern.startsWith('!')));
  const out = any(patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)));
  return paths.filter((path) => into.test(path) && !out.test(path));
}

/**
 * Tests that are left out: they start processes, mount disks or watch the machine, which takes longer than a mutant is
 * worth, and the tests beside them cover the same code.
 */
export const slowTests = ['electron/files/open-format.test.ts', 'electron/cli/main-job.test.ts'];

/**
 * Tests that take long, the longest last: they are asked once all others have noticed nothing. Most mutants never meet them.
 */
export const lateTests = [
  'native/core/golden.test.ts',
  'native/core/message-ring.test.ts',
  'native/core/ring-reader.test.ts',
  'native/core/merge.test.ts',
  'native/core/hostile.test.ts',
  'native/core/model.test.ts',
  'electron/session/store/lazy-column.test.ts',
  'electron/session/search/match-text.test.ts',
  'electron/session/output/copy.test.ts',
  'electron/session/output/export.test.ts',
  'electron/session/ingest/source-merger.test.ts',
  'electron/session/view/locate-time.test.ts',
  'electron/session/store/density.test.ts',
  'electron/session/ingest/session-effects.test.ts',
  'electron/session/view/view.test.ts',
  'electron/session/search/match-region.test.ts',
  'electron/session/search/shown-search.test.ts',
  'electron/session/store/store.test.ts',
  'electron/session/view/locate.test.ts',
  'electron/session/search/scan-pool.test.ts',
];

/**
 * Kinds of mutants that are not made. A text for people (a failure's message, a label) changed is no wrong behaviour, and
 * a test that repeats it word for word only makes it harder to improve; texts the program acts on (codes, kinds, modes)
 * are held by the type checker, which these mutants never meet. A regular expression is mutated, a string is not.
 */
export const leftOut = ['StringLiteral'];
