/** The sources that a command names, and how they are read. */

import { describeFailure } from '../../native/core/result.ts';
import { parseSourceName } from '../../native/sources/registry.ts';
import type { SourceOptions } from '../../native/sources/source-kind.ts';
import { BadOption, required, type Topic } from './arg-values.ts';
import { type SourceFlagValues, sourceOptions } from './source-flags.ts';

/** The source of what the PDBs among the symbols switch on. */
const OF_PDBS = 'etw:';

export interface NamedSources {
  /** At least one, no two the same. */
  readonly sources: readonly string[];
  /** How they are read; each uses the options that its kind has. */
  readonly options: SourceOptions;
}

/** The sources that were named, and the options given for them; `name` is what they are called in the command's help. */
export function namedSources(
  named: readonly string[],
  values: SourceFlagValues,
  topic: Topic,
  name = '--source',
): NamedSources {
  required(named[0], name, topic);
  const twice = named.find((source, at) => source === '' || named.indexOf(source) !== at);
  if (twice !== undefined) throw new BadOption(`${name}: '${twice}' is empty or named twice`, topic);
  const { sources, symbols } = withoutPdbs(named, values.symbols);
  return { sources, options: optionsOf({ ...values, symbols }, sources, topic) };
}

export function optionsOf(values: SourceFlagValues, sources: readonly string[], topic: Topic): SourceOptions {
  const options = sourceOptions(values, sources);
  if (!options.ok) throw new BadOption(describeFailure(options.failure), topic);
  return options.value;
}

/** A PDB that stands where sources do is what its driver writes, live, and the symbols that explain it. */
function withoutPdbs(
  named: readonly string[],
  symbols: unknown,
): { readonly sources: readonly string[]; readonly symbols: unknown } {
  const isPdb = (source: string): boolean => /\.pdb$/i.test(source) && parseSourceName(source) === null;
  const pdbs = named.filter(isPdb);
  if (pdbs.length === 0) return { sources: named, symbols };
  const sources = named.map((source) => (isPdb(source) ? OF_PDBS : source));
  return {
    sources: sources.filter((source, at) => sources.indexOf(source) === at),
    symbols: [...(Array.isArray(symbols) ? (symbols as string[]) : []), ...pdbs],
  };
}
