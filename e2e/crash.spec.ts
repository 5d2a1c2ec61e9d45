/** A crash dump in the app: what drivers had logged, and the bug check as the last row. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HandSession, testRandom } from '../native/core/test-support.ts';
import { crashedMemory } from '../native/sources/dump/test-support.ts';
import { zipOf } from '../native/sources/zip/test-support.ts';
import { expect, pictures, test } from './fixtures.ts';

/** A dump of a machine of four CPUs that logged 400 records, and then crashed. */
function crashed(): Uint8Array {
  const hand = new HandSession({ cpus: 4, ringBytes: 65_536 });
  for (let at = 0; at < 400; at++) {
    hand.clock.now = BigInt((at + 1) * 1_000_000);
    hand.write(at % 4, `nicfilt: packet ${at} queued on ring ${at % 4}`);
  }
  return crashedMemory(new Uint8Array(hand.view.buffer), {
    ...{ kind: 'bitmap', random: testRandom(5), cpus: 4, ringBytes: 65_536 },
    bugCheck: { code: 0xd1, parameters: [0x28n, 2n, 0n, 0xfffff80012345678n] },
    // A second after the last record, of a machine that had run for 50 minutes.
    systemTime: 133_500_000_000_000_000n + 14_000_000n,
    upTime: 3000n * 10_000_000n,
  });
}

test('a crash dump opens as a log: the records of its rings, and the bug check in words', async ({ open, folder }) => {
  const path = join(folder, 'ein Abbild \u00fc \u65e5\u672c.DMP');
  writeFileSync(path, crashed());
  const { page } = await open('--source', `file:${path}`);
  await expect(page.getByTestId('status-rows')).toContainText('401');
  await expect(page.getByTestId('status-lost')).toContainText('0 lost');
  // A log opens at its first row, a dump where it says why the machine stopped.
  await expect(page.getByText('DRIVER_IRQL_NOT_LESS_OR_EQUAL').first()).toBeVisible();
  await pictures(page, 'crash-dump');
});

test('a crash dump in a zip file opens as it does by itself', async ({ open, folder }) => {
  const path = join(folder, 'sent.zip');
  writeFileSync(path, zipOf([{ name: 'crash/MEMORY.DMP', data: crashed() }]));
  const { page } = await open('--source', `file:${path}`);
  await expect(page.getByTestId('status-rows')).toContainText('401');
  await expect(page.getByTestId('status-source')).toContainText('read');
  await expect(page.getByText('DRIVER_IRQL_NOT_LESS_OR_EQUAL').first()).toBeVisible();
});
