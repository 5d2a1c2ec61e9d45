/** Texts about lost records: their causes, and the marker shown where they are missing. */
import { causesOf } from '../../native/core/accounting.ts';
import { LOSS_CAUSE_NAMES, LOSS_CAUSES, type LossCause } from '../../native/core/entry.ts';
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
};

/** Causes that occurred, most frequent first. */
export function occurredCauses(lostByCause: Readonly<Record<LossCause, number>>): LossCause[] {
  return LOSS_CAUSES.filter((cause) => lostByCause[cause] > 0).sort((a, b) => lostByCause[b] - lostByCause[a]);
}

/** `37 lost on CPU 5 here (ring full)`. `causes` is a bit mask over LOSS_CAUSES, as the marker carries it; `source` where there are several. */
export function gapText(lost: number, cpu: number, causes: number, source?: string): string {
  const base = `${formatCount(lost)} lost on CPU ${cpu}${source === undefined ? '' : ` of ${source}`} here`;
  const names = causesOf(causes).map((cause) => LOSS_CAUSE_NAMES[cause]);
  return names.length === 0 ? base : `${base} (${names.join(' or ')})`;
}
