/**
 * `ringview capture --session`: records a session on disk, without a window. The app's own store and recorder, a source
 * merged as every capture merges it; whatever ends this program, the session opens complete up to the last second.
 */
import type { EntryBatch } from '../../native/core/entry.ts';
import { EventNameTable } from '../../native/core/event-names.ts';
import { describeFailure, type Failure } from '../../native/core/result.ts';
import type { LogSource } from '../../native/sources/source.ts';
import type { RecordedProcess, SessionFacts } from '../recording/manifest.ts';
import { type Recording, startRecording } from '../recording/start-recording.ts';
import { EventNumbers } from '../session/ingest/event-numbers.ts';
import { addLosses, lossesOf, NO_LOSSES } from '../session/ingest/statistics.ts';
import { SessionStore } from '../session/store/store.ts';
import type { RecordRequest } from './args.ts';
import type { CaptureIo, CaptureResult } from './capture.ts';
import { EntryLimit } from './entry-limit.ts';
import { MergedSources } from './merged-sources.ts';
import { MessageWatch } from './message-watch.ts';
import { openAll } from './open-sources.ts';
import { libraryAt } from './sessions.ts';
import { describeSummary, summarize } from './summary.ts';
import { checkSummaryPath, writeSummary } from './summary-file.ts';

/** Rows wait in memory for a disk that is slow; what is written needs none of it. */
const MEMORY_BYTES = 256 * 1024 * 1024;
/** The longest wait for the thread that writes to start. */
const START_MS = 2000;
/** The recorder hands over what is due at least this often, milliseconds. */
const TICK_MS = 50;

/** Records until something ends it, then accounts for it. Every failure is in the result and in the summary. */
export async function recordSession(request: RecordRequest, io: CaptureIo, script?: URL): Promise<CaptureResult> {
  const startedAtUnixMs = io.unixMs();
  const startMs = io.waiter.now();
  const base = { sources: request.sources, startedAtUnixMs };
  const nothing = { opened: [], lateByMerge: 0, durationMs: 0, rows: 0, notWritten: 0 };
  const watch = new MessageWatch(request.watch);
  const refuse = (failure: Failure): CaptureResult => ({
    summary: summarize({ ...base, ...nothing, failure }),
    failure,
    watch: watch.findings,
  });
  const refused = request.summaryPath === null ? null : await checkSummaryPath(request.summaryPath);
  if (refused !== null) return refuse(refused);
  // At once, not after the wait for a source.
  const library = libraryAt(request.library, io.unixMs);
  const free = library.check(request.session);
  if (!free.ok) return refuse(free.failure);
  const opened = await openAll(request, io);
  if (!opened.ok) return refuse(opened.failure);
  const sources = opened.value;

  const run = new RecordRun(sources, request.maxEntries, watch);
  const begun = startRecording(library, {
    name: request.session,
    facts: () => run.facts(),
    eventNames: run.eventNames,
    unixMs: io.unixMs,
    onTrouble: (failure) => io.report(failure === null ? 'The session is written again' : describeFailure(failure)),
    ...(script === undefined ? {} : { script }),
  });
  if (!begun.ok) {
    for (const source of sources) source.close(() => {});
    return refuse(begun.failure);
  }
  const recording = begun.value;
  io.report(`Recording ${recording.session.name} in ${recording.session.folder}`);
  const unwrittenRows = await run.toEnd(recording, request.durationSeconds, io);
  const failure = run.failure ?? sources.map((source) => source.stats().failure).find((each) => each !== null) ?? null;
  const outcomes = sources.map((source, at) => ({
    ...{ source: request.sources[at] as string, info: source.info, stats: source.stats() },
    state: run.merged.endings[at] ?? ('stopped' as const),
  }));
  const durationMs = io.waiter.now() - startMs;
  const notWritten = run.limit.beyond + unwrittenRows;
  const rows = run.rows - unwrittenRows;
  const accounts = { opened: outcomes, lateByMerge: run.merged.late, durationMs, rows, notWritten, failure };
  const summary = summarize({ ...base, ...accounts });
  io.report(
    describeSummary(
      summary,
      outcomes.flatMap(({ stats }) => stats.cpus),
      0,
      false,
    ),
  );
  if (request.summaryPath === null) return { summary, failure, watch: watch.findings };
  const unwritten = await writeSummary(request.summaryPath, summary, io.waiter);
  return { summary, failure: failure ?? unwritten, watch: watch.findings };
}

class RecordRun {
  readonly merged: MergedSources;
  readonly limit: EntryLimit;
  rows = 0;
  failure: Failure | null = null;
  /** Of the events of all sources, by the numbers that the recorded rows have. */
  readonly eventNames = new EventNameTable();
  private readonly sources: readonly LogSource[];
  private readonly watch: MessageWatch;
  private store: SessionStore | null = null;

  constructor(sources: readonly LogSource[], maxEntries: number | null, watch: MessageWatch) {
    this.sources = sources;
    this.watch = watch;
    this.limit = new EntryLimit(maxEntries);
    const numbers = sources.map(({ eventNames }) => new EventNumbers(eventNames, this.eventNames));
    this.merged = new MergedSources(
      sources,
      (batch) => this.take(batch),
      (id, batch) => numbers[id]?.translate(batch),
    );
  }

  /** Returns the rows that are not in the session. */
  async toEnd({ recorder, finish }: Recording, durationSeconds: number | null, io: CaptureIo): Promise<number> {
    const { waiter } = io;
    const { merged } = this;
    const store = new SessionStore({ memoryCapBytes: MEMORY_BYTES, archive: recorder.archive });
    this.store = store;
    recorder.attach(store);
    // The rings hold what is logged meanwhile.
    await waiter.waitFor(recorder.ready, START_MS);
    const endMs = durationSeconds === null ? Number.POSITIVE_INFINITY : waiter.now() + durationSeconds * 1000;
    while (!waiter.stopped && !this.limit.reached && !this.watch.done && waiter.now() < endMs && !merged.ended) {
      const delay = merged.poll(waiter.now());
      recorder.tick(waiter.now());
      if (!merged.ended) await waiter.wait(Math.min(delay, TICK_MS, endMs - waiter.now()));
    }
    const endings = merged.endings.filter((each) => each !== null);
    merged.finish();
    const how = (['failed', 'gone', 'ended'] as const).find((each) => endings.includes(each));
    this.failure = await finish(how !== undefined && endings.length === this.sources.length ? how : 'stopped');
    const { savedRows, goneRows } = recorder.status;
    return Math.max(0, this.rows - savedRows) + goneRows;
  }

  /** What is known beside the rows. */
  facts(): SessionFacts {
    const { merged } = this;
    let losses = NO_LOSSES;
    const processes: RecordedProcess[] = [];
    const sources = this.sources.map((source, id) => {
      const own = lossesOf(source.stats().cpus);
      losses = addLosses(losses, own);
      for (const [pid, name] of source.processNames ?? []) processes.push({ source: id, pid, name });
      const read = source.stats().cpus.reduce((sum, cpu) => sum + cpu.read, 0);
      return { id, name: source.info.name, info: source.info, read, lost: own.lost };
    });
    const { lost, lostByCause, late } = losses;
    return { startUnixMs: merged.startUnixMs, sources, processes, lost, lostByCause, late: late + merged.late };
  }

  private take(batch: EntryBatch): void {
    const all = batch.count;
    const end = this.limit.rowsOf(batch);
    if (end === 0) return;
    this.watch.look(batch, end);
    batch.count = end;
    this.store?.append(batch);
    this.rows += end;
    batch.count = all;
  }
}
