/** The app under test: a fresh user folder, the real window, and functions to ask about it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type ElectronApplication, _electron as electron, expect, type Page } from '@playwright/test';
import { electronSwitches, ensureElectron } from '../electron/setup/provide/ensure-electron.mjs';
import { showOnOwnDisplay } from './displays.ts';
import { PROJECT, Simulator } from './simulator.ts';

showOnOwnDisplay();

export interface Viewer {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly folder: string;
}

interface Fixtures {
  /** The Electron to start; null for the one that all tests run on. */
  readonly electronPath: string | null;
  /** Opens the app with arguments; closed after the test. */
  readonly open: (...args: string[]) => Promise<Viewer>;
  /** Starts a simulated driver; killed after the test. */
  readonly simulate: (...options: string[]) => Simulator;
  /** A folder that is removed after the test. */
  readonly folder: string;
}

export const test = base.extend<Fixtures>({
  electronPath: [null, { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function wants from its pattern.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ringview-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  open: async ({ folder, electronPath }, use) => {
    const electronFound = electronPath === null ? await ensureElectron() : ({ ok: true, path: electronPath } as const);
    if (!electronFound.ok) throw new Error(electronFound.message);
    const opened: ElectronApplication[] = [];
    await use(async (...args) => {
      const userData = join(folder, `user-${opened.length}`);
      await simulatorsAreThere(args);
      const app = await electron.launch({
        executablePath: electronFound.path,
        // The system's own theme, not Playwright's.
        colorScheme: null,
        // What is recorded stays in the test's own folder, not among the sessions of whoever runs the tests.
        env: { ...process.env, RINGVIEW_SESSIONS: join(folder, 'sessions') },
        args: [...electronSwitches(), PROJECT, `--user-data-dir=${userData}`, ...args],
      });
      opened.push(app);
      const page = await app.firstWindow();
      page.on('pageerror', (error) => {
        throw error;
      });
      await page.getByTestId('status-source').waitFor();
      return { app, page, folder: userData };
    });
    for (const app of opened) await closeAll(app);
  },

  // biome-ignore lint/correctness/noEmptyPattern: see above.
  simulate: async ({}, use) => {
    const started: Simulator[] = [];
    await use((...options) => {
      const simulator = new Simulator(options);
      started.push(simulator);
      return simulator;
    });
    for (const simulator of started) await simulator.end();
  },
});

/** Starts the app once more on the user folder of one that runs, as a person would who forgot that it does. */
export async function startAgain(userData: string, ...args: string[]) {
  const electron = await ensureElectron();
  if (!electron.ok) throw new Error(electron.message);
  const env = {
    ...process.env,
    ELECTRON_RUN_AS_NODE: undefined,
    RINGVIEW_SESSIONS: join(userData, '..', 'sessions'),
  };
  return spawn(electron.path, [...electronSwitches(), PROJECT, `--user-data-dir=${userData}`, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** On a busy machine a simulated driver may take longer to start than the app, which looks for a source once at its start. */
async function simulatorsAreThere(args: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const [, name] of args.join(' ').matchAll(/sim:(e2e-[0-9a-f]{8})/g)) {
    const memory = `/dev/shm/ringview.${name}`;
    await expect.poll(() => existsSync(memory), { timeout: 20_000 }).toBe(true);
  }
}

/** Closes the app, and says yes where it asks; one that has ended already cannot be told so. */
export async function closeAll(app: ElectronApplication): Promise<void> {
  await app
    .evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
    })
    .catch(() => undefined);
  await app.close();
}

/** Keeps a picture of the window for a person to look at; nothing is compared. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PROJECT, 'test-results', 'pictures', `${name}.png`) });
}

/** Keeps a picture in each theme. The page follows the media query, so nothing else changes between the two. */
export async function pictures(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${colorScheme}`);
  }
}

/** Gives the window's content another size, in pixels, and waits until the page has it. */
export async function resize({ app, page }: Viewer, width: number, height: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size[0], size[1]), [
    width,
    height,
  ] as const);
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(width);
}

/** A number as the status bar writes it. */
export async function numberOf(page: Page, testId: string): Promise<number> {
  return numberIn(await page.getByTestId(testId).innerText());
}

const numberIn = (text: string): number => Number(text.replaceAll(',', '').match(/\d+(\.\d+)?/)?.[0] ?? Number.NaN);

/** Rows that the filter shows; NaN, which meets no expectation, until it has covered all of them. */
export async function matchesOf(page: Page): Promise<number> {
  const text = await page.getByTestId('match-count').innerText();
  return text.includes('%') ? Number.NaN : numberIn(text);
}

export { expect };
