/**
 * `ringview query`: SQL over log files. They are first converted, in bounded memory, into a file with one table; the
 * database then reads what a query needs of it.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { isParquet } from '../../native/sources/file/detect.ts';
import { openScratchFolder } from '../files/scratch-folder.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { QueryProcess } from '../query/client.ts';
import { resultText } from '../query/result-text.ts';
import { encodeUtf8 } from '../session/text/text.ts';
import { type ConvertIo, convert } from './convert.ts';
import type { InputRequest } from './input-args.ts';
import { openSink } from './output-sink.ts';
import type { QueryRequest } from './query-args.ts';

/** The most memory that the database uses; beyond it, data goes to the folder of the table. */
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

/** A query may take as long as it likes, until a stop is requested; then its process is ended and the table removed. */
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

/**
 * Runs `use` with the inputs as the table `log` of a separate database process. Afterwards neither process nor table is
 * left.
 */
export async function withTable<T>(
  request: InputRequest,
  io: ConvertIo,
  use: (database: QueryProcess) => Promise<Result<T>>,
): Promise<Result<T>> {
  const opened = openScratchFolder(io.report);
  if (!opened.ok) return opened;
  const folder = opened.value;
  let database: QueryProcess | null = null;
  try {
    const parquet = await tableFiles(request, folder.path, io);
    if (!parquet.ok) return parquet;
    const started = await QueryProcess.start(PROGRAM, {
      parquet: parquet.value,
      scratchFolder: folder.path,
      memoryBytes: MEMORY_BYTES,
    });
    if (!started.ok) return started;
    database = started.value;
    return await use(database);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, 'A table could not be made of the log') };
  } finally {
    await database?.close();
    folder.remove();
  }
}

/** The inputs as Parquet files: in place if all of them are Parquet already, otherwise converted into a single file. */
async function tableFiles(request: InputRequest, folder: string, io: ConvertIo): Promise<Result<readonly string[]>> {
  if (request.offsets === undefined && request.inputs.every((path) => path !== '-' && isParquetFile(path)))
    return ok(request.inputs);
  const out = join(folder, 'log.parquet');
  const whole = {
    out,
    format: 'parquet',
    filter: null,
    losses: true,
    spreadsheetSafe: true,
    recordFields: true,
  } as const;
  const converted = await convert({ ...request, ...whole }, io);
  return converted.ok ? ok([out]) : converted;
}

function isParquetFile(path: string): boolean {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const magic = Buffer.alloc(4);
    return readSync(fd, magic, 0, 4, 0) === 4 && isParquet(magic);
  } catch {
    // Opening the file as a log reports what is wrong with it.
    return false;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
