/** Owns what the app's arguments mean where its log is shown in a terminal instead of a window. Pure. */
import { parseArgs } from 'node:util';

/** The source that the app and the command line bring along. */
const demo = 'sim:demo';

/** Arguments of `ringview tail` for those of the app; what only a window knows is left out. */
export function tailArguments(/** @type {readonly string[]} */ appArguments) {
  const { values } = parseArgs({
    args: [...appArguments],
    strict: false,
    allowPositionals: true,
    options: { source: { type: 'string', multiple: true } },
  });
  const named = (values.source ?? []).filter((source) => typeof source === 'string' && source !== '');
  const sources = [...new Set(named.map(String))];
  if (sources.every((source) => source === demo)) return ['--demo'];
  // A source is no option, however it is spelled.
  return ['--', ...sources];
}
