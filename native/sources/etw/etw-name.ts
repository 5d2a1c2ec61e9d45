/**
 * The names of sources of live tracing, as a person writes them behind `etw:`. No part of one is a path: providers of a PDB are
 * asked for by `pdb`, and the PDB itself is an option. Pure.
 *
 *   PROVIDER[:KEYWORDS[:LEVEL]][+PROVIDER...]   by GUID or by the name that Windows knows
 *   pdb[:FLAGS[:LEVEL]]                         those of the PDBs that were given as symbols; the same as nothing
 *   kernel[:NAME+NAME...]                       the system logger
 *   session:NAME                                a logging session that runs
 */

import { guidOf } from '../../core/guid.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { KERNEL_FLAGS, type KernelFlagName } from '../../win32/tracing/structures.ts';

/** What to take of a provider. */
export interface EventChoice {
  /** Events with any of these bits; those that have no bits always come. */
  readonly keywords: bigint;
  /** Names of the PDB's flags instead of their bits; empty for none. */
  readonly flagNames: readonly string[];
  /** 1 critical, 2 error, 3 warning, 4 information, 5 verbose; 255 is all. */
  readonly level: number;
}

export interface NamedProvider extends EventChoice {
  /** A GUID in lower case, or a name. */
  readonly provider: string;
}

export type EtwName =
  | { readonly of: 'providers'; readonly providers: readonly NamedProvider[] }
  | { readonly of: 'pdb'; readonly choice: EventChoice }
  | { readonly of: 'kernel'; readonly flags: number; readonly names: readonly KernelFlagName[] }
  | { readonly of: 'session'; readonly session: string };

const ALL_KEYWORDS = 0xffffffffffffffffn;
const ALL_LEVELS = 255;
const LEVELS: Readonly<Record<string, number>> = {
  critical: 1,
  error: 2,
  warning: 3,
  info: 4,
  information: 4,
  verbose: 5,
  all: ALL_LEVELS,
};
/** What a name of a provider or of a session consists of: neither a colon, nor what would make it a path. */
const PLAIN_NAME = /^[\p{L}\p{N}{}()_.,=#&@ -]{1,128}$/u;
const MOST_PROVIDERS = 64;

function wrong(what: string): Result<never> {
  return fail(
    'bad-argument',
    what,
    "Use etw:PROVIDER:KEYWORDS:LEVEL, etw:kernel:dbgprint, etw:session:NAME, or etw: with a PDB as --symbols; see 'ringview traces --help'",
  );
}

/** Failure: bad-argument. */
export function parseEtwName(rest: string): Result<EtwName> {
  const [first = '', ...behind] = rest.split(':');
  if (rest === '' || first === 'pdb') {
    const choice = choiceOf(behind, true);
    return choice.ok ? ok({ of: 'pdb', choice: choice.value }) : choice;
  }
  if (first === 'kernel') return kernelOf(behind);
  if (first === 'session') {
    const session = behind.join(':');
    return PLAIN_NAME.test(session) ? ok({ of: 'session', session }) : wrong(`'${session}' is no name of a session`);
  }
  const providers: NamedProvider[] = [];
  for (const part of rest.split('+')) {
    const [provider = '', ...choices] = part.split(':');
    const guid = guidOf(provider.trim());
    const name = guid ?? provider.trim();
    if (!PLAIN_NAME.test(name) || /\.pdb$/i.test(name)) return wrong(`'${provider}' is no provider`);
    const choice = choiceOf(choices, false);
    if (!choice.ok) return choice;
    providers.push({ provider: name, ...choice.value });
  }
  if (providers.length > MOST_PROVIDERS) return wrong(`a session takes ${MOST_PROVIDERS} providers at most`);
  return ok({ of: 'providers', providers });
}

function kernelOf([names, more]: readonly string[]): Result<EtwName> {
  if (more !== undefined) return wrong(`'${more}' stands behind what the system logger is to write`);
  const wanted = (names ?? 'dbgprint').toLowerCase().split('+');
  const unknown = wanted.find((name) => !Object.hasOwn(KERNEL_FLAGS, name));
  if (unknown !== undefined) {
    const known = Object.keys(KERNEL_FLAGS).join(', ');
    return fail('bad-argument', `'${unknown}' is nothing that the system logger writes`, `Use ${known}`);
  }
  const known = wanted as KernelFlagName[];
  return ok({ of: 'kernel', flags: known.reduce((bits, name) => (bits | KERNEL_FLAGS[name]) >>> 0, 0), names: known });
}

/** `named`: bits may be given by names, which the PDB has. */
function choiceOf([keywords = '', level = '', more]: readonly string[], named: boolean): Result<EventChoice> {
  if (more !== undefined) return wrong(`'${more}' stands behind a level`);
  const number = levelOf(level.trim());
  if (number === null) return wrong(`'${level}' is no level: use 1 to 255, or ${Object.keys(LEVELS).join(', ')}`);
  const bits = bitsOf(keywords.trim());
  if (bits !== null) return ok({ keywords: bits, flagNames: [], level: number });
  const flagNames = keywords.split('|').map((name) => name.trim());
  if (!named || flagNames.some((name) => !/^\w{1,128}$/.test(name))) {
    return wrong(`'${keywords}' are no keywords: use a number such as 0x10`);
  }
  return ok({ keywords: 0n, flagNames, level: number });
}

function levelOf(text: string): number | null {
  if (text === '') return ALL_LEVELS;
  const named = LEVELS[text.toLowerCase()];
  if (named !== undefined) return named;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= 255 ? number : null;
}

function bitsOf(text: string): bigint | null {
  if (text === '' || text === '*') return ALL_KEYWORDS;
  return /^(?:0x[0-9a-f]{1,16}|\d{1,19})$/i.test(text) ? BigInt(text) : null;
}
