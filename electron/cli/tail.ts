/**
 * `ringview tail`: shows what a source logs, as it arrives. On a terminal, a screen is drawn a limited number of times
 * a second and never holds the drain up. Elsewhere every row is written as a plain line.
 */
import { type Failure, fail, type Result } from '../../native/core/result.ts';
import type { LogSource } from '../../native/sources/source.ts';
import type { SourceOptions } from '../../native/sources/source-kind.ts';
import { ONE_FILE } from '../files/log-files.ts';
import type { RowFormatter } from '../session/output/formatter.ts';
import type { ExportInfo } from '../session/output/output-facts.ts';
import type { TailRequest } from './args.ts';
import { BatchFilter } from './batch-filter.ts';
import { type DemoDriver, startDemoDriver } from './demo-driver.ts';
import { MergedSources } from './merged-sources.ts';
import { NOTHING_WATCHED } from './message-watch.ts';
import { openAll } from './open-sources.ts';
import { RowCapture } from './row-capture.ts';
import type { SourceFacts } from './source-facts.ts';
import { describeSummary, summarize } from './summary.ts';
import { type LineExtras, lineOf, lineText } from './tail-line.ts';
import { TailScreen } from './tail-screen.ts';
import { type Key, Terminal, terminalManner } from './terminal.ts';
import { visibleText } from './terminal-text.ts';
import type { TextOut } from './text-out.ts';
import { type ProcessWaiter, waitPatiently } from './waiter.ts';

export interface TailIo {
  readonly open: (spec: string, options: SourceOptions) => Result<LogSource>;
  readonly waiter: ProcessWaiter;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly unixMs: () => number;
  /** A line for people. */
  readonly report: (line: string) => void;
  readonly out: TextOut;
}

/** Time between two frames; milliseconds. */
const FRAME_MS = 66;
/** How long the simulated driver may take to create its ring session. */
const DEMO_WAIT_SECONDS = 30;
/** How long the simulated driver may take to end. */
const DEMO_END_MS = 2000;

/** Shows rows until something ends it. */
export async function tail(request: TailRequest, io: TailIo): Promise<Failure | null> {
  if (request.sources.length > 0) return tailSources(request, io);
  const demo = await startDemoDriver();
  if (!demo.ok) return demo.failure;
  const { source } = demo.value;
  const failure = await tailSources({ ...request, sources: [source], waitSeconds: DEMO_WAIT_SECONDS }, io, demo.value);
  demo.value.stop();
  await io.waiter.waitOut(demo.value.ended, DEMO_END_MS);
  return failure;
}

async function tailSources(request: TailRequest, io: TailIo, demo: DemoDriver | null = null): Promise<Failure | null> {
  const opening = openAll(request, io);
  // If the driver ends before its ring session exists, waiting longer is of no use.
  const opened = await Promise.race([opening, ...(demo === null ? [] : [demo.ended.then(() => demoFailed)])]);
  if (!opened.ok) return opened.failure;
  const sources = opened.value;
  // If standard input is the log, it cannot deliver keys too.
  const typed = request.sources.includes('-') && process.stdin.isTTY === true;
  const manner = terminalManner(process.stdout.isTTY === true && !typed, process.env);
  const startedAtUnixMs = io.unixMs();
  const startMs = io.waiter.now();
  const shown =
    manner === 'plain lines'
      ? await writeLines(request, sources, io)
      : await showScreen(request, sources, io, manner === 'colour');
  const outcomes = sources.map((source, at) => ({
    source: visibleText(request.sources[at] as string),
    info: source.info,
    stats: source.stats(),
    state: shown.endings[at] ?? ('stopped' as const),
  }));
  const summary = summarize({
    sources: outcomes.map(({ source }) => source),
    opened: outcomes,
    lateByMerge: shown.lateByMerge,
    startedAtUnixMs,
    durationMs: io.waiter.now() - startMs,
    rows: shown.rows,
    notWritten: shown.notWritten,
    hidden: shown.hidden,
    failure: shown.failure,
  });
  const cpus = outcomes.flatMap(({ stats }) => stats.cpus);
  io.report(describeSummary(summary, cpus, shown.stalledMs, shown.readerLeft));
  return shown.failure;
}

const demoFailed = fail(
  'source-gone',
  'The simulated driver ended before it had a ring session',
  'See what it said above',
);

/** The outcome of showing rows. */
interface Shown {
  readonly failure: Failure | null;
  readonly endings: MergedSources['endings'];
  readonly lateByMerge: number;
  readonly rows: number;
  readonly notWritten: number;
  /** Rows that the filter hid; null without one. */
  readonly hidden: number | null;
  readonly stalledMs: number;
  readonly readerLeft: boolean;
}

function extrasOf({ names, processOf }: SourceFacts): LineExtras {
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return { sourceName: names.length < 2 ? null : (source) => nameOf.get(source) ?? String(source), processOf };
}

async function writeLines(request: TailRequest, sources: readonly LogSource[], io: TailIo): Promise<Shown> {
  const { durationSeconds, filter } = request;
  const rows = { durationSeconds, maxEntries: null, out: '-', ...(filter === undefined ? {} : { filter }) };
  const run = new RowCapture({ ...rows, logFiles: ONE_FILE, watch: NOTHING_WATCHED }, io, plainFormatter);
  const failure = await run.toEnd(sources);
  return { ...run, failure };
}

function plainFormatter(_info: ExportInfo, facts: SourceFacts): RowFormatter {
  const extras = extrasOf(facts);
  return { header: () => '', row: (row) => `${lineText(lineOf(row, extras))}\n` };
}

async function showScreen(
  request: TailRequest,
  sources: readonly LogSource[],
  io: TailIo,
  colour: boolean,
): Promise<Shown> {
  const { waiter, out } = io;
  const endMs =
    request.durationSeconds === null ? Number.POSITIVE_INFINITY : waiter.now() + request.durationSeconds * 1000;
  const merged = new MergedSources(sources, (batch) => screen.take(filter?.take(batch) ?? batch));
  const filter =
    request.filter === undefined
      ? null
      : new BatchFilter(request.filter, merged.facts.names, sources, merged.startUnixMs);
  const screen = new TailScreen(
    visibleText(merged.facts.names.map(({ name }) => name).join(', ')),
    extrasOf(merged.facts),
    process.stdin.isTTY === true,
  );
  const onKey = (key: Key): void => {
    if (key === 'quit') waiter.stop();
    else screen.togglePause();
  };
  const terminal = new Terminal(out, colour, onKey);
  const frame = (): void => {
    screen.resize(terminal.size);
    const stats = sources.map((source) => source.stats());
    terminal.draw(screen.frame(waiter.now(), stats, merged.late));
  };
  terminal.enter();
  screen.resize(terminal.size);
  let nextFrameMs = waiter.now();
  while (!waiter.stopped && !merged.ended && !terminal.gone && waiter.now() < endMs) {
    const delay = merged.poll(waiter.now());
    if (waiter.now() >= nextFrameMs && !terminal.busy) {
      frame();
      nextFrameMs = waiter.now() + FRAME_MS;
    }
    await waiter.wait(Math.min(delay, endMs - waiter.now(), FRAME_MS));
  }
  merged.finish();
  screen.paused = false;
  if (await waitPatiently(out.settled(), () => 0, waiter)) frame();
  terminal.leave();
  await waitPatiently(out.settled(), () => 0, waiter);
  const failure = sources.map((source) => source.stats().failure).find((each) => each !== null) ?? null;
  const { endings, late } = merged;
  return {
    failure,
    endings,
    lateByMerge: late,
    rows: 0,
    notWritten: 0,
    hidden: filter?.hidden ?? null,
    stalledMs: 0,
    readerLeft: false,
  };
}
