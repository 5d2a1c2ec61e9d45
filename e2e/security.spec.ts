/** What the page may not do, tried from inside the page. */
import { createSocket } from 'node:dgram';
import { expect, numberOf, test, type Viewer } from './fixtures.ts';
import { inPage, textOf } from './page-door.ts';

test('the page is locked in', async ({ open }) => {
  const { app, page } = await open();
  const found = await page.evaluate(() => ({
    node: 'require' in window || 'process' in window || 'module' in window,
    bridge: Object.keys((window as unknown as { ringview: object }).ringview).sort(),
    origin: location.origin,
  }));
  expect(found.node).toBe(false);
  expect(found.origin).toBe('ringview://app');
  // Rooms of named methods, none of which takes the name of a channel.
  expect(found.bridge).toEqual([
    ...[
      'app',
      'colours',
      'copy',
      'debugFilter',
      'driver',
      'export',
      'filters',
      'library',
      'on',
      'recent',
      'schemas',
      'session',
      'settings',
      'sources',
      'view',
      'watches',
      'workspace',
    ],
  ]);

  // In a timer, because what runs inside a test's own evaluation is exempt from the policy.
  const evaluated = await page.evaluate(
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

  const fetched = await page.evaluate(() =>
    fetch('file:///etc/passwd').then(
      () => 'read',
      (error: Error) => error.name,
    ),
  );
  expect(fetched).toBe('TypeError');

  const refused = await page.evaluate(async () => {
    const { ringview } = window as unknown as { ringview: { view: { rows(request: unknown): Promise<unknown> } } };
    return ringview.view.rows({ view: 1, generation: -1, first: 'x', count: 1e9 });
  });
  expect(refused).toMatchObject({ ok: false, failure: { message: expect.stringContaining('generation') } });

  await page.evaluate(() => window.open('https://example.com'));
  await page.evaluate(() => {
    location.href = 'https://example.com';
  });
  await expect.poll(() => page.evaluate(() => location.origin)).toBe('ringview://app');
  expect(app.windows()).toHaveLength(1);

  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false });
});

/** What the page calls, as far as these tests do. */
interface Calls {
  readonly view: { rows(request: unknown): Promise<unknown> };
}

const shown = (app: Viewer['app']) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());

/** Sends the page somewhere from inside, and waits for the page to be back as if nothing had been. */
async function leaveAndComeBack({ app }: Viewer, leave: (to: string) => void, to: string): Promise<void> {
  await inPage(app, () => document.body.setAttribute('data-before', ''), null);
  await inPage(app, leave, to).catch(() => undefined);
  await expect
    .poll(
      async () => ({
        at: await shown(app),
        works: (await textOf(app, 'status-source')) !== null,
        bridge: await inPage(app, () => 'ringview' in window, null).catch(() => null),
      }),
      { timeout: 30_000 },
    )
    .toEqual({ at: 'ringview://app/index.html', works: true, bridge: true });
}

test('a page that leaves for a blank one, or for another address of its own, is brought back', async ({ open }) => {
  const viewer = await open();
  const go = (to: string) => {
    location.href = to;
  };
  await leaveAndComeBack(viewer, go, 'about:blank');
  await leaveAndComeBack(viewer, go, 'ringview://app/other.html');
  await leaveAndComeBack(viewer, go, 'ringview://app/index.html?other');
  await leaveAndComeBack(viewer, (to) => history.pushState(null, '', to), '/elsewhere');
  await leaveAndComeBack(
    viewer,
    () => {
      location.href = URL.createObjectURL(new Blob(['<h1>blob</h1>'], { type: 'text/html' }));
    },
    '',
  );
});

test('only the page itself has the bridge: a blank page with the same script has none', async ({ open }) => {
  const { app } = await open();
  const bridges = await app.evaluate(async ({ app: main, BrowserWindow }) => {
    const preload = `${main.getAppPath()}/dist/preload/preload.cjs`;
    const found: Record<string, unknown> = {};
    for (const address of ['about:blank', 'ringview://app/missing.html', 'ringview://app/index.html']) {
      const other = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      await other.loadURL(address);
      found[address] = await other.webContents.executeJavaScript(`'ringview' in window`);
      if (address.endsWith('index.html'))
        found.call = await other.webContents.executeJavaScript(
          `window.ringview.app.bootstrap().then(({ ok, failure }) => (ok ? 'answered' : failure.message))`,
        );
      other.destroy();
    }
    return found;
  });
  expect(bridges).toEqual({
    'about:blank': false,
    'ringview://app/missing.html': false,
    'ringview://app/index.html': true,
    call: expect.stringContaining('not a window of this program'),
  });
});

test('WebRTC sends no packet past the policy of the page, from the page or from a frame in it', async ({ open }) => {
  const { page } = await open();
  const server = createSocket('udp4');
  let packets = 0;
  server.on('message', () => packets++);
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const candidates = await page.evaluate(async (to) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    let found = 0;
    for (const scope of [window, frame.contentWindow as typeof window]) {
      const connection = new scope.RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${to}` }] });
      connection.createDataChannel('x');
      const gathered = new Promise<void>((resolve) => {
        connection.onicecandidate = ({ candidate }) => {
          if (candidate?.candidate) found++;
          else resolve();
        };
        // What is blocked may never say that it has ended.
        setTimeout(resolve, 2000);
      });
      await connection.setLocalDescription(await connection.createOffer()).catch(() => undefined);
      await gathered;
    }
    return found;
  }, port);
  expect(candidates).toBe(0);
  expect(packets).toBe(0);
  server.close();
});

test('a download is cancelled, wherever it comes from', async ({ open }) => {
  const { app, page } = await open();
  await app.evaluate(({ session }) => {
    const prevented: boolean[] = [];
    Object.assign(globalThis, { prevented });
    session.defaultSession.on('will-download', (event) => prevented.push(event.defaultPrevented));
  });
  await page.evaluate(() => {
    for (const href of ['data:text/plain,x', URL.createObjectURL(new Blob(['x'])), 'ringview://app/index.html']) {
      const link = document.createElement('a');
      Object.assign(link, { href, download: 'x.txt' });
      document.body.append(link);
      link.click();
    }
  });
  const seen = () => app.evaluate(() => (globalThis as unknown as { prevented: boolean[] }).prevented);
  await expect.poll(async () => (await seen()).length).toBeGreaterThan(0);
  expect(await seen()).not.toContain(false);
});

test('no file can be picked: there are no pickers, and a file input is answered as if it had been dismissed', async ({
  open,
}) => {
  const { app } = await open();
  const found = await inPage(
    app,
    async () => {
      const input = document.createElement('input');
      input.type = 'file';
      document.body.append(input);
      const answer = new Promise<string>((resolve) => {
        input.oncancel = () => resolve('dismissed');
        input.onchange = () => resolve('picked');
      });
      input.click();
      const pickers = ['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker'].filter(
        (name) => name in window,
      );
      return { pickers, answer: await answer };
    },
    null,
  );
  expect(found).toEqual({ pickers: [], answer: 'dismissed' });
});

test('the page has no file system of its own, and what else it stores is gone with it', async ({ open }) => {
  const viewer = await open();
  const { app } = viewer;
  const systems = await inPage(
    app,
    () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      return [window, frame.contentWindow as typeof window].map((scope) => ({
        opfs: 'getDirectory' in scope.navigator.storage,
        old: 'webkitRequestFileSystem' in scope,
        buckets: 'storageBuckets' in scope.navigator,
      }));
    },
    null,
  );
  const none = { opfs: false, old: false, buckets: false };
  expect(systems).toEqual([none, none]);
  const store = () =>
    new Promise<number>((resolve, reject) => {
      const request = indexedDB.open('kept', 1);
      request.onerror = () => reject(new Error('refused'));
      request.onsuccess = async () => {
        request.result.close();
        resolve((await indexedDB.databases()).length);
      };
    });
  expect(await inPage(app, store, null)).toBe(1);
  await leaveAndComeBack(viewer, () => location.reload(), '');
  await expect.poll(() => inPage(app, async () => (await indexedDB.databases()).length, null)).toBe(0);
});

test('a refused call prints one line and no stack, and a flood of them does not flood the terminal', async ({
  open,
}) => {
  const { app, page } = await open();
  let said = '';
  app.process().stderr?.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const refuse = (times: number) =>
    page.evaluate(async (count) => {
      const { ringview } = window as unknown as { ringview: Calls };
      for (let i = 0; i < count; i++) await ringview.view.rows({ view: 1, generation: -1 });
    }, times);
  await refuse(1);
  await expect.poll(() => said.match(/refused a call of view\.rows/g)?.length).toBe(1);
  await refuse(3000);
  await expect.poll(() => said.match(/refused a call of view\.rows/g)?.length ?? 0).toBeGreaterThan(10);
  expect(said.match(/refused a call of view\.rows/g)?.length).toBeLessThan(500);
  expect(said).not.toContain('Error occurred in handler');
  expect(said).not.toMatch(/^\s+at /m);
});

test('a closed standard error is survived: what cannot be told is not told', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000');
  const { app, page } = await open('--source', simulator.source);
  await app.evaluate(() => {
    Object.assign(globalThis, { uncaught: 0 });
    process.on('uncaughtException', () => {
      (globalThis as unknown as { uncaught: number }).uncaught++;
    });
  });
  app.process().stderr?.destroy();
  app.process().stdout?.destroy();
  await page.evaluate(async () => {
    const { ringview } = window as unknown as { ringview: Calls };
    for (let i = 0; i < 20; i++) await ringview.view.rows({ view: 1, generation: -1 });
  });
  await app.evaluate(() => process.stdout.write('to nobody\n'));
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows);
  expect(await app.evaluate(() => (globalThis as unknown as { uncaught: number }).uncaught)).toBe(0);
});
