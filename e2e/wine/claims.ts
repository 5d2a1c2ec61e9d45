/** What a probe says: one line a claim, `ok` or `FAIL`, which run.mjs counts. */
import { writeSync } from 'node:fs';
import { describeFailure, type Failure, type Result } from '../../native/core/result.ts';

let failed = 0;

export function claim(holds: boolean, what: string, detail = ''): boolean {
  if (!holds) failed++;
  say(`${holds ? 'ok' : 'FAIL'} ${what}${detail === '' ? '' : `: ${detail}`}`);
  return holds;
}

/** Standard output is a file under Wine, where a pipe cannot be used. */
export function say(line: string): void {
  writeSync(1, `${line}\n`);
}

export function unwrap<T>(result: Result<T>, what: string): T {
  if (result.ok) return result.value;
  throw new Error(`${what}: ${describeFailure(result.failure)}`);
}

export function failureOf(result: Result<unknown>): Failure | null {
  return result.ok ? null : result.failure;
}

export function exitCode(): number {
  return failed === 0 ? 0 : 1;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Tells a hang from a machine that has other things to do: nothing here takes anywhere near as long where it is quiet. */
const PATIENCE_MS = 90_000;

/** Waits until `holds` does; false if that does not happen. */
export async function until(holds: () => boolean): Promise<boolean> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(5)) if (holds()) return true;
  return holds();
}
