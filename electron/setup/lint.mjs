/**
 * Checks form: biome (TypeScript, JavaScript, CSS, JSON), clang-format (C), and this project's own rules on files.
 *
 *   node electron/setup/lint.mjs [--fix] [--require-all] [--install-system]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './child.mjs';
import { failed, runScript, say } from './output.mjs';
import { binary, root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';
import { ensureSystem, installWish } from './provide/ensure-system.mjs';
import { lengthProblem, lockProblems, textProblems } from './rules/lint-rules.mjs';

const args = process.argv.slice(2);
const fix = args.includes('--fix');
const required = args.includes('--require-all') || process.env.CI === 'true';
const windows = process.platform === 'win32';

await runScript(import.meta.url, async () => {
  parseArgs({
    options: {
      ...{ fix: { type: 'boolean' }, 'require-all': { type: 'boolean' }, 'install-system': { type: 'boolean' } },
    },
  });
  const deps = await ensureDeps();
  if (!deps.ok) return deps;
  const results = [
    ['biome', await biome()],
    ['clang-format', await clangFormat()],
    ['project rules', await projectRules()],
  ];
  const broken = results.filter(([, ok]) => !ok).map(([name]) => name);
  if (broken.length > 0)
    return failed(`lint failed: ${broken.join(', ')}${fix ? '' : ' (npm run format repairs what can be repaired)'}`);
  say('lint: clean');
  return 0;
});

async function biome() {
  const command = ['check', '--error-on-warnings', '--diagnostic-level=warn', ...(fix ? ['--write'] : []), '.'];
  return (await run(binary('biome'), command, { shell: windows })).code === 0;
}

async function clangFormat() {
  const files = cFiles(join(root, 'driver'));
  if (files.length === 0) return true;
  const ready = await ensureSystem({ tools: ['clang-format'], install: installWish(args) });
  if (!ready.ok) {
    say(`${required ? 'CANNOT RUN' : 'SKIPPED'} clang-format: ${ready.message}`);
    return !required;
  }
  const command = fix ? ['-i', ...files] : ['--dry-run', '-Werror', ...files];
  return (await run('clang-format', ['--style=file', ...command])).code === 0;
}

/** @returns {string[]} */
function cFiles(/** @type {string} */ folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'build' ? [] : cFiles(path);
    return /\.[ch]$/.test(entry.name) ? [path] : [];
  });
}

async function projectRules() {
  const problems = lockProblems(readFileSync(join(root, 'package-lock.json'), 'utf8')).map(
    (problem) => `package-lock.json: ${problem}`,
  );
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { output: 'keep' });
  if (listed.code !== 0) {
    say(`${required ? 'CANNOT RUN' : 'SKIPPED'} the rules on files: git cannot list them (${listed.stderr.trim()})`);
    return !required && problems.length === 0;
  }
  const hosts = await registryHosts();
  for (const file of listed.stdout.split('\0')) {
    const path = join(root, file);
    if (file === '' || file === 'package-lock.json' || !existsSync(path)) continue;
    const bytes = readFileSync(path);
    // A zero byte means that this is not text, but for instance an image or a captured ring.
    if (bytes.includes(0)) continue;
    const text = bytes.toString('utf8');
    const long = lengthProblem(file, text);
    if (long !== null) problems.push(`${file}: ${long}`);
    for (const { line, problem } of textProblems(text, hosts)) problems.push(`${file}:${line}: ${problem}`);
  }
  for (const problem of problems) say(problem);
  return problems.length === 0;
}

/** Host of the package registry that npm is configured to use on this machine; it must not appear in the sources. */
async function registryHosts() {
  const { stdout } = await run('npm', ['config', 'get', 'registry'], { output: 'keep', shell: windows });
  const host = URL.canParse(stdout.trim()) ? new URL(stdout.trim()).hostname : '';
  // A name without letters after a dot (localhost, an IP address) identifies nobody.
  return /\.[a-z]+$/i.test(host) ? [host] : [];
}
