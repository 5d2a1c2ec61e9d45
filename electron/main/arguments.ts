/** The app's own command line. Chromium's switches share it, so what is not ours is left alone. */
import { parseArgs } from 'node:util';
import type { Theme } from '../contract/channels.ts';

export interface AppArguments {
  /** Source to capture from at once, `--source sim:NAME`; null starts with an empty window. */
  readonly source: string | null;
  /** `--theme light|dark|system`; null means the remembered one. */
  readonly theme: Theme | null;
}

/** Reads the arguments after the program's own; an unusable value is as good as none. */
export function parseArguments(args: readonly string[]): AppArguments {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: { source: { type: 'string' }, theme: { type: 'string' } },
  });
  const { source, theme } = values;
  return {
    source: typeof source === 'string' && source !== '' ? source : null,
    theme: theme === 'light' || theme === 'dark' || theme === 'system' ? theme : null,
  };
}
