/**
 * `ringview convert`: converts log files of any kind into one file of any format, in the order of their times. Rows
 * only pass through, so that memory use does not grow with the files.
 */
import { setImmediate as rest } from 'node:timers/promises';
import type { EntryBatch } from '../../native/core/entry.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { createOutput } from '../session/output/export.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import { batchRun } from '../session/output/output-row.ts';
import { BatchFilter } from './batch-filter.ts';
import type { ConvertRequest } from './convert-args.ts';
import { FileMerge } from './file-merge.ts';
import { openInputs } from './open-input.ts';
import { type OutputSink, openSink } from './output-sink.ts';
import { type ProgressIo, ProgressLine } from './progress.ts';
import { sameFile } from './same-file.ts';
import type { Waiter } from './waiter.ts';

export interface ConvertIo {
  readonly waiter: Waiter;
  readonly progress: ProgressIo;
  /** A line for people. */
  readonly report: (line: string) => void;
  /** Opens what is read, if not as `openInputs` does. */
  readonly open?: typeof openInputs;
}

/** Wait while a stream has no data; milliseconds. */
const WAIT_MS = 10;

/**
 * Converts. Broken places in a file are reported, but are not a failure. Failures: of the files, of the output,
 * `cancelled`.
 */
export async function convert(request: ConvertRequest, io: ConvertIo): Promise<Result<{ readonly rows: number }>> {
  for (const input of request.inputs) {
    if (input !== '-' && request.out !== '-' && (await sameFile(request.out, input))) {
      return fail('bad-argument', `--out ${request.out} is the file that is read`, 'Name another file');
    }
  }
  const opened = (io.open ?? openInputs)(request);
  if (!opened.ok) return opened;
  const sink = await openSink(request.out, io.waiter);
  if (!sink.ok) {
    for (const { source } of opened.value) source.close(() => {});
    return sink;
  }
  const pieces: Uint8Array[] = [];
  let rows = 0;
  const take = (batch: EntryBatch): void => {
    const run = batchRun(filter?.take(batch) ?? batch);
    rows += run.count;
    pieces.push(output.rows(run));
  };
  const merge = new FileMerge(opened.value, take);
  const { losses, spreadsheetSafe } = request;
  const filter =
    request.filter === null
      ? null
      : new BatchFilter(
          request.filter,
          merge.facts.sources,
          opened.value.map(({ source }) => source),
          merge.facts.info?.startUnixMs ?? 0,
        );
  const output = createOutput(
    request.format,
    outputFacts({
      ...merge.facts,
      ...(request.recordFields ? { recordFields: true } : {}),
      losses,
      spreadsheetSafe,
      filter: request.filter,
    }),
  );
  pieces.push(output.begin());
  const progress = new ProgressLine('convert', io.progress);
  const moved = await moveAll(merge, pieces, sink.value, io, () => progress.tell(merge.progress, rows));
  progress.end();
  merge.close();
  if (moved.ok && moved.value && !sink.value.closed) {
    pieces.push(output.end());
    const written = await writePieces(pieces, sink.value);
    if (!written.ok) return written;
  }
  if (!moved.ok) {
    await sink.value.discard();
    return moved;
  }
  const finished = await sink.value.finish();
  if (!finished.ok) return finished;
  for (const line of merge.brokenLines) io.report(line);
  // Everything that could be read was written. If a file could not be read to its end, that is a failure nevertheless.
  return merge.failure === null ? ok({ rows }) : { ok: false, failure: merge.failure };
}

/** True: everything was moved; false: the reader of the output has left. */
async function moveAll(
  merge: FileMerge,
  pieces: Uint8Array[],
  sink: OutputSink,
  { waiter }: ConvertIo,
  tell: () => void,
): Promise<Result<boolean>> {
  for (;;) {
    if (waiter.stopped) return fail('cancelled', 'Stopped before everything was converted', 'Nothing was written');
    const step = merge.step();
    const written = await writePieces(pieces, sink);
    if (!written.ok) return written;
    if (sink.closed) return ok(false);
    if (step === 'ended') return ok(true);
    tell();
    if (step === 'wait') await waiter.wait(WAIT_MS);
    else await rest();
  }
}

async function writePieces(pieces: Uint8Array[], sink: OutputSink): Promise<Result<void>> {
  for (const bytes of pieces.splice(0)) {
    if (bytes.length === 0) continue;
    const written = await sink.write(bytes);
    if (!written.ok) return written;
  }
  return ok(undefined);
}
