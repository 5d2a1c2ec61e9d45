/**
 * Starts the app from the sources: packages, Electron, build, then the window. Without a display the same capture is
 * shown in the terminal. What the system lacks is installed as root on Debian, or after one question.
 *
 *   npm start -- [--xvfb] [--no-install] [arguments of the app; default: --source sim:demo]
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuild } from './build.mjs';
import { exitCode, runOnTerminal, track } from './child.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { runScript, say } from './output.mjs';
import { dist, root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';
import { electronSwitches, ensureElectron } from './provide/ensure-electron.mjs';
import { ensureSystem, installWish } from './provide/ensure-system.mjs';
import { tailArguments } from './without-display.mjs';

const own = ['--xvfb', '--install-system', '--no-install'];
const args = process.argv.slice(2);
const given = args.filter((arg) => !own.includes(arg));
/** Without a wish of his own, a newcomer sees rows at once: those of the embedded simulated driver. */
const appArgs = given.length > 0 ? given : ['--source', 'sim:demo'];
const virtual = args.includes('--xvfb');

await runScript(import.meta.url, async () => {
  const deps = await ensureDeps();
  if (!deps.ok) return deps;
  if (!hasDisplay() && !virtual) return showInTerminal();
  const electron = await ensureElectron();
  if (!electron.ok) return electron;
  const system = await ensureSystem({
    tools: virtual ? ['Xvfb'] : [],
    program: electron.path,
    install: installWish(args, 'ask'),
  });
  if (!system.ok) return system;
  const built = await ensureBuild(['main', 'preload', 'renderer']);
  if (!built.ok) return built;

  const switches = electronSwitches();
  if (switches.length > 0) say('running as root: Chromium has no sandbox here (--no-sandbox)');
  if (!virtual) return launch(electron.path, [...switches, root, ...appArgs], { ...process.env });

  const display = await startVirtualDisplay();
  if (!display.ok) return display;
  try {
    say(`on virtual display ${display.env.DISPLAY}`);
    return await launch(electron.path, [...switches, root, ...appArgs], { ...process.env, ...display.env });
  } finally {
    display.stop();
  }
});

/** @returns {Promise<import('./output.mjs').Outcome | number>} */
async function showInTerminal() {
  const built = await ensureBuild(['cli']);
  if (!built.ok) return built;
  const window =
    'for the window, start this where DISPLAY or WAYLAND_DISPLAY is set (ssh -X), or unseen: npm start -- --xvfb';
  say(`no display here, so the log is shown in this terminal; ${window}`);
  const program = join(dist, 'cli', 'ringview.js');
  const code = await runOnTerminal(process.execPath, [program, 'tail', ...tailArguments(appArgs)]);
  // What was said at the start has scrolled away.
  say(window);
  return code;
}

/** Runs the app to its end; its exit code is ours. @returns {Promise<number>} */
function launch(
  /** @type {string} */ executable,
  /** @type {string[]} */ electronArgs,
  /** @type {NodeJS.ProcessEnv} */ env,
) {
  return new Promise((resolve) => {
    // Terminals inside Electron programs set this, and Electron would then be a plain Node.
    delete env.ELECTRON_RUN_AS_NODE;
    const app = spawn(executable, electronArgs, { stdio: 'inherit', env, detached: process.platform !== 'win32' });
    track(app);
    app.once('error', (error) => {
      say(`Electron could not be started: ${error.message}`);
      resolve(1);
    });
    app.once('close', (code, signal) => resolve(exitCode(code, signal)));
  });
}
