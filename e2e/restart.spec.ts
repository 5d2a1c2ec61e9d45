/** A program that was restarted goes on with what the one before has left; machine.spec.ts has how that is asked for. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SHOW_ALL } from '../electron/contract/rows.ts';
import { leaveState, newToken } from '../electron/main/restart-file.ts';
import { closeAll, expect, numberOf, pictures, test } from './fixtures.ts';

test('a program that takes the place of another opens what that had open, once', async ({ open, simulate, folder }) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000', '--numbered');
  const before = await open('--source', simulator.source);
  await expect.poll(() => numberOf(before.page, 'status-rows')).toBeGreaterThan(1000);
  const rows = await numberOf(before.page, 'status-rows');
  await closeAll(before.app);
  const [recording] = readdirSync(join(folder, 'sessions')).filter((name) => name.endsWith('.ringview'));

  const userData = join(folder, 'user-1');
  const token = newToken();
  mkdirSync(userData, { recursive: true });
  const filter = { ...SHOW_ALL, terms: { text: 'cpu:1', caseSensitive: false } };
  leaveState(userData, token, {
    sessions: [
      {
        recording: join(folder, 'sessions', recording as string),
        sources: [simulator.source],
        captureFilter: null,
        views: [{ view: 1, filter, within: null }],
      },
    ],
    page: null,
  });
  const { page } = await open(`--resume=${token}`);
  await expect(page.getByTestId('session-tab')).toHaveCount(2);
  await expect(page.getByTestId('session-tab').last()).toContainText(simulator.source);
  await expect(page.getByTestId('notice')).toContainText('runs as administrator now');
  expect(readdirSync(userData).filter((name) => name.startsWith('restart-'))).toEqual([]);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThanOrEqual(rows);
  await page.getByTestId('session-tab').last().click();
  await expect(page.getByTestId('filter-box')).toHaveValue('cpu:1');
  const live = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(live);
  await pictures(page, 'restarted');
});
