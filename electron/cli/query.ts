/**
 * `ringview query`: SQL over log files. They become a table in a file of their own first, in bounded memory; the database
 * then reads what a query needs of it.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { QueryProcess } from '../query/client.ts';
import { resultText } from '../query/result-text.ts';
import { encodeUtf8 } from '../session/text/text.ts';
import { type ConvertIo, convert } from './convert.ts';
import type { InputRequest } from './input-args.ts';
import { openSink } from './output-sink.ts';
import type { QueryRequest } from './query-args.ts';

/** What the database holds in memory; more goes to the folder of the table. */
const MEMORY_BYTES = 1024 * 1024 * 1024;
const PROGRAM = fileURLToPath(new URL('./query-process.js', import.meta.url));

/** Answers on standard output. Failures: of the files, of the query (bad-argument), of the output. */
export async function query(request: QueryRequest, io: ConvertIo): Promise<Result<void>> {
  return withTable(request, io, async (database) => {
    const columns = await unlessStopped(database.run(request.sql), io);
    if (!columns.ok) return columns;
    const text = resultText(request.format, columns.value);
    const opened = await openSink('-', io.waiter);
    if (!opened.ok) return opened;
    const sink = opened.value;
    let written = await sink.write(encodeUtf8(text.begin()));
    while (written.ok && !sink.closed) {
      const rows = await unlessStopped(database.next(), io);
      if (!rows.ok) {
        await sink.finish();
        return rows;
      }
      const last = rows.value.length === 0;
      written = await sink.write(encodeUtf8(last ? text.end() : text.rows(rows.value)));
      if (last) break;
    }
    return written.ok ? sink.finish() : written;
  });
}

/** A query may take as long as it likes, until a stop is asked for; its process is then ended with the table. */
async function unlessStopped<T>(answer: Promise<Result<T>>, { waiter }: ConvertIo): Promise<Result<T>> {
  let found: Result<T> | null = null;
  await waiter.waitFor(
    answer.then((result) => {
      found = result;
    }),
    Number.POSITIVE_INFINITY,
  );
  return found ?? fail('cancelled', 'Stopped before the query was answered', 'Ask again');
}

/** Runs `use` with the table `log` of the inputs in a process of its own; nothing of either is left behind. */
export async function withTable<T>(
  request: InputRequest,
  io: ConvertIo,
  use: (database: QueryProcess) => Promise<Result<T>>,
): Promise<Result<T>> {
  let folder: string | null = null;
  let database: QueryProcess | null = null;
  try {
    folder = mkdtempSync(join(tmpdir(), 'ringview-query-'));
    const parquet = await tableFiles(request, folder, io);
    if (!parquet.ok) return parquet;
    const started = await QueryProcess.start(PROGRAM, {
      parquet: parquet.value,
      scratchFolder: folder,
      memoryBytes: MEMORY_BYTES,
    });
    if (!started.ok) return started;
    database = started.value;
    return await use(database);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, 'A table could not be made of the log') };
  } finally {
    database?.close();
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** The inputs as one table; files that are one already are read in place. */
async function tableFiles(request: InputRequest, folder: string, io: ConvertIo): Promise<Result<readonly string[]>> {
  if (request.inputs.every((path) => path !== '-' && isParquet(path))) return ok(request.inputs);
  const out = join(folder, 'log.parquet');
  const whole = { out, format: 'parquet', filter: null, losses: true, spreadsheetSafe: true } as const;
  const converted = await convert({ ...request, ...whole }, io);
  return converted.ok ? ok([out]) : converted;
}

function isParquet(path: string): boolean {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const magic = Buffer.alloc(4);
    return readSync(fd, magic, 0, 4, 0) === 4 && magic.toString('latin1') === 'PAR1';
  } catch {
    // Opening it as a log says what is wrong.
    return false;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
