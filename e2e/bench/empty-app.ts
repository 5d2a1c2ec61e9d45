/** An Electron that shows nothing by itself, with the switches of the app: for pages that are only measured. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron } from '@playwright/test';
import type { Environment } from './environment.ts';

/** Without windows it goes on, so that one can follow another. */
const MAIN = "require('electron').app.on('window-all-closed', () => {});\n";

export async function openEmptyApp(
  environment: Environment,
): Promise<{ readonly app: ElectronApplication; close(): Promise<void> }> {
  const found = environment.electron;
  if (found === undefined) throw new Error('no window can be shown');
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-empty-'));
  const main = join(folder, 'main.cjs');
  writeFileSync(main, MAIN);
  const app = await electron.launch({
    executablePath: found.path,
    args: [...found.switches, main, `--user-data-dir=${join(folder, 'user')}`],
  });
  return {
    app,
    async close() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
