/** What the product's own modules do as a program that logs through a loaded ringview.sys. */
import { type EntryBatch, Level } from '../../native/core/entry.ts';
import { NOTHING_OFF } from '../../native/core/logger-mask.ts';
import { LONGEST_DATA, type ProgramRecord, WRITE } from '../../native/core/write-batch.ts';
import { openSource } from '../../native/sources/open.ts';
import { openProgramLog } from '../../native/win32/program-log.ts';
import { openRingViewDevice, RINGVIEW_DEVICE } from '../../native/win32/ringview-device.ts';
import { claim, failureOf, sleep, until, unwrap } from './claims.ts';

const MANY = 5000;
const encoder = new TextEncoder();

const record = (text: string, more: Partial<ProgramRecord> = {}): ProgramRecord => ({
  level: Level.Info,
  type: 0,
  remarks: 7,
  data: encoder.encode(text),
  ...more,
});

/** A session with room for all of it, read by this process, which also writes it. */
export async function programs(): Promise<void> {
  const device = unwrap(openRingViewDevice(RINGVIEW_DEVICE), 'the device opens');
  unwrap(device.configure({ ringBytes: 16777216, ringMode: 'drop', orderMode: 'index' }), 'configure');
  const source = unwrap(openSource('driver:'), 'driver:');
  const log = unwrap(openProgramLog(), 'the device for programs opens');
  const rows: { text: string; remarks: number; level: number; pid: number }[] = [];
  const take = (batch: EntryBatch): void => {
    for (let row = 0; row < batch.count; row++) {
      const start = batch.dataStart[row] as number;
      const provider = source.eventNames?.at(batch.event[row] as number)?.provider ?? null;
      if (provider !== 'programs') continue;
      rows.push({
        text: new TextDecoder().decode(batch.bytes.subarray(start, start + (batch.dataLength[row] as number))),
        remarks: batch.remarks[row] as number,
        level: batch.level[row] as number,
        pid: batch.pid[row] as number,
      });
    }
  };
  const read = (count: number) =>
    until(() => {
      source.poll(take);
      return rows.length >= count;
    });

  unwrap(log.add(record('grüße from a program', { level: Level.Error })), 'add');
  unwrap(log.flush(), 'flush');
  claim(
    (await read(1)) &&
      rows[0]?.text === 'grüße from a program' &&
      rows[0].level === Level.Error &&
      rows[0].remarks === 7,
    'what a program logs is read, as that of programs',
    JSON.stringify(rows[0]),
  );
  claim(
    failureOf(log.add(record('x', { type: WRITE.TYPES })))?.code === 'bad-argument',
    "RingView's types are refused",
  );
  const long = { data: new Uint8Array(LONGEST_DATA + 1) };
  claim(failureOf(log.add(record('', long)))?.code === 'bad-argument', 'and what is longer than a record');

  for (let n = 0; n < MANY; n++) {
    unwrap(log.add(record(`number ${n}`)), 'add');
    // As a program that is read while it writes.
    if (n % 500 === 499) await sleep(1);
    if (n % 500 === 499) source.poll(take);
  }
  unwrap(log.flush(), 'flush');
  const { written, lost, refused, masked } = log.counts;
  claim(written + lost + refused + masked === MANY + 1, 'every record is counted', JSON.stringify(log.counts));
  await read(written);
  source.poll(take);
  const numbers = rows.slice(1).map(({ text }) => Number(text.replace('number ', '')));
  claim(rows.length === written, 'what was written is read, once', `${rows.length} of ${written}`);
  claim(
    numbers.every((n, at) => at === 0 || n > (numbers[at - 1] as number)),
    'and in order',
  );

  unwrap(device.mask('programs', { levels: [Level.Info], types: [] }), 'mask');
  unwrap(log.add(record('not wanted')), 'add');
  unwrap(log.flush(), 'flush');
  claim(log.counts.masked === masked + 1 && log.counts.written === written, 'programs can be switched off');
  unwrap(device.mask('programs', NOTHING_OFF), 'mask');
  unwrap(log.add(record('wanted again')), 'add');
  unwrap(log.flush(), 'flush');
  claim((await read(written + 1)) && rows.at(-1)?.text === 'wanted again', 'and on', rows.at(-1)?.text);
  log.close();
  source.close(take);
  device.close();
}
