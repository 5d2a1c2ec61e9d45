/** A log file in the app: its rows, how far it was read, and what of it is broken, where a ring would show its fill. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, traceFile, wppMessage } from '../native/sources/etl/test-support.ts';
import { zipOf } from '../native/sources/zip/test-support.ts';
import { expect, numberOf, picture, pictures, test } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-files-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file says that it was read, of what format it is, and which of its lines are broken', async ({ open }) => {
  const path = join(folder, 'a.jsonl');
  const line = (number: number): string =>
    JSON.stringify({ index: number, time_us: number, cpu: number % 3, level: 'info', message: `m${number}` });
  writeFileSync(path, Array.from({ length: 5000 }, (_, at) => `${line(at + 1)}\n`).join(''));
  appendFileSync(
    path,
    'this is no JSON\n{"index":5001,"cpu":2,"level":"lost","remarks":7,"message":"7 records lost on CPU 2 (ring full)"}\n',
  );
  const { page } = await open('--source', `file:${path}`);
  await expect(page.getByTestId('status-source')).toContainText('read');
  await expect(page.getByTestId('status-rows')).toContainText('5,001');
  // Its path is longer than the box, which shows how it ends.
  const box = page.getByTestId('source-box');
  const [before, behind] = await box.evaluate((input: HTMLInputElement) => [
    input.scrollLeft,
    input.scrollWidth - input.clientWidth - input.scrollLeft,
  ]);
  expect(before).toBeGreaterThan(0);
  expect(behind).toBeLessThanOrEqual(1);
  // It is read from its beginning, as nobody writes it any more.
  await expect(page.getByTestId('log-row').first().locator('.cell-index')).toHaveText(/^ *1 *$/);
  await expect(page.getByTestId('status-follow')).toHaveText('not following');
  await expect(page.getByTestId('status-file')).toContainText('1 problem');
  await expect(page.getByTestId('status-lost')).toContainText('7 lost');
  await expect(page.getByTestId('status-ring')).toHaveCount(0);
  await page.keyboard.press('Control+F9');
  const facts = page.getByTestId('stats-source');
  await expect(facts).toContainText('JSON Lines');
  await expect(facts).toContainText(path);
  await expect(facts).not.toContainText('ring of each');
  await expect(page.getByTestId('broken-places')).toContainText('line 5,001: the line is not valid JSON');
  await page.getByTestId('status-lost').click();
  await expect(page.getByTestId('stats-losses')).toContainText('ring full');
  await expect(page.getByTestId('losses-sum')).toHaveText('7 records lost, at 1 place in the rows shown.');
  await page.keyboard.press('F9');
  await expect(page.getByTestId('stats-counters')).toContainText('no driver behind it');
  // Its records name three CPUs, though no producer has any.
  await expect(page.getByTestId('cpu-chip-2')).toBeVisible();
  await expect(page.getByTestId('cpu-line-2')).toBeVisible();
  // Nothing can be started again: a page cannot name a file.
  await expect(page.getByTestId('capture-toggle')).toHaveAttribute('aria-disabled', 'true');
  await picture(page, 'file');
});

test('a trace is explained by the files that a person chooses', async ({ open }) => {
  const guid = '11223344-5566-7788-99aa-bbccddeeff00';
  const messages = Array.from({ length: 40 }, (_, n) =>
    wppMessage(guid, 10, Buffer.from(`disk${n}\0\x22\0\0\xc0`, 'latin1'), { ticks: at(n), pid: 4 }),
  );
  const trace = join(folder, 'trace.etl');
  const tmf = join(folder, 'probe.tmf');
  writeFileSync(trace, traceFile([{ events: messages }], { bufferBytes: 16_384 }));
  const format = '#typev irp_c42 10 "read of %10!s! ended with %11!s!" //  LEVEL=TRACE_LEVEL_ERROR FUNC=OnRead';
  writeFileSync(tmf, `${guid} probe // SRC=irp.c\n${format}\n{\nname, ItemString -- 10\nst, ItemNTSTATUS -- 11\n}\n`);
  const { app, page } = await open('--source', `file:${trace}`);
  await page.keyboard.press('Control+F9');
  await expect(page.getByTestId('log-row').first()).toContainText('no format for message 10');
  await expect(page.getByTestId('broken-places')).toContainText('give the PDB or the TMF file of that module');
  await app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    },
    [tmf],
  );
  await page.getByTestId('explain-events').click();
  await expect(page.getByTestId('log-row').first()).toContainText('read of disk0 ended with 0xc0000022');
  await expect(page.getByTestId('log-row').first()).toContainText('OnRead');
  await expect(page.getByTestId('broken-places')).toHaveCount(0);
  await pictures(page, 'trace');
});

test('each of several who log has a chip, and many are one chip', async ({ open }) => {
  const guid = (n: number) => `11223344-5566-7788-99aa-bbccddeeff${n.toString().padStart(2, '0')}`;
  const names = ['disk', 'nic', 'stor', 'usb', 'acpi', 'pci', 'ring'];
  const explain = async ({ app, page }: Awaited<ReturnType<typeof open>>, count: number): Promise<void> => {
    const filePaths = names.slice(0, count).map((name, n) => {
      const tmf = join(folder, `${name}.tmf`);
      const format = '#typev x_c1 10 "%10!s! said" //  LEVEL=TRACE_LEVEL_ERROR FUNC=OnRead';
      writeFileSync(tmf, `${guid(n)} ${name} // SRC=x.c\n${format}\n{\nname, ItemString -- 10\n}\n`);
      return tmf;
    });
    await app.evaluate(({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: paths });
    }, filePaths);
    await page.keyboard.press('Control+F9');
    await page.getByTestId('explain-events').click();
    await expect(page.getByTestId('log-row').last()).toContainText('said');
    await page.keyboard.press('Escape');
  };
  const trace = (count: number): string => {
    const path = join(folder, `loggers-${count}.etl`);
    const events = Array.from({ length: count * 10 }, (_, n) =>
      wppMessage(guid(n % count), 10, Buffer.from(`${names[n % count]}\0`, 'latin1'), { ticks: at(n), pid: 4 }),
    );
    writeFileSync(path, traceFile([{ events }], { bufferBytes: 16_384 }));
    return path;
  };
  const few = await open('--source', `file:${trace(3)}`);
  await explain(few, 3);
  const { page } = few;
  const box = page.getByTestId('filter-box');
  await page.getByTestId('provider-chip-nic').click();
  await expect(box).toHaveValue('-provider:nic');
  await expect(page.getByTestId('match-count')).toContainText('20');
  await expect(page.getByTestId('provider-chip-nic')).toHaveAttribute('aria-pressed', 'false');
  await pictures(page, 'loggers');
  await page.getByTestId('provider-chip-stor').click({ modifiers: ['Alt'] });
  await expect(box).toHaveValue('provider:stor');
  await expect(page.getByTestId('provider-chip-disk')).toHaveAttribute('aria-pressed', 'false');
  await page.getByTestId('provider-chip-stor').click({ modifiers: ['Alt'] });
  await expect(box).toHaveValue('');
  await few.app.close();

  const many = await open('--source', `file:${trace(7)}`);
  await explain(many, 7);
  await many.page.getByTestId('provider-fold').click();
  await many.page.getByTestId('provider-chip-usb').click();
  await expect(many.page.getByTestId('provider-fold')).toContainText('6 of 7');
  await picture(many.page, 'loggers-folded');
});

test('files are opened from the window, each in a session of its own', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '1', '--rate', '500');
  const { app, page } = await open('--source', simulator.source);
  const paths = ['b.txt', 'c.txt'].map((name) => join(folder, name));
  for (const path of paths) writeFileSync(path, `first of ${path}\nsecond\n`);
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, paths);
  await page.keyboard.press('Control+o');
  await expect(page.getByTestId('session-tab')).toHaveCount(3);
  await expect(page.getByTestId('status-rows')).toContainText('2');
  await expect(page.getByTestId('log-row').first()).toContainText('first of');
  await expect(page.getByTestId('session-tab').nth(2)).toContainText('c.txt');
  await page.getByTestId('session-tab').first().click();
  await expect(page.getByTestId('status-source')).toContainText('capturing');
});

test('a path by itself is a file to open, as a file manager names it', async ({ open, folder }) => {
  const log = join(folder, 'named by itself.log');
  writeFileSync(log, '2026-03-09 12:00:00.000 one\n2026-03-09 12:00:01.000 two\n');
  const { page } = await open(log);
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(2);
  await expect(page.getByTestId('status-source')).toContainText('named by itself.log');
});

test('a loss of a trace says in its line and its details whose logging session lost it, and where', async ({
  open,
}) => {
  const path = join(folder, 'lossy.etl');
  const events = Array.from({ length: 40 }, (_, place) =>
    wppMessage('11223344-5566-7788-99aa-bbccddeeff00', 10, Buffer.from([place, 0, 0, 0]), { ticks: at(place) }),
  );
  writeFileSync(path, traceFile([{ events }], { eventsLost: 7, loggerName: 'Boot Logger' }));
  const { page } = await open('--source', `file:${path}`);
  await page.setViewportSize({ width: 900, height: 600 });
  await expect(page.getByTestId('log-row').first()).toBeVisible();
  await page.keyboard.press('F8');
  const loss = page.getByTestId('gap-row');
  await expect(loss).toContainText('by Boot Logger: kernel buffers full (ring full)');
  await loss.locator('.gap-words').click();
  await page.keyboard.press('F4');
  await expect(page.getByTestId('details-fields')).toContainText('kernel buffers full');
  await expect(page.getByTestId('details-fields')).toContainText('Boot Logger');
  await pictures(page, 'loss-of-a-trace');
});

test('a zip file gives each log in it a tab, and one that is cut off says so', async ({ open }) => {
  const logs = join(folder, 'logs.zip');
  const log = (name: string): string =>
    `00000001\t0.10000000\t[4] first of ${name}\t\r\n00000002\t0.25\t[4] second\t\r\n`;
  const zip = zipOf(['boot/dbgview.LOG', 'host.LOG'].map((name) => ({ name, data: log(name) })));
  writeFileSync(logs, zip);
  writeFileSync(join(folder, 'cut.zip'), zip.subarray(0, -40));
  const { page } = await open(logs, join(folder, 'cut.zip'));
  const tabs = page.getByRole('tab');
  await expect(tabs.filter({ hasText: 'dbgview.LOG' })).toHaveCount(1);
  await tabs.filter({ hasText: 'host.LOG' }).click();
  await expect(page.getByTestId('log-row').first()).toContainText('first of host.LOG');
  await expect(page.getByTestId('status-source')).toContainText('read');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('is a damaged zip file');
  await pictures(page, 'zip');
});
