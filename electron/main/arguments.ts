/** The app's own command line. Chromium's switches share it, so what is not ours is left alone. */
import { parseArgs } from 'node:util';
import type { Theme } from '../contract/app.ts';

export interface AppArguments {
  /** Sources to capture from at once, `--source sim:NAME`, as often as there are; none starts with an empty window. */
  readonly sources: readonly string[];
  /** `--theme light|dark|system`; null means the remembered one. */
  readonly theme: Theme | null;
}

/** Reads the arguments after the program's own; an unusable value is as good as none. */
export function parseArguments(args: readonly string[]): AppArguments {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: { source: { type: 'string', multiple: true }, theme: { type: 'string' } },
  });
  const { source, theme } = values;
  return {
    sources: (source ?? []).filter((name) => typeof name === 'string' && name !== '') as string[],
    theme: theme === 'light' || theme === 'dark' || theme === 'system' ? theme : null,
  };
}
