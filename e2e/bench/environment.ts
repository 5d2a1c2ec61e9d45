/** What electron/setup/bench.mjs found on this machine and handed over, and how the machine is asked for more. */
import { readFileSync } from 'node:fs';

export interface Environment {
  /** The project's top level. */
  readonly root: string;
  /** Why a tool cannot be used, by its name: gcc, rg, lttng, lnav, window. */
  readonly lacking: Readonly<Record<string, string>>;
  /** Absent if no window can be shown. */
  readonly electron?: { readonly path: string; readonly switches: readonly string[] };
}

export function readEnvironment(): Environment {
  const text = process.env.RINGVIEW_BENCH;
  if (text === undefined) throw new Error('this program is started by: npm run bench');
  return JSON.parse(text) as Environment;
}

/** What Linux says in a file of /proc; empty elsewhere, or where a process has ended meanwhile. */
export function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Progress for whoever waits; stdout is for the results alone. */
export function progress(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
