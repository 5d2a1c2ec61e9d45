/** Debug output of other programs through the product's own source. The programs are debug-writer.exe. */
import { spawn } from 'node:child_process';
import { type EntryBatch, RowKind } from '../../native/core/entry.ts';
import { openSource } from '../../native/sources/open.ts';
import { claim, failureOf, until, unwrap } from './claims.ts';

const MESSAGES = 5000;

interface Heard {
  readonly pid: number;
  readonly text: string;
}

function hear(into: Heard[]): (batch: EntryBatch) => void {
  const decoder = new TextDecoder();
  return (batch) => {
    for (let row = 0; row < batch.count; row++) {
      if (batch.kind[row] !== RowKind.Entry) continue;
      const start = batch.dataStart[row] as number;
      const text = decoder.decode(batch.bytes.subarray(start, start + (batch.dataLength[row] as number)));
      into.push({ pid: batch.pid[row] as number, text });
    }
  };
}

/** Starts the writer; the value is when it ended. Under Wine nothing can be read of it but that. */
function write(program: string, ...args: string[]): { readonly pid: number; readonly ended: Promise<void> } {
  const child = spawn(program, args, { stdio: 'ignore' });
  return { pid: child.pid ?? 0, ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}

/** `program`: of debug-writer.exe. */
export async function debugOutput(program: string): Promise<void> {
  const source = unwrap(openSource('dbwin:'), 'dbwin:');
  const second = failureOf(openSource('dbwin:'));
  claim(
    second?.code === 'source-busy' && /by dbgview64\.exe \(pid \d+\)$/.test(second.message),
    'a second viewer is refused and told which viewer runs',
    `${second?.message}. ${second?.action}`,
  );

  const heard: Heard[] = [];
  const sink = hear(heard);
  const started = performance.now();
  const writers = ['first', 'second'].map((name) => ({ name, ...write(program, name, String(MESSAGES)) }));
  let ended = 0;
  for (const writer of writers) void writer.ended.then(() => ended++);
  // This thread is slow on purpose: the programs must not wait for it.
  await until(() => ended === writers.length);
  const ms = performance.now() - started;
  await until(() => {
    source.poll(sink);
    return heard.length >= 2 * MESSAGES;
  });
  while (source.poll(sink).more);
  claim(
    heard.length === 2 * MESSAGES,
    'every message of two programs arrives, although nobody polled meanwhile',
    `${heard.length} in ${ms.toFixed(0)} ms`,
  );
  for (const { name, pid } of writers) {
    const own = heard.filter(({ text }) => text.startsWith(`${name} `));
    const inOrder = own.every(({ text }, at) => text === `${name} ${at}`);
    claim(own.length === MESSAGES && inOrder, `those of the ${name} in order`, `${own.length}`);
    claim(
      own.every((message) => message.pid === pid),
      'with its process id',
      `${pid}`,
    );
    claim(source.processNames?.get(pid) === 'debug-writer.exe', 'and its name', source.processNames?.get(pid));
  }
  const [cpu] = source.stats().cpus;
  claim(cpu?.ring?.attempted === 2 * MESSAGES && cpu.lost === 0, 'the statistics say the same');

  heard.length = 0;
  for (const args of [['before'], ['DBGVIEWCLEAR'], ['gr\u00f6\u00dfer']]) await write(program, ...args).ended;
  let cleared = false;
  await until(() => {
    cleared ||= source.poll(sink).clear === true;
    return cleared;
  });
  claim(cleared && heard.length === 1 && heard[0]?.text === 'before', 'DBGVIEWCLEAR asks to clear, in its place');
  await until(() => source.poll(sink).rows > 0);
  claim(heard[1]?.text === 'gr\u00f6\u00dfer', 'text in the code page of the machine arrives', heard[1]?.text);
  source.close(sink);
  const again = openSource('dbwin:');
  claim(again.ok, 'once closed, it can be captured again', failureOf(again)?.message);
  if (again.ok) again.value.close(sink);
}
