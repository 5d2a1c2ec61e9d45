/**
 * The soak under faults (e2e/soak): kills, pauses, full and stalling disks for an hour, and every row accounted for.
 * First recordings are killed and cut, 50 and 20 of them (soak-recordings.mjs). Progress on stderr, rows for
 * driver/ASSURANCE.md on stdout. Disk faults need root.
 *
 *   npm run soak -- [--minutes N] [--seed N] [--kills N] [--cuts N] [--only-recordings]
 */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { ensureBuild } from './build.mjs';
import { run } from './child.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { failed, misused, runScript } from './output.mjs';
import { dist, root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';
import { electronSwitches, ensureElectron } from './provide/ensure-electron.mjs';
import { ensureSystem } from './provide/ensure-system.mjs';
import { soakRecordings } from './soak-recordings.mjs';

await runScript(import.meta.url, async () => {
  const { values } = parseArgs({
    options: {
      ...{ minutes: { type: 'string', default: '60' }, seed: { type: 'string' } },
      ...{ kills: { type: 'string', default: '50' }, cuts: { type: 'string', default: '20' } },
      'only-recordings': { type: 'boolean', default: false },
    },
  });
  const [kills, cuts] = [Number(values.kills), Number(values.cuts)];
  if (![kills, cuts].every((count) => Number.isSafeInteger(count) && count >= 0))
    return misused('--kills and --cuts take whole numbers from 0');
  if (!(Number(values.minutes) > 0)) return misused('--minutes takes a number above 0');
  if (values.seed !== undefined && !Number.isSafeInteger(Number(values.seed)))
    return misused('--seed takes a whole number');
  const deps = await ensureDeps();
  if (!deps.ok) return deps;
  const recordings = kills + cuts === 0 ? null : await soakRecordings({ kills, cuts });
  if (recordings !== null) process.stdout.write(recordings.table);
  if (recordings?.ok === false) return failed('a recording was not whole');
  if (values['only-recordings']) return 0;
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
  const seed = values.seed === undefined ? [] : ['--seed', values.seed];
  const faultArgs = ['--minutes', values.minutes, ...seed];
  const display = virtual ? await startVirtualDisplay() : null;
  if (display !== null && !display.ok) return display;
  try {
    const result = await run(process.execPath, [join(dist, 'soak', 'faults.js'), ...faultArgs], {
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
