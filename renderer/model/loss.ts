/** Texts about lost records: their causes, and the marker shown where they are missing. */
import { cpuWords, type FoundLoss, MOST_MARKERS } from '../../electron/contract/loss.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { shownField } from '../../electron/contract/shown-text.ts';
import { causesOf } from '../../native/core/accounting.ts';
import { LOSS_CAUSE_NAMES, LOSS_CAUSES, type LossCause } from '../../native/core/entry.ts';
import { type EventNames, loserText } from '../../native/core/event-names.ts';
import { formatCount } from './format.ts';

/** What a person can do about each cause. */
export const CAUSE_HELP: Readonly<Record<LossCause, string>> = {
  full: 'The ring had no room: use larger rings, or log less on this CPU.',
  tooBig: 'Longer than the longest record: the driver must split what it logs.',
  zeroLength: 'The driver logged a record without any data.',
  missingData: 'The driver passed a length but no buffer.',
  nesting: 'More interrupts were inside the logger than it allows.',
  overwritten: 'Newer records took the room before these were read: use larger rings.',
  corrupt: 'The ring held bytes that are not a record: the producer is at fault.',
  unread: 'They came faster than this program read them: take fewer events, or close what else it does.',
  quota: 'A program had its share of the ring already: it must log less, or wait for the reader.',
};

/** Causes that occurred, most frequent first. */
export function occurredCauses(lostByCause: Readonly<Record<LossCause, number>>): LossCause[] {
  return LOSS_CAUSES.filter((cause) => lostByCause[cause] > 0).sort((a, b) => lostByCause[b] - lostByCause[a]);
}

/** Why records were lost; empty if that is not known. `causes` is a bit mask over LOSS_CAUSES. */
export function causeWords(causes: number): string {
  return causesOf(causes)
    .map((cause) => LOSS_CAUSE_NAMES[cause])
    .join(' or ');
}

function why(causes: number): string {
  const words = causeWords(causes);
  return words === '' ? '' : ` (${words})`;
}

/** `between 0.553 128 and 0.557 002`, or `before 0.557 002` if the record before is not known. */
function when(fromNs: number | null, toNs: number, text: (timeNs: number) => string): string {
  return fromNs === null ? `before ${text(toNs)}` : `between ${text(fromNs)} and ${text(toNs)}`;
}

const onCpus = (cpus: readonly number[]): string => `CPU${cpus.length === 1 ? '' : 's'} ${cpuWords(cpus)}`;

/** A marker in the log: `37 lost on CPU 5 between 0.553 128 and 0.557 002 (ring full)`. `source` where there are several; `loser`: who lost them. */
export function gapText(
  gap: LogRow,
  text: (timeNs: number) => string,
  source?: string,
  loser?: EventNames | undefined,
  statesCpu = true,
): string {
  const { remarks: lost, cpu, type: causes, timeNs, cpuDeltaNs } = gap;
  const places = [...(statesCpu ? [`on CPU ${cpu}`] : []), ...(source === undefined ? [] : [`of ${source}`]), ''];
  const fromNs = cpuDeltaNs === null ? null : timeNs - cpuDeltaNs;
  return `${formatCount(lost)} lost ${places.join(' ')}${when(fromNs, timeNs, text)}${shownField(loserText(loser))}${why(causes)}`;
}

/** What is said of a loss that somebody walked to. */
export function foundLossText(loss: FoundLoss, text: (timeNs: number) => string): string {
  const some = loss.last - loss.first + 1 === MOST_MARKERS ? 'At least ' : '';
  return `${some}${lossesText(loss, text)}.`;
}

/** Losses without a record between them, together: `30,570 lost on CPUs 0-7 between 0.553 128 and 0.557 002 (ring full)`. */
export function lossesText(loss: FoundLoss, text: (timeNs: number) => string): string {
  const { lost, cpus, causes, fromNs, toNs } = loss;
  return `${formatCount(lost)} lost on ${onCpus(cpus)} ${when(fromNs, toNs, text)}${why(causes)}`;
}

/** The keys that go from loss to loss. */
export const LOSS_KEYS = { next: 'F8', previous: 'Shift+F8' } as const;

/**
 * What is said where there is no loss any more. `scanning`: the filter has not seen all rows yet. `some`: there are losses,
 * which lie behind whoever asks, who may not know of the key for them.
 */
export function noLossText(direction: 'next' | 'previous', scanning: boolean, some: boolean): string {
  const where = direction === 'next' ? 'further down' : 'further up';
  const behind = some ? ` ${LOSS_KEYS[direction === 'next' ? 'previous' : 'next']} looks the other way.` : '';
  return `No loss ${where} in the rows shown${scanning ? ' so far: the filter has not seen all rows yet' : ''}.${behind}`;
}
