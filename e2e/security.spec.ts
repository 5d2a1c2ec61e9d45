/** What the page may not do, tried from inside the page. */
import { expect, test } from './fixtures.ts';

test('the page is locked in', async ({ open }) => {
  const { app, page } = await open();
  const found = await page.evaluate(() => ({
    node: 'require' in window || 'process' in window || 'module' in window,
    bridge: Object.keys((window as unknown as { ringview: object }).ringview).sort(),
    origin: location.origin,
  }));
  expect(found.node).toBe(false);
  expect(found.origin).toBe('ringview://app');
  expect(found.bridge).toContain('startCapture');
  expect(found.bridge).not.toContain('send');
  expect(found.bridge).not.toContain('invoke');

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
    const bridge = (window as unknown as { ringview: { rows(request: unknown): Promise<unknown> } }).ringview;
    return bridge.rows({ generation: -1, first: 'x', count: 1e9 }).then(
      () => 'answered',
      (error: Error) => error.message,
    );
  });
  expect(refused).toContain('generation');

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
