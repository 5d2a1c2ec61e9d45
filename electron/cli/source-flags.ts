/** The options of sources on a command line: which flags exist, and which were given for the named sources. */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { parseSourceName } from '../../native/sources/registry.ts';
import {
  checkOptions,
  optionsOfKind,
  SOURCE_OPTION_NAMES,
  SOURCE_OPTIONS,
  type SourceOptionName,
  type SourceOptions,
} from '../../native/sources/source-kind.ts';

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
}

/** The values that a command line gave for the flags of sources. */
export type SourceFlagValues = Readonly<Record<string, unknown>>;

/** Every option of any kind of source, in the form of `parseArgs`. */
export const SOURCE_FLAGS: Readonly<Record<string, Flag>> = Object.fromEntries(
  SOURCE_OPTION_NAMES.map((name): [string, Flag] => {
    const { flag, value, many } = SOURCE_OPTIONS[name];
    return [flag, { type: value === null ? 'boolean' : 'string', ...(many ? { multiple: true } : {}) }];
  }),
);

/**
 * The options given for these sources. Failure: bad-argument for an option that no named source has, or for an invalid
 * value.
 */
export function sourceOptions(values: SourceFlagValues, sources: readonly string[]): Result<SourceOptions> {
  const options: SourceOptions = Object.fromEntries(
    SOURCE_OPTION_NAMES.map((name) => [name, values[SOURCE_OPTIONS[name].flag]]).filter(
      ([, value]) => value !== undefined,
    ),
  );
  // A source of no known kind is reported when it is opened.
  const kinds = sources.flatMap((spec) => parseSourceName(spec)?.kind ?? []);
  for (const name of Object.keys(options) as SourceOptionName[]) {
    if (kinds.some((kind) => kind.options.includes(name))) continue;
    const { flag } = SOURCE_OPTIONS[name];
    return fail('bad-argument', `none of the sources has an option --${flag}`, 'leave it out');
  }
  for (const kind of kinds) {
    const checked = checkOptions(kind.form, kind, optionsOfKind(kind, options));
    if (!checked.ok) return checked;
  }
  return ok(options);
}

/** The options that apply to the source `spec`, out of those given for all. */
export function optionsFor(spec: string, options: SourceOptions): SourceOptions {
  const kind = parseSourceName(spec)?.kind;
  return kind === undefined ? {} : optionsOfKind(kind, options);
}
