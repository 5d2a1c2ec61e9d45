/** Questions in SQL about a live session: answered, drawn, exported and stopped, while capture goes on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, numberOf, pictures, resize, test } from './fixtures.ts';

const ENDLESS = 'select count(*) from range(100000000000) a, range(1000) b where a.range * b.range = 7';

test('a live log is asked in SQL, and capture goes on', async ({ open, folder, simulate }) => {
  const simulator = simulate('--cpus', '4', '--rate', '2000');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await resize(viewer, 1280, 800);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(2000);
  await page.keyboard.press('Shift+F7');
  const pane = page.getByTestId('sql-pane');
  const text = page.getByTestId('sql-text');
  await expect(text).toBeFocused();
  await pictures(page, 'sql-empty');

  // An example is asked by a click, and drawn: a line for each level.
  await pane.getByTestId('sql-example').nth(1).click();
  await expect(pane.getByTestId('sql-row').first()).toBeVisible();
  await pane.getByTestId('sql-as-plot').click();
  await expect(pane.getByTestId('sql-plot')).toHaveAttribute('data-kind', 'lines');
  await pictures(page, 'sql-plot');

  // A row of the answer leads to its row of the log.
  await pane.getByTestId('sql-as-table').click();
  await text.fill(
    'select index, time, cpu, level, process, message from log where index between 1200 and 2000 order by index',
  );
  await text.press('Control+Enter');
  await expect(pane.getByTestId('sql-sum')).toContainText(/from the [\d,]+ rows that the log had/);
  await expect(pane.getByTestId('sql-row').first()).toContainText('1200');
  await pane.getByTestId('sql-row').nth(3).click();
  await expect(page.locator('.row.selected')).toContainText(/1[,\s]?203/);
  await pictures(page, 'sql-table');

  // Mistakes are told in the words of the database.
  await text.fill('select mesage from log');
  await text.press('Control+Enter');
  await expect(pane.getByTestId('sql-failure')).toContainText('Referenced column "mesage" not found');
  await resize(viewer, 900, 600);
  await pictures(page, 'sql-failure-narrow');

  // What never ends is stopped; rows come meanwhile.
  await text.fill(ENDLESS);
  await text.press('Control+Enter');
  await expect(pane.getByTestId('sql-progress')).toContainText('Running');
  const before = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(before);
  await pane.getByTestId('sql-stop').click();
  await expect(pane.getByTestId('sql-stopped')).toContainText('The question was stopped');

  // What was asked earlier is there after the page is loaded again; the answer is written to a file as a whole.
  await page.reload();
  await pane.getByTestId('sql-earlier').click();
  await expect(page.getByTestId('sql-earlier-item')).toHaveCount(4);
  await page.getByTestId('sql-earlier-item').nth(2).click();
  await pane.getByTestId('sql-run').click();
  await expect(pane.getByTestId('sql-row').first()).toContainText('1200');
  await pictures(page, 'sql-table-narrow');
  const path = join(folder, 'answer.csv');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, path);
  await pane.getByTestId('sql-export').click();
  await page.getByTestId('sql-export-csv').click();
  await expect(page.getByTestId('export-progress')).toHaveAttribute('data-state', 'done');
  const lines = readFileSync(path, 'utf8').split('\r\n');
  expect(lines[0]).toBe('index,time,cpu,level,process,message');
  expect(lines.length).toBe(803);
  const parquet = join(folder, 'answer.parquet');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, parquet);
  await pane.getByTestId('sql-export').click();
  await page.getByTestId('sql-export-parquet').click();
  await expect(page.getByTestId('export-path').last()).toHaveAttribute('title', parquet);
  await expect(page.getByTestId('export-progress').last()).toHaveAttribute('data-state', 'done');
  expect(readFileSync(parquet).subarray(-4).toString('latin1')).toBe('PAR1');

  // What was asked outlives the program, as does the open pane.
  await app.close();
  const next = await open('--source', simulator.source, `--user-data-dir=${viewer.folder}`);
  await expect(next.page.getByTestId('sql-text')).toHaveValue('');
  await next.page.getByTestId('sql-earlier').click();
  await expect(next.page.getByTestId('sql-earlier-item')).toHaveCount(4);
});
