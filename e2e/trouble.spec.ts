/** Bad input: each is told in words a person can act on, where the action was, and nothing already there is lost. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, matchesOf, numberOf, picture, startAgain, test } from './fixtures.ts';
import { ALL_FIT } from './simulator.ts';

/** An object under the name of a session, with what a hostile producer might put there. */
function fakeSession(name: string, bytes: Buffer): string {
  const path = `/dev/shm/ringview.${name}`;
  writeFileSync(path, bytes);
  return path;
}

test('an unknown source', async ({ open }) => {
  const { page } = await open();
  await page.getByTestId('source-box').fill('sim:nobody');
  await page.getByTestId('source-box').press('Enter');
  await expect(page.getByTestId('error-bar')).toContainText('nobody');
  await picture(page, 'unknown-source');
  await page.getByTestId('source-box').fill('floppy:a');
  await page.getByTestId('source-box').press('Enter');
  await expect(page.getByTestId('error-bar')).toContainText('floppy:a');
});

test('a source that only Windows has, and a file where there may be none', async ({ open }) => {
  test.skip(process.platform === 'win32', 'here they are captured');
  const { page } = await open();
  const box = page.getByTestId('source-box');
  for (const [source, words] of [
    ['etw:kernel:dbgprint', 'Tracing that is running can be read on Windows only'],
    ['etw:kernel:everything', "'everything' is nothing that the system logger writes"],
    ['channel:System', 'can be read on Windows only'],
    ['etw:driver.pdb', 'is not a source this program knows'],
  ] as const) {
    await box.fill(source);
    await box.press('Enter');
    await expect(page.getByTestId('error-bar')).toContainText(words);
  }
  await picture(page, 'only-on-windows');
});

test('memory that is not a ring session, and a ring session of another version', async ({ open }) => {
  const { page } = await open();
  const other = fakeSession('e2e-other', Buffer.alloc(1 << 20, 'not a ring'));
  const version = Buffer.alloc(1 << 20);
  version.write('RVSESSN1', 0, 'latin1');
  version.writeUInt16LE(99, 8);
  const future = fakeSession('e2e-future', version);
  try {
    await page.getByTestId('source-box').fill('sim:e2e-other');
    await page.getByTestId('source-box').press('Enter');
    await expect(page.getByTestId('error-bar')).toContainText(/magic/);
    await page.getByTestId('source-box').fill('sim:e2e-future');
    await page.getByTestId('source-box').press('Enter');
    await expect(page.getByTestId('error-bar')).toContainText('99');
  } finally {
    rmSync(other);
    rmSync(future);
  }
});

test('memory that is cut off while it is read', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000');
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(500);
  simulator.kill('SIGSTOP');
  const file = openSync(`/dev/shm/ringview.${simulator.name}`, 'r+');
  ftruncateSync(file, 4096);
  closeSync(file);
  await expect(page.getByTestId('error-bar')).toBeVisible();
  await picture(page, 'truncated');
  expect(await numberOf(page, 'status-rows')).toBeGreaterThan(500);
  await page.getByTestId('cpu-chip-0').click();
  await expect(page.getByTestId('log-row').first()).toBeVisible();
});

test('a ring whose lengths lie', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000', '--ring-bytes', '65536');
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(500);
  // All of both rings' data becomes nonsense, again and again, while the producer goes on.
  const file = openSync(`/dev/shm/ringview.${simulator.name}`, 'r+');
  const nonsense = Buffer.alloc(65536, 0xee);
  const ringsOffset = 65536 + 65536;
  const stride = 131072;
  for (let round = 0; round < 20; round++) {
    for (let ring = 0; ring < 2; ring++)
      writeSync(file, nonsense, 0, nonsense.length, ringsOffset + ring * stride + 4096);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  closeSync(file);
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows + 1000);
  await expect.poll(() => numberOf(page, 'status-lost')).toBeGreaterThan(0);
  await expect(page.getByTestId('status-source')).toContainText('capturing');
});

test('a pattern that does not compile leaves the old filter in force', async ({ open, simulate }) => {
  const simulator = simulate(...ALL_FIT, '--rate', '20000', '--count', '20000');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(20_000);
  await page.getByTestId('filter-regex').click();
  await page.getByTestId('filter-box').fill('IRP');
  await expect.poll(() => matchesOf(page)).toBeLessThan(20_000);
  const matched = await page.getByTestId('match-count').innerText();
  await page.getByTestId('filter-box').fill('IRP(');
  await expect(page.getByTestId('filter-failure')).toContainText(/regular expression/i);
  await expect(page.getByTestId('match-count')).toHaveText(matched);
  await picture(page, 'bad-pattern');
});

test('exports to places that cannot take them', async ({ open, simulate, folder }) => {
  const simulator = simulate(...ALL_FIT, '--rate', '50000', '--count', '100000');
  const { app, page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(100_000);
  const exportTo = async (path: string): Promise<void> => {
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    await page.getByTestId('export-menu').click();
    await page.getByTestId('export-all-csv').click();
  };
  const missing = join(folder, 'no', 'such', 'folder.csv');
  await exportTo(missing);
  await expect(page.getByTestId('export-progress')).toContainText('could not be written');

  const small = join(folder, 'small');
  mkdirSync(small);
  test.skip(process.getuid?.() !== 0, 'a full disk needs root: a small tmpfs is mounted');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
  try {
    await exportTo(join(small, 'log.csv'));
    await expect(page.getByTestId('export-progress').last()).toContainText('Free space on that disk');
    await picture(page, 'full-disk');
    expect(readdirSync(small)).toEqual([]);
  } finally {
    execFileSync('umount', [small]);
  }
  expect(await numberOf(page, 'status-rows')).toBe(100_000);
});

test('a source that cannot be opened at the start, named after one that takes its time', async ({ open }) => {
  const { page } = await open('--source', 'sim:demo', '--source', 'sim:nobody');
  await expect(page.getByTestId('notice')).toContainText('nobody');
  await expect(page.getByTestId('status-source')).toContainText('sim:demo');
});

test('a second start on the same user folder hands over its sources and ends', async ({ open, simulate }) => {
  const [one, two] = [simulate('--cpus', '2', '--rate', '200'), simulate('--cpus', '2', '--rate', '200')];
  const { page, folder } = await open('--source', one.source);
  const again = await startAgain(folder, '--source', two.source);
  expect(await once(again, 'exit')).toEqual([0, null]);
  await expect(page.getByTestId('source-chip-1')).toContainText(two.name);
  expect(readdirSync(join(folder, 'history')).filter((name) => !name.endsWith('.lock'))).toHaveLength(1);
});

test('a second start beside one that does not answer kills nothing and runs beside it', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000');
  const { app, page, folder } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(0);
  const first = app.process();
  first.kill('SIGSTOP');
  const again = await startAgain(folder);
  try {
    // It has a history of its own once it has given up asking.
    await expect
      .poll(() => readdirSync(join(folder, 'history')).filter((name) => name.includes(`-${again.pid}-`)).length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(0);
  } finally {
    again.kill('SIGKILL');
    first.kill('SIGCONT');
  }
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows);
});

test('settings that are a pipe nobody writes to do not hold up the start', async ({ open, folder }) => {
  mkdirSync(join(folder, 'user-0'));
  execFileSync('mkfifo', [join(folder, 'user-0', 'settings.json')]);
  const { page } = await open();
  await expect(page.getByTestId('status-source')).toBeVisible();
});
