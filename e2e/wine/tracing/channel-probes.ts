/** Event log channels through the product's own source, against the library that stands in for Windows. */
import { type FileRow, rowsOf } from '../../../native/sources/file/test-support.ts';
import { openSource } from '../../../native/sources/open.ts';
import { claim, failureOf, until, unwrap } from '../claims.ts';
import { standIn } from './stand-in.ts';

const xml = (record: number, provider: string, second: number, data = 'E:'): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}'/>` +
  `<EventID>7</EventID><Version>0</Version><Level>2</Level><TimeCreated SystemTime='2030-01-01T00:00:0${second}.1234567Z'/>` +
  `<EventRecordID>${record}</EventRecordID><Execution ProcessID='4' ThreadID='88'/><Channel>System</Channel>` +
  `<Computer>box</Computer></System><EventData><Data Name='device'>${data}</Data></EventData></Event>`;

export async function channels(): Promise<void> {
  standIn.event(xml(9, 'Disk', 0, 'before'));
  const source = unwrap(openSource('channel:System'), 'channel:System');
  const rows: FileRow[] = [];
  const sink = (batch: Parameters<typeof rowsOf>[0]): number => rows.push(...rowsOf(batch));
  standIn.event(xml(10, 'Disk', 1));
  standIn.event(xml(11, 'Probe', 2));
  // Longer than what most events take.
  standIn.event(xml(14, 'Disk', 3, 'x'.repeat(20_000)));
  await until(() => {
    source.poll(sink);
    return rows.length >= 4;
  });
  source.close(sink);
  const said = rows.map((row) => (row.lost ? `lost ${row.remarks}` : `${row.index} ${row.text.slice(0, 40)}`));
  claim(
    said.join('|') ===
      `10 Disk 7: device=E:|11 Probe 7: The device is there.|lost 2|14 Disk 7: device=${'x'.repeat(25)}`,
    'a channel has what came since, in words where Windows has them, and what is missing',
    said.join('|'),
  );
  const [first, second] = rows;
  claim(
    first?.pid === 4 && first.tid === 88 && (second?.timeNs ?? 0) - first.timeNs === 1e9,
    'with process, thread and time',
    `${first?.pid} ${first?.tid} ${(second?.timeNs ?? 0) - (first?.timeNs ?? 0)}`,
  );
  claim(standIn.handles() === 0, 'closed, every handle is given back', `${standIn.handles()}`);
  const refused = ['channel:Nobody', 'channel:Analytic', 'channel:Security'].map((spec) => failureOf(openSource(spec)));
  claim(
    refused.map((failure) => failure?.code).join() === 'source-not-found,bad-argument,permission-denied',
    'a channel that is not there, cannot be subscribed to, or is not allowed is refused as such',
    refused.map((failure) => failure?.message).join('; '),
  );
}
