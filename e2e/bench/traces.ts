/**
 * Windows traces: `etl.open`, events found and put in order, beside a loop in C that walks the same buffers; `etl.rows`, the
 * same made into rows with their text; `wpp.format`, texts of WPP messages; `etl.first`, the first rows of a 5 GB file.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtlFile, LATER } from '../../native/sources/etl/etl-file.ts';
import { openTrace } from '../../native/sources/etl/etl-source.ts';
import type { Environment } from './environment.ts';
import { compile, rounds } from './programs.ts';
import { type BenchResult, measured } from './results.ts';
import { median, spread } from './statistics.ts';
import { BUFFER_BYTES, CPUS, TMF, writeSparseTrace, writeTrace } from './trace-file.ts';

const LARGE_BYTES = 5 * 1024 ** 3;
/** Rounds until the engine has compiled everything for good. */
const WARM_UP = 12;

export function measureTraces(environment: Environment, quick: boolean): BenchResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-etl-'));
  try {
    return [...walked(environment, folder, quick), formatted(folder, quick), first(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CPU time of this thread and its helpers, seconds. */
function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function walked(environment: Environment, folder: string, quick: boolean): BenchResult[] {
  const path = join(folder, 'prints.etl');
  const events = writeTrace(path, quick ? 256 : 1024, 'prints');
  const program = compile(environment, 'etl_walk');
  const own: number[] = [];
  const reference: number[] = [];
  const rows: number[] = [];
  for (let turn = 0; turn < WARM_UP; turn++) walk(path, events);
  for (let turn = 0; turn < (quick ? 3 : 6); turn++) {
    reference.push(...rounds<{ perSecond: number }>(program, [path, 4]).map((each) => each.perSecond));
    // Starting the reference forks this process: the first round after it writes to pages that are copied for it.
    walk(path, events);
    for (let round = 0; round < 4; round++) own.push(events / cpuSeconds(() => walk(path, events)));
  }
  for (let turn = 0; turn < 2 + (quick ? 3 : 10); turn++) {
    const perSecond = events / cpuSeconds(() => readRows(path, [], events));
    if (turn >= 2) rows.push(perSecond);
  }
  const ratio = median(own) / median(reference);
  const shape = `${events.toLocaleString('en')} events of ${CPUS} CPUs, buffers of 64 KiB; CPU time`;
  return [
    measured({
      name: 'etl.open',
      value: median(own),
      unit: 'events/s',
      reference: median(reference),
      referenceName: 'C loop over the same buffers',
      goal: 'at least 0.25x C',
      holds: ratio >= 0.25,
      spread: spread(own),
      note: `found, judged and in order, without text; ${shape}`,
    }),
    measured({
      name: 'etl.rows',
      value: median(rows),
      unit: 'rows/s',
      goal: 'reported',
      holds: null,
      spread: spread(rows),
      note: `with text, level, process and what the event is called; ${shape}`,
    }),
  ];
}

function walk(path: string, events: number): void {
  const file = opened(EtlFile.open(path));
  let found = -1; // The header is one, too.
  for (let event = file.next(); event !== null; event = file.next()) if (event !== LATER) found++;
  file.close();
  if (found !== events) throw new Error(`${found} events were found, ${events} were written`);
}

function readRows(path: string, symbols: readonly string[], events: number): void {
  const source = opened(openTrace(path, { symbols, locale: 'en-US' }));
  let rows = 0;
  const take = ({ count }: { readonly count: number }): void => {
    rows += count;
  };
  while (source.poll(take).state === 'capturing');
  source.close();
  if (rows !== events) throw new Error(`${rows} rows came out, ${events} events were written`);
}

function formatted(folder: string, quick: boolean): BenchResult {
  const path = join(folder, 'messages.etl');
  const events = writeTrace(path, quick ? 128 : 512, 'messages');
  const tmf = join(folder, 'bench.tmf');
  writeFileSync(tmf, TMF);
  const own: number[] = [];
  for (let turn = 0; turn < (quick ? 5 : 12); turn++) {
    const perSecond = events / cpuSeconds(() => readRows(path, [tmf], events));
    if (turn >= 2) own.push(perSecond);
  }
  return measured({
    name: 'wpp.format',
    value: median(own),
    unit: 'texts/s',
    goal: 'reported',
    holds: null,
    spread: spread(own),
    note: 'from the file to rows: a pointer, a text, a number and a status each',
  });
}

/** Until the first poll that gives rows, in milliseconds of the wall. */
function first(folder: string): BenchResult {
  const path = join(folder, 'large.etl');
  writeSparseTrace(path, LARGE_BYTES / BUFFER_BYTES - 1);
  const own: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now();
    const source = opened(openTrace(path, { locale: 'en-US' }));
    let rows = 0;
    while (rows === 0 && source.poll(({ count }) => (rows += count)).state === 'capturing');
    own.push(performance.now() - start);
    source.close();
  }
  return measured({
    name: 'etl.first',
    value: median(own),
    unit: 'ms',
    goal: 'first rows of 5 GB in 500 ms',
    holds: median(own) <= 500,
    spread: spread(own),
    note: `${LARGE_BYTES / BUFFER_BYTES} buffers of one event each, the rest of the file is a hole; cached by the system`,
  });
}

function opened<T>(
  result:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly failure: { readonly message: string } },
): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
