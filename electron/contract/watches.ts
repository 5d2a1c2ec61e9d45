/**
 * Actions on a match: what is done when a row of a live session passes a filter. A page says which filter and which action;
 * where files are written, and which programs may be run, it cannot say: the person chooses that elsewhere.
 */
import type { Failure } from '../../native/core/result.ts';
import { type Check, checked, flag, list, object, oneOf, refuse, reject, text } from './check.ts';
import { readFilter } from './filter/parse.ts';
import { lengthFailure } from './limits.ts';

export const WATCH_ACTIONS = ['notify', 'sound', 'bookmark', 'track', 'stop', 'save', 'clear', 'run'] as const;
export type WatchAction = (typeof WATCH_ACTIONS)[number];

export interface Watch {
  /** A filter, as it is written in the filter box. */
  readonly text: string;
  readonly caseSensitive: boolean;
  readonly action: WatchAction;
  /** Of `run`: the name of one of the commands that the settings allow; else empty. */
  readonly command: string;
  /** Only for the first match. */
  readonly once: boolean;
  readonly on: boolean;
}

/** What became of a watch since it was set, or since the program began. */
export interface WatchReport {
  readonly matches: number;
  /** How often the action was carried out, and for how many matches it was not, because it was just before. */
  readonly done: number;
  readonly skipped: number;
  /** The newest match. */
  readonly last: WatchedRow | null;
  /** Why the action, or the filter, failed last. */
  readonly failure: Failure | null;
  /** A place that was written to last; empty for none. */
  readonly path: string;
}

export interface WatchedRow {
  readonly session: number;
  readonly row: number;
  readonly index: number;
  /** The beginning of the message in its shown form. */
  readonly text: string;
}

export interface WatchesState {
  readonly watches: readonly Watch[];
  /** One for each of them. */
  readonly reports: readonly WatchReport[];
  /** Names of the commands that may be run; none unless the person has allowed it in the settings. */
  readonly commands: readonly string[];
  /** Where the last minutes are saved; null until the person has chosen a folder. */
  readonly folder: string | null;
}

export const NO_WATCHES: WatchesState = { watches: [], reports: [], commands: [], folder: null };
export const NO_MATCH: WatchReport = { matches: 0, done: 0, skipped: 0, last: null, failure: null, path: '' };

/** The most watches: each that is on is a filter over every row that arrives. */
export const MOST_WATCHES = 20;
export const MAX_WATCH_TEXT = 1024;
export const MAX_COMMAND_NAME = 80;

/** Why a watch cannot be used; null if it can. */
export function watchFailure({ text: typed, action, command }: Watch): Failure | null {
  const long = lengthFailure('The filter of an action', typed, MAX_WATCH_TEXT);
  if (long !== null) return long;
  if (typed.trim() === '') {
    return { code: 'bad-argument', message: 'The filter of an action is empty', action: 'Type which rows it is for' };
  }
  if ((action === 'run') === (command === '')) {
    return { code: 'bad-argument', message: 'No command is chosen', action: 'Choose one that the settings allow' };
  }
  const reading = readFilter(typed);
  return reading.as === 'fault' ? reading.fault.failure : null;
}

export const watch: Check<Watch> = (value) => {
  const fields = object(value);
  const command = text(fields.command, 'command');
  if (command.length > MAX_COMMAND_NAME) reject('command: too long');
  const rebuilt: Watch = {
    text: text(fields.text, 'text'),
    caseSensitive: flag(fields.caseSensitive, 'caseSensitive'),
    action: oneOf(fields.action, WATCH_ACTIONS, 'action'),
    command,
    once: flag(fields.once, 'once'),
    on: flag(fields.on, 'on'),
  };
  refuse(watchFailure(rebuilt));
  return rebuilt;
};

export const watches: Check<readonly Watch[]> = (value) => list(value, MOST_WATCHES, 'watches', watch);

/** Watches as they were remembered; what makes no sense is left out. */
export function parseWatches(value: unknown): Watch[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_WATCHES).flatMap((each) => {
    const one = checked(watch, each);
    return one.ok ? [one.value] : [];
  });
}
