/** The settings in the app: the sheet over the file, what is wrong in it, always on top, and closing with rows that go. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSettings } from '../electron/main/settings.ts';
import { expect, numberOf, pictures, resize, test } from './fixtures.ts';

const OWN = `{
  // I like it so
  "theme": "dark",
  "library": { "record": false, "mostDays": "soon" },
  "alwaysOnTop": 1, // always?
  "commands": { "allowed": true, "list": [{ "name": "tell me", "program": "/bin/true", "arguments": [] }] },
}
`;

test('a person sets what there is to set, and the file keeps their comments and their mistakes', async ({
  open,
  simulate,
  folder,
}) => {
  test.setTimeout(180_000);
  mkdirSync(join(folder, 'user-0'));
  const path = join(folder, 'user-0', 'settings.json');
  writeFileSync(path, OWN);
  const read = () => readFileSync(path, 'utf8');
  const simulator = simulate('--cpus', '4', '--rate', '2000');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await resize(viewer, 1280, 800);
  // What is wrong is said at the start, with its line.
  await expect(page.getByText('line 4: library.mostDays is "soon"')).toBeVisible();
  await pictures(page, 'settings-notice');

  await page.keyboard.press('Control+,');
  const problems = page.getByTestId('settings-problems');
  await expect(problems.locator('li')).toHaveText([
    'line 4 library.mostDays is "soon"; allowed: a whole number from 1 to 36500',
    'line 5 alwaysOnTop is 1; allowed: true or false',
  ]);
  await expect(page.getByTestId('settings-commands')).toContainText('tell me');
  await pictures(page, 'settings-sheet');
  await resize(viewer, 900, 600);
  await pictures(page, 'settings-sheet-small');
  await resize(viewer, 1280, 800);

  await page.getByTestId('settings-times').selectOption('clock');
  await page.getByTestId('settings-digits').selectOption('ms');
  await expect.poll(() => parseSettings(read()).times).toEqual({ kind: 'clock', digits: 'ms', delta: 'row' });
  await page.getByTestId('settings-on-top').check();
  const onTop = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isAlwaysOnTop());
  await expect.poll(onTop).toBe(true);
  await expect(problems.locator('li')).toHaveCount(1);
  await page.getByTestId('settings-cap').fill('512 MB');
  await page.getByTestId('settings-keep').selectOption('rows');
  await page.getByTestId('settings-kept').fill('5 million');
  await page.getByTestId('settings-retention').click();
  await expect(page.getByTestId('settings-sheet')).toContainText('A number of at least 1,000');
  await page.getByTestId('settings-kept').fill('5M');
  await page.getByTestId('settings-retention').click();
  await expect
    .poll(() => parseSettings(read()).retention)
    .toEqual({ memoryCapBytes: 512 * 1024 ** 2, policy: { keep: 'rows', rows: 5_000_000 } });
  // What the person wrote is there as it was: comments, and the value that is still wrong.
  for (const line of ['// I like it so', '"mostDays": "soon"', '"alwaysOnTop": true, // always?'])
    expect(read()).toContain(line);

  // The program opens its own file; then it is corrected by hand.
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openPath = (file) => {
      opened.push(file);
      return Promise.resolve('');
    };
  });
  await page.getByTestId('settings-open').click();
  await expect.poll(() => app.evaluate(() => (globalThis as { opened?: string[] }).opened)).toEqual([path]);
  writeFileSync(path, read().replace('"soon"', '7').replace('"dark"', '"light"'));
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(problems).toHaveCount(0);
  await expect(page.getByTestId('settings-theme')).toHaveValue('light');
  expect(await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('light');
  await pictures(page, 'settings-corrected');

  await page.keyboard.press('Escape');
  await expect(page.getByTestId('settings-sheet')).toHaveCount(0);
  await page.keyboard.press('Control+Shift+t');
  await expect.poll(onTop).toBe(false);
  await page.keyboard.press('Control+Shift+p');
  await page.keyboard.type('settings: theme');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('settings-sheet')).toBeVisible();
  // Nothing records, so that closing would ask.
  await page.getByTestId('settings-ask').uncheck();
  await expect.poll(read).toContain('"askBeforeClosing": false');
});

test('closing asks while live rows go that nothing records, once, and not when it is told not to', async ({
  open,
  simulate,
  folder,
}) => {
  mkdirSync(join(folder, 'user-0'));
  writeFileSync(join(folder, 'user-0', 'settings.json'), '{"library": {"record": false}}');
  const simulator = simulate('--cpus', '2', '--rate', '500');
  const { app, page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(100);
  await app.evaluate(({ dialog }) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = ((_: unknown, { message }: { message: string }) => {
      asked.push(message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  });
  const asked = () => app.evaluate(() => (globalThis as { asked?: string[] }).asked ?? []);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(asked).toEqual([expect.stringMatching(/^Close, and lose [\d,]+ rows\?$/)]);
  // The person stays: all goes on.
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows);
  await page.keyboard.press('Control+,');
  await page.getByTestId('settings-ask').uncheck();
  await expect
    .poll(() => readFileSync(join(folder, 'user-0', 'settings.json'), 'utf8'))
    .toContain('"askBeforeClosing": false');
  const ended = app.waitForEvent('close');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await ended;
});
