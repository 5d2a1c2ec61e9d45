/**
 * Checks the types of every room, each with only the types of the runtime it runs in, a few at a time.
 *
 *   node electron/setup/typecheck.mjs
 */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './child.mjs';
import { failed, runScript, say } from './output.mjs';
import { binary, root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';

/** Rooms that must have a project of their own; folders inside of a room may have one too. */
const required = [
  'native/core',
  'native',
  'electron/contract',
  'electron/session',
  'electron/preload',
  'electron',
  'renderer',
  'e2e',
];
const topLevel = ['tsconfig.json', 'tsconfig.tests.json'];

await runScript(import.meta.url, async () => {
  parseArgs({ options: {} });
  const deps = await ensureDeps();
  if (!deps.ok) return deps;
  const absent = required.filter((room) => !existsSync(join(root, room, 'tsconfig.json')));
  const projects = [...roomsWithProject(), ...topLevel];
  const queue = [...projects];
  /** @type {string[]} */
  const broken = [];
  const worker = async () => {
    for (let project = queue.shift(); project; project = queue.shift()) {
      const result = await run(binary('tsc'), ['-p', project, '--pretty', 'false'], {
        output: 'keep',
        shell: process.platform === 'win32',
      });
      if (result.code === 0) continue;
      broken.push(project);
      process.stdout.write(`${result.stdout}${result.stderr}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), projects.length) }, worker));

  for (const project of absent) say(`${project} has no tsconfig.json`);
  if (broken.length > 0 || absent.length > 0) return failed(`types are wrong in: ${[...broken, ...absent].join(', ')}`);
  say(`types are right in ${projects.length} projects`);
  return 0;
});

function roomsWithProject() {
  const folders = ['native', 'electron', 'renderer', 'e2e'].flatMap((room) => [
    room,
    ...readdirSync(join(root, room), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${room}/${entry.name}`),
  ]);
  return folders.filter((folder) => existsSync(join(root, folder, 'tsconfig.json')));
}
