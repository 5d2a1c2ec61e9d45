/**
 * Owns what the operating system must bring: on Linux it names the packages that are missing, and installs them where
 * that is wanted and possible: on Debian as root, or after one question with sudo. Elsewhere nothing is needed.
 *
 *   node electron/setup/provide/ensure-system.mjs [--install-system] [--no-install] [tool ...]
 */
import { createInterface } from 'node:readline/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { run, runOnTerminal } from '../child.mjs';
import { done, failed, misused, runScript, say } from '../output.mjs';
import { installFacts, missingLibraries, missingTools } from './find-tools.mjs';
import { aptLine, availableNames, installManner, packagesFor, tools } from './system-packages.mjs';

/**
 * @typedef {object} SystemNeeds
 * @property {readonly string[]} [tools] keys of `tools` in system-packages.mjs
 * @property {string} [program] a program whose shared libraries must be found
 * @property {import('./system-packages.mjs').InstallWish} install whether missing packages may be installed
 *
 * @typedef {{ ok: true } | { ok: false, message: string, packages: readonly string[] }} SystemOutcome `packages`: Debian's,
 * that would bring what is missing
 */

let listsUpdated = false;

/** `--install-system` or a CI machine wants it, `--no-install` never; `otherwise` is the script's own way. */
export function installWish(
  /** @type {readonly string[]} */ args,
  /** @type {import('./system-packages.mjs').InstallWish} */ otherwise = 'no',
  /** @type {NodeJS.ProcessEnv} */ env = process.env,
) {
  if (args.includes('--no-install')) return 'no';
  return args.includes('--install-system') || env.CI === 'true' ? 'yes' : otherwise;
}

/** Makes sure tools and libraries are there, or says which packages bring them. @returns {Promise<SystemOutcome>} */
export async function ensureSystem(/** @type {SystemNeeds} */ needs) {
  if (process.platform !== 'linux') return done;
  const lack = await look(needs);
  if (lack.message === null) return done;

  const { packages } = lack;
  const facts = installFacts();
  /** @returns {SystemOutcome} */
  const lacking = (/** @type {string} */ message) => ({ ok: false, message, packages });
  const manner = packages.length === 0 ? 'not' : installManner(needs.install, facts);
  const refused = `${lack.message}. On Debian: ${aptLine(packages, facts.root)}`;
  if (manner === 'not') return lacking(refused);
  if (manner === 'after a question') {
    say(lack.message);
    if (!(await agreed(`Install ${packages.join(' ')} with sudo apt-get?`))) return lacking(refused);
  }
  say(`installing ${packages.join(' ')}`);
  const installed = await aptInstall(packages, facts.root);
  if (!installed.ok) return lacking(installed.message);
  const left = await look(needs);
  return left.message === null ? done : lacking(`${left.message}, although ${packages.join(' ')} were installed.`);
}

/** One question on the terminal; anything but a yes is a no, and so are its end and Ctrl+C. @returns {Promise<boolean>} */
async function agreed(/** @type {string} */ question) {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Both close it without an answer; an empty answer, which is a yes, is only that of somebody who pressed Enter.
  const closed = new Promise((resolve) => lines.once('close', () => resolve(null)));
  const answered = lines.question(`ringview: ${question} [Y/n] `).catch(() => null);
  const answer = await Promise.race([answered, closed]);
  lines.close();
  if (answer === null) process.stderr.write('\n');
  return answer !== null && /^(|y|yes)\s*$/i.test(answer);
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

/** @returns {Promise<import('../output.mjs').Outcome>} */
async function aptInstall(/** @type {readonly string[]} */ wanted, /** @type {boolean} */ root) {
  let said = '';
  // Package mirrors fail now and then, so there is a second attempt, with updated lists.
  for (let attempt = 0; attempt < 2; attempt++) {
    if (!listsUpdated || attempt > 0) {
      const update = await apt(['update'], root);
      said = update.stderr;
      // A failed update does not stop the installation: the lists on the machine may be recent enough.
      listsUpdated = update.code === 0;
    }
    const names = [...wanted, ...wanted.map((name) => `${name}t64`)];
    const policy = await run('apt-cache', ['policy', ...names], {
      env: plainEnv(),
      output: 'keep',
      timeoutMs: 120_000,
    });
    const packages = availableNames(wanted, policy.stdout);
    const install = await apt(['install', '-y', '--no-install-recommends', ...packages], root);
    if (install.code === 0) return done;
    said = install.stderr || said;
  }
  return failed(
    `apt-get could not install ${wanted.join(' ')}:\n${said.trim()}\nTry by hand: ${aptLine(wanted, root)}`,
  );
}

const plainEnv = () => ({ ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' });

/** As root quietly; else on this terminal, where sudo asks for the password. @returns {Promise<{ code: number, stderr: string }>} */
async function apt(/** @type {string[]} */ args, /** @type {boolean} */ root) {
  // Another apt-get may be under way: it is waited for, but not for ever.
  const command = ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args];
  if (root) return run('apt-get', command, { env: plainEnv(), output: 'keep', timeoutMs: 900_000 });
  return {
    code: await runOnTerminal('sudo', ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...command]),
    stderr: '',
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  await runScript(import.meta.url, async () => {
    const { positionals: named } = parseArgs({
      options: { 'install-system': { type: 'boolean' }, 'no-install': { type: 'boolean' } },
      allowPositionals: true,
    });
    const unknown = named.filter((name) => !(name in tools));
    if (unknown.length > 0) return misused(`unknown: ${unknown.join(', ')}; known: ${Object.keys(tools).join(', ')}`);
    return ensureSystem({ tools: named.length > 0 ? named : Object.keys(tools), install: installWish(args) });
  });
}
