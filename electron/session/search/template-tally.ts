/** Counts the messages of a piece of the log by their templates: done by a scanning thread, and what it tells. */
import { RowKind } from '../../../native/core/entry.ts';
import type { Segment } from '../store/segment.ts';
import { payloadText } from '../text/text.ts';
import { shownTemplate } from './match-template.ts';

/** The templates of a piece in the order in which they came first; each list has one element for each. */
export interface PieceTemplates {
  readonly templates: readonly string[];
  readonly counts: readonly number[];
  /** Offsets of the first and the last message of each. */
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** Records among the rows of the piece. */
  readonly records: number;
}

export class TemplateTally {
  private readonly places = new Map<string, number>();
  private readonly counts: number[] = [];
  private readonly first: number[] = [];
  private readonly last: number[] = [];
  private records = 0;

  /** Counts offsets `from..to-1`, which follow those counted before. Losses are no messages. */
  add(segment: Segment, from: number, to: number): void {
    for (let offset = from; offset < to; offset++) {
      if (segment.kind.get(offset) !== RowKind.Entry) continue;
      this.records++;
      const template = shownTemplate(payloadText(segment.type.get(offset), segment.payload(offset)));
      const place = this.places.get(template);
      if (place === undefined) {
        this.places.set(template, this.counts.length);
        this.counts.push(1);
        this.first.push(offset);
        this.last.push(offset);
      } else {
        this.counts[place] = (this.counts[place] as number) + 1;
        this.last[place] = offset;
      }
    }
  }

  /** What was counted since the last call. */
  take(): PieceTemplates {
    const { counts, first, last, records } = this;
    const taken = {
      templates: [...this.places.keys()],
      ...{ counts: counts.splice(0), first: first.splice(0), last: last.splice(0), records },
    };
    this.places.clear();
    this.records = 0;
    return taken;
  }
}
