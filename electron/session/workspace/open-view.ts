/** An open view: its number, the session it looks at, and what is searched for in it. */
import type { Result } from '../../../native/core/result.ts';
import type { FilterSpec } from '../../contract/rows.ts';
import type { Session } from '../ingest/session.ts';
import type { Scanner } from '../search/scanner.ts';
import { Finder } from '../view/finder.ts';
import { RowPainter } from '../view/row-colours.ts';
import { LogView } from '../view/view.ts';

export class OpenView {
  readonly id: number;
  readonly session: number;
  readonly log: LogView;
  readonly finder: Finder;
  /** Counts the rows that hold the word that is marked. */
  readonly marker: Finder;
  readonly painter: RowPainter;
  /** The view that it is linked to, while that is open. */
  parent: OpenView | null = null;
  private readonly of: Pick<Session, 'sourcesInUse' | 'recordedAt'>;

  constructor(id: number, session: number, of: Session, scanner: Scanner, changed: () => void) {
    this.id = id;
    this.session = session;
    this.of = of;
    this.log = new LogView(of.store, scanner, changed, of.survey, () => of.filterNames);
    this.finder = new Finder(this.log, scanner, changed);
    this.marker = new Finder(this.log, scanner, changed);
    this.painter = new RowPainter(this.log, scanner, () => of.filterNames);
  }

  /** Its filter without that of the view it is linked to. */
  get own(): FilterSpec {
    const { within: _, ...own } = this.log.filterSpec;
    return own;
  }

  /** Whether it shows only what passes the filter of another view too, which may be closed by now. */
  get isLinked(): boolean {
    return this.log.filterSpec.within !== undefined;
  }

  /**
   * Whether one begins to read it at its first row: all of its log was opened from files on the disk, or from a recording,
   * which nobody writes any more, and none of them matters for its last row.
   */
  get readsFromStart(): boolean {
    const { sourcesInUse, recordedAt } = this.of;
    if (sourcesInUse.length === 0) return recordedAt !== null;
    return sourcesInUse.every(({ info: { file } }) => typeof file?.path === 'string' && !file.fromEnd);
  }

  /** How many views it is linked to, one through the other. */
  get depth(): number {
    return this.parent === null ? 0 : this.parent.depth + 1;
  }

  /**
   * Changes its filter, within that of the view it is linked to. Of one that was closed, the filter that it had stays. Rows
   * around the matches of another view are none of this one's.
   */
  setFilter(own: FilterSpec): Result<{ readonly generation: number }> {
    const within = this.parent === null ? this.log.filterSpec.within : withoutContext(this.parent.log.filterSpec);
    return this.log.setFilter(within === undefined ? own : { ...own, within });
  }

  /** No matches are counted until somebody asks again. */
  stopCounting(): void {
    this.finder.stopCounting();
    this.marker.stopCounting();
  }

  /** Closes the view: it costs nothing from here on, and must not be used any more. */
  close(): void {
    this.stopCounting();
    this.log.close();
  }
}

const withoutContext = ({ context: _, ...spec }: FilterSpec): FilterSpec => spec;
