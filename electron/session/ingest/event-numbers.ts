/**
 * Gives the events of a source the numbers that the session knows their names by: each source counts its own, and a
 * session may open the same file twice.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import type { EventNameTable } from '../../../native/core/event-names.ts';

export class EventNumbers {
  private readonly own: EventNameTable | undefined;
  private readonly common: EventNameTable;
  /** The session's number, by the source's. */
  private readonly numbers: number[] = [0];

  /** `own`: of the source; undefined if its rows are of no events. */
  constructor(own: EventNameTable | undefined, common: EventNameTable) {
    this.own = own;
    this.common = common;
  }

  /** Changes the numbers in a batch in place. */
  translate({ event, count }: EntryBatch): void {
    const { own, numbers } = this;
    if (own === undefined) return;
    for (let number = numbers.length; number < own.size; number++) {
      const names = own.at(number);
      numbers.push(names === null ? 0 : this.common.numberOf(names));
    }
    for (let row = 0; row < count; row++) event[row] = numbers[event[row] as number] ?? 0;
  }
}
