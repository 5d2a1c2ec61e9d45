/**
 * `ringview capture`: the app's capture without a window. It uses the same sources and formatters as the app, with a
 * file in place of the store, and accounts for every record. After a request to stop, every wait is bounded: if the
 * output accepts no more data, it is given up, and the summary says how many rows it is missing.
 */
import { type Failure, fail, type Result } from '../../native/core/result.ts';
import type { LogSource } from '../../native/sources/source.ts';
import type { SourceOptions } from '../../native/sources/source-kind.ts';
import { withSession } from '../files/log-files.ts';
import { lineFormatter } from '../session/output/line-formats.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import type { CaptureRequest } from './args.ts';
import { NOTHING_FOUND, type WatchFindings } from './message-watch.ts';
import { openAll } from './open-sources.ts';
import { RowCapture } from './row-capture.ts';
import { sameFile } from './same-file.ts';
import { type CaptureSummary, describeSummary, summarize } from './summary.ts';
import { checkSummaryPath, writeSummary } from './summary-file.ts';
import type { Waiter } from './waiter.ts';

export interface CaptureIo {
  readonly open: (spec: string, options: SourceOptions) => Result<LogSource>;
  readonly waiter: Waiter;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly unixMs: () => number;
  /** A line for people. */
  readonly report: (line: string) => void;
}

export interface CaptureResult {
  readonly summary: CaptureSummary;
  readonly failure: Failure | null;
  readonly watch: WatchFindings;
}

/** Captures until something ends it, then reports. Every failure is in the result and in the summary. */
export async function captureToFile(asked: CaptureRequest, io: CaptureIo): Promise<CaptureResult> {
  const request = { ...asked, out: withSession(asked.out, asked.sources.join(', ')) };
  const startedAtUnixMs = io.unixMs();
  const startMs = io.waiter.now();
  const base = { sources: request.sources, startedAtUnixMs };
  const refused = await checkPaths(request);
  if (refused !== null) {
    const nothing = { opened: [], lateByMerge: 0, durationMs: 0, rows: 0, notWritten: 0 };
    return { summary: summarize({ ...base, ...nothing, failure: refused }), failure: refused, watch: NOTHING_FOUND };
  }

  const opened = await openAll(request, io);
  const { format } = request;
  const run = new RowCapture(request, io, (info, { names, processOf, eventOf, fieldsOf }) =>
    lineFormatter(
      format,
      outputFacts({ info, sources: names, processOf, eventOf, fieldsOf, filter: request.filter ?? null }),
    ),
  );
  const failure = opened.ok ? await run.toEnd(opened.value) : opened.failure;
  const outcomes = (opened.ok ? opened.value : []).map((source, at) => ({
    source: request.sources[at] as string,
    info: source.info,
    stats: source.stats(),
    state: run.endings[at] ?? ('stopped' as const),
  }));
  const durationMs = io.waiter.now() - startMs;
  const { rows, notWritten, hidden, lateByMerge, replaced } = run;
  const watch = run.watch.findings;
  const accounts = { opened: outcomes, lateByMerge, durationMs, rows, notWritten, hidden, replaced, failure };
  const summary = summarize({ ...base, ...accounts });
  if (opened.ok) {
    const cpus = outcomes.flatMap(({ stats }) => stats.cpus);
    io.report(describeSummary(summary, cpus, run.stalledMs, run.readerLeft));
  }
  if (request.summaryPath === null) return { summary, failure, watch };
  const unwritten = await writeSummary(request.summaryPath, summary, io.waiter);
  if (unwritten !== null) io.report(`The summary was to be: ${JSON.stringify(summary)}`);
  return { summary, failure: failure ?? unwritten, watch };
}

/** Checks the paths before anything else happens, so that a wrong one is reported at once and no file is created. */
async function checkPaths({ out, summaryPath }: CaptureRequest): Promise<Failure | null> {
  if (summaryPath === null) return null;
  if (await sameFile(out, summaryPath)) {
    const message = `--out ${out} and --summary ${summaryPath} are one file`;
    const same = fail('bad-argument', message, 'Name two files: one would overwrite the other');
    return same.ok ? null : same.failure;
  }
  return checkSummaryPath(summaryPath);
}
