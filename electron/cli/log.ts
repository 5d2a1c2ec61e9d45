/** `ringview log`: logs a text, or the lines of standard input, through ringview.sys. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { LONGEST_DATA, type ProgramRecord } from '../../native/core/write-batch.ts';
import { openProgramLog, type ProgramLog } from '../../native/win32/program-log.ts';
import type { LogRequest } from './log-args.ts';

/** How long lines that come one by one wait for others, milliseconds. */
const GATHER_MS = 50;

/** What is used of the driver; tests replace it. */
export type Log = Pick<ProgramLog, 'add' | 'flush' | 'close' | 'counts'>;

/** The value says what became of the records. Failures: those of openProgramLog and ProgramLog; lost-records. */
export async function logText(
  { text, level, type, remarks }: LogRequest,
  input: Readable,
  open: () => Result<Log> = openOnWindows,
): Promise<Result<string>> {
  const opened = open();
  if (!opened.ok) return opened;
  const log = opened.value;
  const encoder = new TextEncoder();
  const record = (line: string): ProgramRecord => {
    // What is beyond the longest record is cut: a line of a file can be of any length.
    return { level, type, remarks, data: encoder.encode(line).subarray(0, LONGEST_DATA) };
  };
  try {
    const sent = text === null ? await addLines(log, input, record) : log.add(record(text));
    if (!sent.ok) return sent;
    const flushed = log.flush();
    if (!flushed.ok) return flushed;
  } finally {
    log.close();
  }
  const { written, lost, refused, masked } = log.counts;
  if (lost + refused === 0) return ok(masked === 0 ? `${written} logged` : `${written} logged, ${masked} switched off`);
  const what = `${lost + refused} of ${written + lost + refused} records are lost: ${lost} by full rings, ${refused} over this process's share`;
  return fail('source-busy', what, 'Read the driver, or make its rings larger: ringview driver configure');
}

async function addLines(log: Log, input: Readable, record: (line: string) => ProgramRecord): Promise<Result<void>> {
  let timer: NodeJS.Timeout | null = null;
  let failed: Result<void> = ok(undefined);
  const flushSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      const flushed = log.flush();
      if (!flushed.ok) failed = flushed;
    }, GATHER_MS);
  };
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      // An empty record would be lost as one of zero length.
      const added = log.add(record(line === '' ? ' ' : line));
      if (!added.ok) return added;
      if (!failed.ok) return failed;
      flushSoon();
    }
    return failed;
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

function openOnWindows(): Result<Log> {
  if (process.platform === 'win32') return openProgramLog();
  const action = 'On Linux, be a driver yourself: ringview simulate --name demo';
  return fail('source-unsupported', 'Drivers exist on Windows only', action);
}
