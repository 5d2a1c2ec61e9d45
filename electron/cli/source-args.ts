/** The sources that a command names, and how they are read. */
import type { SourceOptions } from '../../native/sources/source-kind.ts';
import { BadOption, required, type Topic } from './arg-values.ts';
import { type SourceFlagValues, sourceOptions } from './source-flags.ts';

/** At least one source, no two the same; `name` is what they are called in the command's help. */
export function sourcesOf(given: readonly string[], topic: Topic, name = '--source'): readonly string[] {
  required(given[0], name, topic);
  const twice = given.find((source, at) => source === '' || given.indexOf(source) !== at);
  if (twice !== undefined) throw new BadOption(`${name}: '${twice}' is empty or named twice`, topic);
  return given;
}

export function optionsOf(values: SourceFlagValues, sources: readonly string[], topic: Topic): SourceOptions {
  const options = sourceOptions(values, sources);
  if (!options.ok) throw new BadOption(`${options.failure.message}; ${options.failure.action}`, topic);
  return options.value;
}
