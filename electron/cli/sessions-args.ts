/** The arguments of `ringview sessions`. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../native/core/result.ts';

export const SESSIONS_VERBS = ['list', 'rename', 'delete', 'pack', 'pin', 'unpin', 'prune'] as const;
type Verb = (typeof SESSIONS_VERBS)[number];

interface Place {
  /** Folder of the sessions; null for the default one. */
  readonly library: string | null;
}

export type SessionsRequest = Place &
  (
    | { readonly verb: 'list'; readonly json: boolean }
    | { readonly verb: 'rename'; readonly name: string; readonly newName: string }
    | { readonly verb: 'delete' | 'pin' | 'unpin'; readonly names: readonly string[] }
    /** `out`: null for a file with the session's name in the current folder. */
    | { readonly verb: 'pack'; readonly names: readonly string[]; readonly out: string | null }
    | { readonly verb: 'prune'; readonly mostBytes: number | null; readonly mostAgeMs: number | null }
  );

const DAY_MS = 86_400_000;
const GB = 1e9;

/** Parses the arguments after `sessions`; null if help is asked for. Failure: bad-argument. */
export function parseSessions(args: readonly string[]): Result<SessionsRequest | null> {
  let parsed: ReturnType<typeof parseAll>;
  try {
    parsed = parseAll([...args]);
  } catch (error) {
    return wrong((error instanceof Error ? error.message : String(error)).replace(/\. .*/s, ''));
  }
  const { values, positionals } = parsed;
  if (values.help) return ok(null);
  const [word = 'list', ...names] = positionals;
  const verb = SESSIONS_VERBS.find((each) => each === word);
  if (verb === undefined) return wrong(`sessions: '${word}' is none of ${SESSIONS_VERBS.join(', ')}`);
  const { help: _, library = null, ...own } = values;
  const foreign = Object.keys(own).find((name) => !OPTIONS_OF[verb].includes(name));
  if (foreign !== undefined) return wrong(`sessions ${verb} has no option --${foreign}`);
  return requestOf(verb, names, values, { library });
}

const OPTIONS_OF: Readonly<Record<Verb, readonly string[]>> = {
  list: ['json'],
  rename: [],
  delete: [],
  pack: ['out'],
  pin: [],
  unpin: [],
  prune: ['max-gb', 'max-days'],
};

export const SESSIONS = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  library: { type: 'string' },
  out: { type: 'string' },
  'max-gb': { type: 'string' },
  'max-days': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

function parseAll(args: string[]) {
  return parseArgs({ args, strict: true, allowPositionals: true, options: SESSIONS });
}

function requestOf(
  verb: Verb,
  names: readonly string[],
  values: ReturnType<typeof parseAll>['values'],
  place: Place,
): Result<SessionsRequest> {
  const [name, newName, more] = names;
  switch (verb) {
    case 'list':
      return name === undefined
        ? ok({ ...place, verb, json: values.json ?? false })
        : wrong(`'${name}' is one too many`);
    case 'rename':
      if (name === undefined || newName === undefined || more !== undefined)
        return wrong('sessions rename takes a NAME and a new one');
      return ok({ ...place, verb, name, newName });
    case 'pack':
      if (name === undefined) return wrong('sessions pack: NAME is missing');
      if (values.out !== undefined && newName !== undefined) return wrong('--out is one file, and so takes one NAME');
      return ok({ ...place, verb, names, out: values.out ?? null });
    case 'prune': {
      if (name !== undefined) return wrong(`'${name}' is one too many`);
      const [gb, days] = [values['max-gb'], values['max-days']];
      const [size, age] = [gb === undefined ? null : numberOf(gb), days === undefined ? null : numberOf(days)];
      if (gb === undefined && days === undefined) return wrong('sessions prune takes --max-gb, --max-days or both');
      if (Number.isNaN(size) || Number.isNaN(age)) return wrong('--max-gb and --max-days take numbers from 0 on');
      return ok({
        ...place,
        ...{ verb, mostBytes: size === null ? null : size * GB, mostAgeMs: age === null ? null : age * DAY_MS },
      });
    }
    default:
      return name === undefined ? wrong(`sessions ${verb}: NAME is missing`) : ok({ ...place, verb, names });
  }
}

function numberOf(text: string): number {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function wrong(message: string): Result<never> {
  return fail('bad-argument', message.replace(/^Unknown/, 'unknown'), "See 'ringview sessions --help'");
}
