/** Two simulated drivers captured at once: one order by clock, accounts of each, and each may come and go. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, numberOf, picture, test } from './fixtures.ts';
import { ringview } from './simulator.ts';

async function addSource(page: Page, source: string): Promise<void> {
  await page.getByTestId('sources-menu').click();
  await page.getByTestId('source-add').fill(source);
  await page.getByTestId('source-add').press('Enter');
}

test('both sources arrive whole, in one order by time, each with its name', async ({ open, simulate }) => {
  const a = simulate('--cpus', '2', '--rate', '10000', '--count', '20000', '--wait-reader');
  const b = simulate('--cpus', '3', '--rate', '5000', '--count', '10000', '--wait-reader');
  const { page } = await open('--source', a.source, '--source', b.source);
  await Promise.all([a.counts(), b.counts()]);
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(30_000);
  await expect(page.getByTestId('status-lost')).toContainText('0 lost');
  await expect(page.getByTestId('status-source')).toContainText('2 sources');
  await expect(page.locator('.head-cell.cell-source')).toBeVisible();
  await picture(page, 'sources-ended');

  await page.getByTestId('source-chip-1').click();
  await expect(page.getByTestId('match-count')).toContainText('20,000');
  await expect(page.locator('.cell-source', { hasText: b.name })).toHaveCount(0);
  await page.getByTestId('source-chip-1').click({ modifiers: ['Alt'] });
  await expect(page.getByTestId('match-count')).toContainText('10,000');
  await page.getByTestId('log-row').first().click();
  await page.getByTestId('dock-tab-details').click();
  await expect(page.getByTestId('details-fields')).toContainText(b.source);
});

test('a source is added and removed while another runs, and its rows stay', async ({ open, simulate }) => {
  const a = simulate('--cpus', '2', '--rate', '2000');
  const b = simulate('--cpus', '2', '--rate', '2000', '--wait-reader');
  const { page } = await open('--source', a.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(500);
  await expect(page.locator('.head-cell.cell-source')).toHaveCount(0);
  await expect(page.getByTestId('source-chip-0')).toHaveCount(0);
  await addSource(page, b.source);
  await expect(page.getByTestId('source-line-1')).toContainText('capturing');
  await expect(page.locator('.cell-source', { hasText: b.name }).first()).toBeVisible();
  // The picture shows both at work: each with a rate and records of its own.
  for (const line of ['source-line-0', 'source-line-1']) {
    await expect(page.getByTestId(line)).toContainText(/[1-9][\d,]*\/s, [1-9][\d,]* records/);
  }
  await picture(page, 'sources-menu');
  await page.getByTestId('source-remove-1').click();
  await expect(page.getByTestId('source-line-1')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('status-source')).toContainText(a.source);
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows + 1000);
  await page.getByTestId('source-chip-0').click();
  await expect.poll(() => numberOf(page, 'match-count')).toBeGreaterThan(200);
  await expect(page.locator('.cell-source', { hasText: b.name }).first()).toBeVisible();
});

test('one is killed while the other goes on', async ({ open, simulate }) => {
  const a = simulate('--cpus', '2', '--rate', '2000');
  const b = simulate('--cpus', '2', '--rate', '2000');
  const { page } = await open('--source', a.source, '--source', b.source);
  await expect(page.getByTestId('status-source')).toContainText('2 sources capturing');
  a.kill();
  await expect(page.getByTestId('status-source')).toContainText('1 of 2 capturing');
  await picture(page, 'sources-one-gone');
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows + 2000);
  await page.keyboard.press('Control+e');
  await expect(page.getByTestId('status-source')).toContainText('stopped');
});

test('the command line writes both in the order of their clocks', async ({ simulate, folder }) => {
  const a = simulate('--cpus', '2', '--rate', '8000', '--count', '8000', '--wait-reader');
  const b = simulate('--cpus', '2', '--rate', '8000', '--count', '8000', '--wait-reader');
  const [out, account] = [join(folder, 'out.jsonl'), join(folder, 'summary.json')];
  const args = ['capture', '--source', a.source, '--source', b.source, '--wait', '10', '--out', out];
  const done = await ringview([...args, '--summary', account]);
  expect(done.code).toBe(0);
  const rows = (await readFile(out, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly time_us: number; readonly late?: boolean });
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'late');
  expect(names.join()).toBe('index,time_us,time,cpu,level,source,pid,process,tid,type,remarks,message');
  expect(rows.length).toBe(16_000);
  // What came after others that are later is marked: a machine may let a simulated driver stand inside a write.
  const inTime = rows.filter(({ late }) => late !== true);
  // A source's own order is by index: its CPUs' stamps may step back a little, those of the two together no more.
  let newest = 0;
  let steps = 0;
  for (const { time_us: time } of inTime) {
    steps = Math.max(steps, newest - time);
    newest = Math.max(newest, time);
  }
  expect(steps).toBeLessThan(1000);
  const summary = JSON.parse(await readFile(account, 'utf8'));
  expect(summary).toMatchObject({ read: 16_000, lost: 0, late: rows.length - inTime.length, state: 'ended' });
  expect(summary.sources.map((source: { read: number }) => source.read)).toEqual([8000, 8000]);
});

test('a capture without a row says why', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '0.001');
  const { page } = await open('--source', simulator.source);
  await page.getByTestId('why-silent').click();
  await expect(page.getByTestId('doctor-findings')).toContainText('has not tried to log anything');
  await picture(page, 'doctor');
  simulator.kill();
  await expect(page.getByTestId('status-source')).toContainText('gone');
  await page.getByTestId('status-source').click();
  await expect(page.getByTestId('doctor-findings')).toContainText('disappeared');
});
