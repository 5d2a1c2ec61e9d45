/** Turns what a person typed into a source: `kind:rest`. */
import { fail, type Result } from '../core/result.ts';
import { parseSourceName, SOURCE_KINDS } from './registry.ts';
import type { LogSource } from './source.ts';
import { checkOptions, type OpenOptions } from './source-kind.ts';

/**
 * Opens the source `spec`. Failures: bad-argument for an unknown kind, an option that the kind does not take or a value
 * that it cannot use, and whatever opening that kind can say.
 */
export function openSource(spec: string, options: OpenOptions = {}): Result<LogSource> {
  const name = parseSourceName(spec);
  if (name === null) {
    const known = SOURCE_KINDS.map(({ form, describes }) => `${form} (${describes})`).join(', ');
    return fail('bad-argument', `'${spec}' is not a source this program knows`, `Use one of: ${known}`);
  }
  const { kind, rest } = name;
  const checked = checkOptions(spec, kind, options);
  if (!checked.ok) return checked;
  return kind.open(rest, { ...options, displayName: options.displayName ?? kind.title(rest) });
}
