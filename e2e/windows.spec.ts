/** A view in a second window: the same log, the same rules, and a life of its own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { parseSettings } from '../electron/main/settings.ts';
import { expect, numberOf, picture, test } from './fixtures.ts';
import { asked } from './page-door.ts';

const INDEX = 'ringview://app/index.html';

/** Opens the view of a tab in a window of its own, by its menu. */
async function openWindow(app: ElectronApplication, page: Page, tab: number): Promise<Page> {
  const opened = app.waitForEvent('window');
  await page.getByTestId('view-tab').nth(tab).click({ button: 'right' });
  await page.getByTestId('tab-window').click();
  const second = await opened;
  await second.getByTestId('status-source').waitFor();
  return second;
}

/** Closes the window of a page as its cross does. */
const closeWindow = (app: ElectronApplication, page: Page): Promise<void> =>
  app.browserWindow(page).then((window) => window.evaluate((own) => own.close()));

/** The index of the topmost row that is in sight as a whole. */
const topmost = (page: Page): Promise<string> =>
  page.getByTestId('log-table').evaluate((log) => {
    const { top } = log.getBoundingClientRect();
    const rows = [...log.querySelectorAll('[data-testid="log-row"]')]
      .map((row) => ({ row, y: row.getBoundingClientRect().top }))
      .filter(({ y }) => y >= top - 1)
      .sort((a, b) => a.y - b.y);
    return rows[0]?.row.querySelector('.cell-index')?.textContent?.trim() ?? '';
  });

const rendererOf = (app: ElectronApplication, page: Page): Promise<number> =>
  app.browserWindow(page).then((window) => window.evaluate(({ webContents }) => webContents.getOSProcessId()));

test('a view moves to a window of its own with its filter and place, and back when that is closed', async ({
  open,
  simulate,
}) => {
  const { source } = simulate('--cpus', '2', '--rate', '2000');
  const { app, page, folder } = await open('--source', source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(500);
  await page.getByTestId('new-view').click();
  await page.getByTestId('filter-box').fill('irp');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('view-tab').nth(1)).toContainText('irp');
  await page.getByTestId('log-row').nth(3).click();
  const chosen = await page.locator('[role="row"][aria-selected="true"] .cell-index').innerText();

  const second = await openWindow(app, page, 1);
  // Only there, with all that belongs to it.
  await expect(page.getByTestId('view-tab')).toHaveCount(1);
  await expect(page.getByTestId('filter-box')).toHaveValue('');
  await expect(second.getByTestId('view-tab')).toHaveCount(1);
  await expect(second.getByTestId('filter-box')).toHaveValue('irp');
  await expect(second.locator('[role="row"][aria-selected="true"] .cell-index')).toHaveText(chosen);
  // Both move, each with what it shows.
  for (const each of [page, second]) {
    const before = await numberOf(each, 'status-rows');
    await expect.poll(() => numberOf(each, 'status-rows')).toBeGreaterThan(before + 500);
  }
  await picture(second, 'second-window');
  // Somebody looks at another place.
  await second.getByTestId('log-table').hover();
  await second.mouse.wheel(0, -300);
  await expect.poll(() => topmost(second)).not.toBe(chosen);
  await second.getByTestId('log-row').nth(6).click();
  const other = await second.locator('[role="row"][aria-selected="true"] .cell-index').innerText();
  expect(other).not.toBe(chosen);
  const place = await topmost(second);
  // What is opened there is shown there.
  await second.getByTestId('new-view').click();
  await expect(second.getByTestId('view-tab')).toHaveCount(2);
  await expect(page.getByTestId('view-tab')).toHaveCount(1);

  // Its place is remembered, its views come back, and capture goes on.
  const bounds = { x: 40, y: 60, width: 900, height: 600 };
  await (await app.browserWindow(second)).evaluate((own, to) => own.setBounds(to), bounds);
  await closeWindow(app, second);
  await expect(page.getByTestId('view-tab')).toHaveCount(3);
  await expect(page.getByTestId('view-tab').nth(1)).toContainText('irp');
  // It stands where it stood there, with the same row selected.
  await page.getByTestId('view-tab').nth(1).click();
  await expect(page.locator('[role="row"][aria-selected="true"] .cell-index')).toHaveText(other);
  await expect(page.getByTestId('status-follow')).toHaveText('not following');
  expect(await topmost(page)).toBe(place);
  const before = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(before + 500);
  await expect
    .poll(() => parseSettings(readFileSync(join(folder, 'settings.json'), 'utf8')).secondWindow)
    .toMatchObject({ width: 900, height: 600 });
  const again = await openWindow(app, page, 1);
  expect(await (await app.browserWindow(again)).evaluate((own) => own.getBounds())).toMatchObject({
    width: 900,
    height: 600,
  });
});

test('a window keeps its last view, and closes when another shows what there is', async ({ open, simulate }) => {
  const { source } = simulate('--cpus', '2', '--rate', '1000');
  const { app, page } = await open('--source', source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(100);
  // The only view stays, and one like it is opened.
  const second = await openWindow(app, page, 0);
  await expect(page.getByTestId('view-tab')).toHaveCount(1);
  await expect(second.getByTestId('view-tab')).toHaveCount(1);
  // Its last view is closed, and the window with it: the session goes on in the other one.
  const closed = page.waitForEvent('close');
  // The key's own answer may be lost with the window.
  await page.keyboard.press('Control+w').catch(() => undefined);
  await closed;
  expect(app.windows()).toHaveLength(1);
  const before = await numberOf(second, 'status-rows');
  await expect.poll(() => numberOf(second, 'status-rows')).toBeGreaterThan(before + 500);
});

test('closing the last window asks, and one of two does not', async ({ open, simulate, folder }) => {
  mkdirSync(join(folder, 'user-0'));
  writeFileSync(join(folder, 'user-0', 'settings.json'), '{"library": {"record": false}}');
  const { source } = simulate('--cpus', '2', '--rate', '1000');
  const { app, page } = await open('--source', source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(100);
  await app.evaluate(({ dialog }) => {
    Object.assign(globalThis, { questions: 0 });
    dialog.showMessageBox = () => {
      (globalThis as unknown as { questions: number }).questions++;
      return Promise.resolve({ response: 0, checkboxChecked: false });
    };
  });
  const questions = () => asked(() => app.evaluate(() => (globalThis as unknown as { questions: number }).questions));
  const second = await openWindow(app, page, 0);
  await closeWindow(app, page);
  await expect.poll(() => app.windows().length).toBe(1);
  expect(await questions()).toBe(0);
  await expect(second.getByTestId('view-tab')).toHaveCount(2);
  await closeWindow(app, second);
  await expect.poll(questions).toBe(1);
  expect(app.windows()).toHaveLength(1);
});

test('a page that ends comes back in its own window, and the other one does not notice', async ({ open, simulate }) => {
  const { source } = simulate('--cpus', '2', '--rate', '2000');
  const { app, page } = await open('--source', source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(500);
  await page.getByTestId('new-view').click();
  await page.getByTestId('filter-box').fill('irp');
  await page.keyboard.press('Enter');
  const second = await openWindow(app, page, 1);
  await page.evaluate(() => document.body.setAttribute('data-before', ''));
  const pid = await rendererOf(app, second);
  expect(pid).not.toBe(await rendererOf(app, page));
  const window = await app.browserWindow(second);
  process.kill(pid, 'SIGKILL');
  const look = () =>
    asked(() =>
      window.evaluate(async ({ webContents }) => {
        if (webContents.isCrashed()) return null;
        // The answer of a page that ends meanwhile never arrives.
        const patience = new Promise((resolve) => setTimeout(resolve, 2000, null));
        const seen = webContents.executeJavaScript(
          `[location.href, document.querySelector('[data-testid="filter-box"]')?.value, document.querySelectorAll('[data-testid="view-tab"]').length]`,
        );
        return Promise.race([seen.catch(() => null), patience]);
      }),
    );
  await expect.poll(look, { timeout: 30_000 }).toEqual([INDEX, 'irp', 1]);
  expect(await rendererOf(app, page)).not.toBe(0);
  expect(await page.evaluate(() => document.body.hasAttribute('data-before'))).toBe(true);
  const before = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(before + 500);
});

test('the page of a second window is locked in like the first, and cannot open windows without end', async ({
  open,
}) => {
  const { app, page } = await open();
  const second = await openWindow(app, page, 0);
  const preferences = await (await app.browserWindow(second)).evaluate(({ webContents }) => {
    const contents = webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
  expect(await second.evaluate(() => 'require' in window || 'process' in window)).toBe(false);
  const evaluated = await second.evaluate(
    () =>
      new Promise<string>((resolve) =>
        setTimeout(() => {
          try {
            resolve(String(new Function('return 1')()));
          } catch (error) {
            resolve((error as Error).name);
          }
        }),
      ),
  );
  expect(evaluated).toBe('EvalError');
  expect(
    await second.evaluate(() =>
      Promise.all([
        fetch('file:///etc/passwd').catch((error: Error) => error.name),
        fetch('https://example.com').catch((error: Error) => error.name),
        Notification.requestPermission(),
        navigator.clipboard.readText().catch((error: Error) => error.name),
      ]),
    ),
  ).toEqual(['TypeError', 'TypeError', 'denied', 'NotAllowedError']);
  expect(await second.evaluate(() => window.open('https://example.com') === null)).toBe(true);
  const inFrame = await second.evaluate(
    () =>
      new Promise((resolve) => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        setTimeout(() => resolve(frame.contentWindow !== null && 'ringview' in frame.contentWindow), 200);
      }),
  );
  expect(inFrame).toBe(false);
  // Requests are checked there too.
  const refused = await second.evaluate(() =>
    window.ringview.view.rows({ view: 2, generation: -1, first: 'x', count: 1e9 } as never),
  );
  expect(refused).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  // Sent elsewhere, it is brought back in its window.
  await second.evaluate(() => {
    location.href = 'about:blank';
  });
  await expect.poll(() => second.evaluate(() => 'ringview' in window && location.href).catch(() => null)).toBe(INDEX);

  const codes = await second.evaluate(async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => window.ringview.workspace.openWindow({ view: 2 })),
    );
    return answers.map((answer) => (answer.ok ? 'opened' : answer.failure.code));
  });
  expect(codes.filter((code) => code === 'opened').length).toBeLessThanOrEqual(2);
  expect(codes).toContain('overloaded');
  await expect.poll(() => app.windows().length).toBeLessThanOrEqual(4);
});
