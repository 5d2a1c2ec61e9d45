/** Owns the translation of the app's arguments for a terminal, in which the log is shown if there is no display. Pure. */
import { parseArgs } from 'node:util';

/** The source that the app and the command line bring along. */
const demo = 'sim:demo';

/** The arguments of `ringview tail` for those of the app; arguments that concern only a window are left out. */
export function tailArguments(/** @type {readonly string[]} */ appArguments) {
  const { values } = parseArgs({
    args: [...appArguments],
    strict: false,
    allowPositionals: true,
    options: { source: { type: 'string', multiple: true }, schema: { type: 'string', multiple: true } },
  });
  const named = (/** @type {typeof values.source} */ given) =>
    (Array.isArray(given) ? given : []).flatMap((name) => (typeof name === 'string' && name !== '' ? [name] : []));
  const sources = [...new Set(named(values.source))];
  const schemas = named(values.schema).flatMap((path) => ['--schema', path]);
  if (sources.every((source) => source === demo)) return [...schemas, '--demo'];
  // After `--`, a source is not taken for an option, however it is spelled.
  return [...schemas, '--', ...sources];
}
