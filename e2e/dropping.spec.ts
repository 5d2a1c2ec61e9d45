/** A file that is dropped onto the window is opened; no page can have one opened by leading the window to it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { inPage } from './page-door.ts';

test('a file dropped onto the window is opened in a session of its own', async ({ open, folder }) => {
  const { page } = await open();
  const path = join(folder, 'dropped file ü.txt');
  writeFileSync(path, 'first of the dropped\nsecond\n');
  const channel = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await channel.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await expect(page.getByTestId('session-tab').last()).toContainText('dropped file ü.txt');
  await expect(page.getByTestId('log-row').first()).toContainText('first of the dropped');
  expect(page.url()).toMatch(/^ringview:/);
});

test('a page that leads the window to a file has nothing opened', async ({ open, folder }) => {
  const { app, page } = await open();
  const path = join(folder, 'secret.txt');
  writeFileSync(path, 'not for a page\n');
  const lines: string[] = [];
  app.process().stderr?.on('data', (text: Buffer) => lines.push(text.toString()));
  const url = `file://${path}`;
  // A link that fills the window, for clicks and drags that are a person's as far as the engine can tell.
  await inPage(
    app,
    (to) => {
      const link = document.createElement('a');
      link.href = to;
      link.id = 'trap';
      link.textContent = 'here';
      link.style.cssText = 'position:fixed;inset:0;z-index:99999;background:red';
      document.body.append(link);
    },
    url,
  );
  await page.mouse.click(300, 300);
  await page.keyboard.down('Control');
  await page.mouse.click(300, 300);
  await page.keyboard.up('Control');
  await page.mouse.click(300, 300, { button: 'middle' });
  await page.mouse.move(300, 300);
  await page.mouse.down();
  await page.mouse.move(400, 350, { steps: 4 });
  await page.mouse.up();
  await inPage(
    app,
    (to) => {
      const link = document.getElementById('trap') as HTMLAnchorElement;
      const form = document.createElement('form');
      form.action = to;
      const frame = document.createElement('iframe');
      frame.src = to;
      document.body.append(form, frame);
      for (const target of ['', '_top', '_blank']) {
        link.target = target;
        form.target = target;
        link.click();
        form.submit();
        window.open(to, target);
      }
      link.download = 'x';
      link.click();
      location.assign(to);
      location.replace(to);
      for (const each of [link, form, frame]) each.remove();
    },
    url,
  );
  // Whatever came of it has come once a window that was asked for later was refused.
  await inPage(app, () => void window.open('https://example.invalid/'), null);
  await expect.poll(() => lines.join('')).toContain('example.invalid');
  const recent = await inPage(
    app,
    () => {
      const { ringview } = window as unknown as { ringview: { recent: { list(): Promise<unknown> } } };
      return ringview.recent.list().then((files) => JSON.stringify(files));
    },
    null,
  );
  expect(recent).toContain('"ok":true');
  expect(recent).not.toContain('secret.txt');
  const tabs = await inPage(app, () => document.querySelectorAll('[data-testid="session-tab"]').length, null);
  expect(tabs).toBe(1);
});
