/**
 * Live tracing through the product's own source, against the library that stands in for Windows (stand-in.h): the events of a
 * file come out exactly as the reader of files gives them.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectTracing } from '../../../native/doctor/collect-tracing.ts';
import { openTrace } from '../../../native/sources/etl/etl-source.ts';
import { pdbFile } from '../../../native/sources/etl/pdb/test-support.ts';
import {
  at,
  classicEvent,
  described,
  fullEvent,
  instanceEvent,
  PROVIDER,
  perfinfoEvent,
  systemEvent,
  traceFile,
  wppMessage,
} from '../../../native/sources/etl/test-support.ts';
import { type FileRow, rowsOf } from '../../../native/sources/file/test-support.ts';
import { openSource } from '../../../native/sources/open.ts';
import type { LogSource } from '../../../native/sources/source.ts';
import { stopSession } from '../../../native/win32/tracing/sessions.ts';
import { claim, failureOf, until, unwrap } from '../claims.ts';
import { channels } from './channel-probes.ts';
import { standIn } from './stand-in.ts';

const OTHER = 'Somebody Else';
const LEFT = 'RingView-4000000000-1';
const NOBODYS = 'ffffffff-0000-0000-0000-000000000001';

/** A row with the names of its event, and without what a live trace cannot have alike. */
function shown(source: LogSource, row: FileRow): string {
  const called = source.eventNames?.at(row.event);
  // Whoever reads live has a logging session of its own, so it is not that of the file which lost something.
  const names = row.lost ? [called?.event] : Object.values(called ?? {});
  const what = row.lost ? 'lost' : row.text;
  return JSON.stringify([what, row.level, row.pid, row.tid, row.cpu, ...names]);
}

function readAll(path: string, symbols: readonly string[]): { readonly source: LogSource; readonly rows: FileRow[] } {
  const source = unwrap(openTrace(path, { symbols, locale: 'en-US' }), path);
  const rows: FileRow[] = [];
  while (source.poll((batch) => rows.push(...rowsOf(batch))).state === 'capturing');
  source.close();
  return { source, rows };
}

/** What a live source delivers until nothing has come for a while. */
async function capture(
  spec: string,
  symbols: readonly string[],
  enough: number,
): Promise<{ readonly source: LogSource; readonly rows: FileRow[]; readonly close: () => void }> {
  const source = unwrap(openSource(spec, symbols.length > 0 ? { symbols } : {}), spec);
  const rows: FileRow[] = [];
  const sink = (batch: Parameters<typeof rowsOf>[0]): number => rows.push(...rowsOf(batch));
  await until(() => {
    source.poll(sink);
    return rows.length >= enough || source.stats().state !== 'capturing';
  });
  return { source, rows, close: () => source.close(sink) };
}

/** Every kind of header there is, by a machine of so many bits. */
function everyKind(bits: 32 | 64): Buffer {
  const stamp = (ms: number) => ({ ticks: at(ms), pid: 1234, tid: 5678, bits });
  const text = (value: string): Buffer => Buffer.from(`${value}\0`);
  const print = (value: string): Buffer => Buffer.concat([Buffer.from([77, 0, 0, 0, 1, 0, 0, 0]), text(value)]);
  const width = bits / 8;
  const numbers = Buffer.alloc(16);
  numbers.writeUInt32LE(4321, 0);
  const started = Buffer.concat([
    Buffer.alloc(width),
    numbers,
    Buffer.alloc(width + 8),
    text('probe.exe'),
    Buffer.from('probe.exe -v\0', 'utf16le'),
  ]);
  const schema = described('Opened', [['path', 1]]);
  const traits = { type: 12, bytes: Buffer.from('\x11\0Probe.Provider\0') };
  const stack = { type: 6, bytes: Buffer.alloc(24, 0xab) };
  const first = [
    systemEvent(3, 1, started, stamp(1), { version: 4 }),
    systemEvent(10, 32, print('system'), stamp(3)),
    systemEvent(10, 32, print('compact'), stamp(5), { compact: true }),
    perfinfoEvent(10, 32, print('perfinfo'), stamp(7)),
    classicEvent(PROVIDER, 9, Buffer.from([1, 2, 3]), stamp(9), 2),
    // A session that lost something says so by an event of its own.
    classicEvent('6a399ae0-4bc6-4de9-870b-3657f8947e7e', 32, Buffer.alloc(0), stamp(10)),
  ];
  const second = [
    instanceEvent(PROVIDER, 41, Buffer.from([4]), stamp(2)),
    fullEvent(PROVIDER, 300, Buffer.from([5]), stamp(4), { level: 3 }),
    fullEvent(PROVIDER, 0, Buffer.from('C:\\a\0', 'utf16le'), stamp(6), { extended: [stack, schema, traits] }),
    wppMessage(PROVIDER, 10, Buffer.from([7, 0, 0, 0]), stamp(8)),
    wppMessage(PROVIDER, 11, Buffer.from([8, 0, 0, 0]), stamp(11)),
  ];
  const buffers = [
    { cpu: 0, events: first },
    { cpu: 700, events: second },
  ];
  return traceFile(buffers, { bits });
}

const TMF = [
  `${PROVIDER} driver // SRC=irp.c MJ= MN=`,
  '#typev irp_c42 10 "%0bytes %10!d!" //   LEVEL=TRACE_LEVEL_WARNING FLAGS=IO FUNC=Dispatch',
  '{',
  'bytes, ItemLong -- 10',
  '}',
];

async function sameAsFile(path: string, symbols: readonly string[], what: string): Promise<void> {
  const file = readAll(path, symbols);
  standIn.play(path);
  const live = await capture(`etw:${PROVIDER}`, symbols, file.rows.length);
  live.close();
  const expected = file.rows.map((row) => shown(file.source, row));
  const found = live.rows.map((row) => shown(live.source, row));
  const wrong = expected.findIndex((text, row) => found[row] !== text);
  claim(
    wrong < 0 && found.length === expected.length && expected.length > 0,
    `${what}: the rows of the file, in its order`,
    wrong < 0 ? `${found.length} of ${expected.length}` : `row ${wrong}: ${found[wrong]} instead of ${expected[wrong]}`,
  );
  const shifts = file.rows.map((row, place) => (live.rows[place]?.timeNs ?? 0) - row.timeNs);
  // A tick of the slowest clock there is; the clocks of most files tick each 100 ns.
  const drift = Math.max(...shifts) - Math.min(...shifts);
  claim(drift <= 1000, `${what}: with its times`, `${drift} ns apart`);
}

/** `scratch`: a folder to write to; `data`: where traces of real machines are, if it exists. */
export async function tracing(scratch: string, data: string): Promise<void> {
  misused();
  const tmf = join(scratch, 'driver.tmf');
  writeFileSync(tmf, TMF.join('\n'));
  for (const bits of [32, 64] as const) {
    const path = join(scratch, `kinds-${bits}.etl`);
    writeFileSync(path, everyKind(bits));
    await sameAsFile(path, [tmf], `every kind of header, ${bits} bits`);
  }
  const files = existsSync(data) ? readdirSync(data).filter((name) => name.endsWith('.etl')) : [];
  if (files.length === 0) claim(true, 'skipped: there are no traces of real machines here', data);
  for (const name of files) await sameAsFile(join(data, name), [join(data, 'tmf')], name);
  await sessions(join(scratch, 'kinds-64.etl'), scratch);
  await losses(join(scratch, 'kinds-64.etl'), scratch);
  await channels();
  const complaints = standIn.complaints();
  claim(complaints === '', 'every call was as the documentation has it', complaints);
}

/** What is wrong is seen: else nothing that follows says anything. */
function misused(): void {
  const properties = new Uint8Array(4216);
  const error = standIn.start('RingView-1-1', properties);
  const complaint = standIn.complaints();
  claim(
    error === 87 && complaint.includes('Wnode.BufferSize'),
    'a call that is wrong is refused, and named',
    complaint,
  );
}

async function sessions(path: string, scratch: string): Promise<void> {
  standIn.play(path);
  claim(standIn.session(LEFT) === null, 'a session that a killed process left behind was stopped');
  claim(standIn.session(OTHER) !== null && standIn.session('NT Kernel Logger') !== null, 'those of others were not');

  const own = (source: LogSource): string => source.info.producer.replace('Windows tracing, session ', '');
  const byName = await capture(`etw:probe provider:0x5:2+{${NOBODYS.toUpperCase()}}:1:error`, [], 1);
  const started = standIn.session(own(byName.source));
  claim(
    started === 'mode 0x100 flags 0x0 clock 1; 11223344 level 2 keywords 0x5; ffffffff level 2 keywords 0x1',
    'providers by name and by GUID are enabled, with keywords and level',
    `${started}`,
  );
  const { weak } = collectTracing();
  claim(
    weak.map(({ guid, level }) => `${guid} ${level}`).join() === `${PROVIDER} 2`,
    'the doctor knows which provider was asked for little',
    weak.map(({ guid, level }) => `${guid} ${level}`).join(),
  );
  const notes = byName.source.stats().notes ?? [];
  claim(
    notes.some(
      (note) => note === `no driver or program has registered {${NOBODYS}} yet: its events come once one does`,
    ),
    'one that nobody has registered is named',
    notes.join('; '),
  );
  byName.close();
  claim(standIn.session(own(byName.source)) === null, 'closed, the session is stopped');

  const kernel = await capture('etw:kernel:dbgprint+process', [], 1);
  const system = standIn.session(own(kernel.source));
  claim(system === 'mode 0x2000100 flags 0x40001 clock 1', 'the system logger is one of its own', `${system}`);
  kernel.close();

  const pdb = join(scratch, 'driver.pdb');
  const control = ['TMC:', PROVIDER, 'DriverGuid', 'IO', 'PNP', 'POWER'];
  writeFileSync(pdb, pdbFile([{ name: 'driver.obj', annotations: [control, ['TMF:', ...TMF]] }]));
  const ofPdb = await capture('etw:pdb:IO|power:warning', [pdb], 10);
  const enabled = standIn.session(own(ofPdb.source));
  claim(
    enabled === 'mode 0x100 flags 0x0 clock 1; 11223344 level 3 keywords 0x5',
    'a PDB says what is enabled, and by which flags',
    `${enabled}`,
  );
  claim(
    ofPdb.rows.some(({ text }) => text === 'bytes 7'),
    'and what its messages mean',
  );
  ofPdb.close();

  const joined = await capture(`etw:session:${OTHER}`, [], 5);
  joined.close();
  claim(joined.rows.length >= 5 && standIn.session(OTHER) !== null, 'a session of others is read, and goes on');

  const refused = (spec: string): string => {
    const failure = failureOf(openSource(spec));
    return failure === null ? 'opened' : `${failure.code}: ${failure.message}. ${failure.action}`;
  };
  const file = refused('etw:session:NT Kernel Logger');
  claim(/^bad-argument: .*only into C:\\logs\\kernel\.etl/.test(file), 'one that writes into a file says so', file);
  const nobody = refused('etw:session:Nobody');
  claim(nobody.startsWith('source-not-found:'), 'one that does not run is named', nobody);
  const unknown = refused('etw:Kernel-Process');
  claim(/Windows knows microsoft-windows-kernel-process/.test(unknown), 'a name that is not known is helped', unknown);

  const all = Array.from({ length: 8 }, () => unwrap(openSource('etw:kernel:process'), 'a system logger'));
  const ninth = refused('etw:kernel');
  claim(
    /^source-busy: .*'NT Kernel Logger' \(into C:\\logs\\kernel\.etl\).*'RingView-\d+-\d+'/.test(ninth),
    'where Windows has no system logger left, it is said who has them',
    ninth,
  );
  for (const source of all) source.close(() => {});
}

async function losses(path: string, scratch: string): Promise<void> {
  standIn.play(path);
  const live = await capture(`etw:${PROVIDER}`, [], 11);
  const name = live.source.info.producer.replace('Windows tracing, session ', '');
  standIn.lose(name, 5, 2);
  const sink = (batch: Parameters<typeof rowsOf>[0]): number => live.rows.push(...rowsOf(batch));
  const lost = (): FileRow[] => live.rows.filter((row) => row.lost);
  await until(() => {
    live.source.poll(sink);
    return lost().reduce((sum, row) => sum + row.remarks, 0) >= 7;
  });
  const counts = lost().map(({ remarks }) => remarks);
  const by = live.source.stats().cpus.map(({ lostByCause: { full, unread } }) => `${full} full, ${unread} unread`);
  const figures = `${counts.join(' + ')}: ${by.join('; ')}`;
  // One of them was told by an event of the session, and stands behind it.
  claim(/^1 \+ 2 \+ 4: .*full, 2 unread/.test(figures), 'what the session lost are rows, by who lost it', figures);

  stopSession(name);
  await until(() => live.source.poll(sink).state !== 'capturing');
  claim(live.source.stats().state === 'gone', 'a session that somebody stopped is gone', live.source.stats().state);
  live.close();

  // Twice as much as there is room for on the way, while nobody looks.
  const big = join(scratch, 'big.etl');
  const data = Buffer.alloc(60_000);
  const events = Array.from({ length: 1100 }, (_, place) => fullEvent(PROVIDER, place, data, { ticks: at(place) }));
  const buffers = events.map((event) => ({ events: [event] }));
  writeFileSync(big, traceFile(buffers, { bufferBytes: 65_536 }));
  standIn.play(big);
  const slow = unwrap(openSource(`etw:${PROVIDER}`), 'a live source');
  const rows: FileRow[] = [];
  await new Promise((resolve) => setTimeout(resolve, 3000));
  slow.close((batch) => rows.push(...rowsOf(batch)));
  const read = rows.filter((row) => !row.lost).length;
  const missed = rows.filter((row) => row.lost).reduce((sum, row) => sum + row.remarks, 0);
  claim(
    read + missed === events.length && missed > 0 && read > 0,
    'what comes while nobody reads is bounded, and what is lost is counted',
    `${read} read + ${missed} lost`,
  );
}

/** Ends the process while a thread waits for events: the end must not wait for it. */
export function exitsWithoutClosing(): void {
  const source = unwrap(openSource(`etw:${PROVIDER}`), 'a live source');
  claim(source.stats().state === 'capturing', 'a process that captures and ends without a word does end');
}
