/** The icon in the tray: off unless wanted, said where there is no tray, and closing leaves the program there if a person says so. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { expect, numberOf, pictures, test } from './fixtures.ts';
import { asked } from './page-door.ts';

const PATH = process.env.PATH ?? '';
test.skip(process.platform !== 'linux', 'a Linux desktop is asked whether it has a tray');
test.afterEach(() => {
  process.env.PATH = PATH;
});

/** A desktop that answers so whether it has a tray. */
function answers(folder: string, there: boolean): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = join(bin, 'dbus-send');
  writeFileSync(program, `#!/bin/sh\necho "   boolean ${there}"\n`);
  chmodSync(program, 0o755);
  process.env.PATH = `${bin}:${PATH}`;
}

/** Notes what the icon is given from now on. */
const watchTray = (app: ElectronApplication): Promise<void> =>
  app.evaluate(({ Tray }) => {
    const seen = { tooltip: '', menu: null as Electron.Menu | null, shown: true };
    Object.assign(globalThis, { seen });
    const { setToolTip, setContextMenu, destroy } = Tray.prototype;
    Tray.prototype.setToolTip = function (text) {
      seen.tooltip = text;
      setToolTip.call(this, text);
    };
    Tray.prototype.setContextMenu = function (menu) {
      seen.menu = menu;
      setContextMenu.call(this, menu);
    };
    Tray.prototype.destroy = function () {
      seen.shown = false;
      destroy.call(this);
    };
  });

type Seen = { readonly seen: { tooltip: string; menu: Electron.Menu | null; shown: boolean } };
const tooltip = (app: ElectronApplication) =>
  asked(() => app.evaluate(() => (globalThis as unknown as Seen).seen.tooltip));
const labels = (app: ElectronApplication) =>
  asked(() => app.evaluate(() => (globalThis as unknown as Seen).seen.menu?.items.map(({ label }) => label) ?? []));
const click = (app: ElectronApplication, at: number) =>
  app.evaluate((_, item) => (globalThis as unknown as Seen).seen.menu?.items[item]?.click(), at);
const visible = (app: ElectronApplication) =>
  asked(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible())));

test('the icon counts, stops and starts, and closing leaves the program there', async ({ open, simulate, folder }) => {
  answers(folder, true);
  const { source } = simulate('--cpus', '2', '--rate', '1000');
  const { app, page } = await open('--source', source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(100);
  await watchTray(app);
  await page.keyboard.press('Control+,');
  await expect(page.getByTestId('settings-tray')).not.toBeChecked();
  await expect(page.getByTestId('settings-close-to-tray')).toHaveCount(0);
  await page.getByTestId('settings-tray').check();
  await page.getByTestId('settings-close-to-tray').check();
  await pictures(page, 'settings-tray');
  await expect.poll(() => tooltip(app)).toMatch(/^RingView: capturing\n[\d,]+ records, 0 lost$/);
  expect(await labels(app)).toEqual(['Show RingView', 'Stop capturing', 'Quit']);

  await click(app, 1);
  await expect.poll(() => labels(app)).toContain('Start capturing');
  await expect(page.getByTestId('status-source')).toContainText('stopped');
  await click(app, 1);
  await expect.poll(() => labels(app)).toContain('Stop capturing');

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => visible(app)).toEqual([false]);
  const before = await tooltip(app);
  await expect.poll(() => tooltip(app)).not.toBe(before);
  await click(app, 0);
  await expect.poll(() => visible(app)).toEqual([true]);

  await page.getByTestId('settings-tray').uncheck();
  await expect.poll(() => app.evaluate(() => (globalThis as unknown as Seen).seen.shown)).toBe(false);
  await page.getByTestId('settings-tray').check();
  await expect.poll(() => labels(app)).toContain('Quit');
  const ended = app.waitForEvent('close');
  await click(app, 2).catch(() => undefined);
  await ended;
});

test('a desktop without a tray is said to have none, and closing closes', async ({ open, folder }) => {
  answers(folder, false);
  mkdirSync(join(folder, 'user-0'));
  writeFileSync(join(folder, 'user-0', 'settings.json'), '{"tray": true, "closeToTray": true}');
  const { app, page } = await open();
  await page.keyboard.press('Control+,');
  await expect(page.getByTestId('settings-sheet')).toContainText('This desktop shows no icons of programs');
  await expect(page.getByTestId('settings-close-to-tray')).toHaveCount(0);
  const ended = app.waitForEvent('close');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await ended;
});
