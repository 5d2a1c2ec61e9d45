/** What a reader finds of a driver that Windows has started, and that nobody has read since. */
import { openSource } from '../../native/sources/open.ts';
import { openProgramLog } from '../../native/win32/program-log.ts';
import { openRingViewDevice, RINGVIEW_DEVICE } from '../../native/win32/ringview-device.ts';
import { claim, unwrap } from './claims.ts';

/** Attempts: far more than the rings of 64 KiB hold. */
const RECORDS = 20_000;

export async function sinceBoot(): Promise<void> {
  const log = unwrap(openProgramLog(), 'the device for programs opens');
  const data = new Uint8Array(64);
  for (let n = 0; n < RECORDS; n++) unwrap(log.add({ level: 2, type: 9, remarks: n, data }), 'add');
  unwrap(log.flush(), 'flush');
  const { written, lost, refused } = log.counts;
  log.close();
  const device = unwrap(openRingViewDevice(RINGVIEW_DEVICE), 'the device opens');
  const statistics = unwrap(device.statistics(), 'statistics');
  device.close();
  claim(
    statistics.losses.reduce((sum, [, count]) => sum + count, 0) === statistics.lost && statistics.lost >= refused,
    'the causes of losses add up to all of them',
    statistics.losses.map(([cause, count]) => `${cause} ${count}`).join(', '),
  );
  const source = unwrap(openSource('driver:'), 'driver:');
  for (let idle = 0; idle < 3; ) {
    const { rows, more } = source.poll(() => {});
    idle = rows === 0 && !more ? idle + 1 : 0;
  }
  const { cpus } = source.stats();
  source.close(() => {});
  const total = { attempted: 0, before: 0, read: 0, lost: 0 };
  for (const cpu of cpus) {
    total.attempted += cpu.ring?.attempted ?? 0;
    total.before += cpu.ring?.attemptedBefore ?? 0;
    total.read += cpu.read;
    total.lost += cpu.lost;
  }
  claim(
    total.before === 0 && total.attempted === total.read + total.lost && total.attempted >= written + lost + refused,
    'of what was logged since the boot all is read or counted',
    `${total.attempted} attempted = ${total.read} read + ${total.lost} lost`,
  );
  const told = source.info.ring?.lostBefore ?? 0;
  claim(told === total.lost && told > 0, 'and the reader says what was lost before it came', `${told}`);
  claim(source.info.ring?.bytes === 65536 && source.info.ring.mode === 'overwrite', 'in rings as the registry says');
}
