/**
 * The soak under faults (e2e/soak): kills, pauses, full and stalling disks for an hour, and every row accounted for.
 * Progress on stderr, a row for driver/ASSURANCE.md on stdout. Disk faults need root.
 *
 *   npm run soak -- [--minutes N] [--seed N]
 */
import { join } from 'node:path';
import { build } from 'vite';
import { ensureBuild } from './build.mjs';
import { run } from './child.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { failed, runScript } from './output.mjs';
import { dist, root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';
import { electronSwitches, ensureElectron } from './provide/ensure-electron.mjs';
import { ensureSystem } from './provide/ensure-system.mjs';

await runScript(async () => {
  const deps = await ensureDeps();
  if (!deps.ok) return deps;
  const electron = await ensureElectron();
  if (!electron.ok) return electron;
  const virtual = !hasDisplay();
  const system = await ensureSystem({
    tools: virtual ? ['Xvfb'] : [],
    program: electron.path,
    install: 'no',
  });
  if (!system.ok) return system;
  const built = await ensureBuild();
  if (!built.ok) return built;
  try {
    await build({ configFile: join(root, 'vite.config.ts'), mode: 'soak', logLevel: 'error' });
  } catch (error) {
    return failed(`building the soak failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  const display = virtual ? await startVirtualDisplay() : null;
  if (display !== null && !display.ok) return display;
  try {
    const result = await run(process.execPath, [join(dist, 'soak', 'faults.js'), ...process.argv.slice(2)], {
      env: {
        ...process.env,
        ...display?.env,
        ELECTRON_RUN_AS_NODE: undefined,
        RINGVIEW_SOAK: JSON.stringify({ root, electron: { path: electron.path, switches: electronSwitches() } }),
      },
    });
    return result.code;
  } finally {
    display?.stop();
  }
});
