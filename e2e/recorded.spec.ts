/** Sessions that outlive the program: after a kill, after a quit, and in the list of those there are. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { openSession } from '../electron/recording/opened-session.ts';
import { judge } from '../electron/recording/test-support.ts';
import { closeAll, expect, matchesOf, numberOf, picture, resize, test } from './fixtures.ts';

/** Answers the next dialogs of the system, as a person would. */
async function answer(app: ElectronApplication, answers: { readonly path?: string; readonly response?: number }) {
  await app.evaluate(({ dialog }, { path, response }) => {
    dialog.showSaveDialog = (async () => ({ canceled: path === undefined, filePath: path ?? '' })) as never;
    dialog.showMessageBox = (async () => ({ response: response ?? 0, checkboxChecked: false })) as never;
  }, answers);
}

const themed = async (page: Page, theme: 'light' | 'dark') => {
  await page.emulateMedia({ colorScheme: theme });
};

/** The folders of recorded sessions. */
const recordedIn = (folder: string): string[] =>
  readdirSync(join(folder, 'sessions'))
    .filter((name) => name.endsWith('.ringview'))
    .map((name) => join(folder, 'sessions', name));

test('a session whose program is killed in mid-capture is offered by the next start, and has every row older than a second', async ({
  open,
  simulate,
  folder,
}) => {
  const rate = 20_000;
  const simulator = simulate(
    '--cpus',
    '4',
    '--rate',
    String(rate),
    '--numbered',
    '--checksum',
    '--ring-bytes',
    '4194304',
  );
  const { app, page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rate);
  const before = await numberOf(page, 'status-rows');
  // More than a second's rows later, whatever the machine does meanwhile.
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(before + 2 * rate);
  const ended = new Promise((resolve) => app.process().once('exit', resolve));
  app.process().kill('SIGKILL');
  await ended;

  const [killed] = recordedIn(folder);
  const judged = judge(killed as string);
  expect(judged.damages).toEqual([]);
  expect(judged.rows).toBeGreaterThanOrEqual(before);

  const next = await open();
  await expect(next.page.getByTestId('session-offer')).toContainText(`from ${simulator.source}`);
  for (const theme of ['light', 'dark'] as const) {
    await themed(next.page, theme);
    await picture(next.page, `session-offer-${theme}`);
  }
  await next.page.getByTestId('offer-open').click();
  await expect(next.page.getByTestId('session-offer')).toBeHidden();
  await expect(next.page.getByTestId('session-tab')).toHaveCount(1);
  // The status bar counts what is no mark of a loss.
  await expect.poll(() => numberOf(next.page, 'status-rows')).toBeGreaterThanOrEqual(before);
  expect(await numberOf(next.page, 'status-rows')).toBeLessThanOrEqual(judged.rows);
  // Its CPUs are hidden and shown as those of a driver are; there is no ring any more, and nothing that could be started.
  await expect(next.page.locator('.cpu-chip')).toHaveCount(4);
  await expect(next.page.getByTestId('status-ring')).toHaveCount(0);
  await expect(next.page.getByTestId('capture-toggle')).toHaveAttribute('aria-disabled', 'true');
  await expect(next.page.getByTestId('capture-toggle')).toHaveAttribute('title', /recorded before.*Ctrl\+N/);
  await expect(next.page.getByTestId('source-box')).toHaveValue(simulator.source);
  await next.page.keyboard.press('F9');
  await expect(next.page.getByTestId('statistics-pane')).not.toContainText('No source yet');
  await next.page.keyboard.press('F9');
  await next.page.getByTestId('cpu-chip-2').click({ modifiers: ['Alt'] });
  await expect.poll(() => matchesOf(next.page)).toBeLessThan(before);
  await next.page.getByTestId('filter-reset').click();
  await next.page.getByTestId('filter-box').fill('irp');
  await expect(next.page.getByTestId('log-row').first()).toBeVisible();
  await picture(next.page, 'session-opened');

  // Another start has nothing to offer: it is in the list.
  const last = await open();
  await last.page.keyboard.press('Control+Shift+h');
  await expect(last.page.getByTestId('session-row')).toHaveAttribute('data-ended', 'crashed');
  await expect(last.page.getByTestId('session-offer')).toHaveCount(0);
});

test('an offer that is dismissed stays in the list', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '1', '--rate', '2000');
  const { app, page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(3000);
  const ended = new Promise((resolve) => app.process().once('exit', resolve));
  app.process().kill('SIGKILL');
  await ended;
  const next = await open();
  await next.page.getByTestId('offer-dismiss').click();
  await expect(next.page.getByTestId('session-offer')).toBeHidden();
  await next.page.reload();
  await next.page.getByTestId('status-source').waitFor();
  await next.page.getByTestId('sessions-toggle').click();
  await expect(next.page.getByTestId('session-row')).toHaveCount(1);
  await expect(next.page.getByTestId('session-offer')).toHaveCount(0);
});

test('a session is whole after a quit: opened from the list, renamed, kept, packed and deleted', async ({
  open,
  simulate,
  folder,
}) => {
  const a = simulate('--cpus', '2', '--rate', '20000', '--count', '4000', '--wait-reader', '--linger', '60');
  const first = await open('--source', a.source);
  await expect.poll(() => numberOf(first.page, 'status-rows')).toBe(4000);
  // A clear is the end of one recording and the begin of the next.
  await first.page.getByTestId('clear').click();
  await expect.poll(() => numberOf(first.page, 'status-rows')).toBe(0);
  await first.app.close();
  // What came after the clear has no row, and is not kept.
  await expect.poll(() => recordedIn(folder).length).toBe(1);

  const viewer = await open();
  const { app, page } = viewer;
  await page.keyboard.press('Control+Shift+h');
  const row = page.getByTestId('session-row');
  // In a narrow window, what can be done with one is not cut.
  await resize(viewer, 700, 600);
  for (const id of ['session-pack', 'session-delete']) await expect(page.getByTestId(id)).toBeInViewport({ ratio: 1 });
  await picture(page, 'sessions-700');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('4,000');
  await expect(row).toContainText(a.source);
  await expect(row).toContainText('stopped');
  await page.getByTestId('session-rename').click();
  await page.getByTestId('session-name').fill('Boot with the new driver');
  await page.keyboard.press('Enter');
  await expect(row).toContainText('Boot with the new driver');
  await page.getByTestId('session-pin').click();
  await expect(page.getByTestId('session-pin')).toHaveAttribute('aria-pressed', 'true');
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const theme of ['light', 'dark'] as const) {
    await themed(page, theme);
    await picture(page, `sessions-${theme}`);
  }
  const packed = join(folder, 'sent.ringview.tar');
  await answer(app, { path: packed, response: 0 });
  await page.getByTestId('session-pack').click();
  await expect(page.getByTestId('export-progress')).toHaveAttribute('data-state', 'done');
  expect(existsSync(packed)).toBe(true);
  await page.getByTestId('session-delete').click();
  await expect(row).toHaveCount(1);

  await page.getByTestId('session-open').click();
  await expect(page.getByTestId('sessions-dialog')).toBeHidden();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(4000);
  await expect(page.getByTestId('session-tab')).toContainText('Boot with the new driver');
  await picture(page, 'session-reopened');
  // While it is open it cannot be deleted, and it says so.
  await page.keyboard.press('Control+Shift+h');
  await answer(app, { path: packed, response: 1 });
  await page.getByTestId('session-delete').click();
  await expect(page.getByTestId('sessions-failure')).toContainText('Close its tab');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+n');
  await page.getByRole('button', { name: /^Close Session 2/ }).click();
  await page.keyboard.press('Control+Shift+h');
  await page.getByTestId('session-delete').click();
  await expect(row).toHaveCount(0);
  expect(recordedIn(folder)).toEqual([]);

  // What was sent opens as it is.
  const sent = await open('--source', `file:${packed}`);
  await expect.poll(() => numberOf(sent.page, 'status-rows')).toBe(4000);
});

test('with recording switched off nothing is in the library', async ({ open, simulate, folder }) => {
  const a = simulate('--cpus', '1', '--rate', '2000');
  const first = await open();
  await first.page.keyboard.press('Control+Shift+h');
  await first.page.getByTestId('library-record').uncheck();
  await first.page.getByTestId('library-size').fill('500 MB');
  await first.page.getByTestId('library-apply').click();
  await expect(first.page.getByTestId('sessions-dialog')).toContainText('a size from 1 GB on');
  await first.page.getByTestId('library-size').fill('2 GB');
  await first.page.getByTestId('library-apply').click();
  await expect(first.page.getByTestId('library-apply')).toBeDisabled();
  await first.page.keyboard.press('Escape');
  await first.page.getByTestId('source-box').fill(a.source);
  await first.page.keyboard.press('Enter');
  await expect.poll(() => numberOf(first.page, 'status-rows')).toBeGreaterThan(500);
  expect(existsSync(join(folder, 'sessions'))).toBe(false);
});

test('a disk that is full for what is recorded: told, capture goes on, and the session has what there was room for', async ({
  open,
  simulate,
  folder,
}) => {
  test.skip(process.getuid?.() !== 0, 'a full disk needs root: a small tmpfs is mounted');
  test.setTimeout(120_000);
  const library = join(folder, 'sessions');
  mkdirSync(library);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', library]);
  try {
    const simulator = simulate(
      '--cpus',
      '2',
      '--rate',
      '50000',
      '--count',
      '300000',
      '--ring-bytes',
      '16777216',
      '--wait-reader',
    );
    const { app, page } = await open('--source', simulator.source);
    // A busy machine may have something to tell beside it.
    const notice = page.getByTestId('notice').filter({ hasText: 'capture goes on' });
    await expect(notice).toContainText('Free space on that disk', { timeout: 60_000 });
    await picture(page, 'recording-full-disk');
    await simulator.counts();
    await expect.poll(() => numberOf(page, 'status-rows'), { timeout: 60_000 }).toBe(300_000);
    await page.keyboard.press('Control+h');
    await expect(page.getByTestId('retention-recording')).toContainText('could not be written');
    // Rows that nothing keeps are asked about.
    await closeAll(app);
    const [left] = recordedIn(folder);
    const opened = openSession(left as string);
    if (!opened.ok) throw new Error(opened.failure.message);
    expect(opened.value.endRow).toBeGreaterThan(10_000);
    opened.value.close();
  } finally {
    execFileSync('umount', ['--lazy', library]);
  }
});
