/**
 * node driver/assure/fuzz/keep.mjs [--minutes N] [TARGET...]: fuzzes the targets, all of them if none is named, for N
 * minutes each one after the other (0, the default: not at all), and then merges what build/assure/corpus has learned
 * into the kept corpora.
 *
 * libFuzzer's merge keeps few and small inputs that reach together all that the old and the new ones reach: edges, and
 * how often about each is taken. Files that do not bear a hash for a name are inputs that once showed a fault: they stay.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildDir } from '../lib/context.mjs';
import { must, run } from '../lib/process.mjs';
import { buildTarget, keptDir, LIMITS, TARGETS } from './fuzz.mjs';

const HASH = /^[0-9a-f]{40}$/;

/** @param {readonly string[]} args */
function parse(args) {
  const at = args.indexOf('--minutes');
  const minutes = at < 0 ? 0 : Number(args[at + 1]);
  const names = args.filter((_, n) => at < 0 || (n !== at && n !== at + 1));
  const unknown = names.filter((name) => !TARGETS.some((target) => target.name === name));
  const use = `Use: keep.mjs [--minutes N] [${TARGETS.map((target) => target.name).join(' | ')}]...`;
  if (args.includes('--help')) {
    console.log(use);
    process.exit(0);
  }
  if (!(minutes >= 0) || unknown.length > 0) {
    console.error(use);
    process.exit(2);
  }
  return { minutes, targets: TARGETS.filter((target) => names.length === 0 || names.includes(target.name)) };
}

/** Bytes and number of the files in a folder. @param {string} dir */
function sizeOf(dir) {
  const files = readdirSync(dir);
  return { files: files.length, bytes: files.reduce((sum, file) => sum + statSync(join(dir, file)).size, 0) };
}

/** @param {string} name @param {string} program @param {string} learned */
async function merge(name, program, learned) {
  const kept = keptDir(name);
  mkdirSync(kept, { recursive: true });
  const fresh = buildDir('merged', name);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  await must(program, ['-set_cover_merge=1', ...LIMITS, fresh, kept, learned], { seconds: 3600 });
  for (const file of readdirSync(kept)) {
    if (!HASH.test(file)) copyFileSync(join(kept, file), join(fresh, file));
  }
  /* The new folder is whole before the old one goes. */
  const next = `${kept}.new`;
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next);
  for (const file of readdirSync(fresh)) copyFileSync(join(fresh, file), join(next, file));
  rmSync(kept, { recursive: true });
  renameSync(next, kept);
  return sizeOf(kept);
}

const { minutes, targets } = parse(process.argv.slice(2));
for (const target of targets) {
  const { name, says } = target;
  const program = await buildTarget(target);
  const learned = buildDir('corpus', name);
  let executions = 0;
  if (minutes > 0) {
    const kept = existsSync(keptDir(name)) ? [keptDir(name)] : [];
    const seconds = Math.round(minutes * 60);
    const { code, out } = await run(
      program,
      [
        `-max_total_time=${seconds}`,
        ...LIMITS,
        '-print_final_stats=1',
        '-verbosity=0',
        `-artifact_prefix=${buildDir('crashes', name)}/`,
        learned,
        ...kept,
      ],
      { seconds: seconds + 120 },
    );
    executions = Number(/number_of_executed_units:\s*(\d+)/.exec(out.slice(-4000))?.[1] ?? 0);
    if (code !== 0) {
      console.error(`${says}: a finding, its input lies in build/assure/crashes/${name}\n${out.slice(-4000)}`);
      process.exitCode = 1;
      continue;
    }
  }
  const { files, bytes } = await merge(name, program, learned);
  console.log(`${says}: ${minutes} minutes, ${executions} executions; ${files} inputs kept, ${bytes} bytes`);
}
