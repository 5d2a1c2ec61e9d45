#!/usr/bin/env node
/**
 * The `ringview` command: makes sure that the packages and the command line's build are there, then becomes it. Quiet
 * unless there is something to do; stdout is the command's own from the first byte.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`ringview: this needs Node 20.19 or later; this is ${process.versions.node}\n`);
  process.exit(1);
}

const { ensureDeps } = await import('../setup/provide/ensure-deps.mjs');
const { ensureBuild } = await import('../setup/build.mjs');
const { say } = await import('../setup/output.mjs');
const { dist } = await import('../setup/paths.mjs');
const { join } = await import('node:path');
const { pathToFileURL } = await import('node:url');

const deps = await ensureDeps();
const ready = deps.ok ? await ensureBuild(['cli']) : deps;
if (ready.ok) {
  const command = join(dist, 'cli', 'ringview.js');
  process.argv[1] = command;
  await import(pathToFileURL(command).href);
} else {
  say(ready.message);
  process.exitCode = 1;
}
