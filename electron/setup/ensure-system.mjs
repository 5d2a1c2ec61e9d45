/**
 * Owns what the operating system must bring: on Linux it names the packages that are missing, and installs them where
 * that was asked for (`--install-system`, or CI=true) and is possible. Elsewhere nothing is needed.
 *
 *   node electron/setup/ensure-system.mjs [--install-system] [tool ...]
 */
import { pathToFileURL } from 'node:url';
import { run } from './child.mjs';
import { canInstall, missingLibraries, missingTools } from './find-tools.mjs';
import { done, failed, runScript, say } from './output.mjs';
import { aptLine, packagesFor, tools } from './system-packages.mjs';

/**
 * @typedef {object} SystemNeeds
 * @property {readonly string[]} [tools] keys of `tools` in system-packages.mjs
 * @property {string} [program] a program whose shared libraries must be found
 * @property {boolean} install whether missing packages may be installed
 */

let listsUpdated = false;

/** Whether `--install-system` was given or this is a CI machine. */
export function mayInstall(/** @type {readonly string[]} */ args, /** @type {NodeJS.ProcessEnv} */ env = process.env) {
  return args.includes('--install-system') || env.CI === 'true';
}

/** Makes sure tools and libraries are there, or says which packages bring them. @returns {Promise<import('./output.mjs').Outcome>} */
export async function ensureSystem(/** @type {SystemNeeds} */ needs) {
  if (process.platform !== 'linux') return done;
  const lack = await look(needs);
  if (lack.message === null) return done;

  if (!needs.install || !canInstall() || lack.packages.length === 0) {
    return failed(`${lack.message}. On Debian: ${aptLine(lack.packages, process.getuid?.() === 0)}`);
  }
  say(`installing ${lack.packages.join(' ')}`);
  const installed = await aptInstall(lack.packages);
  if (!installed.ok) return installed;
  const left = await look(needs);
  return left.message === null ? done : failed(`${left.message}, although ${lack.packages.join(' ')} were installed.`);
}

async function look(/** @type {SystemNeeds} */ needs) {
  const lackTools = await missingTools(needs.tools ?? []);
  const lackLibraries = needs.program ? await missingLibraries(needs.program) : [];
  const { packages, unknown } = packagesFor(lackTools, lackLibraries);
  const parts = [];
  if (lackTools.length > 0) parts.push(`missing: ${lackTools.map((name) => tools[name]?.what ?? name).join(', ')}`);
  if (lackLibraries.length > 0) parts.push(`missing shared libraries: ${lackLibraries.join(', ')}`);
  if (unknown.length > 0) parts.push(`no package is known for ${unknown.join(', ')}`);
  return { message: parts.length > 0 ? parts.join('; ') : null, packages };
}

/** @returns {Promise<import('./output.mjs').Outcome>} */
async function aptInstall(/** @type {readonly string[]} */ packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ args) =>
    run('apt-get', ['-qq', ...args], { env, output: 'keep', timeoutMs: 900_000 });
  let said = '';
  // Mirrors fail now and then: one more try, with fresh lists.
  for (let attempt = 0; attempt < 2; attempt++) {
    if (!listsUpdated || attempt > 0) {
      const update = await apt(['update']);
      said = update.stderr;
      // A failed update is no reason to stop: the lists of the machine may be good enough, and the install decides.
      listsUpdated = update.code === 0;
    }
    const install = await apt(['install', '-y', '--no-install-recommends', ...packages]);
    if (install.code === 0) return done;
    said = install.stderr || said;
  }
  return failed(
    `apt-get could not install ${packages.join(' ')}:\n${said.trim()}\nTry by hand: ${aptLine(packages, true)}`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  const named = args.filter((arg) => !arg.startsWith('--'));
  await runScript(async () => {
    const unknown = named.filter((name) => !(name in tools));
    if (unknown.length > 0) return failed(`unknown: ${unknown.join(', ')}; known: ${Object.keys(tools).join(', ')}`);
    return ensureSystem({ tools: named.length > 0 ? named : Object.keys(tools), install: mayInstall(args) });
  });
}
