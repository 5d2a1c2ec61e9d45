/**
 * What puts two rows of different sources at one moment: the source of the selected row is moved by the time between them,
 * beside what it is moved by already.
 */
import { shownText } from '../../electron/contract/shown-text.ts';

/** A row, as far as this is concerned. */
export interface Moment {
  readonly source: number;
  readonly timeNs: number;
}

export interface MovableSource {
  readonly id: number;
  readonly name: string;
  readonly statedNs?: number;
}

export interface Alignment {
  readonly source: MovableSource;
  /** What it is moved by from then on, nanoseconds. */
  readonly ns: number;
}

/** What is to be done, or a sentence that says why nothing is. `reference`: the row that stays where it is. */
export function alignment(reference: Moment, selected: Moment, sources: readonly MovableSource[]): Alignment | string {
  if (sources.length === 0) return RECORDED;
  const source = sources.find(({ id }) => id === selected.source);
  if (source === undefined) return 'The source of the selected row is not in use any more.';
  if (reference.source === selected.source)
    return `Both rows are of ${shownText(source.name)}: select a row of another source.`;
  const between = Math.round(reference.timeNs - selected.timeNs);
  if (between === 0) return 'Both rows are at one moment already.';
  const ns = (source.statedNs ?? 0) + between;
  return Number.isSafeInteger(ns) ? { source, ns } : 'The two rows are too far apart: more than 104 days.';
}

const RECORDED =
  'A recorded session stays in the order in which it was recorded. Open a file beside it (Ctrl+Shift+M): in what opens then, sources can be moved.';

/** What a person hears who has not said which rows are meant. */
export const HOW_TO_ALIGN =
  'To align two sources, press Ctrl+D on a row of the one, then select the row of the other that happened at the same moment.';
