/**
 * The lives of values of a session, as far as somebody looks at them: each is counted over all rows by the scanner. Only so
 * many are kept as a person looks at in turn.
 */

import { RowKind } from '../../../native/core/entry.ts';
import { type LifeReport, NO_LIFE } from '../../contract/life.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import type { SessionStore } from '../store/store.ts';
import { Gathering } from './gathering.ts';
import { LifeTally } from './life-tally.ts';
import type { Scanner } from './scanner.ts';

/** Lives that go on being counted. */
const MOST_LIVES = 4;

class Life {
  tally = new LifeTally();
  fromNs = Number.NaN;
  toNs = 0;
  readonly gathering: Gathering;

  constructor(value: string, store: SessionStore, scanner: Scanner, changed: () => void) {
    this.gathering = new Gathering({
      ...{ store, scanner, changed },
      query: { filter: { ...SHOW_ALL, terms: { text: `hex:${value}`, caseSensitive: false } } },
      take: ({ segment, from, to }, { offsets }) => {
        if (Number.isNaN(this.fromNs)) this.fromNs = segment.timeNs[from] as number;
        this.toNs = Math.max(this.toNs, segment.timeNs[to - 1] as number);
        for (const offset of offsets) {
          if (segment.kind.get(offset) !== RowKind.Entry) continue;
          this.tally.add(segment.firstRow + offset, segment.timeNs[offset] as number, segment.cpu[offset] as number);
        }
      },
      restart: () => {
        this.tally = new LifeTally();
        this.fromNs = Number.NaN;
        this.toNs = 0;
      },
    });
  }
}

export class ValueLives {
  private readonly store: SessionStore;
  private readonly scanner: Scanner;
  private readonly changed: () => void;
  /** Those that were asked for last are at the end. */
  private lives: { readonly value: string; readonly life: Life }[] = [];

  /** `changed` is called when there is news and `advance` should be called. */
  constructor(store: SessionStore, scanner: Scanner, changed: () => void) {
    this.store = store;
    this.scanner = scanner;
    this.changed = changed;
  }

  /** What is known of a value by now, `0x` and its digits. Asked for again and again, it becomes all of it. */
  report(value: string, nowMs: number): LifeReport {
    const { store } = this;
    const known = this.lives.find((each) => each.value === value);
    const own = known ?? { value, life: new Life(value, store, this.scanner, this.changed) };
    this.lives = [...this.lives.filter((each) => each !== own), own];
    for (const { life } of this.lives.splice(0, this.lives.length - MOST_LIVES)) life.gathering.close();
    const { life } = own;
    life.gathering.ask(nowMs);
    const { tally, gathering } = life;
    const { count, firstRow, firstNs, lastRow, lastNs, cpus, gaps, barsFromNs, barNs } = tally;
    return {
      ...NO_LIFE,
      ...{ count, firstRow, firstNs, lastRow, lastNs, cpus, gaps, barsFromNs, barNs, bars: tally.allBars },
      ...{ logFromNs: Number.isNaN(life.fromNs) ? 0 : life.fromNs, logToNs: life.toNs },
      ...{ looked: gathering.row - store.firstRow, total: store.endRow - store.firstRow, failure: gathering.failure },
    };
  }

  advance(nowMs: number): void {
    for (const { life } of this.lives) life.gathering.advance(nowMs);
  }

  close(): void {
    for (const { life } of this.lives) life.gathering.close();
    this.lives = [];
  }
}
