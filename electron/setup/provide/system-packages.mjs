/**
 * Owns the knowledge of what this project needs from a Linux system and which Debian package brings it (names of
 * Debian 12). Pure: what is missing is found out elsewhere.
 */

/**
 * @typedef {object} Tool
 * @property {string} what for people
 * @property {readonly string[]} packages Debian packages
 */

/** @type {Readonly<Record<string, Tool>>} */
export const tools = {
  make: { what: 'make', packages: ['make'] },
  gcc: { what: 'gcc', packages: ['gcc', 'libc6-dev'] },
  clang: { what: 'clang', packages: ['clang'] },
  asan: {
    what: 'address and undefined behaviour sanitizers of clang',
    packages: ['clang', 'libclang-rt-dev', 'libc6-dev'],
  },
  tsan: { what: 'thread sanitizer of clang', packages: ['clang', 'libclang-rt-dev', 'libc6-dev'] },
  mingw: { what: 'mingw-w64 with the driver headers', packages: ['gcc-mingw-w64-x86-64', 'mingw-w64-x86-64-dev'] },
  'llvm-ml-14': { what: "LLVM's assembler of Microsoft's language", packages: ['llvm-14'] },
  wine: { what: 'Wine', packages: ['wine', 'wine64'] },
  'clang-format': { what: 'clang-format', packages: ['clang-format'] },
  Xvfb: { what: 'Xvfb', packages: ['xvfb', 'xauth'] },
  spin: { what: 'spin', packages: ['spin'] },
  'frama-c': { what: 'Frama-C with its analyser Eva', packages: ['frama-c-base'] },
  rg: { what: 'ripgrep', packages: ['ripgrep'] },
  lnav: { what: 'lnav', packages: ['lnav'] },
  lttng: { what: 'LTTng-UST with its headers', packages: ['lttng-tools', 'liblttng-ust-dev'] },
  git: { what: 'git', packages: ['git'] },
  tshark: { what: 'tshark, which reads packet captures for tests', packages: ['tshark'] },
  script: { what: 'script, which makes terminals for tests', packages: ['bsdutils'] },
};

/**
 * Shared libraries Electron links to that a small system lacks; the rest comes with these packages.
 * @type {Readonly<Record<string, string>>}
 */
const libraryPackages = {
  'libasound.so': 'libasound2',
  'libatk-1.0.so': 'libatk1.0-0',
  'libatk-bridge-2.0.so': 'libatk-bridge2.0-0',
  'libatspi.so': 'libatspi2.0-0',
  'libcairo.so': 'libcairo2',
  'libcups.so': 'libcups2',
  'libdbus-1.so': 'libdbus-1-3',
  'libdrm.so': 'libdrm2',
  'libexpat.so': 'libexpat1',
  'libgbm.so': 'libgbm1',
  'libgio-2.0.so': 'libglib2.0-0',
  'libglib-2.0.so': 'libglib2.0-0',
  'libgmodule-2.0.so': 'libglib2.0-0',
  'libgobject-2.0.so': 'libglib2.0-0',
  'libgdk-3.so': 'libgtk-3-0',
  'libgtk-3.so': 'libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libpango-1.0.so': 'libpango-1.0-0',
  'libpangocairo-1.0.so': 'libpangocairo-1.0-0',
  'libudev.so': 'libudev1',
  'libX11.so': 'libx11-6',
  'libXcomposite.so': 'libxcomposite1',
  'libXcursor.so': 'libxcursor1',
  'libXdamage.so': 'libxdamage1',
  'libXext.so': 'libxext6',
  'libXfixes.so': 'libxfixes3',
  'libXi.so': 'libxi6',
  'libXrandr.so': 'libxrandr2',
  'libXrender.so': 'libxrender1',
  'libxcb.so': 'libxcb1',
  'libxkbcommon.so': 'libxkbcommon0',
};

/** Names of the libraries that `ldd` did not find. */
export function librariesNotFound(/** @type {string} */ lddOutput) {
  return lddOutput.split('\n').flatMap((line) => /^\s*(\S+) => not found/.exec(line)?.[1] ?? []);
}

/**
 * The packages to install for what is missing, sorted, each once; `unknown` lists libraries no package is known for.
 */
export function packagesFor(
  /** @type {readonly string[]} */ missingTools,
  /** @type {readonly string[]} */ missingLibraries,
) {
  const packages = new Set(missingTools.flatMap((name) => tools[name]?.packages ?? []));
  const unknown = [];
  for (const library of missingLibraries) {
    const name = libraryPackages[library.replace(/\.so(\.\d+)*$/, '.so')];
    if (name) packages.add(name);
    else unknown.push(library);
  }
  return { packages: [...packages].sort(), unknown };
}

/** The line a person pastes into a terminal. */
export function aptLine(/** @type {readonly string[]} */ packages, /** @type {boolean} */ root) {
  return `${root ? '' : 'sudo '}apt-get install --no-install-recommends ${packages.join(' ')}`;
}

/**
 * @typedef {object} InstallFacts
 * @property {boolean} debian packages come from apt-get
 * @property {boolean} root
 * @property {boolean} sudo the program is there
 * @property {boolean} terminal somebody can answer a question
 *
 * @typedef {'yes' | 'ask' | 'no'} InstallWish `ask`: as root without a question, else with one
 */

/**
 * How missing packages are installed: at once, after one question, or not at all.
 * @returns {'now' | 'after a question' | 'not'}
 */
export function installManner(/** @type {InstallWish} */ wish, /** @type {InstallFacts} */ facts) {
  if (wish === 'no' || !facts.debian) return 'not';
  if (facts.root) return 'now';
  return wish === 'ask' && facts.sudo && facts.terminal ? 'after a question' : 'not';
}

/**
 * The names that `apt-cache policy` has packages for. Some libraries were renamed when their time became 64 bits wide
 * (Debian 13): what is not there under its own name is asked for under that one.
 */
export function availableNames(/** @type {readonly string[]} */ packages, /** @type {string} */ policy) {
  const there = new Set();
  let name = '';
  for (const line of policy.split('\n')) {
    name = /^(\S+):$/.exec(line)?.[1] ?? name;
    const candidate = /^ {2}Candidate: (.*)$/.exec(line)?.[1];
    if (candidate !== undefined && candidate !== '(none)') there.add(name);
  }
  return packages.map((each) => (!there.has(each) && there.has(`${each}t64`) ? `${each}t64` : each));
}
