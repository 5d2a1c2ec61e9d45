/**
 * Writes the summary to a file. It replaces an earlier one completely or not at all, so that a capture that is killed
 * leaves the old summary unchanged. A device or a pipe is written to directly.
 */
import { open, stat } from 'node:fs/promises';
import { type Failure, fail, ok, type Result } from '../../native/core/result.ts';
import { ReplacingFile, replaceFile } from '../files/replacing-file.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { encodeUtf8 } from '../session/text/text.ts';
import type { CaptureSummary } from './summary.ts';
import { type Waiter, waitPatiently } from './waiter.ts';

/** Checks the path in advance; leaves nothing behind. */
export async function checkSummaryPath(path: string): Promise<Failure | null> {
  if (await isStream(path)) return null;
  const tried = await ReplacingFile.create(path);
  if (!tried.ok) return about(tried.failure);
  await tried.value.discard();
  return null;
}

/** Waits for a FIFO without a reader as for any output: with a limit once a stop was requested. */
export async function writeSummary(path: string, summary: CaptureSummary, waiter: Waiter): Promise<Failure | null> {
  const bytes = encodeUtf8(`${JSON.stringify(summary)}\n`);
  let written: Result<void> | null = null;
  const writing = (async () => {
    written = (await isStream(path)) ? await writeToStream(path, bytes) : await replaceFile(path, bytes);
  })();
  if (!(await waitPatiently(writing, () => 0, waiter))) {
    const given = fail('cancelled', `The summary ${path} could not be written in time`, 'See who reads it');
    return given.ok ? null : given.failure;
  }
  const result = written as Result<void> | null;
  return result === null || result.ok ? null : about(result.failure);
}

async function isStream(path: string): Promise<boolean> {
  try {
    const there = await stat(path);
    return !there.isFile() && !there.isDirectory();
  } catch {
    // The path does not exist or cannot be examined: writing to it will report why.
    return false;
  }
}

async function writeToStream(path: string, bytes: Uint8Array): Promise<Result<void>> {
  try {
    const file = await open(path, 'w');
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    return ok(undefined);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${path} could not be written`) };
  }
}

const about = (failure: Failure): Failure => ({ ...failure, message: `The summary: ${failure.message}` });
