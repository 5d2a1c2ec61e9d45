/** Owns which files are only for tests: none of them is part of the product, and no file of the product may import one. */

/**
 * Patterns of their paths: `**` for folders or none, `*` within a name, `{a,b}` for either. Beside the tests these are
 * what tests share, the programs they start, and the plain twins and the model that the real code is compared with.
 */
export const TEST_FILES = [
  '**/*.test.ts',
  '**/*.test.tsx',
  '**/test-support.ts',
  '**/test/**',
  '**/{spawn,test}-child.ts',
  '**/child-output.ts',
  '**/*-plain.ts',
  '**/plain-*.ts',
  'native/core/model.ts',
];

const pattern = new RegExp(`^(?:${TEST_FILES.map(sourceOf).join('|')})$`);

/** Whether a file is only for tests. `file`: path from the top level, with forward slashes. */
export function isTestFile(/** @type {string} */ file) {
  return pattern.test(file);
}

/** A pattern of paths as the source of a regular expression. */
export function sourceOf(/** @type {string} */ glob) {
  return glob.replace(/\*\*\/|\*\*|\*|\.|\{([^}]*)\}/g, (sign, /** @type {string | undefined} */ names) => {
    if (names !== undefined) return `(?:${names.replaceAll(',', '|')})`;
    return { '**/': '(?:.+/)?', '**': '.+', '*': '[^/]*', '.': '\\.' }[sign] ?? sign;
  });
}
