/** What is said of a recorded session: when, how long, how it ended; and the settings of the library as a person types them. */
import {
  LEAST_LIBRARY_BYTES,
  LEAST_LIBRARY_DAYS,
  type LibrarySettings,
  MOST_LIBRARY_BYTES,
  MOST_LIBRARY_DAYS,
  type RecordedSession,
} from '../../electron/contract/library.ts';
import { formatCount, formatPlural } from './format.ts';
import { parseCount, parseSize, sizeText } from './retention-form.ts';
import { formatMinute } from './wall-clock.ts';

/** `2026-03-09 17:45`, local time; a dash where it is not known. */
export const whenText = (unixMs: number): string => (unixMs === 0 ? '–' : formatMinute(unixMs));

/** `12 s`, `3 min 20 s`, `5 h 12 min`, `2 d 3 h`: the two largest units. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const ENDED = {
  stopped: 'stopped',
  ended: 'source ended',
  gone: 'source disappeared',
  failed: 'source failed',
  crashed: 'cut off',
} as const;

/** How it ended, in a word or two. */
export function endedText({ ended, damages }: Pick<RecordedSession, 'ended' | 'damages'>): string {
  const how = ended === null ? 'being recorded' : ENDED[ended];
  return damages.length > 0 ? `${how}, damaged` : how;
}

/** What is offered after a crash: `2026-03-09 17:45, 3 min, 12,034 rows from sim:lab`. */
export function offerText({ name, startedUnixMs, durationMs, rows, sources }: RecordedSession): string {
  const when = whenText(startedUnixMs);
  // What nobody named is called by the time.
  const began = name.startsWith(when.slice(0, 10)) ? '' : `${when}, `;
  const from = sources.length === 0 ? '' : ` from ${sources.join(', ')}`;
  return `${began}${durationText(durationMs)}, ${formatPlural(rows, 'row')}${from}`;
}

export interface LibraryForm {
  readonly record: boolean;
  readonly size: string;
  readonly days: string;
}

export interface LibraryTroubles {
  readonly size?: string;
  readonly days?: string;
}

export function libraryFormOf({ record, mostBytes, mostDays }: LibrarySettings): LibraryForm {
  return { record, size: sizeText(mostBytes), days: formatCount(mostDays) };
}

/** The settings that the form means, or what is wrong with it. */
export function librarySettingsOf({
  record,
  size,
  days,
}: LibraryForm): { readonly settings: LibrarySettings } | { readonly troubles: LibraryTroubles } {
  const mostBytes = parseSize(size);
  const mostDays = parseCount(days);
  const goodSize = mostBytes !== null && mostBytes >= LEAST_LIBRARY_BYTES && mostBytes <= MOST_LIBRARY_BYTES;
  const goodDays = mostDays !== null && mostDays >= LEAST_LIBRARY_DAYS && mostDays <= MOST_LIBRARY_DAYS;
  if (goodSize && goodDays) return { settings: { record, mostBytes, mostDays } };
  return {
    troubles: {
      ...(goodSize ? {} : { size: `a size from ${sizeText(LEAST_LIBRARY_BYTES)} on, such as 10 GB` }),
      ...(goodDays ? {} : { days: `days from ${LEAST_LIBRARY_DAYS} to ${formatCount(MOST_LIBRARY_DAYS)}` }),
    },
  };
}
