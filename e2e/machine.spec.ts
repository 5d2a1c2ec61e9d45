/** What the app shows and changes of the machine: sessions offered, the driver's card, the debug print filter. */
import { readdirSync } from 'node:fs';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Bootstrap } from '../electron/contract/app.ts';
import type { DebugFilter, DriverReport } from '../electron/contract/machine.ts';
import { expect, numberOf, picture, pictures, resize, test } from './fixtures.ts';

test('a running session is offered, and captured with one click', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000', '--wait-reader');
  const { page } = await open();
  await page.getByTestId('sources-menu').click();
  const offer = page.getByTestId(`offer-${simulator.source}`);
  // A session that appears while the menu is open is offered when it is opened again.
  await expect(async () => {
    if (!(await offer.isVisible())) {
      await page.keyboard.press('Escape');
      await page.getByTestId('sources-menu').click();
      await expect(offer).toBeVisible({ timeout: 500 });
    }
  }).toPass();
  await expect(offer).toContainText('simulated driver, 2 CPUs');
  await expect(page.getByTestId('offer-sim:demo')).toBeVisible();
  await picture(page, 'source-offers');
  await offer.locator('.offer-add').click();
  await expect(page.getByTestId('source-line-0')).toContainText('capturing');
  await expect(offer).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('status-source')).toContainText(simulator.source);
});

test('off Windows the driver says what it is for, and nothing is asked of the person', async ({ open }) => {
  test.skip(process.platform === 'win32', 'speaks of the other systems');
  const { app, page } = await open();
  await page.keyboard.press('Shift+F9');
  await expect(page.getByTestId('driver-card')).toContainText('ringview.sys is a driver for Windows');
  await expect(page.getByTestId('driver-install')).toHaveCount(0);
  await expect(page.getByTestId('debug-filter')).toHaveCount(0);
  await app.evaluate(({ dialog }) => {
    dialog.showOpenDialog = () => {
      throw new Error('a file was asked for');
    };
  });
  for (const change of ['install', 'start', 'stop', 'remove'] as const) {
    const answer = await page.evaluate((what) => window.ringview.driver.change({ change: what }), change);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
  }
  const filter = await page.evaluate(() => window.ringview.debugFilter.set({ component: 'DEFAULT', mask: 15 }));
  expect(filter).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
});

/** Lets the main process answer as on a Windows machine; the page, its bridge and its channels are the real ones. */
async function onWindows(app: ElectronApplication, page: Page, elevated: boolean): Promise<void> {
  await app.evaluate(
    ({ ipcMain }, [rights, platform]) => {
      const driver: { -readonly [K in keyof DriverReport]: DriverReport[K] } = {
        state: 'not-installed',
        what: 'ringview.sys is not installed',
        fix: null,
        elevated: rights,
        boot: null,
        facts: [],
        captures: [],
        loggers: [],
      };
      const masks = new Map<string, number>();
      let restartNeeded = false;
      const filter = (): DebugFilter => ({
        masks: ['DEFAULT', 'IHVDRIVER', ...[...masks.keys()].filter((name) => name === 'DISK')].map((component) => ({
          component,
          mask: masks.get(component) ?? null,
          effective: (masks.get(component) ?? 0) | 1,
        })),
        components: ['DEFAULT', 'DISK', 'IHVDRIVER'],
        restartNeeded,
        elevated: rights,
      });
      const answer = (channel: string, reply: (request: never) => unknown) => {
        ipcMain.removeHandler(channel);
        ipcMain.handle(channel, (_event, request) => reply(request as never));
      };
      const everything = { hiddenCpus: [], hiddenLevels: [], hiddenSources: [], text: null };
      const bootstrap: Bootstrap = {
        version: '0',
        platform: 'win32',
        theme: platform,
        layout: [{ session: 1, name: 'Session 1', views: [{ view: 1, filter: everything }] }],
        source: 'driver:',
        recentSources: [],
        earlierQuestions: [],
        schemas: { files: [], types: [] },
        restored: null,
      };
      answer('app.bootstrap', () => ({ ok: true, value: bootstrap }));
      answer('driver.examine', () => ({ ok: true, value: driver }));
      answer('driver.change', ({ change }: { change: string }) => {
        if (change === 'start') {
          const system = { code: '577', text: 'Windows cannot verify the digital signature for this file.' };
          const action = 'Sign the driver, or allow test signing: bcdedit /set testsigning on';
          driver.state = 'refused';
          driver.what = 'Windows refused the RingView driver (error 577): test signing is off';
          driver.fix = 'bcdedit /set testsigning on, then restart';
          return {
            ok: false,
            failure: { code: 'io-error', message: 'The service ringview does not start', action, system },
          };
        }
        driver.state = change === 'remove' ? 'not-installed' : 'stopped';
        driver.what = change === 'remove' ? 'ringview.sys is not installed' : 'The RingView driver is not started';
        driver.fix = null;
        return { ok: true, value: driver };
      });
      answer('debugFilter.read', () => ({ ok: true, value: filter() }));
      answer('debugFilter.set', ({ component, mask }: { component: string; mask: number }) => {
        masks.set(component, mask);
        restartNeeded = true;
        return { ok: true, value: filter() };
      });
    },
    [elevated, 'system'] as const,
  );
  await page.reload();
  await page.getByTestId('dock-tab-driver').click();
}

test('the driver is installed, refused with the reason, and removed', async ({ open }) => {
  const { app, page } = await open();
  await onWindows(app, page, true);
  const card = page.getByTestId('driver-card');
  await expect(card).toHaveAttribute('data-state', 'not-installed');
  await expect(page.getByTestId('driver-rights')).toContainText('Needs the rights of an administrator');
  await page.getByTestId('open-driver').click();
  await page.getByTestId('driver-install').click();
  await expect(card).toHaveAttribute('data-state', 'stopped');
  await page.getByTestId('driver-start').click();
  await expect(page.getByTestId('driver-failure')).toContainText('577: Windows cannot verify');
  await expect(card).toHaveAttribute('data-state', 'refused');
  await expect(card).toContainText('bcdedit /set testsigning on, then restart');
  await picture(page, 'driver-refused');
  await page.getByTestId('driver-remove').click();
  await expect(card).toHaveAttribute('data-state', 'not-installed');
  await expect(page.getByTestId('driver-failure')).toHaveCount(0);
});

test('a mask is edited and written, and the restart it needs is said', async ({ open }) => {
  const { app, page } = await open();
  await onWindows(app, page, true);
  const line = page.getByTestId('mask-DEFAULT');
  await expect(page.getByTestId('mask-save')).toHaveCount(0);
  await expect(page.getByLabel('DEFAULT error')).toBeDisabled();
  await page.getByLabel('DEFAULT info').check();
  await expect(line).toContainText('0x8');
  await page.getByTestId('mask-discard').click();
  await expect(line).toContainText('0x0');
  await page.getByLabel('DEFAULT info').check();
  await page.getByTestId('mask-add').selectOption('DISK');
  await expect(page.getByTestId('debug-filter-restart')).toHaveCount(0);
  await page.getByTestId('mask-save').click();
  await expect(page.getByTestId('debug-filter-restart')).toContainText('Restart Windows');
  await expect(line).toContainText('0x8');
  await expect(page.getByTestId('mask-DISK')).toContainText('0xf');
  await expect(page.getByTestId('mask-save')).toHaveCount(0);
  await picture(page, 'debug-filter');
});

test('when Windows starts the driver, and with what it begins, is set from its pane', async ({ open }) => {
  const viewer = await open();
  const { app, page } = viewer;
  await onWindows(app, page, true);
  await app.evaluate(({ ipcMain }) => {
    let report: DriverReport = {
      state: 'stopped',
      what: 'The RingView driver is installed and not started',
      fix: null,
      elevated: true,
      boot: {
        start: 'demand',
        overridden: null,
        parameters: { ringBytes: null, ringMode: null, orderMode: null, captures: null },
        wrong: ['OrderMode'],
      },
      facts: [],
      captures: [],
      loggers: [],
    };
    const answer = (channel: string, reply: (request: never) => DriverReport) => {
      ipcMain.removeHandler(channel);
      ipcMain.handle(channel, (_event, request) => ({ ok: true, value: reply(request as never) }));
    };
    type Boot = NonNullable<DriverReport['boot']>;
    answer('driver.examine', () => report);
    answer('driver.boot', ({ start, ...parameters }: { start: Boot['start'] } & Boot['parameters']) => {
      report = { ...report, boot: { start, overridden: null, parameters, wrong: [] } };
      return report;
    });
  });
  await page.reload();
  const form = page.getByTestId('driver-boot');
  await expect(page.getByTestId('boot-start')).toHaveValue('demand');
  await expect(form).toContainText('OrderMode in the registry');
  await expect(page.getByTestId('boot-set')).toHaveCount(0);
  await page.getByTestId('boot-start').selectOption('boot');
  await page.getByTestId('boot-ring-bytes').selectOption({ label: '16 MiB' });
  await page.getByTestId('boot-ring-mode').selectOption('overwrite');
  await page.getByTestId('boot-capture-process').check();
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await resize(viewer, width, height);
    await form.scrollIntoViewIfNeeded();
    await pictures(page, `driver-boot-${width}`);
  }
  await page.getByTestId('boot-set').click();
  await expect(page.getByTestId('boot-set')).toHaveCount(0);
  await expect(page.getByTestId('boot-start')).toHaveValue('boot');
  await expect(page.getByTestId('boot-ring-bytes')).toHaveValue('16777216');
  await expect(page.getByTestId('boot-capture-process')).toBeChecked();
  await expect(form).not.toContainText('OrderMode in the registry');
});

test('levels and stacks of each driver that logs are switched one by one', async ({ open }) => {
  const viewer = await open();
  const { app, page } = viewer;
  await onWindows(app, page, true);
  await app.evaluate(({ ipcMain }) => {
    const nothing = { levels: [] as number[], types: [] as number[] };
    const report: DriverReport = {
      state: 'running',
      what: 'The RingView driver is running',
      fix: null,
      elevated: true,
      boot: null,
      facts: [['drivers attached', '2']],
      captures: [{ name: 'dbgprint', on: true, filter: null }],
      loggers: [
        { name: 'ringview.sys', off: nothing, stacks: [], attached: 1 },
        { name: 'programs', off: nothing, stacks: [], attached: 0 },
        { name: 'nic', off: { levels: [3, 31], types: [7] }, stacks: [1, 4], attached: 2 },
        { name: 'a-name-of-23-characters', off: nothing, stacks: [], attached: 0 },
      ],
    };
    let loggers = report.loggers;
    const answer = (channel: string, reply: (request: never) => DriverReport) => {
      ipcMain.removeHandler(channel);
      ipcMain.handle(channel, (_event, request) => ({ ok: true, value: reply(request as never) }));
    };
    answer('driver.examine', () => ({ ...report, loggers }));
    answer('driver.mask', ({ name, levels, types }: { name: string; levels: number[]; types: number[] }) => {
      loggers = loggers.map((each) => (each.name === name ? { ...each, off: { levels, types } } : each));
      return { ...report, loggers };
    });
    answer('driver.stacks', ({ name, levels }: { name: string; levels: number[] }) => {
      loggers = loggers.map((each) => (each.name === name ? { ...each, stacks: levels } : each));
      return { ...report, loggers };
    });
  });
  // The pane is open again, as it was.
  await page.reload();
  const table = page.getByTestId('driver-loggers');
  await expect(table).toContainText('type 7');
  await expect(page.getByTestId('logger-nic-trace')).not.toBeChecked();
  await page.getByTestId('logger-nic-info').uncheck();
  await page.getByTestId('logger-nic-trace').check();
  await page.getByLabel('error of programs').uncheck();
  await expect(page.getByTestId('logger-nic-info')).not.toBeChecked();
  await expect(page.getByTestId('logger-nic-trace')).toBeChecked();
  await expect(page.getByTestId('logger-programs-error')).not.toBeChecked();
  await expect(page.getByTestId('logger-ringview.sys-error')).toBeChecked();
  await expect(table).toContainText('type 7');
  // What only the command line sets is one of the choices while it is set.
  const stacks = page.getByLabel('stacks of nic');
  const chosen = stacks.locator('option:checked');
  await expect(chosen).toHaveText('warning, level 4');
  await stacks.selectOption({ label: 'error, warning' });
  await expect(chosen).toHaveText('error, warning');
  await expect(stacks.locator('option')).toHaveText(['none', 'error', 'error, warning', 'all levels']);
  await expect(page.getByTestId('stacks-ringview.sys').locator('option:checked')).toHaveText('none');
  await expect(page.getByTestId('stacks-programs')).toHaveCount(0);
  await page.getByTestId('stacks-a-name-of-23-characters').selectOption({ label: 'all levels' });
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await resize(viewer, width, height);
    await table.scrollIntoViewIfNeeded();
    await pictures(page, `driver-loggers-${width}`);
  }
});

test('which events of a capture are reported is set where the capture is switched', async ({ open }) => {
  const viewer = await open();
  const { app, page } = viewer;
  await onWindows(app, page, true);
  await app.evaluate(({ ipcMain }) => {
    const everything = { pidMode: 'all', pids: [], pathMode: 'all', paths: [] } as const;
    const report: DriverReport = {
      ...{ state: 'running', what: 'The RingView driver is running', fix: null, elevated: true, boot: null },
      facts: [['drivers attached', '2']],
      captures: [
        { name: 'dbgprint', on: true, filter: null },
        { name: 'process', on: true, filter: everything },
        { name: 'registry', on: false, filter: everything },
        { name: 'handles', on: false, filter: { ...everything, pidMode: 'exclude', pids: [4] } },
      ],
      loggers: [],
    };
    let captures = report.captures;
    const answer = (channel: string, reply: (request: never) => DriverReport) => {
      ipcMain.removeHandler(channel);
      ipcMain.handle(channel, (_event, request) => ({ ok: true, value: reply(request as never) }));
    };
    answer('driver.examine', () => ({ ...report, captures }));
    answer('driver.filter', ({ capture, filter }: { capture: string; filter: typeof everything }) => {
      captures = captures.map((each) => (each.name === capture ? { ...each, filter } : each));
      return { ...report, captures };
    });
  });
  await page.reload();
  const registry = page.getByTestId('filter-registry');
  await expect(registry).toHaveText('registry: everything');
  await expect(page.getByTestId('filter-handles')).toHaveText('handles: without processes 4');
  await expect(page.getByTestId('filter-dbgprint')).toHaveCount(0);
  await registry.click();
  await page.getByTestId('filter-processes').fill('lsass');
  await expect(page.getByTestId('filter-failure')).toContainText('Processes are numbers');
  await expect(page.getByTestId('filter-apply')).toBeDisabled();
  await page.getByTestId('filter-processes').fill('4, 1234');
  await page.getByTestId('filter-paths').fill('\\Services\\; \\Run');
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await resize(viewer, width, height);
    await registry.scrollIntoViewIfNeeded();
    await pictures(page, `driver-filters-${width}`);
  }
  await page.getByTestId('filter-apply').click();
  await expect(registry).toHaveText('registry: only processes 4, 1234; only paths with \\Services\\, \\Run');
  await expect(page.getByTestId('filter-processes')).toHaveCount(0);
});

test('without the rights nothing can be changed, and it is said how', async ({ open }) => {
  const { app, page } = await open();
  await onWindows(app, page, false);
  await expect(page.getByTestId('driver-rights')).toContainText('Run as administrator');
  await expect(page.getByTestId('driver-rights')).toContainText('npx ringview driver install');
  await expect(page.getByTestId('driver-install')).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByTestId('debug-filter-rights')).toContainText('--set-mask DEFAULT=0xf');
  await expect(page.getByLabel('DEFAULT info')).toBeDisabled();
  await picture(page, 'driver-without-rights');
});

test('a source that needs the rights of an administrator offers a restart, which is refused where it cannot be', async ({
  open,
  simulate,
}) => {
  test.skip(process.platform === 'win32', 'Windows would ask the person');
  const simulator = simulate('--cpus', '2', '--rate', '500');
  const { app, page, folder } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(0);
  // What Windows answers for a driver.
  await app.evaluate(({ ipcMain }) => {
    ipcMain.removeHandler('session.add');
    ipcMain.handle('session.add', () => {
      const failure = {
        code: 'permission-denied',
        message: '\\\\.\\RingView may not be opened by this user',
        action: 'Start RingView as administrator: only administrators may read a driver',
        system: { code: '5', text: 'Access is denied.' },
        needs: 'elevation',
      };
      return { ok: false, failure };
    });
  });
  await page.getByTestId('sources-menu').click();
  await page.getByTestId('source-add').fill('driver:');
  await page.getByTestId('source-add').press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('error-bar')).toContainText('may not be opened');
  await pictures(page, 'elevate');
  await page.getByTestId('error-bar').getByTestId('elevate').click();
  await expect(page.getByTestId('notice')).toContainText('Only Windows restarts a program as administrator');
  expect(readdirSync(folder).filter((name) => name.startsWith('restart-'))).toEqual([]);
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows);
});
