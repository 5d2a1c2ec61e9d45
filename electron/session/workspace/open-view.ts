/** An open view: its number, the session it looks at, and what is searched for in it. */
import type { Session } from '../ingest/session.ts';
import type { Scanner } from '../search/scanner.ts';
import { Finder } from '../view/finder.ts';
import { LogView } from '../view/view.ts';

export class OpenView {
  readonly id: number;
  readonly session: number;
  readonly log: LogView;
  readonly finder: Finder;

  constructor(id: number, session: number, of: Session, scanner: Scanner, changed: () => void) {
    this.id = id;
    this.session = session;
    this.log = new LogView(of.store, scanner, changed, of.survey, () => of.filterNames);
    this.finder = new Finder(this.log, scanner, changed);
  }

  /** Closes the view: it costs nothing from here on, and must not be used any more. */
  close(): void {
    this.finder.stopCounting();
    this.log.close();
  }
}
