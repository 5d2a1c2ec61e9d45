/**
 * The page and the graphics process may end at any time, however they do. The log does not notice: capture goes on, and
 * the next page is what the one before it was.
 */
import { electrons } from './electrons.ts';
import { expect, numberOf, test, type Viewer } from './fixtures.ts';
import { graphicsProcess, inPage, pageProcess, textOf } from './page-door.ts';

const TIMES = 10;

/** Everything of the page that a person would miss. */
function lookOf({ app }: Viewer) {
  return inPage(
    app,
    () => {
      const one = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
      const boxText = (id: string) => (one(id) as HTMLInputElement | null)?.value ?? null;
      const pressed = (id: string) => one(id)?.getAttribute('aria-pressed') ?? null;
      const body = document.querySelector('.body')?.getBoundingClientRect();
      const rows = [...document.querySelectorAll<HTMLElement>('[data-testid="log-row"]')].map((row) => ({
        top: row.getBoundingClientRect().top,
        position: Number(row.dataset.position),
        selected: row.getAttribute('aria-selected') === 'true',
      }));
      const seen = rows
        .filter(({ top }) => body !== undefined && top >= body.top)
        .sort((a, b) => a.position - b.position);
      return {
        filter: boxText('filter-box'),
        regex: pressed('filter-regex'),
        caseSensitive: pressed('filter-case'),
        chips: ['cpu-chip-0', 'cpu-chip-1', 'level-chip-3'].map(pressed),
        find: boxText('find-input'),
        found: one('find-outcome')?.innerText ?? null,
        paused: pressed('pause-toggle'),
        follow: one('log-table')?.dataset.follow ?? null,
        first: seen[0]?.position ?? null,
        selected: rows.filter(({ selected }) => selected).map(({ position }) => position),
        details: one('details-fields')?.innerText.slice(0, 200) ?? null,
      };
    },
    null,
  ).catch(() => null);
}

async function killPage({ app }: Viewer, signal: NodeJS.Signals): Promise<void> {
  let pid = 0;
  await expect.poll(async () => (pid = await pageProcess(app))).toBeGreaterThan(0);
  process.kill(pid, signal);
  await expect.poll(() => pageProcess(app)).not.toBe(pid);
}

for (const { name, path } of electrons()) {
  test.describe(name, () => {
    if (path === null) {
      test(`a page that ends, on the ${name}`, () => test.skip(true, `NOT RUN: there is no ${name} on this machine`));
      return;
    }
    test.use({ electronPath: path });

    for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
      test(`a page ended by ${signal} ten times comes back with filter, chips, pause, find, selection and place`, async ({
        open,
        simulate,
      }) => {
        test.setTimeout(180_000);
        const simulator = simulate('--cpus', '4', '--rate', '4000');
        const viewer = await open('--source', simulator.source);
        const { app, page } = viewer;
        await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(4000);
        await page.getByTestId('filter-box').fill('irp');
        await page.getByTestId('cpu-chip-1').click();
        await page.keyboard.press('Control+f');
        await page.getByTestId('find-input').fill('irp');
        await page.getByTestId('pause-toggle').click();
        await page.getByTestId('find-input').press('Enter');
        await page.getByTestId('find-input').press('Enter');
        await page.getByTestId('log-row').nth(3).click();
        await page.getByTestId('dock-tab-details').click();
        await expect(page.getByTestId('details-fields')).toBeVisible();
        await expect.poll(async () => (await lookOf(viewer))?.selected.length).toBe(1);
        await expect.poll(async () => (await lookOf(viewer))?.found).toMatch(/\d of [\d,]+$/);
        const before = await lookOf(viewer);
        // A page tells what it is like a moment after a change. Its timer was set before this one, which is longer, so
        // everything was told once this one is over.
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
        expect(before).toMatchObject({ filter: 'irp', find: 'irp', paused: 'true', follow: 'false' });
        expect(before?.chips).toEqual(['true', 'false', 'true']);
        for (let time = 0; time < TIMES; time++) {
          await killPage(viewer, signal);
          await comesBack(viewer);
          await expect.poll(() => lookOf(viewer), { timeout: 20_000 }).toEqual(before);
        }
        // Nothing was stopped: once the pause ends, all that came meanwhile is there.
        await inPage(app, () => document.querySelector<HTMLElement>('[data-testid="pause-toggle"]')?.click(), null);
        await expect.poll(() => textOf(app, 'status-source')).toContain('capturing');
        await inPage(app, () => document.querySelector<HTMLElement>('[data-testid="cpu-chip-0"]')?.click(), null);
        await expect.poll(async () => (await lookOf(viewer))?.chips).toEqual(['false', 'false', 'true']);
        expect((await lookOf(viewer))?.filter).toBe('irp');
      });
    }

    test('a graphics process that ends ten times takes neither the log nor the page with it', async ({
      open,
      simulate,
    }) => {
      test.setTimeout(180_000);
      const simulator = simulate('--cpus', '2', '--rate', '2000');
      const viewer = await open('--source', simulator.source);
      const { app, page } = viewer;
      for (let time = 0; time < TIMES; time++) {
        const rows = await numberOf(page, 'status-rows');
        let pid = 0;
        await expect.poll(async () => (pid = await graphicsProcess(app)), { timeout: 30_000 }).toBeGreaterThan(0);
        process.kill(pid, 'SIGKILL');
        await expect.poll(() => graphicsProcess(app), { timeout: 30_000 }).not.toBe(pid);
        await expect.poll(() => numberOf(page, 'status-rows'), { timeout: 30_000 }).toBeGreaterThan(rows);
      }
    });
  });
}

/** Waits for a page that runs, by the link of the page without script where that is shown. */
async function comesBack({ app }: Viewer): Promise<void> {
  await expect
    .poll(
      async () => {
        await inPage(app, () => document.querySelector<HTMLElement>('a[autofocus]')?.click(), null).catch(
          () => undefined,
        );
        return textOf(app, 'status-source');
      },
      { timeout: 30_000 },
    )
    .not.toBeNull();
}

test('a page that ends again and again is replaced by one that says so and has a way back by a key', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000');
  const viewer = await open('--source', simulator.source);
  const { app } = viewer;
  for (let time = 0; time < 4; time++) {
    await expect.poll(() => textOf(app, 'status-source')).not.toBeNull();
    await killPage(viewer, 'SIGKILL');
  }
  await expect
    .poll(() => inPage(app, () => document.body.innerText, null).catch(() => ''))
    .toContain('The log is still captured');
  const found = await inPage(
    app,
    () => ({ bridge: 'ringview' in window, scripts: document.scripts.length, focus: document.activeElement?.tagName }),
    null,
  );
  expect(found).toEqual({ bridge: false, scripts: 0, focus: 'A' });
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())).toContain(
    'capture goes on',
  );
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    for (const type of ['keyDown', 'char', 'keyUp'] as const) contents?.sendInputEvent({ type, keyCode: 'Return' });
  });
  await expect.poll(() => textOf(app, 'status-source')).toContain('capturing');
});

/** Answers the program's questions with the button of this number, and keeps what was asked. */
async function answerWith({ app }: Viewer, button: number): Promise<() => Promise<string[]>> {
  await app.evaluate(({ dialog }, response) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = ((_window: unknown, { message }: { message: string }) => {
      asked.push(message);
      return Promise.resolve({ response, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  }, button);
  return () => app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
}

/** Chromium says this half a minute after a page has stopped to answer. */
const fallSilent = ({ app }: Viewer): Promise<void> =>
  app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    // Also again, while the question stands.
    for (let time = 0; time < 2; time++) window?.emit('unresponsive');
  });

test('a page that does not answer is asked about once, and given up comes back with its filter', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await page.getByTestId('filter-box').fill('irp');
  // What the program has been told is what the next page would begin with.
  await expect
    .poll(() => page.evaluate(async () => JSON.stringify(await window.ringview.app.bootstrap())))
    .toContain('"irp"');
  const asked = await answerWith(viewer, 1);
  const process = await pageProcess(app);
  await fallSilent(viewer);
  await expect.poll(() => pageProcess(app)).not.toBe(process);
  await comesBack(viewer);
  await expect.poll(() => lookOf(viewer)).toMatchObject({ filter: 'irp' });
  expect(await asked()).toEqual(['The page does not answer']);
  await expect.poll(() => textOf(app, 'status-source')).toContain('capturing');
});

test('a page that does not answer is waited for where that is the answer, and asked about again', async ({ open }) => {
  const viewer = await open();
  const process = await pageProcess(viewer.app);
  const asked = await answerWith(viewer, 0);
  for (let time = 1; time <= 2; time++) {
    await fallSilent(viewer);
    await expect.poll(async () => (await asked()).length).toBe(time);
  }
  expect(await pageProcess(viewer.app)).toBe(process);
});
