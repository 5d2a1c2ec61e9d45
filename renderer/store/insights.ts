/** What a view tells of the log beyond its rows: addresses, the lives of values, intervals, CPU lanes. */
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { LaneRange } from '../../electron/contract/lanes.ts';
import type { Failure } from '../../native/core/result.ts';
import { type Addresses, createAddresses } from './addresses.ts';
import type { Filter, Later } from './filter.ts';
import { createIntervals, type Intervals } from './intervals.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { createLife, type Life } from './life.ts';
import type { Ui } from './ui.ts';

export interface Insights {
  readonly addresses: Addresses;
  readonly life: Life;
  readonly intervals: Intervals;
  readonly lanes: Lanes;
  /**
   * Opens a view within this one of the records that name a value, `0x` and its digits, with its life below. This view keeps
   * its selection and place, and the selected row is selected there too.
   */
  allRowsWith(value: string): Promise<void>;
}

/** What another view needs, to be made what it is to be. */
export interface OtherView {
  readonly life: Pick<Life, 'follow'>;
  readonly filter: Pick<Filter, 'addTerm'>;
  goToRow(row: number): Promise<void>;
}

/** Opens a view within this one and shows it, after `prepare` has made it what it is to be. */
export type OpenLinked = (prepare: (view: OtherView) => void) => Promise<void>;

export interface InsightsDependencies {
  readonly bridge: Pick<BoundBridge, 'view' | 'session'>;
  readonly later: Later;
  readonly ui: Ui;
  readonly openLinked: OpenLinked;
  /** The row that is selected; null if none is. */
  readonly selectedRow: () => number | null;
  /** Brings the table to a time. */
  readonly showTime: (range: LaneRange) => void;
  readonly say: (message: string) => void;
  readonly fail: (failure: Failure) => void;
}

export function createInsights({
  bridge,
  later,
  ui,
  openLinked,
  selectedRow,
  showTime,
  say,
  fail,
}: InsightsDependencies): Insights {
  const life = createLife(bridge, later);
  return {
    addresses: createAddresses({ bridge, later, say, fail }),
    life,
    intervals: createIntervals(bridge, later),
    lanes: createLanes(bridge, later, showTime),
    async allRowsWith(value) {
      const row = selectedRow();
      life.follow(value);
      ui.openPane('life');
      await openLinked((own) => {
        own.life.follow(value);
        own.filter.addTerm({ kind: 'hex', values: [value] }, false);
        if (row !== null) void own.goToRow(row);
      });
    },
  };
}
