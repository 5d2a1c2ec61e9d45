/**
 * Measures the product beside references made on the spot. JSON on stdout, progress on stderr.
 *
 *   npm run bench -- [--quick] [--only name,name] [--record] [--soak [--minutes N]] [--large-file GB]
 *                    [--install-system]
 *
 * What the measurements themselves are is in e2e/bench; this builds them and finds what they need. What cannot be
 * measured here is reported by name, with the reason.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { ensureBuild } from './build.mjs';
import { run } from './child.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { failed, runScript, say } from './output.mjs';
import { dist, root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';
import { electronSwitches, ensureElectron } from './provide/ensure-electron.mjs';
import { ensureSystem, installWish } from './provide/ensure-system.mjs';

const args = process.argv.slice(2);
const given = args.filter((arg) => arg !== '--install-system');

await runScript(import.meta.url, async () => {
  // Judged before anything is built or installed; what they mean is known to the measuring program.
  parseArgs({
    options: {
      ...{ quick: { type: 'boolean' }, only: { type: 'string' }, record: { type: 'boolean' } },
      ...{ soak: { type: 'boolean' }, minutes: { type: 'string' } },
      ...{ 'large-file': { type: 'string' }, 'install-system': { type: 'boolean' } },
    },
  });
  const deps = await ensureDeps();
  if (!deps.ok) return deps;
  const built = await ensureBuild();
  if (!built.ok) return built;
  for (const mode of ['bench', 'bench-page']) {
    try {
      await build({ configFile: join(root, 'vite.config.ts'), mode, logLevel: 'error' });
    } catch (error) {
      return failed(`building ${mode} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  /** @type {Record<string, string>} */
  const lacking = {};
  for (const tool of ['gcc', 'rg', 'lttng', 'lnav']) {
    const ready = await ensureSystem({ tools: [tool], install: installWish(args) });
    if (!ready.ok) lacking[tool] = ready.message;
  }
  const screen = await prepareWindow();
  if (!screen.ok) {
    lacking.window = screen.message;
    say(`nothing with a window is measured: ${screen.message}`);
  }
  try {
    const environment = { ...process.env, ...(screen.ok ? screen.env : {}) };
    const result = await run(process.execPath, [join(dist, 'bench', 'bench.js'), ...given], {
      env: {
        ...environment,
        ELECTRON_RUN_AS_NODE: undefined,
        RINGVIEW_BENCH: JSON.stringify({ root, lacking, ...(screen.ok ? { electron: screen.electron } : {}) }),
      },
    });
    return result.code;
  } finally {
    if (screen.ok) screen.stop();
  }
});

/**
 * Electron, its libraries and a display.
 * @returns {Promise<{ ok: true, electron: { path: string, switches: readonly string[] }, env: NodeJS.ProcessEnv, stop: () => void } | { ok: false, message: string }>}
 */
async function prepareWindow() {
  const electron = await ensureElectron();
  if (!electron.ok) return electron;
  const virtual = !hasDisplay();
  const system = await ensureSystem({
    tools: virtual ? ['Xvfb'] : [],
    program: electron.path,
    install: installWish(args),
  });
  if (!system.ok) return system;
  const found = { path: electron.path, switches: electronSwitches() };
  if (!virtual) return { ok: true, electron: found, env: {}, stop: () => {} };
  const display = await startVirtualDisplay();
  return display.ok ? { ok: true, electron: found, env: display.env, stop: display.stop } : display;
}
