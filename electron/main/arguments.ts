/** The app's own command line. Chromium's switches share it, so what is not ours is left alone. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Theme } from '../contract/app.ts';
import { fileSource, isFileSource } from '../service/open-file.ts';
import { tokenOf } from './restart-file.ts';

export interface AppArguments {
  /**
   * Sources to capture from at once, `--source sim:NAME`, as often as there are; none starts with an empty window. Files
   * are named by their whole path: an instance elsewhere that these are handed to has a working folder of its own.
   */
  readonly sources: readonly string[];
  /** `--modules FILE`, as often as there are: lists of loaded modules, by their whole paths. */
  readonly modules: readonly string[];
  /** `--symbols PATH`, likewise: folders with PDBs, PDBs, or symbol paths as debuggers have them. */
  readonly symbols: readonly string[];
  /** `--schema FILE`, likewise: what the bytes of typed records are, by their whole paths. */
  readonly schemas: readonly string[];
  /** `--resume TOKEN`: what an instance that ended has left (restart-file.ts); null for nothing. */
  readonly resume: string | null;
  /** `--theme light|dark|system`; null means the remembered one. */
  readonly theme: Theme | null;
}

/**
 * Reads the arguments after the program's own; an unusable value is as good as none. What is no option is a file, as a file
 * manager names those that it opens. `wholePath` makes a path whole by the working folder of this process; `program` is the
 * path of the program itself, which stands among the arguments where it is run from its sources.
 */
export function parseArguments(
  args: readonly string[],
  wholePath: (path: string) => string = (path) => resolve(path),
  program = '',
): AppArguments {
  const read = (some: readonly string[]) =>
    parseArgs({
      args: [...some],
      strict: false,
      allowPositionals: true,
      options: {
        source: { type: 'string', multiple: true },
        modules: { type: 'string', multiple: true },
        symbols: { type: 'string', multiple: true },
        schema: { type: 'string', multiple: true },
        theme: { type: 'string' },
        resume: { type: 'string' },
      },
    });
  const { values } = read(args);
  // What stands before the program is meant for what runs it.
  const { positionals } = read(args.slice(args.findIndex((arg) => wholePath(arg) === program) + 1));
  const { source, theme } = values;
  const named = (given: typeof source): string[] =>
    (given ?? []).filter((name): name is string => typeof name === 'string' && name !== '');
  return {
    sources: [
      ...named(source).map((name) => whole(name, wholePath)),
      ...positionals.filter((path) => path !== '').map((path) => fileSource(wholePath(path))),
    ],
    modules: named(values.modules).map(wholePath),
    symbols: named(values.symbols),
    schemas: named(values.schema).map(wholePath),
    resume: tokenOf(values.resume),
    theme: theme === 'light' || theme === 'dark' || theme === 'system' ? theme : null,
  };
}

/** Without a path it stays as it is: opening it says what is missing. */
function whole(source: string, wholePath: (path: string) => string): string {
  const path = isFileSource(source) ? source.slice(fileSource('').length) : '';
  return path === '' ? source : fileSource(wholePath(path));
}

/** The arguments that say again what explains addresses and records. */
export const explaining = ({
  modules,
  symbols,
  schemas,
}: Pick<AppArguments, 'modules' | 'symbols' | 'schemas'>): string[] => [
  ...modules.flatMap((path) => ['--modules', path]),
  ...symbols.flatMap((path) => ['--symbols', path]),
  ...schemas.flatMap((path) => ['--schema', path]),
];
