/** Typed records: told by their schemas in the table, the details, the filter; schemas that a person adds and takes away. */
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, matchesOf, pictures, startAgain, test } from './fixtures.ts';
import { Simulator } from './simulator.ts';

const COUNT = 600;

async function typeFilter(page: Page, text: string): Promise<void> {
  const box = page.getByTestId('filter-box');
  await box.fill(text);
  await box.press('Enter');
}

const messages = (page: Page) => page.locator('[data-testid="log-row"] .cell-message');

test('a typed record is text, fields and a filter by them', async ({ open, folder }) => {
  const simulator = new Simulator([
    '--cpus',
    '2',
    '--count',
    `${COUNT}`,
    '--records',
    '10',
    '--binary',
    '7',
    '--wait-reader',
    '--linger',
    '30',
  ]);
  try {
    const { app, page } = await open('--source', simulator.source);
    await expect.poll(() => matchesOf(page)).toBe(COUNT);

    // RingView's own types need no file.
    await typeFilter(page, 'type:network');
    await expect.poll(() => matchesOf(page)).toBeLessThan(COUNT / 5);
    await expect(messages(page).first()).toHaveText(
      /^\s*(TCP|UDP) (connect|close) 10\.0\.0\.\d+ port \d+ -> 93\.184\.216\.\d+ port \d+/,
    );
    const all = await matchesOf(page);
    await typeFilter(page, 'network.remote_port:443');
    await expect.poll(() => matchesOf(page)).toBeLessThan(all);
    await expect(messages(page).first()).toHaveText(/ port 443/);

    await messages(page).first().click();
    await page.keyboard.press('F4');
    const fields = page.getByTestId('details-record');
    await expect(fields.getByRole('row', { name: /^remote_port/ })).toContainText('443');
    await expect(fields.getByRole('row', { name: /^operation/ })).toContainText(/connect|close/);
    await expect(fields.getByRole('row', { name: /^protocol/ })).toContainText('TCP');
    await expect(page.getByTestId('details-hex')).toBeVisible();
    await pictures(page, 'schemas-details');
    // Another makes it a column, one of the columns' menu does the same.
    await fields.getByRole('button', { name: 'Show remote_port as column' }).click();
    await page.getByTestId('column-menu').click();
    await page.getByTestId('fields-menu').hover();
    await page.getByRole('menuitem', { name: 'network' }).hover();
    await page.getByRole('menuitemcheckbox', { name: 'network: operation' }).click();
    await pictures(page, 'schemas-columns-menu');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
    await expect(page.getByRole('columnheader', { name: 'network: remote_port' })).toBeVisible();
    const cells = (name: string) => page.locator(`[data-testid="log-row"] [data-column="field:network.${name}"]`);
    await expect(cells('remote_port').first()).toHaveText(/^ +443 $/);
    await expect(cells('operation').first()).toHaveText(/^ (connect|close) +$/);
    await typeFilter(page, '');
    await expect(cells('remote_port').filter({ hasText: /\d/ }).first()).toBeVisible();
    await pictures(page, 'schemas-columns');
    // Its cells have the verbs of others, each of its own field; copies have the columns in their order.
    await cells('operation').filter({ hasText: 'connect' }).first().click({ button: 'right' });
    await expect(page.getByTestId('row-menu').getByRole('menuitem').first()).toHaveText('Only operation connect');
    await pictures(page, 'schemas-row-menu');
    await page.getByTestId('row-hide-field:network.operation').click();
    await expect(page.getByTestId('filter-box')).toHaveValue('-network.operation:connect');
    await expect(cells('operation').filter({ hasText: 'connect' })).toHaveCount(0);
    await typeFilter(page, 'network.operation:close');
    await cells('operation').filter({ hasText: 'close' }).first().click();
    await page.keyboard.press('Control+Shift+C');
    const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
    await expect
      .poll(copied)
      .toMatch(/^\| index \|.* \| network\\\.remote\\_port \| network\\\.operation \| message \|\n/);
    expect(await copied()).toMatch(/ \| \d+ \| close \| TCP close/);
    await typeFilter(page, 'network.remote_port:443');
    await messages(page).first().click();
    // A click on a value filters by it.
    await fields
      .getByRole('row', { name: /^family/ })
      .getByRole('button', { name: '4', exact: true })
      .click();
    await expect(page.getByTestId('filter-box')).toHaveValue('network.remote_port:443 network.family:4');

    // Another driver's type is bytes until somebody says what they are.
    await typeFilter(page, 'type:1');
    await expect(messages(page).first()).toHaveText(/^\s*0x/);
    const path = join(folder, 'lab.json');
    writeFileSync(path, '{ "ringview_schema": 1, "types": { "1": { "name": "lab_event" } } }');
    await app.evaluate(
      ({ dialog }, filePaths) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
      },
      [path],
    );
    await page.keyboard.press('Control+,');
    await page.getByTestId('schemas-add').click();
    await expect(page.getByTestId('schema-file')).toContainText("'fields' is missing");
    writeFileSync(
      path,
      JSON.stringify({
        ringview_schema: 1,
        types: {
          1: {
            name: 'lab_event',
            message: 'lab event {code} of the simulated driver',
            fields: [
              { name: 'code', type: 'u8' },
              { name: 'rest', type: 'bytes', until: 'end' },
            ],
          },
        },
      }),
    );
    await page.getByTestId('schemas-add').click();
    await expect(page.getByTestId('schema-file')).toContainText('lab_event (1)');
    await pictures(page, 'schemas-settings');
    await page.keyboard.press('Escape');
    await expect(messages(page).first()).toHaveText(/^\s*lab event \d+ of the simulated driver$/);
    await typeFilter(page, 'code>=128');
    await expect(messages(page).first()).toHaveText(/^\s*lab event (1[3-9]\d|12[89]|2\d\d) of the simulated driver$/);
    await typeFilter(page, 'code<128');
    await expect(messages(page).first()).toHaveText(/^\s*lab event (\d\d?|1[01]\d|12[0-7]) of the simulated driver$/);

    await page.keyboard.press('Control+,');
    await page.getByRole('button', { name: 'Remove lab.json' }).click();
    await expect(page.getByTestId('schema-file')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await typeFilter(page, 'type:1');
    await expect(messages(page).first()).toHaveText(/^\s*0x/);
  } finally {
    await simulator.end();
  }
});

test('a schema that is named at a start is used until the end, as is one of a second start, and none is remembered', async ({
  open,
  simulate,
  folder,
}) => {
  const simulator = simulate('--cpus', '2', '--count', `${COUNT}`, '--binary', '7', '--wait-reader', '--linger', '60');
  const schema = (name: string, words: string): string => {
    const fields = [
      { name: 'code', type: 'u8' },
      { name: 'rest', type: 'bytes', until: 'end' },
    ];
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify({ ringview_schema: 1, types: { 1: { name, message: words, fields } } }));
    return path;
  };
  const [first, second] = [schema('lab', 'lab event {code}'), schema('later', 'a later event {code}')];
  const { page, folder: user } = await open('--source', simulator.source, '--schema', first);
  await expect.poll(() => matchesOf(page)).toBe(COUNT);
  await typeFilter(page, 'type:lab code<128');
  await expect(messages(page).first()).toHaveText(/^\s*lab event \d+$/);

  // What the page knows of types follows without a look into the settings.
  expect(await once(await startAgain(user, '--schema', second), 'exit')).toEqual([0, null]);
  await typeFilter(page, 'type:later code<128');
  await expect(messages(page).first()).toHaveText(/^\s*a later event \d+$/);
  await page.keyboard.press('Control+,');
  await expect(page.getByTestId('schema-file')).toHaveText([/^later\.json/, /^lab\.json.*is described by/]);
  await pictures(page, 'schemas-named');
  await page.getByRole('button', { name: 'Remove later.json' }).click();
  await expect(page.getByTestId('schema-file')).toHaveText([/^lab\.json.*lab \(1\)/]);
  await page.keyboard.press('Escape');
  await typeFilter(page, 'type:lab');
  await expect(messages(page).first()).toHaveText(/^\s*lab event \d+$/);
  const settings = join(user, 'settings.json');
  expect(existsSync(settings) ? readFileSync(settings, 'utf8') : '').not.toContain('lab.json');
});
